"""What later articles need to know of an article, worked out once and stored: its passages by MinHash, its names, its lead.

So a new article meets the digests of those near in time, and only the few that it may share copy with are read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from verifier.copies import PASSAGE_SHINGLE, shingles
from verifier.independence import WIRE_METHOD, Place, passages_of
from verifier.near_copies import bands
from verifier.stories import STORY_METHOD, lead, names_of
from verifier.values import Article, text_hash

DIGEST_METHOD: Final = f"{WIRE_METHOD} {STORY_METHOD}"
SLOTS: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages by place: versions and positions of shape (n,), and what their copies have in common, (n, bands)."""

    versions: NDArray[np.int64]
    positions: NDArray[np.int64]
    bands: NDArray[np.uint32]

    def places(self) -> Iterator[Place]:
        """Where they stand."""
        return zip(self.versions.tolist(), self.positions.tolist(), strict=True)

    def meeting(self, others: Passages) -> Passages:
        """Those that have a band in common with one of the others, as `near_copies.candidates` finds them."""
        marked = np.zeros(SLOTS, dtype=np.bool_)
        marked[others.bands % SLOTS] = True
        rows = np.flatnonzero(marked[self.bands % SLOTS].any(axis=1))  # sorting all of them takes thirty times as long
        rows = rows[np.isin(self.bands[rows], others.bands).any(axis=1)]
        return Passages(self.versions[rows], self.positions[rows], self.bands[rows])


@dataclass(frozen=True, slots=True)
class Digest:
    """Of one article: positions and bands of its passages, the names in it, and the hash of the lead that is embedded."""

    positions: tuple[int, ...]
    bands: NDArray[np.uint32]
    names: frozenset[str]
    lead_hash: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What a story is told by, as stored."""

    url: str
    published_at: datetime | None
    names: frozenset[str]
    lead_hash: str


def digest_of(article: Article) -> Digest:
    """The digest of an article as it is marked now."""
    passages = passages_of(0, article)
    found = bands([shingles(passage.words, PASSAGE_SHINGLE) for passage in passages])
    return Digest(tuple(passage.place[1] for passage in passages), found, names_of(article), text_hash(lead(article)))
