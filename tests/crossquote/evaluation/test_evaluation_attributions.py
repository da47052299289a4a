"""The evaluation of attributions, by kind and cue class."""

from __future__ import annotations

import pytest

from crossquote.evaluation.attributions import PartScore, evaluate_attributions
from models.fakes import FakeTagger
from models.training.attributions import LabelledArticle
from verifier.extraction import TaggedExtractor
from verifier.values import Attribution

TEXT = 'Ann Lee said it was late. "We go," Tom Ray added. Tom Ray hopes for rain. Nobody said anything.'


def at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


ARTICLE = LabelledArticle(
    "1",
    TEXT,
    (
        Attribution(at("said"), at("Ann Lee"), (at("it was late"),)),
        Attribution(at("added"), at("Tom Ray"), (at('"We go,"'),)),
        Attribution(at("hopes for"), (at("Tom Ray hopes")[0], at("hopes for")[0] - 1), (at("rain"),)),
    ),
)


@pytest.fixture(scope="module")
def scores() -> dict[tuple[str, str, str], PartScore]:
    seen: list[tuple[int, int]] = []
    found = evaluate_attributions(TaggedExtractor(FakeTagger()), [ARTICLE, ARTICLE], lambda *at: seen.append(at))
    assert seen == [(2, 2)]
    return {(one.group, one.part, one.measure): one for one in found}


@pytest.mark.parametrize(
    ("group", "part", "matched", "found", "labelled"),
    [
        pytest.param("all", "all", 4, 6, 6, id="one is wrong and one missed in each article"),
        pytest.param("all", "source", 4, 6, 6, id="sources"),
        pytest.param("direct", "all", 2, 2, 2, id="direct"),
        pytest.param("indirect", "all", 2, 4, 4, id="indirect"),
        pytest.param("mixed", "all", 0, 0, 0, id="mixed"),
        pytest.param("speech", "all", 4, 6, 4, id="speech"),
    ],
)
def test_groups(
    scores: dict[tuple[str, str, str], PartScore], group: str, part: str, matched: int, found: int, labelled: int
) -> None:
    counts = scores[group, part, "exact"].counts
    assert (counts.matched, counts.found, counts.labelled) == (matched, found, labelled)


def test_the_interval_holds_the_score(scores: dict[tuple[str, str, str], PartScore]) -> None:
    assert all(one.low <= one.counts.f1 <= one.high for one in scores.values())
