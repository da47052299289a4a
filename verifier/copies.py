"""Copies: articles and passages that carry the same words are one source, not two (Broder's containment of shingles)."""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import Final

ARTICLE_SHINGLE: Final = 8
PASSAGE_SHINGLE: Final = 4
COMMON_SHINGLE: Final = 50  # a run of words in more articles than this is a formula, not a copy


def shingles(text: str, size: int) -> frozenset[int]:
    """Hashes of all runs of `size` words, case and punctuation folded; the whole text where it is shorter."""
    words = re.findall(r"\w+", text.lower())
    runs = [" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1))]
    return frozenset(zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs if run)


def containment(a: frozenset[int], b: frozenset[int]) -> float:
    """The share of the smaller set that is in the other, 0 to 1."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


def copied_articles(texts: Mapping[int, str], threshold: float) -> frozenset[tuple[int, int]]:
    """Pairs of keys (both orders) of texts of which one holds at least `threshold` of the other's 8-word runs."""
    sets = {key: shingles(text, ARTICLE_SHINGLE) for key, text in texts.items()}
    holders: dict[int, list[int]] = defaultdict(list)
    for key, found in sets.items():
        for shingle in found:
            holders[shingle].append(key)
    shared = Counter(
        pair for keys in holders.values() if 1 < len(keys) <= COMMON_SHINGLE for pair in combinations(sorted(keys), 2)
    )
    same = {(a, b) for (a, b), n in shared.items() if n >= threshold * min(len(sets[a]), len(sets[b]))}
    return frozenset(same | {(b, a) for a, b in same})


def same_words(a: str, b: str) -> float:
    """Containment of two short passages in each other, by runs of four words."""
    return containment(shingles(a, PASSAGE_SHINGLE), shingles(b, PASSAGE_SHINGLE))
