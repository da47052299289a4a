"""What triggers keep for the desk is never behind: after each sort of change it is what it would be if it were worked out again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, Engine, text

from db.access import Role, User
from db.bulk import Bulks, Decision, scope
from db.filters import VerdictFilter
from db.migrations.apart import WRONG
from db.quality import outlet_pairs
from db.queue import Counts, counts
from db.reviews import Reviews
from db.speaker_decisions import Known, SpeakerChanges
from db.speaking import speakers
from db.store import SqlStore
from tests.db.samples import EXTRACTOR, JUDGEMENT, OTHER, VERDICT, Stored, article, statement, with_pair
from verifier.independence import WireCluster, WireMember
from verifier.verdicts import Stance

ALL = VerdictFilter()
REVIEWER = User(1, "Kim", Role.REVIEWER, "")
Step = tuple[str, Counts, tuple[int, int] | None]


def seen(connection: Connection) -> tuple[Counts, tuple[int, int] | None]:
    """What the queue counts, and what the outlets agree and conflict on."""
    matrix = [(one.agree, one.conflict) for one in outlet_pairs(connection)]
    return counts(connection, ALL), matrix[0] if matrix else None


def judge(engine: Engine, stored: Stored) -> None:
    Reviews(engine).judge(stored.pair.id, replace(JUDGEMENT, stance=Stance.AGREE), 0)


def undo(engine: Engine, _: Stored) -> None:
    assert Reviews(engine).undo("Kim")


def decide_all(engine: Engine, _: Stored) -> None:
    with engine.connect() as connection:
        seal = scope(connection, ALL).seal
    Bulks(engine).decide("Kim", Decision(Stance.NEUTRAL, None, ALL, "", seal))


def undo_all(engine: Engine, _: Stored) -> None:
    with engine.connect() as connection:
        last = connection.execute(text("SELECT max(id) FROM bulk_decisions")).scalar_one()
    Bulks(engine).undo(REVIEWER, last)


def judged_again(engine: Engine, stored: Stored) -> None:
    with SqlStore(engine).unit_of_work() as work:
        new = replace(VERDICT, policy_version="policy-2", stance=Stance.AGREE, kind=None, confidence=0.9)
        work.add_verdict(work.start_run([], "p"), stored.pair.id, new)
        work.commit()


def copied(engine: Engine, stored: Stored) -> None:
    """Both paragraphs turn out to be one copy."""
    a, b = stored.versions
    with SqlStore(engine).unit_of_work() as work:
        members = (WireMember((a, 0), 1.0), WireMember((b, 0), 0.9))
        work.add_wire_clusters(stored.run_id, "m", [a, b], [WireCluster(members)])
        work.commit()


def weighed(engine: Engine, stored: Stored) -> None:
    with SqlStore(engine).unit_of_work() as work:
        assert work.weigh_pairs() == 1
        work.commit()


def changed(engine: Engine, stored: Stored) -> None:
    """An article has another text now, and a statement that stands in it."""
    new = article("https://south.example/bridge", f"{OTHER} They said so.", "South")
    with SqlStore(engine).unit_of_work() as work:
        version, _ = work.add_article(stored.run_id, new)
        work.add_statements(stored.run_id, version, EXTRACTOR, [statement(new, ["They"])])
        work.commit()


def changed_back(engine: Engine, stored: Stored) -> None:
    with SqlStore(engine).unit_of_work() as work:
        work.add_article(stored.run_id, article("https://south.example/bridge", OTHER, "South"))
        work.commit()


def read_again(engine: Engine, stored: Stored) -> None:
    """A newer extractor finds nothing in an article."""
    with SqlStore(engine).unit_of_work() as work:
        work.add_statements(stored.run_id, stored.versions[0], "rules-2", [])
        work.commit()


def merged(engine: Engine, _: Stored) -> None:
    with engine.connect() as connection:
        one, other = sorted(one.id for one in speakers(connection))
    SpeakerChanges(engine).merge(Known(one, 0), Known(other, 0), "Kim")
    with engine.connect() as connection:
        assert [(found.id, found.statements) for found in speakers(connection)] == [(one, 2)]


def forgotten(engine: Engine, _: Stored) -> None:
    with engine.begin() as connection:
        for table in ("bulk_judgements", "undos", "judgements", "pair_weights", "wire_members", "verdicts"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608


WAITING, REVIEWED, NONE = Counts(1, 0), Counts(1, 1), Counts(0, 0)
STORY: tuple[tuple[Callable[[Engine, Stored], None], Counts, tuple[int, int] | None], ...] = (
    (judge, REVIEWED, (1, 0)),
    (undo, WAITING, (0, 1)),
    (decide_all, REVIEWED, None),
    (undo_all, WAITING, (0, 1)),
    (weighed, WAITING, (0, 1)),
    (copied, WAITING, (0, 1)),
    (changed, NONE, None),
    (changed_back, WAITING, (0, 1)),
    (judged_again, WAITING, (1, 0)),
    (merged, WAITING, (1, 0)),
    (read_again, NONE, None),
    (forgotten, NONE, None),
)


def test_nothing_that_is_kept_is_ever_behind(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    for act, count, matrix in STORY:
        act(store.engine, stored)
        with store.engine.connect() as connection:
            assert seen(connection) == (count, matrix), act.__name__
            behind = {sort: connection.exec_driver_sql(query).scalars().all() for sort, query in WRONG.items()}
        assert behind == {sort: [] for sort in WRONG}, act.__name__
