"""The samples are what their README says: enough of them, well formed, and every expected quote is really there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trafilatura

from verifier.verdicts import Stance, VerdictKind

SAMPLES = Path(__file__).parents[1] / "samples"
REQUIRED_KINDS = {
    "contradiction",
    "denial",
    "numeric",
    "numeric_update",
    "position_changed",
    "tension",
    "corroboration",
    "same_utterance",
}


@dataclass(frozen=True)
class Sample:
    url: str
    outlet: str
    title: str
    author: str
    published_at: str
    text: str

    @property
    def story(self) -> str:
        """The first folder of the address."""
        return urlsplit(self.url).path.split("/")[1]


def from_text(path: Path) -> list[Sample]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    return [Sample(**fields, text=body)]


def from_html(path: Path) -> list[Sample]:
    page = path.read_text(encoding="utf-8")
    found = trafilatura.bare_extraction(page, with_metadata=True)
    assert found is not None, path
    document: dict[str, Any] = found if isinstance(found, dict) else found.as_dict()
    published = page.split('article:published_time" content="')[1].split('"')[0]
    keys = {"url": "url", "outlet": "sitename", "title": "title", "author": "author", "text": "text"}
    return [Sample(published_at=published, **{ours: document[theirs] for ours, theirs in keys.items()})]


def from_lines(path: Path) -> list[Sample]:
    return [Sample(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def read_samples() -> list[Sample]:
    readers = {".txt": from_text, ".html": from_html, ".jsonl": from_lines}
    return [sample for path in sorted((SAMPLES / "articles").iterdir()) for sample in readers[path.suffix](path)]


def read_expected() -> list[dict[str, Any]]:
    lines = (SAMPLES / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


ARTICLES = {sample.url: sample for sample in read_samples()}
EXPECTED = read_expected()
each_article = pytest.mark.parametrize("sample", ARTICLES.values(), ids=lambda sample: urlsplit(sample.url).path)
each_expected = pytest.mark.parametrize("pair", EXPECTED, ids=lambda pair: pair["id"])


def test_there_are_enough_articles_outlets_and_stories() -> None:
    assert len(ARTICLES) == len(read_samples()) >= 14
    assert len({sample.outlet for sample in ARTICLES.values()}) == 5
    assert len({sample.story for sample in ARTICLES.values()}) == 3


def test_every_outlet_reports_more_than_one_story() -> None:
    for outlet in {sample.outlet for sample in ARTICLES.values()}:
        assert len({sample.story for sample in ARTICLES.values() if sample.outlet == outlet}) > 1, outlet


@each_article
def test_an_article_is_complete(sample: Sample) -> None:
    assert urlsplit(sample.url).hostname is not None
    assert str(urlsplit(sample.url).hostname).endswith(".example"), "an address that is reserved for examples"
    assert datetime.fromisoformat(sample.published_at).tzinfo is not None
    assert sample.title
    assert sample.author
    assert 150 <= len(sample.text.split()) <= 450


@each_expected
def test_the_quotes_are_in_the_articles(pair: dict[str, Any]) -> None:
    for side in (pair["a"], pair["b"]):
        assert side["quote"] in ARTICLES[side["article"]].text


@each_expected
def test_an_expected_pair_uses_the_projects_words(pair: dict[str, Any]) -> None:
    assert Stance(pair["label"]) is not Stance.UNDECIDED
    for kind in (pair["kind"], *pair["also"]):
        assert kind is None or VerdictKind(kind)
    assert pair.get("must_not") in {None, "conflict"}
    assert (pair["kind"] is None) == (pair["label"] == "neutral")


def test_ids_are_unique() -> None:
    assert len({pair["id"] for pair in EXPECTED}) == len(EXPECTED)


def test_every_kind_has_a_pair_and_there_are_hard_negatives() -> None:
    assert {pair["kind"] for pair in EXPECTED} >= REQUIRED_KINDS
    assert sum("must_not" in pair for pair in EXPECTED) >= 8


def test_some_denial_answers_in_the_same_article_and_some_in_another() -> None:
    denials = [pair["a"]["article"] == pair["b"]["article"] for pair in EXPECTED if pair["kind"] == "denial"]
    assert set(denials) == {True, False}
