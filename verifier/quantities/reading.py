"""Which figures a claim gives: the number with its bounds, its unit or what it counts, and the toll it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from verifier.quantities.days import dates_of
from verifier.quantities.intervals import Interval, bounded, changed, range_of, share_of
from verifier.quantities.measures import Measure, measure_at, money_before, per_of, signed
from verifier.quantities.numerals import DASHES, SCALES, Numeral, Token, numeral_at, tokens_of, word_at
from verifier.quantities.tolls import Counted, counted, shared_out, toll_of
from verifier.quantities.values import Dimension, Quantity, Reading
from verifier.quantities.words import IRREGULAR, UNITS, is_person

FRACTIONS: Final = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}


PARTIAL_BEFORE: Final = frozenset(
    "another additional extra further including among versus earlier previous initial initially previously other every".split()
)
PASSED_OVER: Final = frozenset("a an the of toll death count figure estimate number".split())
WHOLE: Final = frozenset("them the those whom these its his her their".split())
COMPARED: Final = frozenset({"compared", "contrast", "opposed"})
PARTIAL_AFTER: Final = frozenset("more others other additional further fewer less times".split())
NAMED: Final = frozenset(
    """flight route article section chapter page no number district highway phase type unit level area room group boeing airbus iphone
    galaxy windows category grade class channel formula fortune apollo tier division""".split()
)
ORDINAL: Final = frozenset({"st", "nd", "rd", "th"})


@lru_cache(maxsize=20_000)
def reading_of(text: str) -> Reading:
    """The figures and dates of a text; of two readings of the same words the first one that fits is taken."""
    dates = dates_of(text)
    tokens = tokens_of(text)
    quantities = tuple(_quantities(text, tokens, dates))
    taken = sorted((one.start, one.end) for one in (*quantities, *dates))
    return Reading(quantities, dates, _without(text, taken))


def _without(text: str, taken: Sequence[tuple[int, int]]) -> str:
    parts, place = [], 0
    for start, end in taken:
        parts.append(text[place : max(place, start)])
        place = max(place, end)
    return " ".join((*parts, text[place:]))


def _quantities(text: str, tokens: Sequence[Token], dates: Sequence[Quantity]) -> Iterator[Quantity]:
    in_date = [any(date.start <= token.start < date.end for date in dates) for token in tokens]
    i = 0
    while i < len(tokens):
        if (half := _fraction(text, tokens, i)) is not None:
            yield half
            i += 2
            continue
        numeral = None if in_date[i] else numeral_at(tokens, i)
        if numeral is None or _is_name(tokens, numeral):
            i = numeral.last if numeral else i + 1
            continue
        found, i = _quantity(text, tokens, numeral)
        if found is not None:
            yield found


def _quantity(text: str, tokens: Sequence[Token], numeral: Numeral) -> tuple[Quantity | None, int]:
    """The quantity of one number, and the token after it."""
    share = share_of(tokens, numeral)
    interval = share or range_of(tokens, numeral)
    measure = Measure(Dimension.SHARE, last=interval.last) if share else _measure(tokens, numeral, interval)
    if (
        numeral.last - numeral.first == 1
        and tokens[numeral.first].lower in ("one", "zero")
        and not _counts(tokens, interval, measure)
    ):
        return None, interval.last
    last = max(measure.last, interval.last)
    if (
        measure.dimension in (Dimension.SHARE, Dimension.AGE)
        and not (share or interval.range or numeral.vague)
        and numeral.slack > 1
    ):
        interval = Interval(numeral.value, numeral.value, interval.first, interval.last)
    noun, end = (
        ("", last) if measure.dimension is not Dimension.COUNT else counted(tokens, last + _linked(tokens, numeral))
    )
    kind = (
        frozenset(one.lower for one in tokens[last + _linked(tokens, numeral) : end - 1] if one.kind == "word")
        if noun
        else frozenset()
    )
    first, interval = bounded(tokens, interval, measure, end)
    told = toll_of(tokens, first, end, noun) if measure.dimension is Dimension.COUNT else Counted(None, first, end)
    last = max(last, end, told.last)
    per, last = (
        per_of(tokens, last) if measure.dimension is Dimension.COUNT else (measure.per or changed(tokens, first), last)
    )
    start = min(told.first, first, measure.first if measure.first is not None else first)
    quantity = Quantity(
        measure.dimension,
        measure.based(interval.low),
        measure.based(interval.high),
        text[tokens[start].start : tokens[last - 1].end],
        tokens[start].start,
        tokens[last - 1].end,
        unit=measure.unit,
        noun=noun or (shared_out(tokens, last) if measure.dimension is Dimension.SHARE else ""),
        toll=told.toll,
        per=per,
        partial=_partial(tokens, first, interval, last),
        kind=kind,
    )
    return measure.spread(signed(tokens, first, quantity, measure)), max(interval.last, measure.last)


def _fraction(text: str, tokens: Sequence[Token], i: int) -> Quantity | None:
    """ "half of the voters", "a third of homes" as percent."""
    word = word_at(tokens, i)
    bare = word == "half" and word_at(tokens, i + 1) in ("of", "the")
    counted_one = (
        word in ("a", "one")
        and word_at(tokens, i + 1) in ("third", "quarter", "fifth", "tenth")
        and word_at(tokens, i + 2) == "of"
    )
    if not bare and not counted_one:
        return None
    share, last = FRACTIONS[word if bare else word_at(tokens, i + 1)], i + (1 if bare else 2)
    if bare and word_at(tokens, i + 2) in SCALES:
        return None
    start, end = tokens[i].start, tokens[last - 1].end
    first, interval = bounded(tokens, Interval(share, share, i, last), Measure(Dimension.SHARE, last=last), last)
    if interval.low == interval.high:
        interval = Interval(share * 0.9, share * 1.1, i, last)
    start = min(start, tokens[first].start)
    return Quantity(
        Dimension.SHARE, interval.low, interval.high, text[start:end], start, end, noun=shared_out(tokens, last)
    )


def _linked(tokens: Sequence[Token], numeral: Numeral) -> int:
    """ "hundreds of people": the "of" between a vague number and its noun."""
    return int(
        numeral.vague
        and word_at(tokens, numeral.last) == "of"
        and word_at(tokens, numeral.last + 1) not in ("the", "them")
    )


def _is_name(tokens: Sequence[Token], numeral: Numeral) -> bool:
    """A number that names something: "Flight 370", "F-16", "10:30", "4-2", "12th", "No. 5"."""
    before, after = numeral.first - 1, numeral.last
    if not numeral.digits:
        return False
    if word_at(tokens, after) in ORDINAL and tokens[after - 1].end == tokens[after].start:
        return True
    clock = {":", "/"} & {word_at(tokens, before), word_at(tokens, after)}
    dotted = [word_at(tokens, after + j) for j in range(3)] in (["a", ".", "m"], ["p", ".", "m"])
    if clock or dotted or word_at(tokens, after) in ("am", "pm"):
        return True
    if before < 0:
        return False
    touching = tokens[before].end == tokens[numeral.first].start
    letters = (
        tokens[before].kind == "word" and touching and tokens[before].lower not in ("rs", "us", "usd", "eur", "gbp")
    )
    dashed = (
        word_at(tokens, before) in DASHES and touching and before > 0 and tokens[before - 1].end == tokens[before].start
    )
    if word_at(tokens, before) == "of" and word_at(tokens, before - 1) == "group":
        return True
    return letters or (dashed and tokens[before - 1].kind in ("word", "number")) or word_at(tokens, before) in NAMED


def _measure(tokens: Sequence[Token], numeral: Numeral, interval: Interval) -> Measure:
    """The unit before or behind, or behind the "of" of "millions of dollars"."""
    found = money_before(tokens, interval.first, interval.last) or measure_at(tokens, interval.first, interval.last)
    if found.dimension is not Dimension.COUNT or not _linked(tokens, numeral):
        return found
    behind = measure_at(tokens, interval.first, interval.last + 1)
    return found if behind.dimension is Dimension.COUNT else behind


def _counts(tokens: Sequence[Token], interval: Interval, measure: Measure) -> bool:
    """Whether a "one" is a number: before a unit or a person, not in "one of", "no one", "one day"."""
    following = word_at(tokens, interval.last)
    if word_at(tokens, interval.first - 1) in {"no", "any", "every", "this", "that", "the", "each", "which"}:
        return False
    if measure.dimension not in (Dimension.COUNT, Dimension.TIME):
        return True
    return following not in UNITS and (
        following in IRREGULAR or is_person(following) or following in {"dead", "death", "other"}
    )


def _partial(tokens: Sequence[Token], start: int, interval: Interval, last: int) -> bool:
    """A part, an addition or an earlier figure: "12 more", "12 of them", "including 3", "up from 40", "12 times"."""
    i = start - 1
    while word_at(tokens, i) in PASSED_OVER:
        i -= 1
    before = word_at(tokens, i) in PARTIAL_BEFORE or (word_at(tokens, i) == "from" and not interval.range)
    after = {word_at(tokens, interval.last), word_at(tokens, last)} & PARTIAL_AFTER
    of_whole = word_at(tokens, interval.last) == "of" and word_at(tokens, interval.last + 1) in WHOLE
    compared = word_at(tokens, start - 1) in ("with", "to", "than") and word_at(tokens, start - 2) in COMPARED
    return bool(before or after or of_whole or compared)
