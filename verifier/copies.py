"""Copies: articles and passages that carry the same words are one source, not two (Broder's containment of shingles)."""

from __future__ import annotations

import re
import zlib
from typing import Final

ARTICLE_SHINGLE: Final = 8
PASSAGE_SHINGLE: Final = 4


def shingles(text: str, size: int) -> frozenset[int]:
    """Hashes of all runs of `size` words, case and punctuation folded; the whole text where it is shorter."""
    words = re.findall(r"\w+", text.lower())
    runs = [" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1))]
    return frozenset(zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs if run)


def containment(a: frozenset[int], b: frozenset[int]) -> float:
    """The share of the smaller set that is in the other, 0 to 1."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


def same_words(a: str, b: str) -> float:
    """Containment of two short passages in each other, by runs of four words."""
    return containment(shingles(a, PASSAGE_SHINGLE), shingles(b, PASSAGE_SHINGLE))
