"""The queue, the requests and the robots files, on each dialect."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from db.fetch_tables import Fetches, RawPages
from db.fetches import FetchCounts, fetch_counts
from db.store import SqlStore
from verifier.errors import BadInput
from verifier.fetching import FetchItem, ItemKind, Offer, RobotsFile, Trace

NOW = datetime.now(UTC)
PAGES = [Offer(ItemKind.PAGE, f"https://a.example/{n}", f"https://A.example/{n}/", {"title": "T"}) for n in range(3)]
FILE = Offer(ItemKind.FILE, "/in/a.txt", "/in/a.txt", {}, "5:1")


def waiting(store: SqlStore, *kinds: ItemKind) -> list[FetchItem]:
    with store.unit_of_work() as work:
        return work.fetches.waiting(["one"], kinds or tuple(ItemKind))


def offer(store: SqlStore, *offers: Offer, source: str = "one") -> int:
    with store.unit_of_work() as work:
        added = work.fetches.offer(source, offers)
        work.commit()
    return added


def test_an_item_is_queued_once_until_its_fingerprint_changes(store: SqlStore) -> None:
    assert offer(store, *PAGES, PAGES[0], FILE) == 4
    assert offer(store, *PAGES, FILE) == 0
    assert offer(store, PAGES[0], source="two") == 0
    items = waiting(store)
    assert [(item.kind, item.address, dict(item.fields)) for item in items[:1]] == [
        (ItemKind.PAGE, "https://A.example/0/", {"title": "T"})
    ]
    with store.unit_of_work() as work:
        work.fetches.done(items[0], Trace("page", items[0].address, NOW, status=200, etag="1"))
        work.fetches.dropped(items[1], "gone\x00")
        work.fetches.later(items[2], "busy", NOW + timedelta(hours=1))
        work.fetches.reached(items[3], 7)
        work.fetches.done(items[3])
        work.commit()
    assert waiting(store) == []
    assert offer(store, Offer(ItemKind.FILE, "/in/a.txt", "/in/a.txt", {}, "6:2")) == 1
    (file,) = waiting(store)
    assert (file.position, file.fingerprint) == (0, "6:2")
    with store.unit_of_work() as work:
        work.fetches.queue_again([(ItemKind.PAGE, PAGES[0].key), (ItemKind.PAGE, PAGES[2].key)])
        work.commit()
    (page,) = waiting(store, ItemKind.PAGE)  # the third one's time has not come
    assert (page.etag, page.tries) == ("1", 0)
    with store.unit_of_work() as work:
        later = work.fetches.waiting(["one"], [ItemKind.PAGE], NOW + timedelta(hours=2))
        work.fetches.postpone([page], NOW + timedelta(hours=1))
        work.commit()
    assert [(item.address[-2], item.tries) for item in later] == [("0", 0), ("2", 1)]
    assert waiting(store, ItemKind.PAGE) == []


def test_a_key_that_no_index_takes(store: SqlStore) -> None:
    with pytest.raises(BadInput, match="longer than"):
        offer(store, Offer(ItemKind.PAGE, "https://a.example/" + "x" * 3000, "x"))


def test_requests_are_recorded_with_their_page(store: SqlStore, engine: Engine) -> None:
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        good = Trace("page", "https://a.example/" + "ä" * 3000, NOW, status=200, wire_bytes=3_000_000_000)
        traces = [Trace("robots", "https://a.example/robots.txt", NOW, status=404), good]
        work.fetches.add(traces, run_id, "one", b"<p>words</p>")
        work.fetches.add([Trace("page", "x", NOW, error="was\x00 not sent")], run_id, "one")
        work.fetches.add([Trace("page", "x", NOW, status=304)], run_id, None)
        work.fetches.add([Trace("file", "/in/a.txt", NOW)], None, None)
        work.commit()
    with engine.connect() as connection:
        rows = connection.execute(select(Fetches.id, Fetches.wire_bytes, Fetches.error).order_by(Fetches.id)).all()
        pages = connection.execute(select(RawPages.fetch_id, RawPages.body)).all()
    assert [row.wire_bytes for row in rows] == [0, 3_000_000_000, 0, 0, 0]
    assert rows[2].error == "was\\x00 not sent"
    assert [(row.fetch_id, gzip.decompress(row.body)) for row in pages] == [(rows[1].id, b"<p>words</p>")]
    assert fetch_counts(engine, run_id) == FetchCounts(fetched=1, unchanged=1, files=0, failed=1, waiting=0)


def test_robots_files_are_good_for_a_day(store: SqlStore) -> None:
    files = [RobotsFile("https://a.example", 200, "User-agent: *", NOW), RobotsFile("https://b.example", 404, "", NOW)]
    old = RobotsFile("https://c.example", 200, "", NOW - timedelta(days=2))
    with store.unit_of_work() as work:
        work.fetches.keep_robots([*files, old, RobotsFile("https://a.example", 200, "Disallow:", NOW)])
        work.commit()
    with store.unit_of_work() as work:
        assert sorted((file.origin, file.body) for file in work.fetches.robots()) == [
            ("https://a.example", "Disallow:"),
            ("https://b.example", ""),
        ]
