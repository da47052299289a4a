"""What people decided about speakers reaches the rules that look at the speaker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from db import migrate
from db.engine import open_engine
from db.queries import VerdictFilter, totals, verdict_rows
from db.speaker_decisions import Known, SpeakerChanges
from db.speaking import speakers
from models.fakes import FakeNli, FakeStances
from tests.services import services
from tests.verifier.sides import side
from tests.verifier.test_verifier_judging import TEXTS, stance_calibration
from verifier import pipeline
from verifier.features import evidence
from verifier.independence import same_speaker
from verifier.policy import Policy
from verifier.reading import Reader, Readers
from verifier.values import Side
from verifier.verdicts import BothWays, NliProbabilities, VerdictKind

OPEN = NliProbabilities(0.01, 0.98, 0.01)


def told(apart: int | None, article: str) -> Side:
    one = side("the Orsk bridge is open", "Ann Orr", article=article)
    assert one.statement.speaker is not None
    speaker = replace(one.statement.speaker, apart=apart)
    return replace(one, statement=replace(one.statement, speaker=speaker))


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [(None, None, True), (1, None, True), (1, 1, True), (1, 2, False)],
    ids=["nothing decided", "one of them", "one speaker", "told apart"],
)
def test_who_was_told_apart_is_not_the_same_speaker(a: int | None, b: int | None, same: bool) -> None:
    one, other = told(a, "one"), told(b, "two")
    assert same_speaker(one, other) is same
    assert evidence(one, other, 0.9, BothWays(OPEN, OPEN)).same_speaker is same


def test_a_merge_makes_a_conflict_a_change_of_position_in_the_next_run(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'judged.db'}"
    migrate.upgrade(url)
    found = replace(
        services(url),
        readers=Readers(Reader(FakeNli(), FakeStances())),
        policy=Policy(stance_calibration(), "fake", "1"),
    )
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    engine = open_engine(url)

    def kind() -> VerdictKind | None:
        summary = pipeline.run(found, [str(tmp_path / name) for name in TEXTS], lambda _: pipeline.silent)
        added.append(sum(summary.verdicts.values()))
        (row,) = [row for row in verdict_rows(engine, VerdictFilter()) if row.verdict.kind]
        return row.verdict.kind

    added: list[int] = []
    assert kind() is VerdictKind.CONTRADICTION
    with engine.connect() as connection:
        ids = {one.name: one.id for one in speakers(connection)}
    made = SpeakerChanges(engine).merge(Known(ids["Ann Orr"], 0), Known(ids["Bo Lind"], 0), "Kim")
    assert kind() is VerdictKind.POSITION_CHANGED
    assert kind() is VerdictKind.POSITION_CHANGED
    SpeakerChanges(engine).undo(made, "Kim")
    assert kind() is VerdictKind.CONTRADICTION
    pairs = totals(engine)["pairs"]
    assert added == [pairs, pairs, 0, pairs]
    engine.dispose()
