"""The work lists never hide work: whatever happens, what they say is left is what a look at everything says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, text

from db.retention import Ages, forget
from db.speaker_decisions import Known, SpeakerChanges
from db.store import SqlStore, SqlUnitOfWork
from db.tries import try_again
from tests.db.samples import EXTRACTOR, GATES, NOON, POLICY, VERDICT, article, statements, with_pair
from verifier.independence import WIRE_METHOD
from verifier.ports import ALL, Backlog, Space, Versions
from verifier.stories import Placement

BY = Versions(Space(EXTRACTOR, "model", "r1"), GATES, POLICY, WIRE_METHOD)
LATER = replace(BY, space=Space("rules-2", "model", "r2"), gates="gates-2", policy="policy-2", copies="wire-2")


def left(work: SqlUnitOfWork, by: Versions) -> dict[str, object]:
    space = by.space
    return {
        "extract": work.versions_to_extract(space.extractor),
        "embed": work.claims_to_embed(space.extractor, space.model, space.revision),
        "copies": work.versions_to_compare(by.copies),
        "stories": work.versions_to_place(),
        "pair": work.statements_to_pair(space.extractor, by.gates),
        "judge": work.pair_ids_to_judge(by.policy),
        "judge new": work.pair_ids_to_judge(by.policy, Backlog(new_only=True)),
        "span": work.span_to_judge(by.policy, ALL),
    }


def answers(engine: Engine, by: Versions) -> dict[str, object]:
    """What is left by the lists, which is also what is left without them."""
    with SqlStore(engine).unit_of_work() as work:
        by_lists = left(work, by)
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT stage, key FROM waiting_keys")).all()
        connection.execute(text("DELETE FROM waiting_keys"))
    with SqlStore(engine).unit_of_work() as work:
        assert left(work, by) == by_lists
    with engine.begin() as connection:
        for stage, key in kept:
            connection.execute(text("INSERT INTO waiting_keys VALUES (:stage, :key)"), {"stage": stage, "key": key})
    return by_lists


def settle(engine: Engine, by: Versions = BY) -> None:
    with SqlStore(engine).unit_of_work() as work:
        work.settle(by)
        work.commit()


def _new_article(work: SqlUnitOfWork, run: int) -> None:
    work.add_article(run, article("https://new.example/1"))


def _new_statements(work: SqlUnitOfWork, run: int) -> None:
    new = article("https://new.example/1")
    work.add_statements(run, work.add_article(run, new)[0], EXTRACTOR, statements(new))


def _work_done(work: SqlUnitOfWork, run: int) -> None:
    claims = work.claims_to_embed(EXTRACTOR, "model", "r1")
    work.add_embeddings("model", "r1", [key for key, _ in claims], np.ones((len(claims), 2), np.float32))
    work.add_pairs(run, GATES, work.statements_to_pair(EXTRACTOR, GATES), [])
    for version in work.versions_to_place():
        work.add_to_story(run, version, Placement(None))
    work.add_wire_clusters(run, WIRE_METHOD, work.versions_to_compare(WIRE_METHOD), [])


def _changed_text(work: SqlUnitOfWork, run: int) -> None:
    work.add_article(run, article(text="Removed."))


def _text_back(work: SqlUnitOfWork, run: int) -> None:
    work.add_article(run, article())


def _judged(work: SqlUnitOfWork, run: int) -> None:
    for id_ in work.pair_ids_to_judge(POLICY):
        work.add_verdict(run, id_, VERDICT)


def _judged_by_another(work: SqlUnitOfWork, run: int) -> None:
    for id_ in work.pair_ids_to_judge("policy-2"):
        work.add_verdict(run, id_, replace(VERDICT, policy_version="policy-2"))


def _put_aside(work: SqlUnitOfWork, run: int) -> None:
    version, _ = work.add_article(run, article("https://poison.example/1"))
    assert work.fail_extraction(EXTRACTOR, version, "crashed", 1)


def _taken_up_again(work: SqlUnitOfWork, run: int) -> None:
    assert try_again(work._transaction) == 1


STEPS: list[Callable[[SqlUnitOfWork, int], None]] = [
    _new_article,
    _new_statements,
    _work_done,
    _changed_text,
    _text_back,
    _judged,
    _put_aside,
    _taken_up_again,
    _judged_by_another,
]


@pytest.mark.parametrize("settled", [True, False], ids=["settled after each step", "settled once"])
def test_the_lists_say_what_a_look_at_everything_says(engine: Engine, settled: bool) -> None:
    stored = with_pair(SqlStore(engine))
    settle(engine)
    seen = [answers(engine, BY)]
    for step in STEPS:
        with SqlStore(engine).unit_of_work() as work:
            step(work, stored.run_id)
            work.commit()
        seen.append(answers(engine, BY))
        answers(engine, LATER)
        if settled:
            settle(engine)
            assert answers(engine, BY) == seen[-1]
    assert [one["judge"] for one in seen] == [[stored.pair.id]] * 4 + [[], [stored.pair.id], *[[]] * 4]
    settle(engine, LATER)
    answers(engine, LATER)
    answers(engine, BY)
    settle(engine)
    answers(engine, BY)


def test_people_s_decisions_about_speakers_and_deleted_verdicts_are_work(engine: Engine) -> None:
    stored = with_pair(SqlStore(engine), VERDICT)
    with SqlStore(engine).unit_of_work() as work:
        _work_done(work, stored.run_id)
        work.add_verdict(stored.run_id, stored.pair.id, replace(VERDICT, policy_version="policy-2"))
        work.commit()
    settle(engine)
    assert not answers(engine, BY)["judge"]
    assert forget(engine, Ages(verdict_days=1), NOON + timedelta(days=9999))["verdicts"] in (0, 1)
    answers(engine, BY)
    settle(engine)
    with engine.connect() as connection:
        first, second = sorted(connection.execute(text("SELECT id FROM speakers WHERE kind <> 'outlet'")).scalars())
    SpeakerChanges(engine).merge(Known(first, 0), Known(second, 0), "Kim")
    found = answers(engine, BY)
    assert found["judge"] == [stored.pair.id]
    assert found["pair"]


def test_a_settled_list_is_short(engine: Engine) -> None:
    """Nothing stays on it but what is left, so that the next run asks of that alone."""
    stored = with_pair(SqlStore(engine), VERDICT)
    with SqlStore(engine).unit_of_work() as work:
        _work_done(work, stored.run_id)
        work.weigh_pairs()
        work.settle(BY)
        work.commit()
    assert list(waiting(engine)) == []
    with SqlStore(engine).unit_of_work() as work:
        _new_article(work, stored.run_id)
        work.settle(BY)
        work.commit()
    assert list(waiting(engine)) == ["copies", "extract", "stories"]


def waiting(engine: Engine) -> Iterator[str]:
    with engine.connect() as connection:
        yield from connection.execute(text("SELECT stage FROM waiting ORDER BY stage")).scalars()
