"""Quotations laid beside each other: alike, cut, or with other words."""

from __future__ import annotations

import pytest

from tests.services import calibration
from tests.verifier.sides import side
from verifier.policy import Policy
from verifier.utterances import likeness
from verifier.values import Side, StatementKind
from verifier.verdicts import BothWays, NliProbabilities, VerdictKind

OPEN = NliProbabilities(0.01, 0.98, 0.01)
POLICY = Policy(calibration(), "test", "1")
DRIFT, SAME = VerdictKind.QUOTE_DRIFT, VerdictKind.SAME_UTTERANCE
LINE = "“The vast majority of my supporters in Orsk will vote for her in May”"


def quote(text: str, speaker: str = "Ann Orr", kind: StatementKind = StatementKind.DIRECT, **rest: object) -> Side:
    return side(text, speaker, kind=kind, **rest)  # type: ignore[arg-type]


def other(text: str, speaker: str = "Ann Orr", kind: StatementKind = StatementKind.DIRECT, day: int | None = 1) -> Side:
    return quote(text, speaker, kind, article="two", version=2, day=day)


@pytest.mark.parametrize(
    ("b", "kind"),
    [
        pytest.param(other(LINE), SAME, id="the same words"),
        pytest.param(other(LINE.replace("supporters", "voters")), DRIFT, id="another word"),
        pytest.param(other(LINE.replace("vast majority", "great bulk")), DRIFT, id="two other words"),
        pytest.param(other("“The vast majority of my supporters in Orsk will vote for her”"), SAME, id="cut short"),
        pytest.param(
            other("the vast majority of her supporters “in Orsk will vote for her in May”", kind=StatementKind.MIXED),
            SAME, id="partly quoted",
        ),
        pytest.param(other(LINE.replace("supporters", "voters"), "Bo Lind"), None, id="another speaker"),
        pytest.param(other(LINE.replace("supporters", "voters"), day=20), None, id="weeks later"),
        pytest.param(other(LINE.replace("will vote", "will not vote")), None, id="a negation is no drift"),
        pytest.param(other("“In May the people of Orsk choose, and my friends stand by her”"), None, id="other words"),
    ],
)  # fmt: skip
def test_kinds(b: Side, kind: VerdictKind | None) -> None:
    found = POLICY.compare(quote(LINE), b, 0.9, BothWays(OPEN, OPEN))
    assert (found.kind if found.kind in (SAME, DRIFT) else None) is kind


def test_the_words_that_differ_are_shown() -> None:
    found = POLICY.compare(quote(LINE), other(LINE.replace("supporters", "voters")), 0.9, BothWays(OPEN, OPEN))
    assert found.reasons[0] == "One utterance, with different words in quotation marks: “supporters” beside “voters”."
    assert found.confidence >= 0.9


@pytest.mark.parametrize(
    ("a", "b", "share", "differing"),
    [
        pytest.param("“one two three four”", '"one two three four"', 1.0, (), id="marks of two kinds"),
        pytest.param(
            "“bread and salt and fish”", "''bread and wine and fish''", 0.8, (("salt", "wine"),), id="one word"
        ),
        pytest.param("“bread”", "no quotation", 0.0, (), id="nothing"),
    ],
)
def test_likeness(a: str, b: str, share: float, differing: tuple[tuple[str, str], ...]) -> None:
    kind = StatementKind.MIXED
    found = likeness(quote(a, kind=kind).statement, other(b, kind=kind).statement)
    assert found.share == pytest.approx(share)
    assert found.differing == differing
