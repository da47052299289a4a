"""How far a number can lie: ranges, shares of a whole, and the words around it that bound it or blur it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import Final

from verifier.quantities.measures import Measure
from verifier.quantities.numerals import DASHES, SUFFIXES, Numeral, Token, numeral_at, word_at
from verifier.quantities.words import SYMBOLS

ABOUT_SHARE: Final = 0.15


class Bound(StrEnum):
    """What the words before a number make of it."""

    LEAST = "least"
    MOST = "most"
    ABOUT = "about"
    NEARLY = "nearly"
    JUST_OVER = "just over"


BOUNDS: Final = (
    (Bound.JUST_OVER, "just over", "just above", "slightly more than", "a little more than", "just more than"),
    (Bound.NEARLY, "nearly", "almost", "close to", "just under", "just below", "just short of", "just shy of", "shy of", "approaching"),
    (Bound.LEAST, "at least", "no fewer than", "no less than", "not less than", "more than", "over", "well over", "above", "upwards of",
     "in excess of", "exceeding", "a minimum of", "exceeds", "exceeded", "at the very least", "minimum of", "far more than", "as few as",
     "as little as", "upward of", "topped", "tops", "surpassed", "surpasses", "surpassing", "exceed"),
    (Bound.MOST, "at most", "no more than", "not more than", "fewer than", "less than", "under", "below", "up to", "as many as",
     "as much as", "a maximum of", "well under", "within", "maximum of"),
    (Bound.ABOUT, "about", "around", "approximately", "roughly", "some", "an estimated", "estimated", "circa", "near", "more or less",
     "close on", "~", "a reported", "something like", "in the region of"),
)  # fmt: skip
BEFORE: Final = sorted(
    ((tuple(phrase.split()), kind) for kind, *phrases in BOUNDS for phrase in phrases), key=lambda row: -len(row[0])
)
AFTER: Final = (
    (Bound.LEAST, ("or", "more")), (Bound.LEAST, ("or", "higher")), (Bound.LEAST, ("plus",)), (Bound.LEAST, ("-", "plus")),
    (Bound.LEAST, ("+",)),
    (Bound.MOST, ("or", "less")), (Bound.MOST, ("or", "fewer")), (Bound.ABOUT, ("or", "so")), (Bound.ABOUT, ("-", "odd")),
)  # fmt: skip
CHANGES: Final = frozenset(
    """up down rise rose risen rising fell fallen falling grew grown increase increased jumped climbed dropped declined cut raised
    raise raises raising rises falls grows increases increasing decreased drops slipped slid expanded shrank widened narrowed doubled
    tripled go goes going gone went moved""".split()
)
MOVED: Final = frozenset(
    "go goes going gone went moved rose jumped climbed shot crept inched ticked came add adds added pushed is was".split()
)
"""Before "up to": a level reached, no bound."""
CHARGED: Final = frozenset(
    """charged arrested jailed tried trial sentenced convicted questioned investigated inquiry protest protests protested concern concerns
    outrage anger criticised criticized resigned sued apologised apologized row dispute victory win""".split()
)
"""Before "over": what it is about, no bound."""


PARTS: Final = {"third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenths": 10}
WHOLES: Final = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 100, 1000})


@dataclass(frozen=True, slots=True)
class Interval:
    """What a number can mean, in its own unit, and the tokens it takes (the last exclusive)."""

    low: float
    high: float
    first: int
    last: int
    range: bool = False


def share_of(tokens: Sequence[Token], numeral: Numeral) -> Interval | None:
    """ "one in four", "two-thirds", "nine out of ten" as percent."""
    i = numeral.last
    words = [word_at(tokens, j) for j in range(i, i + 3)]
    of = 3 if words[:2] == ["out", "of"] else 2 if words[0] == "in" else 0
    whole = numeral_at(tokens, i + of - 1) if of and i + of - 1 < len(tokens) else None
    if (
        whole is not None
        and 0 < numeral.value < whole.value <= 1000
        and whole.value in (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 100, 1000)
    ):
        share = 100 * numeral.value / whole.value
        return Interval(share * 0.95, share * 1.05, numeral.first, whole.last)
    dash = int(words[0] in DASHES)
    fraction = PARTS.get(word_at(tokens, i + dash), 0)
    if fraction and 0 < numeral.value < fraction and not numeral.digits:
        share = 100 * numeral.value / fraction
        return Interval(share * 0.95, share * 1.05, numeral.first, i + dash + 1)
    return None


def _alone(numeral: Numeral) -> Interval:
    high = numeral.high if numeral.high is not None else numeral.value + numeral.slack
    return Interval(numeral.value - numeral.slack, high, numeral.first, numeral.last)


def range_of(tokens: Sequence[Token], numeral: Numeral) -> Interval:
    """ "10 to 15", "3,000-5,000", "between 10 and 15 million", "two or three"; else the number alone."""
    alone = _alone(numeral)
    link = numeral.last
    word = word_at(tokens, link)
    opens = numeral.first - (2 if word_at(tokens, numeral.first - 1) in SYMBOLS else 1)
    between = word == "and" and word_at(tokens, opens) == "between"
    if not (between or word in ("to", "or") or word in DASHES) or link + 1 >= len(tokens):
        return alone
    skip = int(tokens[link + 1].text in SYMBOLS)
    other = numeral_at(tokens, link + 1 + skip) if link + 1 + skip < len(tokens) else None
    if other is None or other.vague or numeral.vague or (word == "to" and _changes(tokens, numeral)):
        return alone
    if word == "to" and skip and other.last - other.first == 1 and _near_change(tokens, numeral.first):
        return alone  # "rose $2 to $52"
    scale = _scale(tokens, other) if numeral.value < other.value and numeral.value * 1000 <= other.value else 1.0
    low = numeral.value * scale
    if not low < other.value <= max(100 * low, 1.0):
        return alone
    return Interval(low - numeral.slack * scale, other.value + other.slack, numeral.first, other.last, range=True)


def _changes(tokens: Sequence[Token], numeral: Numeral) -> bool:
    """ "rose from 10 to 15" is no range."""
    before = numeral.first - (2 if word_at(tokens, numeral.first - 1) in SYMBOLS else 1)
    return word_at(tokens, before) == "from" and _near_change(tokens, numeral.first)


def _near_change(tokens: Sequence[Token], first: int) -> bool:
    """Whether a word of change stands before a number."""
    return any(word_at(tokens, j) in CHANGES for j in range(max(0, first - 6), first))


def _scale(tokens: Sequence[Token], numeral: Numeral) -> float:
    """The scale that "10 to 15 million" leaves to the first number."""
    return SUFFIXES.get(word_at(tokens, numeral.last - 1), 1.0)


def bounded(tokens: Sequence[Token], interval: Interval, measure: Measure, end: int) -> tuple[int, Interval]:
    """The interval under the words around it and its noun, and the token where those begin."""
    first = measure.first if measure.first is not None else interval.first
    for phrase, kind in BEFORE:
        begin = first - len(phrase)
        if (
            begin >= 0
            and tuple(word_at(tokens, j) for j in range(begin, first)) == phrase
            and _is_bound(phrase, word_at(tokens, begin - 1))
        ):
            return begin, _under(interval, kind)
    for kind, phrase in AFTER:
        for place in {interval.last, measure.last, end}:
            if tuple(word_at(tokens, j) for j in range(place, place + len(phrase))) == phrase:
                return first, _under(interval, kind)
    return first, interval


def _is_bound(phrase: tuple[str, ...], before: str) -> bool:
    """ "went up to 5 percent", "charged over 12 deaths" bound nothing."""
    return not ((phrase == ("up", "to") and before in MOVED) or (phrase == ("over",) and before in CHARGED))


def changed(tokens: Sequence[Token], first: int) -> str:
    """ "change" where a figure tells by how much something changed, not to what."""
    before = word_at(tokens, first - 1)
    return (
        "change"
        if (before == "by" and _near_change(tokens, first))
        or before in CHANGES - {"up", "down", "cut", "raised", "raise"}
        else ""
    )


def _under(interval: Interval, kind: Bound) -> Interval:
    low, high = interval.low, interval.high
    if kind is Bound.LEAST:
        return replace(interval, high=inf, low=low)
    if kind is Bound.MOST:
        return replace(interval, low=0.0)
    if kind is Bound.ABOUT:
        return replace(interval, low=low * (1 - ABOUT_SHARE), high=high * (1 + ABOUT_SHARE))
    if kind is Bound.NEARLY:
        return replace(interval, low=low * (1 - ABOUT_SHARE))
    return replace(interval, high=high * (1 + ABOUT_SHARE))
