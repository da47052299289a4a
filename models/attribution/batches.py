"""Windows and cues as padded arrays; lengths are rounded up, since in training each new shape costs compiled kernels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.attribution.words import CASES, QUOTATION, Window, Words

Ids = NDArray[np.int64]

PIECES_STEP: Final = 32
CUES_STEP: Final = 16
LINKS_STEP: Final = 64
DISTANCES: Final = 24
"""Buckets of the distance in words from a pronoun to a name, before or behind it."""
SPECIAL: Final = (CASES - 1, CASES, CASES + QUOTATION)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue as a range of words, seen in the window that is row `row` of its batch."""

    row: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Link:
    """A pronoun and a name as ranges of words, seen in the window that is row `row` of its batch."""

    row: int
    pronoun: tuple[int, int]
    name: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Encoding:
    """Inputs of `AttributionNetwork.encode`: ids and mask (rows, pieces), features (rows, pieces, 3)."""

    ids: Ids
    features: Ids
    mask: Ids


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Inputs of `AttributionNetwork.role_logits`: places, mask and marks, each of shape (cues, words)."""

    at: Ids
    mask: Ids
    marks: Ids


@dataclass(frozen=True, slots=True)
class Links:
    """Inputs of `AttributionNetwork.pronoun_logits`: places (pairs, 4) and distance buckets (pairs,)."""

    at: Ids
    distances: Ids


def encoding_of(parts: Sequence[tuple[Words, Window]], cls: int, sep: int, step: int = PIECES_STEP) -> Encoding:
    """The pieces of each window between the special ones, padded to a multiple of the step."""
    longest = max(words.pieces(window.low, window.high) for words, window in parts) + 2
    length = -(-longest // step) * step
    ids = np.zeros((len(parts), length), dtype=np.int64)
    features = np.tile(np.array(SPECIAL, dtype=np.int64), (len(parts), length, 1))
    mask = np.zeros((len(parts), length), dtype=np.int64)
    for row, (words, window) in enumerate(parts):
        begin, end = words.firsts[window.low], words.firsts[window.high]
        size = end - begin
        ids[row, 0], ids[row, 1 : size + 1], ids[row, size + 1] = cls, words.ids[begin:end], sep
        sizes = np.diff(words.firsts[window.low : window.high + 1])
        features[row, 1 : size + 1] = np.repeat(np.array(words.features[window.low : window.high]), sizes, axis=0)
        mask[row, : size + 2] = 1
    return Encoding(ids, features, mask)


def first_pieces(words: Words, window: Window) -> Ids:
    """The place of each of the window's words in its row, by its first piece."""
    firsts = np.array(words.firsts[window.low : window.high], dtype=np.int64)
    return firsts - words.firsts[window.low] + 1


def surroundings_of(
    parts: Sequence[tuple[Words, Window]],
    cues: Sequence[Cue],
    length: int,
    before: int,
    after: int,
    step: int = CUES_STEP,
) -> Surroundings:
    """The words around each cue: slot `before` is its first word; rows are padded to a multiple of the step."""
    rows = -(-max(1, len(cues)) // step) * step
    at = np.zeros((rows, before + after), dtype=np.int64)
    mask = np.zeros_like(at)
    marks = np.zeros_like(at)
    mask[len(cues) :, before] = 1
    places = [row * length + first_pieces(words, window) for row, (words, window) in enumerate(parts)]
    for number, cue in enumerate(cues):
        window = parts[cue.row][1]
        low, high = max(window.low, cue.low - before), min(window.high, cue.low + after)
        slots = slice(low - cue.low + before, high - cue.low + before)
        at[number, slots] = places[cue.row][low - window.low : high - window.low]
        mask[number, slots] = 1
        marks[number, before : before + min(cue.high, high) - cue.low] = 1
    return Surroundings(at, mask, marks)


def links_of(parts: Sequence[tuple[Words, Window]], links: Sequence[Link], length: int) -> Links:
    """The places of pronouns and names; rows are padded to a multiple of the step."""
    rows = -(-max(1, len(links)) // LINKS_STEP) * LINKS_STEP
    at = np.zeros((rows, 4), dtype=np.int64)
    distances = np.zeros(rows, dtype=np.int64)
    places = [row * length + first_pieces(words, window) for row, (words, window) in enumerate(parts)]
    for number, link in enumerate(links):
        low = parts[link.row][1].low
        ends = (link.pronoun[0], link.pronoun[1] - 1, link.name[0], link.name[1] - 1)
        at[number] = [places[link.row][end - low] for end in ends]
        distances[number] = distance_bucket(link.pronoun[0] - link.name[0])
    return Links(at, distances)


def distance_bucket(words: int) -> int:
    """The bucket of a distance: its logarithm, the upper half of the buckets for names behind the pronoun."""
    bucket = min(DISTANCES // 2 - 1, int(2 * math.log2(1 + abs(words) / 2)))
    return bucket if words >= 0 else bucket + DISTANCES // 2
