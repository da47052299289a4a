"""Near copies among many passages: candidates by MinHash, so that not every two are compared (Broder 1997)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

HASHES: Final = 64
BAND: Final = 2
"""Two hashes a band: sets that share a third of their union meet in at least one of 32 bands in 98 of 100 cases."""

_GOLDEN: Final = 0x9E3779B97F4A7C15


def signatures(sets: Sequence[frozenset[int]]) -> NDArray[np.uint64]:
    """MinHash signatures of shape (len(sets), HASHES); an empty set has the largest values."""
    factors = np.arange(1, HASHES + 1, dtype=np.uint64) * np.uint64(_GOLDEN) | np.uint64(1)
    made = np.full((len(sets), HASHES), np.iinfo(np.uint64).max, dtype=np.uint64)
    for row, found in enumerate(sets):
        if found:
            made[row] = _mixed(np.fromiter(found, np.uint64, len(found))[:, None] * factors).min(axis=0)
    return made


def bands(sets: Sequence[frozenset[int]]) -> NDArray[np.uint32]:
    """A number for each band of each set, shape (len(sets), HASHES // BAND): two sets share one where they are candidates.

    By chance two share one in four billion.
    """
    parts = signatures(sets).reshape(len(sets), HASHES // BAND, BAND)
    found = np.broadcast_to(np.arange(HASHES // BAND, dtype=np.uint64), parts.shape[:2])
    for at in range(BAND):
        found = _mixed(found * np.uint64(_GOLDEN) + parts[:, :, at])
    return (found >> np.uint64(32)).astype(np.uint32)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finisher of splitmix64: every bit of a value depends on every bit of what came in."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def candidates(sets: Sequence[frozenset[int]]) -> Iterator[tuple[int, int]]:
    """Index pairs (a < b) of sets that may overlap; the same pair may come more than once. Empty sets meet nobody."""
    made = signatures(sets)
    for start in range(0, HASHES, BAND):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for row, found in enumerate(sets):
            if found:
                buckets[made[row, start : start + BAND].tobytes()].append(row)
        for rows in buckets.values():
            yield from combinations(rows, 2)
