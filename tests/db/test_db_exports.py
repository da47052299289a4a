"""Judged pairs as labelled data."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from db.exports import judged_pairs
from db.store import SqlStore
from models.training.labelled_pairs import read_pairs
from tests.db.samples import ENGINEERS, JUDGEMENT, ORTIZ, VERDICT, with_pair
from verifier.verdicts import Stance, VerdictKind


@pytest.mark.parametrize(
    ("stance", "kind", "label"),
    [
        pytest.param(Stance.AGREE, VerdictKind.CORROBORATION, "agree", id="agree"),
        pytest.param(Stance.CONFLICT, VerdictKind.DENIAL, "conflict", id="conflict"),
        pytest.param(Stance.CONFLICT, VerdictKind.TENSION, "tension", id="tension"),
        pytest.param(Stance.NEUTRAL, None, "neutral", id="neutral"),
    ],
)
def test_what_holds_is_written_in_the_form_that_training_reads(
    store: SqlStore, tmp_path: Path, stance: Stance, kind: VerdictKind | None, label: str
) -> None:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        for judgement in (JUDGEMENT, replace(JUDGEMENT, stance=stance, kind=kind)):
            work.add_judgement(stored.pair.id, judgement)
        work.commit()
    with store.engine.connect() as connection:
        (found,) = judged_pairs(connection)
    assert (found.label, found.same_article) == (label, False)
    assert {found.a.outlet, found.b.outlet} == {"North", "South"}
    assert all(one.content in one.context for one in (found.a, found.b))
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps(asdict(found)) + "\n", encoding="utf-8")
    (read,) = read_pairs(file)
    assert {read.a.content, read.b.content} == {"The bridge is safe", "the bridge is not safe"}
    assert ORTIZ.name != ENGINEERS.name


def test_nothing_is_written_of_what_nobody_decided(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    with store.engine.connect() as connection:
        assert list(judged_pairs(connection)) == []
    with store.unit_of_work() as work:
        work.add_judgement(stored.pair.id, replace(JUDGEMENT, stance=Stance.UNDECIDED))
        work.commit()
    with store.engine.connect() as connection:
        assert list(judged_pairs(connection)) == []
