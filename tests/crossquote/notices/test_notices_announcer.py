from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from crossquote.notices import Announcer, Plan
from crossquote.notices.channels import Channel, Mail, Webhook
from db.announcements import CLAIM, AnnouncementRecords, Noted, unsent
from db.engine import open_engine
from db.operating_tables import Announcements
from db.store import SqlStore
from db.tables import Runs
from tests.crossquote.notices.listeners import Hook, MailServer, listening
from tests.db.samples import VERDICT, with_pair
from verifier.errors import BrokenSetup


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening(Hook()) as server:
        yield server


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with listening(MailServer()) as server:
        yield server


def announcer(db: str, *channels: Channel, **more: float) -> Announcer:
    plan = Plan(db, channels, tries=2, pause_seconds=0.01, desk_url="https://desk.example/", confidence=0.6)
    return Announcer(lambda _: replace(plan, **more))  # type: ignore[arg-type]


def run_with_conflict(url: str, confidence: float = 0.7) -> int:
    engine = open_engine(url)
    try:
        return with_pair(SqlStore(engine), replace(VERDICT, confidence=confidence)).run_id
    finally:
        engine.dispose()


def waiting(url: str) -> int:
    engine = open_engine(url)
    try:
        return unsent(engine)
    finally:
        engine.dispose()


def test_a_new_conflict_is_told_once_by_each_channel(database_url: str, hook: Hook, mails: MailServer) -> None:
    run = run_with_conflict(database_url)
    mail = Mail("127.0.0.1", mails.port, "desk@news.example", ["a@news.example", "b@news.example"])
    telling = announcer(database_url, Webhook(hook.url), mail)
    telling.ended(None, run)
    telling.ended(None, run)
    (body,), (sent,) = hook.bodies, mails.mails
    assert body["event"] == "conflict"
    assert "The bridge is safe" in body["text"]
    assert "https://desk.example/verdicts/" in body["text"]
    assert body["items"][0]["label"] == "conflict"
    assert (sent["subject"], sent["to"]) == ("crossquote: 1 new conflict", "a@news.example, b@news.example")
    assert "the bridge is not safe" in sent.get_content()
    assert waiting(database_url) == 0


def test_an_unsure_conflict_is_not_told(sqlite_url: str, hook: Hook) -> None:
    announcer(sqlite_url, Webhook(hook.url)).ended(None, run_with_conflict(sqlite_url, 0.5))
    assert hook.asked == 0


def test_a_receiver_that_is_down_is_tried_again_and_told_by_the_next_run(sqlite_url: str) -> None:
    run = run_with_conflict(sqlite_url)
    with listening(Hook(down=3)) as hook:
        telling = announcer(sqlite_url, Webhook(hook.url))
        telling.ended(None, run)
        assert (hook.asked, waiting(sqlite_url)) == (2, 1)
        telling.ended(None, 0)
        assert (hook.asked, len(hook.bodies), waiting(sqlite_url)) == (4, 1, 0)


def test_one_dead_channel_does_not_silence_the_other(
    sqlite_url: str, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    dead = Mail("127.0.0.1", 1, "desk@news.example", ["a@news.example"])
    with caplog.at_level(logging.WARNING):
        announcer(sqlite_url, dead, Webhook(hook.url)).ended(None, run_with_conflict(sqlite_url))
    assert len(hook.bodies) == 1
    assert "did not get through by email" in caplog.text


def test_a_failed_run_is_told_once_also_without_a_database(sqlite_url: str, hook: Hook) -> None:
    telling = announcer(sqlite_url, Webhook(hook.url))
    for _ in range(2):
        telling.failed(None, "verify", "run-7", "extract: no model <!channel>")
    announcer("postgresql://me@127.0.0.1:1/x", Webhook(hook.url)).failed(None, "verify", "run-8", "no database")
    assert [body["event"] for body in hook.bodies] == ["run_failed", "run_failed"]
    assert hook.bodies[0]["text"] == "crossquote: verify failed\nextract: no model &lt;!channel&gt;"
    assert len(set(hook.keys)) == 2


def test_nothing_that_goes_wrong_reaches_the_run(caplog: pytest.LogCaptureFixture) -> None:
    def broken(db: str | None) -> Plan:
        raise BrokenSetup("setting notify.tries: too many")

    with caplog.at_level(logging.WARNING):
        Announcer(broken).ended(None, 1)
        Announcer(broken).failed(None, "verify", "1", "x")
    assert caplog.text.count("setting notify.tries") == 2


def test_a_database_left_alone_is_late_once(sqlite_url: str, hook: Hook) -> None:
    run_with_conflict(sqlite_url)
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(update(Runs).values(finished_at=datetime.now(UTC) - timedelta(hours=5)))
    engine.dispose()
    telling = announcer(sqlite_url, Webhook(hook.url), late_hours=2.0)
    for _ in range(2):
        (words,) = telling.late(None)
        assert "for more than 2 hours" in words
    assert [body["event"] for body in hook.bodies] == ["run_late"]
    assert telling.late(None, [("abc", "run abc was due at noon")])[0] == "run abc was due at noon"
    assert announcer(sqlite_url, late_hours=24.0).late(None) == []


def test_what_a_process_took_up_is_given_to_nobody_else_until_it_is_dead(database_url: str) -> None:
    engine = open_engine(database_url)
    records = AnnouncementRecords(engine)
    records.note(["webhook"], [Noted("k", "run_failed", {"flow": "verify"})])
    assert [one.key for one in records.claim("webhook")] == ["k"]
    assert records.claim("webhook") == []
    for shift in (-CLAIM - timedelta(seconds=1), timedelta(days=1)):  # died long ago; or the clock was set back since
        with engine.begin() as connection:
            connection.execute(update(Announcements).values(claimed_at=datetime.now(UTC) + shift))
        assert [one.key for one in records.claim("webhook")] == ["k"]
    records.settle("webhook", ["k"], sent=True)
    assert unsent(engine) == 0
    engine.dispose()
