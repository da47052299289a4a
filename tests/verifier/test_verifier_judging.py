"""Judging stored pairs with a verdict model: its stances are asked for once, read by the policy, and explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from db import migrate
from db.engine import open_engine
from db.queries import VerdictFilter, verdict_rows
from models.fakes import FakeBoth, FakeNli, FakeStances
from tests.db.samples import pairs_to_judge
from tests.services import calibration, services
from tests.verifier.sides import side
from verifier import pipeline
from verifier.alignment import shown
from verifier.features import NAMES, STANCE_NAMES, evidence
from verifier.judging import statement_of_words
from verifier.pipeline import Services
from verifier.policy import Calibration, Policy
from verifier.reading import Reader, Readers, looked_at, may_matter
from verifier.values import CueClass, Speaker, SpeakerKind, Statement
from verifier.verdicts import BothWays, NliProbabilities, Stance, StanceProbabilities

TEXTS = {
    "north.txt": "---\noutlet: North\npublished_at: 2026-01-05\n---\n“The Orsk bridge was inspected in March,” Ann Orr said.\n",
    "south.txt": "---\noutlet: South\npublished_at: 2026-01-06\n---\n“The Orsk bridge was not inspected in March,” Bo Lind said.\n",
}
OPEN = NliProbabilities(0.01, 0.98, 0.01)


def stance_calibration() -> Calibration:
    """Only the stances weigh: a clash speaks for conflict, agreement for agreement."""
    plain, added = calibration(), len(STANCE_NAMES) - len(NAMES)
    weigh = {"stance_clash": (0.0, 4.0, 0.0), "stance_agree": (4.0, 0.0, 0.0)}
    rows = zip(*(weigh.get(name, (0.0, 0.0, 0.0)) for name in STANCE_NAMES), strict=True)
    zeros = (0.0,) * added
    return replace(
        plain,
        names=STANCE_NAMES,
        mean=plain.mean + zeros,
        scale=plain.scale + (1.0,) * added,
        weights=tuple(tuple(row) for row in rows),
        tension=plain.tension + zeros,
    )


@pytest.fixture
def wired(tmp_path: Path) -> tuple[Services, FakeStances]:
    url = f"sqlite:///{tmp_path / 'judged.db'}"
    migrate.upgrade(url)
    model, found = FakeStances(), services(url)
    policy = Policy(stance_calibration(), "fake", "1")
    return replace(found, readers=Readers(Reader(FakeNli(), model)), policy=policy), model


def test_stances_are_read_stored_and_explained(wired: tuple[Services, FakeStances], tmp_path: Path) -> None:
    found, model = wired
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    pipeline.run(found, [str(tmp_path / name) for name in TEXTS], lambda _: pipeline.silent)
    engine = open_engine(f"sqlite:///{tmp_path / 'judged.db'}")
    (row,) = verdict_rows(engine, VerdictFilter(label=Stance.CONFLICT))
    assert row.verdict.deciding is not None
    texts = {one.statement.speaker.name: one.statement.text for one in (row.a, row.b) if one.statement.speaker}
    words = dict(
        zip((row.a.statement.text, row.b.statement.text), (row.verdict.deciding.a, row.verdict.deciding.b), strict=True)
    )
    assert "not" in [texts["Bo Lind"][low:high] for low, high in words[texts["Bo Lind"]]]
    assert row.to_dict()["deciding"]["whole"] == row.verdict.deciding.whole
    asked = model.asked
    other = replace(found, policy=replace(found.policy, nli_revision="2"))
    with found.unit_of_work() as work:
        pairs = pairs_to_judge(work, other.policy.version, 10)
    assert pipeline.stance_scores(other, model, pairs) == pipeline.stance_scores(other, model, pairs)
    assert model.asked == asked
    engine.dispose()


def test_a_quick_model_looks_first_and_what_it_finds_neutral_is_not_read_again(
    wired: tuple[Services, FakeStances], tmp_path: Path
) -> None:
    other = "---\noutlet: West\npublished_at: 2026-01-06\n---\n“The Orsk bridge was painted green by schoolchildren,” Cy Rao said.\n"
    for name, text in {**TEXTS, "west.txt": other}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found, model = wired
    quick = FakeBoth()
    pipeline.run(
        replace(found, readers=replace(found.readers, quick=quick)),
        [str(tmp_path / name) for name in sorted((*TEXTS, "west.txt"))],
        lambda _: pipeline.silent,
    )
    engine = open_engine(f"sqlite:///{tmp_path / 'judged.db'}")
    rows = verdict_rows(engine, VerdictFilter(label=None))
    engine.dispose()
    read_by = {row.verdict.nli_model for row in rows if row.verdict.stance is Stance.NEUTRAL}
    assert read_by == {quick.model_id}
    assert {row.verdict.nli_model for row in rows if row.verdict.stance is Stance.CONFLICT} == {
        found.readers.deciding.nli.model_id
    }
    assert {row.verdict.policy_version for row in rows} == {found.policy.version}
    assert quick.asked > model.asked > 0


@pytest.mark.parametrize(("contradiction", "again"), [(0.2, False), (0.69, False), (0.7, True)])
def test_a_neutral_pair_that_one_direction_contradicts_is_looked_at_again(contradiction: float, again: bool) -> None:
    policy = Policy(calibration(), "fake", "1")
    a, b = side("the Orsk bridge is open"), side("it rained in Talmyra", article="two", version=2)
    found = policy.compare(a, b, 0.3, BothWays(OPEN, OPEN))
    one_way = NliProbabilities(0.0, 1 - contradiction, contradiction)
    neutral = replace(found, stance=Stance.NEUTRAL, probabilities=BothWays(OPEN, one_way))
    assert may_matter(neutral) is again
    assert may_matter(replace(neutral, stance=Stance.UNDECIDED))


def test_looks_stop_where_one_is_enough() -> None:
    seen: list[Sequence[int]] = []

    def again(numbers: Sequence[int]) -> list[int]:
        seen.append(numbers)
        return [-number for number in numbers]

    def first(numbers: Sequence[int]) -> list[int]:
        return list(numbers)

    assert looked_at([first, again], [3, 1, 4, 1], lambda number: number > 2) == [-3, 1, -4, 1]
    assert seen == [[3, 4]]
    assert looked_at([first], [3, 1], lambda number: number > 2) == [3, 1]


def test_a_calibration_of_stances_refuses_a_pair_without() -> None:
    policy = Policy(stance_calibration(), "fake", "1")
    with pytest.raises(ValueError, match="reads stances"):
        policy.compare(side("the Orsk bridge is open"), side("the Orsk bridge is shut"), 0.9, BothWays(OPEN, OPEN))


def test_a_calibration_without_stances_does_not_look_at_them() -> None:
    a, b = side("the Orsk bridge is open"), side("the Orsk bridge is shut", article="two", version=2)
    policy = Policy(calibration(), "fake", "1")
    scores = BothWays(OPEN, OPEN)
    clash = StanceProbabilities(0.0, 1.0, 0.0, 0.0)
    assert policy.compare(a, b, 0.9, scores, clash) == policy.compare(a, b, 0.9, scores)
    assert evidence(a, b, 0.9, scores, clash).stances == clash


@pytest.mark.parametrize(
    ("source", "speaker", "expected"),
    [
        pytest.param("Mr. Orr", "Ann Orr", "Mr. Orr said: it is open", id="as worded"),
        pytest.param("he", "Bo Lind", "Bo Lind said: it is open", id="a pronoun"),
        pytest.param("He", None, "He said: it is open", id="nobody knows who"),
        pytest.param(None, None, "said: it is open", id="no source"),
    ],
)
def test_what_the_model_is_shown(source: str | None, speaker: str | None, expected: str) -> None:
    statement: Statement = side("it is open", cue="said").statement
    span = replace(statement.content[0], start=0, end=len(source), text=source) if source else None
    who = Speaker(speaker, SpeakerKind.PERSON) if speaker else None
    assert shown(replace(statement, source=span, speaker=who)) == expected


@pytest.mark.parametrize(
    ("cue", "text", "cue_class", "claim"),
    [
        ("denied", "that the bridge is safe", CueClass.DENIAL, "It is not true that the bridge is safe"),
        ("rejected", "the notion that the bridge is safe", CueClass.DENIAL, "It is not true that the bridge is safe"),
        ("has denied", "any such plan", CueClass.DENIAL, "Ann Lee has denied any such plan"),
        ("did not deny", "that the bridge is safe", CueClass.SPEECH, "Ann Lee did not deny the bridge is safe"),
        ("did not say", "the bridge is safe", CueClass.SPEECH, "Ann Lee did not say the bridge is safe"),
        ("said not long ago", "the bridge is safe", CueClass.SPEECH, "The bridge is safe"),
        ("ruled", "the bridge is safe", CueClass.SPEECH, "The bridge is safe"),
        ("ruled out", "a new bridge", CueClass.DENIAL, "Ann Lee ruled out a new bridge"),
    ],
)
def test_what_a_cue_makes_of_the_words(cue: str, text: str, cue_class: CueClass, claim: str) -> None:
    found = statement_of_words(text, "Ann Lee", cue)
    assert (found.cue_class, found.claim) == (cue_class, claim)
