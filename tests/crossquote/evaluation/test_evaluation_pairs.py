"""The evaluation of verdicts on labelled pairs, and what the gates lose."""

from __future__ import annotations

import pytest

from crossquote.evaluation.pairs import PairsReport, evaluate_pairs
from models.fakes import FakeEmbedder, FakeNli, FakeStances
from models.training.labelled_pairs import LabelledPair, Reported
from tests.services import calibration
from verifier.judging import Judge
from verifier.pairing import GateSettings
from verifier.policy import Policy
from verifier.reading import Reader, Readers


def said(content: str, article: str, date: str = "2026-01-05", source: str = "Ann Orr") -> Reported:
    return Reported(article, "North", date, source, "said", content, 0)


BRIDGE = "the Orsk bridge was inspected in March"
PAIRS = [
    LabelledPair(said(BRIDGE, "one"), said("the Orsk bridge was not inspected in March", "two"), "conflict"),
    LabelledPair(said(BRIDGE, "three"), said("the Orsk bridge was inspected", "four"), "agree"),
    LabelledPair(said(BRIDGE, "five"), said("apple cake with cream is liked", "six", source="Bo Lind"), "unrelated"),
    LabelledPair(
        said(BRIDGE, "seven"), said("the Orsk bridge was never inspected", "eight", "2029-01-05", "Bo Lind"), "tension"
    ),
]


@pytest.fixture(scope="module")
def report() -> PairsReport:
    judge = Judge(FakeEmbedder(), Readers(Reader(FakeNli(), FakeStances())), Policy(calibration(), "fake", "1"))
    seen: list[tuple[int, int]] = []
    found = evaluate_pairs(judge, GateSettings(), PAIRS, lambda *at: seen.append(at))
    assert seen == [(4, 4)]
    return found


def test_each_method_is_scored_for_each_target(report: PairsReport) -> None:
    found = {(one.target, one.method): one for one in report.scores}
    targets = {target for target, _ in found}
    assert targets == {"conflict", "conflict or tension", "agree"}
    assert found["conflict or tension", "verdicts"].average_precision == 1.0
    assert found["agree", "verdicts"].average_precision == 1.0
    assert ("agree", "queue order") not in found
    assert found["agree", "verdict model alone"].average_precision == 1.0
    assert all(0 <= one.low <= one.high <= 1 for one in report.scores)


def test_the_gates_say_what_they_lose(report: PairsReport) -> None:
    lost = {(one.gate, one.label): one.lost for one in report.gates if one.lost}
    assert lost == {("window", "tension"): 1, ("common", "unrelated"): 1}
    assert report.saving.statements == 8
    assert 0 < report.saving.scored < 28
    assert report.saving.share == pytest.approx(1 - report.saving.scored / 28)
    assert report.kept == {"agree": (1, 1), "conflict": (1, 1), "tension": (0, 1), "unrelated": (0, 1)}


def test_confidence_is_set_against_what_is_right(report: PairsReport) -> None:
    assert sum(one.count for one in report.table) == len(PAIRS)
    assert [risk.coverage for risk in report.risks] == [n / 10 for n in range(1, 11)]
    assert 0 <= report.ece <= 1
