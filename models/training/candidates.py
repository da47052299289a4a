"""Candidate pairs of statements from plain news texts, as a run would compare them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from models.training.corpus import lines_of
from verifier.extraction import RuleExtractor
from verifier.pairing import Pairing
from verifier.ports import Embedder
from verifier.values import Article, Side, parse_date

TEXTS: Final = 120


def candidate_pairs(
    path: Path, embedder: Embedder, seed: int, count: int, texts: int = TEXTS
) -> list[tuple[Side, Side]]:
    """Random pairs of statements of some of a file's texts (`id` is outlet_date_title) that pass the gates."""
    rows: list[Mapping[str, Any]] = [json.loads(line) for _, line in lines_of(path)]
    random.Random(seed).shuffle(rows)
    rows = rows[:texts]
    sides = [side for version, row in enumerate(rows) for side in _sides(row, version)]
    sides.sort(key=lambda side: side.statement.id)
    vectors = embedder.embed([side.statement.claim for side in sides])
    pool = Pairing().pool(sides, vectors, {version: row["text"] for version, row in enumerate(rows)})
    found = pool.candidates([side.statement.id for side in sides])
    random.Random(seed + 1).shuffle(found)
    by_id = {side.statement.id: side for side in sides}
    return [(by_id[one.a], by_id[one.b]) for one in found[:count]]


def _sides(row: Mapping[str, Any], version: int) -> list[Side]:
    outlet, date = row["id"].split("_")[:2]
    article = Article(url=row["id"], text=row["text"], outlet=outlet, published_at=parse_date(date))
    return [Side(one, article.url, version, outlet, article.published_at) for one in RuleExtractor().extract(article)]
