"""Scores of found attributions."""

from __future__ import annotations

import pytest

from verifier.scoring import count, interval, total, trimmed
from verifier.values import Attribution

TEXT = '"We are ready," said Ann Lee. Tom Ray denied that it was late, and left.'


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def attribution(source: str | None, cue: str, *content: str) -> Attribution:
    return Attribution(at(cue), at(source) if source else None, tuple(at(piece) for piece in content))


GOLD = [attribution("Ann Lee", "said", '"We are ready,"'), attribution("Tom Ray", "denied", "that it was late")]


@pytest.mark.parametrize(
    ("found", "part", "exact", "overlap"),
    [
        pytest.param(GOLD, "all", 2, 2, id="all right"),
        pytest.param(
            [attribution("Ann Lee", "said", "We are ready")], "content", 1, 1, id="marks at the edges do not count"
        ),
        pytest.param(
            [attribution("Tom Ray", "denied", "that it was late, and left")], "content", 0, 1, id="overlap only"
        ),
        pytest.param([attribution("Tom Ray", "denied", "that")], "content", 0, 0, id="too little"),
        pytest.param([attribution(None, "denied", "that it was late")], "all", 0, 0, id="the source is missing"),
        pytest.param([attribution("Ann Lee", "denied", "that it was late")], "cue", 1, 1, id="the cue alone"),
        pytest.param([attribution("Tom Ray", "denied", "that it", "was late")], "content", 0, 1, id="in other pieces"),
        pytest.param([], "source", 0, 0, id="nothing"),
    ],
)
def test_matches(found: list[Attribution], part: str, exact: int, overlap: int) -> None:
    counts = count(TEXT, found, GOLD)
    assert (counts[part, "exact"].matched, counts[part, "overlap"].matched) == (exact, overlap)
    assert counts[part, "exact"].labelled == 2


def test_each_labelled_content_is_matched_once() -> None:
    twice = [
        attribution("Tom Ray", "denied", "that it was late"),
        attribution("Tom Ray", "left", "that it was late, and"),
    ]
    counts = count(TEXT, twice, GOLD)
    assert counts["content", "overlap"].matched == 1
    assert counts["source", "exact"].found == 1


def test_totals_and_intervals() -> None:
    articles = [count(TEXT, GOLD[: n % 3], GOLD) for n in range(30)]
    score = total(articles)["all", "exact"]
    assert (score.matched, score.found, score.labelled) == (30, 30, 60)
    assert score.precision == 1.0
    assert score.recall == 0.5
    low, high = interval(articles, ("all", "exact"))
    assert low < score.f1 < high
    assert interval(articles, ("all", "exact")) == (low, high)


def test_nothing_found_and_nothing_labelled_is_zero() -> None:
    score = count(TEXT, [], [])["all", "exact"]
    assert (score.precision, score.recall, score.f1) == (0.0, 0.0, 0.0)


def test_what_is_only_punctuation_is_left() -> None:
    assert trimmed("a : b", (2, 3)) == (2, 3)
