"""Deciding words: what leaving words out shows, on a model whose answers are known."""

from __future__ import annotations

from dataclasses import replace

from models.fakes import FakeNli, FakeStances
from tests.services import calibration
from tests.verifier.sides import side
from verifier.deciding import Question, deciding_words
from verifier.policy import Policy
from verifier.reading import Reader, Readers, explained
from verifier.verdicts import BothWays, NliProbabilities, Stance, StanceProbabilities

OPEN = side("the Orsk bridge is open", "Ann Orr")
SHUT = side("the Orsk bridge is not open", "Bo Lind", article="two", version=2)
NO = NliProbabilities(0.01, 0.02, 0.97)


def test_the_negation_decides_a_conflict_and_leaving_the_words_out_is_shown() -> None:
    model = FakeStances()
    (found,) = deciding_words(model, [Question(OPEN, SHUT, Stance.CONFLICT)])
    assert found is not None
    text = SHUT.statement.text
    assert [text[low:high] for low, high in found.b] == ["not"]
    assert found.whole > 0.6 > 0.1 > found.without


def test_nothing_decides_where_nothing_changes() -> None:
    class Steady(FakeStances):
        def stances(self, pairs: object, *, both_orders: bool = True) -> list[StanceProbabilities]:
            return [StanceProbabilities(0.1, 0.7, 0.1, 0.1) for _ in pairs]  # type: ignore[attr-defined]

    assert deciding_words(Steady(), [Question(OPEN, SHUT, Stance.CONFLICT)]) == [None]


def test_a_quick_model_tries_all_words_and_the_verdict_model_the_likeliest() -> None:
    model, quick, alone = FakeStances(), FakeStances(), FakeStances()
    a = side("the old stone bridge of Orsk over the river is open to lorries and buses", "Ann Orr")
    b = side("the old stone bridge of Orsk over the river is not open to lorries", "Bo Lind", article="two", version=2)
    question = Question(a, b, Stance.CONFLICT)
    found = deciding_words(model, [question], quick)
    assert found[0] is not None
    assert [b.statement.text[low:high] for low, high in found[0].b][-1] == "not"
    deciding_words(alone, [question])
    assert model.asked <= 9 < quick.asked < alone.asked


def test_only_verdicts_that_agree_or_conflict_are_explained_and_in_their_order() -> None:
    policy = Policy(calibration(), "test", "1")
    conflict = policy.compare(OPEN, SHUT, 0.9, BothWays(NO, NO))
    neutral = replace(conflict, stance=Stance.NEUTRAL)
    model = FakeStances()
    first, second = explained(Readers(Reader(FakeNli(), model)), [(OPEN, SHUT)] * 2, [neutral, conflict])
    assert first == neutral
    assert second.deciding is not None
    assert second.reasons[:-1] == conflict.reasons
    assert second.reasons[-1].startswith("Deciding words: ")
    assert "“not”" in second.reasons[-1]
    assert explained(Readers(Reader(FakeNli())), [(OPEN, SHUT)], [conflict]) == [conflict]
    before = model.asked
    assert explained(Readers(Reader(FakeNli(), model)), [(OPEN, SHUT)], [neutral]) == [neutral]
    assert model.asked == before
