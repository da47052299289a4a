"""An article as the tagger reads it: words with their pieces, what the uncased encoder cannot see, and windows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from verifier.extraction.quotes import find_quotes
from verifier.values import Paragraph

CASES: Final = 6
QUOTATION: Final = 4
PLACES: Final = 4
FEATURES: Final = CASES + QUOTATION + PLACES
"""How many feature values there are; every word has one of each of the three groups."""

_OUTSIDE, _INSIDE, _OPENING, _CLOSING = range(CASES, CASES + QUOTATION)
_PLACE = CASES + QUOTATION
_SURROGATE = re.compile("[\ud800-\udfff]")  # the tokenizer takes no text with a lone one
_STOPS = ".!?…\"”’'»)"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an article's kept paragraphs in order.

    Word i is `text[starts[i]:ends[i]]` and owns the pieces `firsts[i]` to `firsts[i + 1]` of `ids`; `features` has three
    values a word; `breaks` are the word indices at which paragraphs begin, with the number of words at its end.
    """

    starts: list[int]
    ends: list[int]
    firsts: list[int]
    ids: list[int]
    features: list[tuple[int, int, int]]
    breaks: list[int]

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, start: int, end: int) -> tuple[int, int]:
        """The words that begin inside the characters `start` to `end`, as a range that may be empty."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def pieces(self, low: int, high: int) -> int:
        """How many pieces the words `low` to `high` have."""
        return self.firsts[high] - self.firsts[low]


@dataclass(frozen=True, slots=True)
class Window:
    """Words that are encoded together, `low` to `high`; those from `core_low` to `core_high` are answered for here."""

    low: int
    high: int
    core_low: int
    core_high: int


def read_words(tokenizer: Any, text: str, paragraphs: Sequence[Paragraph]) -> Words:
    """Tokenize the paragraphs that carry no mark; a word is what the tokenizer splits at spaces and punctuation."""
    kept = [paragraph for paragraph in paragraphs if paragraph.mark is None]
    words = Words([], [], [], [], [], [])
    if kept:
        encoded = tokenizer(
            [_SURROGATE.sub("\ufffd", text[p.start : p.end]) for p in kept],
            add_special_tokens=False,
            return_offsets_mapping=True,
            return_attention_mask=False,
            truncation=False,
            verbose=False,
        )
        for row, paragraph in enumerate(kept):
            words.breaks.append(len(words))
            _add(
                words,
                encoded["input_ids"][row],
                encoded.encodings[row].tokens,
                encoded["offset_mapping"][row],
                paragraph.start,
            )
        _describe(words, text, kept)
    words.breaks.append(len(words))
    words.firsts.append(len(words.ids))
    return words


def _add(
    words: Words, ids: Sequence[int], pieces: Sequence[str], offsets: Sequence[tuple[int, int]], shift: int
) -> None:
    for piece_id, piece, (start, end) in zip(ids, pieces, offsets, strict=True):
        if piece.startswith("##") and words.starts and words.breaks[-1] < len(words):
            words.ends[-1] = shift + end
        else:
            words.starts.append(shift + start)
            words.ends.append(shift + end)
            words.firsts.append(len(words.ids))
        words.ids.append(piece_id)


def _describe(words: Words, text: str, kept: Sequence[Paragraph]) -> None:
    quotation = [_OUTSIDE] * len(words)
    for quotes in find_quotes(text, kept):
        for quote in quotes:
            _mark(words, quotation, (quote.start, quote.end), (quote.inner_start, quote.inner_end))
    limits = [*words.breaks, len(words)]
    for paragraph, low, high in zip(kept, limits, limits[1:], strict=False):
        unstopped = 0 if text[paragraph.start : paragraph.end].rstrip()[-1:] in _STOPS else 2
        for index in range(low, high):
            case = _case(text[words.starts[index] : words.ends[index]])
            words.features.append((case, quotation[index], _PLACE + unstopped + (index == low)))


def _mark(words: Words, quotation: list[int], whole: tuple[int, int], inner: tuple[int, int]) -> None:
    for index in range(*words.at(*whole)):
        start = words.starts[index]
        quotation[index] = _OPENING if start < inner[0] else _INSIDE if start < inner[1] else _CLOSING


def _case(word: str) -> int:
    if word.isalpha():
        if word.islower():
            return 0
        if word.isupper() and len(word) > 1:
            return 2
        return 1 if (word[0].isupper() and word[1:].islower()) or len(word) == 1 else 3
    return 4 if any(letter.isdigit() for letter in word) else 5


def windows_of(words: Words, most: int, before: int, after: int) -> Iterator[Window]:
    """Cut an article into windows of whole paragraphs, of at most `most` pieces in all.

    Each is encoded with up to `before` pieces of what precedes its core and `after` of what follows. A paragraph longer
    than the core is cut at a word.
    """
    core = most - before - after
    low = 0
    while low < len(words):
        high = _core_end(words, low, core)
        yield Window(_back(words, low, before), _ahead(words, high, after), low, high)
        low = high


def _core_end(words: Words, low: int, core: int) -> int:
    last = _ahead(words, low, core)
    place = bisect_left(words.breaks, last + 1) - 1
    return words.breaks[place] if words.breaks[place] > low else max(last, low + 1)


def _ahead(words: Words, at: int, pieces: int) -> int:
    """The furthest word index such that the words from `at` to it have at most so many pieces."""
    return max(at, bisect_left(words.firsts, words.firsts[at] + pieces + 1) - 1)


def _back(words: Words, at: int, pieces: int) -> int:
    return bisect_left(words.firsts, words.firsts[at] - pieces, 0, at + 1) if at else 0
