from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select, update

from db.engine import open_engine
from db.queries import totals
from db.retention import Ages, forget, vacuum
from db.store import SqlStore
from db.tables import Runs, Verdicts, WireClusters
from tests.db.samples import EXTRACTOR, JUDGEMENT, NOON, VERDICT, article, statements, with_pair
from verifier.independence import WIRE_METHOD, WireCluster, WireMember
from verifier.ports import ItemFailure
from verifier.stories import Placement

LATER = NOON + timedelta(days=100)
LEFT = {"runs", "run_failures", "outlets", "speakers", "speaker_aliases"}
"""What is not an article's alone."""


def aged(engine: Engine) -> SqlStore:
    """An old story of two articles with a judged pair, and the time of the runs set so that they are a hundred days old."""
    store = SqlStore(engine)
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        story = None
        for version in stored.versions:
            story = work.add_to_story(stored.run_id, version, Placement(story))
        work.add_failures(stored.run_id, [ItemFailure("read", "x", "gone")])
        work.start_run(["later"], "p")
        work.commit()
    with engine.begin() as connection:
        connection.execute(update(Runs).where(Runs.id == stored.run_id).values(started_at=NOON))
        connection.execute(update(Runs).where(Runs.id != stored.run_id).values(started_at=LATER))
    return store


def test_by_default_nothing_is_forgotten(engine: Engine) -> None:
    aged(engine)
    before = totals(engine)
    assert forget(engine, Ages(), LATER) == {"articles": 0, "verdicts": 0, "failures": 0}
    assert totals(engine) == before


def test_an_old_story_goes_with_all_that_hangs_on_it(engine: Engine) -> None:
    aged(engine)
    assert forget(engine, Ages(article_days=200), LATER)["articles"] == 0
    assert forget(engine, Ages(article_days=50), LATER, dry_run=True)["articles"] == 2
    assert forget(engine, Ages(article_days=50, failure_days=50), LATER) == {
        "articles": 2,
        "verdicts": 0,
        "failures": 1,
    }
    assert {name for name, count in totals(engine).items() if count} == LEFT - {"run_failures"}


def test_what_a_person_judged_stays_with_its_story(engine: Engine) -> None:
    store = aged(engine)
    with store.unit_of_work() as work:
        work.add_judgement(1 if engine.dialect.name == "sqlite" else _pair(engine), JUDGEMENT)
        work.commit()
    before = totals(engine)
    assert forget(engine, Ages(article_days=50), LATER)["articles"] == 0
    assert totals(engine) == before


def _pair(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.max(Verdicts.pair_id))).scalar_one())


def test_a_story_that_goes_on_stays_whole(engine: Engine) -> None:
    store = aged(engine)
    with store.unit_of_work() as work:
        run = work.start_run([], "p")
        version, _ = work.add_article(run, replace(article("https://new.example/"), published_at=LATER))
        story = next(iter(work.stories_of([version - 1]).values()))
        work.add_to_story(run, version, Placement(story))
        work.commit()
    assert forget(engine, Ages(article_days=50), LATER)["articles"] == 0


def test_a_wire_copy_keeps_its_name_when_the_first_to_carry_it_goes(engine: Engine) -> None:
    store = aged(engine)
    with store.unit_of_work() as work:
        run = work.start_run([], "p")
        new = replace(article("https://new.example/"), published_at=LATER)
        version, _ = work.add_article(run, new)
        work.add_statements(run, version, EXTRACTOR, statements(new))
        old = version - 2
        cluster = WireCluster((WireMember((old, 0), 1.0), WireMember((version, 0), 0.9)))
        work.add_wire_clusters(run, WIRE_METHOD, [old, version], [cluster])
        work.commit()
    assert forget(engine, Ages(article_days=50), LATER)["articles"] == 2
    with engine.connect() as connection:
        assert connection.execute(select(WireClusters.first_version_id)).scalars().all() == [version]


def test_superseded_verdicts_go_and_the_one_that_holds_stays(engine: Engine) -> None:
    with_pair(SqlStore(engine), VERDICT, replace(VERDICT, policy_version="policy-2"))
    with engine.begin() as connection:
        connection.execute(update(Verdicts).values(decided_at=NOON))
    assert forget(engine, Ages(verdict_days=1), datetime.now(UTC))["verdicts"] == 1
    with engine.connect() as connection:
        assert connection.execute(select(Verdicts.policy_version)).scalars().all() == ["policy-2"]


def test_a_clock_that_is_far_ahead_deletes_nothing(engine: Engine) -> None:
    aged(engine)
    assert forget(engine, Ages(article_days=150), LATER + timedelta(days=3650))["articles"] == 0


def test_vacuum_gives_the_room_back(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    store = SqlStore(engine)
    with store.unit_of_work() as work:
        run = work.start_run([], "p")
        for number in range(300):
            work.add_article(run, replace(article(f"https://x.example/{number}", "words " * 300), published_at=NOON))
        work.commit()
    forget(engine, Ages(article_days=1))
    engine.dispose()
    before, after = vacuum(sqlite_url)
    assert after < before / 2
