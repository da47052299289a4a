"""How well found attributions match labelled ones: exact and overlap precision, recall and F1 by part.

Edges are compared without spaces, quotation marks and punctuation around them. A content in pieces is one item: it is exact
where every piece is. Overlap counts one-to-one matches with a Jaccard index of at least 0.5 over characters (Newell,
Margolin and Ruths, LREC 2018). An article's sources and cues are compared as sets of places.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from verifier.values import Attribution, Range

PARTS: Final = ("source", "cue", "content", "all")
MEASURES: Final = ("exact", "overlap")
LEAST_JACCARD: Final = 0.5
_EDGES: Final = " \t\r\n\xa0\u200b\"'“”„‘’«»`.,;:!?…()[]{}-–—―•*"

Pieces = tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Matches among found and labelled items."""

    matched: int = 0
    found: int = 0
    labelled: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.matched + other.matched, self.found + other.found, self.labelled + other.labelled)

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 0 where nothing was found."""
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is labelled that was found; 0 where nothing is labelled."""
        return self.matched / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.found + self.labelled
        return 2 * self.matched / both if both else 0.0


ArticleCounts = Mapping[tuple[str, str], Counts]
"""Counts by (part, measure) of one article."""


def count(text: str, found: Sequence[Attribution], labelled: Sequence[Attribution]) -> ArticleCounts:
    """Compare one article's attributions."""
    items = {part: (_items(text, found, part), _items(text, labelled, part)) for part in PARTS}
    out: dict[tuple[str, str], Counts] = {}
    for part, (ours, gold) in items.items():
        out[part, "exact"] = Counts(len(ours & gold), len(ours), len(gold))
        out[part, "overlap"] = Counts(_overlapping(ours, gold), len(ours), len(gold))
    return out


def total(articles: Iterable[ArticleCounts]) -> dict[tuple[str, str], Counts]:
    """Counts over all articles."""
    out = {(part, measure): Counts() for part in PARTS for measure in MEASURES}
    for article in articles:
        for key, counts in article.items():
            out[key] += counts
    return out


def interval(
    articles: Sequence[ArticleCounts], key: tuple[str, str], *, rounds: int = 1000, seed: int = 7
) -> tuple[float, float]:
    """The 95 % bootstrap interval of an F1, articles drawn with replacement."""
    rng = random.Random(seed)
    counts = [article[key] for article in articles]
    scores = sorted(sum(rng.choices(counts, k=len(counts)), Counts()).f1 for _ in range(rounds))
    return scores[int(0.025 * rounds)], scores[min(rounds - 1, int(0.975 * rounds))]


def trimmed(text: str, place: Range) -> Range:
    """A range without spaces, quotation marks and punctuation at its edges; unchanged if it holds nothing else."""
    start, end = place
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return (start, end) if end > start else place


def _items(text: str, attributions: Sequence[Attribution], part: str) -> set[tuple[Pieces, ...]]:
    return {item for one in attributions if (item := _item(text, one, part)) is not None}


def _item(text: str, one: Attribution, part: str) -> tuple[Pieces, ...] | None:
    source: Pieces = (trimmed(text, one.source),) if one.source else ()
    cue: Pieces = (trimmed(text, one.cue),)
    content = tuple(trimmed(text, piece) for piece in one.content)
    if part == "source":
        return (source,) if source else None
    return {"cue": (cue,), "content": (content,), "all": (source, cue, content)}[part]


def _overlapping(ours: set[tuple[Pieces, ...]], gold: set[tuple[Pieces, ...]]) -> int:
    """One-to-one matches, the most alike first."""
    near = sorted(
        ((_likeness(a, b), a, b) for a in ours for b in gold if _touch(a[-1], b[-1])),
        key=lambda row: (-row[0], row[1:]),
    )
    left_ours, left_gold, matched = set(ours), set(gold), 0
    for likeness, a, b in near:
        if likeness >= LEAST_JACCARD and a in left_ours and b in left_gold:
            left_ours.remove(a)
            left_gold.remove(b)
            matched += 1
    return matched


def _touch(a: Pieces, b: Pieces) -> bool:
    return a[0][0] < b[-1][1] and b[0][0] < a[-1][1]


def _likeness(a: tuple[Pieces, ...], b: tuple[Pieces, ...]) -> float:
    """The least Jaccard index over the parts; parts that are empty on both sides are alike."""
    return min(_jaccard(x, y) for x, y in zip(a, b, strict=True))


def _jaccard(a: Pieces, b: Pieces) -> float:
    if not a and not b:
        return 1.0
    shared = sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a for y in b)
    both = sum(x[1] - x[0] for x in a) + sum(y[1] - y[0] for y in b) - shared
    return shared / both if both else 0.0
