"""What the outlet says in its own voice, and what is no statement at all."""

from __future__ import annotations

import pytest

from verifier.extraction import RuleExtractor
from verifier.values import Article, StatementKind


def narrated(text: str) -> list[str]:
    found = RuleExtractor().extract(Article("a", text, outlet="Tarn News"))
    return [s.text for s in found if s.kind is StatementKind.NARRATED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The dam was finished in May after nine years.", ["The dam was finished in May after nine years."]),
        ("TARN: The dam was finished in May.", ["The dam was finished in May."]),
        ("TARN (RPA) — The dam was finished in May.", ["The dam was finished in May."]),
        ("• The dam was finished in May.", ["The dam was finished in May."]),
        ("The dam broke in May. Nora Feld said it would hold.", ["The dam broke in May."]),
        ("Her novel “The Long River” was published in May.", ["Her novel “The Long River” was published in May."]),
    ],
    ids=["plain", "dateline", "dateline with agency", "bullet", "beside an attribution", "title of a work"],
)
def test_narrated(text: str, expected: list[str]) -> None:
    assert narrated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dam Finished After Nine Years In Tarn",
        "Workers at the dam in Tarn in May",
        "By Nora Feld",
        "Read more about the dam and what was found.",
        "Follow us on the channel that was opened in May.",
        "Will the dam be finished in May this year?",
        "No comment.",
        "Nora Feld said the dam would hold.",
        "Tarn, May 3",
    ],
    ids=["headline", "caption", "byline", "read more", "follow us", "question", "fragment", "attribution", "date"],
)
def test_not_narrated(text: str) -> None:
    assert narrated(text) == []
