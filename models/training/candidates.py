"""Candidate pairs of statements from plain news texts, as a run would compare them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from models.training.corpus import lines_of
from verifier.extraction import RuleExtractor
from verifier.pairing import Pairing
from verifier.ports import Embedder, Extractor
from verifier.values import Article, Side, parse_date

TEXTS: Final = 120
READ_AT_ONCE: Final = 16
AT_ONCE: Final = 1000
"""Statements whose partners are looked for at one time: a row of similarities each."""


def candidate_pairs(
    path: Path, embedder: Embedder, seed: int, count: int, texts: int = TEXTS
) -> list[tuple[Side, Side]]:
    """Random pairs of statements of some of a file's texts (`id` is outlet_date_title) that pass the gates."""
    rows: list[Mapping[str, Any]] = [json.loads(line) for _, line in lines_of(path)]
    random.Random(seed).shuffle(rows)
    found = candidates_of(rows[:texts], RuleExtractor(), embedder)
    random.Random(seed + 1).shuffle(found)
    return [(a, b) for a, b, _ in found[:count]]


def candidates_of(
    rows: Sequence[Mapping[str, Any]], extractor: Extractor, embedder: Embedder
) -> list[tuple[Side, Side, float]]:
    """All pairs of the texts' statements that pass the gates, with their similarity, in the order of their ids."""
    articles = [_article(row) for row in rows]
    parts = (articles[start : start + READ_AT_ONCE] for start in range(0, len(articles), READ_AT_ONCE))
    read = [found for part in parts for found in extractor.extract_all(part)]
    sides = [
        Side(one, article.url, version, article.outlet, article.published_at)
        for version, (article, found) in enumerate(zip(articles, read, strict=True))
        for one in found
    ]
    sides.sort(key=lambda side: side.statement.id)
    vectors = embedder.embed([side.statement.claim for side in sides])
    pool = Pairing().pool(sides, vectors, {version: article.text for version, article in enumerate(articles)})
    ids = [side.statement.id for side in sides]
    by_id = dict(zip(ids, sides, strict=True))
    looked = (pool.candidates(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))
    pairs = {(one.a, one.b): one.similarity for part in looked for one in part}
    return [(by_id[a], by_id[b], pairs[a, b]) for a, b in sorted(pairs)]


def _article(row: Mapping[str, Any]) -> Article:
    outlet, date = row["id"].split("_")[:2]
    return Article(url=row["id"], text=row["text"], outlet=outlet, published_at=parse_date(date))
