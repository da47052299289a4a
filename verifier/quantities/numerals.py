"""Numbers in digits and words: "1,213,000", "1.2m", "twenty-six", "half a million", "two dozen", "hundreds of"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TOKEN: Final = re.compile(
    r"(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?|\d+\.\d+|\d+)|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<mark>[^\w\s]|_)"
)
ONES: Final = {
    word: number
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen""".split()
    )
}
TENS: Final = {
    word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
SCALES: Final = {
    "thousand": 1e3, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "million": 1e6,
    "crore": 1e7, "crores": 1e7, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
SUFFIXES: Final = {
    "k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12, "trn": 1e12, "tr": 1e12, "cr": 1e7,
} | SCALES  # fmt: skip
VAGUE: Final = {"dozens": 12.0, "scores": 20.0, "hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9}
VAGUE_REACH: Final = 50.0  # "hundreds" can be anything from two hundred to some thousands
SPACED: Final = frozenset({"bn", "mn", "mln", "trn", "cr"})  # "£5 bn"
DASHES: Final = frozenset("-–—‑")
DIGITS_KEPT: Final = 0.1  # "1 million" is no more exact than a tenth of itself


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a word or a single other character, with its place."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number from token `first` up to `last` (exclusive): what it says exactly, and how far rounding may have moved it."""

    value: float
    slack: float
    first: int
    last: int
    high: float | None = None
    digits: str = ""

    @property
    def vague(self) -> bool:
        """ "hundreds", "dozens": a range of its own."""
        return self.high is not None


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text."""
    return [Token(match.lastgroup or "mark", match.group(), *match.span()) for match in TOKEN.finditer(text)]


def word_at(tokens: Sequence[Token], i: int) -> str:
    """The token at `i` in lower case; "" outside the text."""
    return tokens[i].lower if 0 <= i < len(tokens) else ""


def numeral_at(tokens: Sequence[Token], i: int) -> Numeral | None:
    """The longest number that starts at token `i`; None where none does."""
    if tokens[i].kind == "number":
        return _digits(tokens, i)
    if tokens[i].kind != "word":
        return None
    return _vague(tokens, i) or _part_of_scale(tokens, i) or _words(tokens, i)


def _joined(tokens: Sequence[Token], i: int) -> bool:
    """Whether token `i` follows the one before without a space."""
    return 0 < i < len(tokens) and tokens[i - 1].end == tokens[i].start


def _digits(tokens: Sequence[Token], i: int) -> Numeral:
    text = tokens[i].text.replace(",", "")
    value, last = float(text), i + 1
    step = 10.0 ** -len(text.partition(".")[2])
    follow = _after_dash(tokens, last) if word_at(tokens, last) in DASHES else last
    suffix = word_at(tokens, follow)
    short = follow == last and (_joined(tokens, last) or suffix in SPACED)
    scale = SCALES.get(suffix) or (SUFFIXES.get(suffix) if short else None)
    if scale is None:
        return Numeral(value, _slack(value, step), i, last, digits=tokens[i].text)
    while scale is not None:
        value, step, last = value * scale, step * scale, follow + 1
        follow, scale = last, SCALES.get(word_at(tokens, last))  # "1.2 lakh crore"
    return Numeral(value, min(step / 2, value * DIGITS_KEPT), i, last)


def _after_dash(tokens: Sequence[Token], i: int) -> int:
    """ "5-million": the word behind a hyphen without spaces."""
    return i + 1 if _joined(tokens, i) and _joined(tokens, i + 1) and word_at(tokens, i + 1) in SCALES else i


def _slack(value: float, step: float) -> float:
    """How far a number in digits may be rounded: half its last decimal, or of a round number from 100 up half its last
    digit that is not 0, at most a twentieth."""
    if step < 1:
        return step / 2
    if value < 100 or value % 100:
        return 0.0
    unit = 100.0
    while value % (unit * 10) == 0:
        unit *= 10
    return min(unit / 2, value / 20)


def _vague(tokens: Sequence[Token], i: int) -> Numeral | None:
    """ "hundreds", "tens of thousands", "hundreds of thousands"; a "scores" that is no number has no "of"."""
    word = word_at(tokens, i)
    if word not in VAGUE and word != "tens":
        return None
    of_more = word_at(tokens, i + 1) == "of" and VAGUE.get(word_at(tokens, i + 2))
    if of_more:
        low = VAGUE.get(word, 10.0) * of_more
        return Numeral(low, 0.0, i, i + 3, high=low * 20)
    if word == "tens" or (word == "scores" and word_at(tokens, i + 1) != "of"):
        return None
    return Numeral(VAGUE[word], 0.0, i, i + 1, high=VAGUE[word] * VAGUE_REACH)


def _part_of_scale(tokens: Sequence[Token], i: int) -> Numeral | None:
    """ "half a million", "half a dozen", "a quarter of a million", "a million and a half"."""
    words = [word_at(tokens, j) for j in range(i, i + 5)]
    if words[0] == "half" and words[1] in ("a", "the") and words[2] in ("million", "billion", "trillion", "dozen"):
        value = (12.0 if words[2] == "dozen" else SCALES[words[2]]) / 2
        return Numeral(value, value * DIGITS_KEPT if value > 6 else 0.0, i, i + 3)
    if words[:4] == ["a", "quarter", "of", "a"] and words[4] in SCALES:
        value = SCALES[words[4]] / 4
        return Numeral(value, value * DIGITS_KEPT, i, i + 5)
    if words[0] in ("a", "one") and words[1] in SCALES and words[2:5] == ["and", "a", "half"]:
        value = SCALES[words[1]] * 1.5
        return Numeral(value, value * DIGITS_KEPT / 2, i, i + 5)
    return None


@dataclass(slots=True)
class _Sum:
    """A number in words while it is being read: `room` bounds what may follow in the group below the next scale."""

    total: float = 0.0
    group: float = 0.0
    room: int = 100
    scale: float = 1.0
    seen: bool = False

    @property
    def value(self) -> float:
        return self.total + self.group

    @property
    def joins(self) -> bool:
        """Whether an "and" can stand here: after a hundred or a scale."""
        return self.seen and self.room == 100

    def take(self, word: str) -> bool:
        """Add one word; False where it cannot go on with it ("twenty thirty" are two numbers)."""
        small = ONES.get(word, TENS.get(word))
        if small is not None:
            return self._add(small)
        if word in ("hundred", "dozen"):
            return self._times(100 if word == "hundred" else 12)
        return word in SCALES and self._scaled(SCALES[word])

    def _add(self, value: int) -> bool:
        if value >= self.room:
            return False
        self.group, self.room, self.seen = self.group + value, 10 if value >= 20 else 0, True
        return True

    def _times(self, factor: int) -> bool:
        if self.group >= 100:
            return False
        self.group, self.room, self.seen = (self.group or 1) * factor, 100 if factor == 100 else 0, True
        return True

    def _scaled(self, scale: float) -> bool:
        if self.scale != 1.0 and (scale >= self.scale or not self.group):
            return False
        self.total += (self.group or 1.0) * scale
        self.group, self.room, self.scale, self.seen = 0.0, 100, scale, True
        return True


def _words(tokens: Sequence[Token], i: int) -> Numeral | None:
    """ "twenty-six", "a hundred and twenty", "two dozen", "two and a half million"; "one" needs its reader's own check."""
    start = i
    if word_at(tokens, i) in ("a", "an"):
        if word_at(tokens, i + 1) not in {"hundred", "dozen", *SCALES}:
            return None
        i += 1
    number, last = _Sum(), start
    while i < len(tokens):
        if number.take(word_at(tokens, i)):
            i = last = i + 1
        elif number.seen and [word_at(tokens, i + j) for j in range(3)] == ["and", "a", "half"]:
            number.group += 0.5
            i = last = i + 3
        elif _goes_on(tokens, i, number):
            i += 1
        else:
            break
    return Numeral(number.value, _spelled_slack(number), start, last) if number.seen else None


def _goes_on(tokens: Sequence[Token], i: int, number: _Sum) -> bool:
    """A hyphen inside "twenty-six" or "five-million", or an "and" inside "a hundred and twenty"."""
    small = word_at(tokens, i + 1) in ONES or word_at(tokens, i + 1) in TENS
    if word_at(tokens, i) in DASHES:
        larger = word_at(tokens, i + 1) in SCALES or word_at(tokens, i + 1) == "hundred"
        room = number.room == 10 and word_at(tokens, i + 1) in ONES
        return number.seen and (room or larger) and _joined(tokens, i) and _joined(tokens, i + 1)
    return word_at(tokens, i) == "and" and number.joins and small


def _spelled_slack(number: _Sum) -> float:
    round_one = number.scale > 1.0 and number.group == 0.0
    return min(number.scale / 2, number.value * DIGITS_KEPT) if round_one else 0.0
