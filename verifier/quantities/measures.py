"""Units: what stands before or behind a number and says in what it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from verifier.quantities.numerals import DASHES, Token, word_at
from verifier.quantities.values import Dimension, Quantity
from verifier.quantities.words import (
    CELSIUS,
    CENTS,
    CODES,
    CURRENCIES,
    DEGREES,
    FAHRENHEIT,
    NATIONS,
    POUNDS,
    RATES,
    SQUARES,
    SYMBOLS,
    TON_SLACK,
    TONS,
    UNITS,
    WEIGHING,
)

AREA_OF: Final = {1609.344: 2589988.11, 1000.0: 1e6, 0.3048: 0.092903, 1.0: 1.0, 0.9144: 0.836127}
JOINED_ONLY: Final = {"m": (Dimension.LENGTH, 1.0), "g": (Dimension.MASS, 0.001), "l": (Dimension.VOLUME, 1.0)}
ROUNDED: Final = frozenset(Dimension) - {
    Dimension.COUNT,
    Dimension.MONEY,
    Dimension.AGE,
    Dimension.TIME,
    Dimension.DATE,
}
HALF_A_UNIT: Final = 0.5
MONTH_SLACK: Final = 0.016  # 90 days are three months


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension, the size of the unit in its base, and the tokens it takes (`first` where it stands before the number)."""

    dimension: Dimension = Dimension.COUNT
    size: float = 1.0
    offset: float = 0.0
    unit: str = ""
    per: str = ""
    first: int | None = None
    last: int = 0
    slack: float = 0.0

    def based(self, value: float) -> float:
        """A value of this unit in the base unit."""
        return value if value == inf else value * self.size + self.offset

    def spread(self, quantity: Quantity) -> Quantity:
        """Whole numbers of a measured unit are rounded to it, tons are of several kinds."""
        low, high = quantity.low, quantity.high
        if self.dimension in ROUNDED and low == high:
            low, high = low - HALF_A_UNIT * self.size, high + HALF_A_UNIT * self.size
        if self.slack:
            low, high = low * (1 - self.slack), high * (1 + self.slack)
        return replace(quantity, low=low, high=high)


DIFFERENCES: Final = frozenset("warming warmer cooler colder hotter by".split())


def signed(tokens: Sequence[Token], first: int, quantity: Quantity, measure: Measure) -> Quantity:
    """ "-20 °C", "minus 4 °F"; "warming of 3.6 °F" is a difference, from which no zero is taken off."""
    if measure.dimension is not Dimension.TEMPERATURE:
        return quantity
    low, high = quantity.low - measure.offset, quantity.high - measure.offset
    if {word_at(tokens, j) for j in range(max(0, first - 5), first)} & DIFFERENCES:
        return replace(quantity, low=low, high=high)
    alone = first < 2 or tokens[first - 2].end < tokens[first - 1].start
    if word_at(tokens, first - 1) == "minus" or (word_at(tokens, first - 1) in (*DASHES, "−") and alone):
        low, high = -high, -low
    return replace(quantity, low=low + measure.offset, high=high + measure.offset)


def money_before(tokens: Sequence[Token], first: int, last: int) -> Measure | None:
    """Money whose sign stands before the number: "$5bn", "US$5", "Rs 500", "Rs. 500"."""
    at = first - 1
    if word_at(tokens, at) == "." and word_at(tokens, at - 1) == "rs":
        at -= 1
    unit = SYMBOLS.get(word_at(tokens, at)) or (CODES.get(word_at(tokens, at)) if word_at(tokens, at) != "us" else None)
    if unit is None:
        return None
    if unit == "usd" and tokens[at].text == "$" and at and tokens[at - 1].end == tokens[at].start:
        unit = {"us": "usd", "a": "aud", "c": "cad", "hk": "hkd", "nz": "nzd", "s": "sgd"}.get(
            word_at(tokens, at - 1), unit
        )
        at -= tokens[at - 1].kind == "word"
    per, end = per_of(tokens, last)
    return Measure(Dimension.MONEY, unit=unit, per=per, first=at, last=end)


def measure_at(tokens: Sequence[Token], first: int, last: int) -> Measure:
    """The unit behind the number; a count where there is none."""
    hyphen = last < len(tokens) and word_at(tokens, last) in DASHES and tokens[last - 1].end == tokens[last].start
    i = last + 1 if hyphen else last
    found = (
        _share(tokens, i)
        or _age(tokens, first, i)
        or _money(tokens, first, i)
        or _degrees(tokens, i)
        or _unit(tokens, i)
    )
    if found is None or (hyphen and found.last <= i):
        return Measure(last=last)
    per, end = per_of(tokens, found.last)
    if found.dimension is Dimension.LENGTH and per in ("hour", "second"):
        return replace(
            found, dimension=Dimension.SPEED, size=found.size / 1000 * (3600 if per == "second" else 1), last=end
        )
    return replace(found, per=per, last=end) if found.dimension is not Dimension.TIME else found


def _share(tokens: Sequence[Token], i: int) -> Measure | None:
    word, after = word_at(tokens, i), word_at(tokens, i + 1)
    end = i + 1 if word in ("percent", "%", "pc") else i + 2 if (word, after) == ("per", "cent") else None
    if end is None:
        if word in ("percentage", "point", "points", "pp"):
            return Measure(Dimension.POINTS, last=i + (2 if word == "percentage" and after.startswith("point") else 1))
        return None
    if word_at(tokens, end).startswith("point"):
        return Measure(Dimension.POINTS, last=end + 1)
    return Measure(Dimension.SHARE, last=end)


def _age(tokens: Sequence[Token], first: int, i: int) -> Measure | None:
    if word_at(tokens, i) in ("year", "years"):
        dashed = i + 2 if word_at(tokens, i + 1) in DASHES else i + 1
        if word_at(tokens, dashed) in ("old", "olds"):
            return Measure(Dimension.AGE, last=dashed + 1)
    return Measure(Dimension.AGE, last=i) if word_at(tokens, first - 1) == "aged" else None


def _money(tokens: Sequence[Token], first: int, i: int) -> Measure | None:
    nation = NATIONS.get(word_at(tokens, i))
    skipped = i + (nation is not None)
    word = word_at(tokens, skipped)
    if word in POUNDS:
        near = {word_at(tokens, j) for j in range(max(0, first - 4), first)} | {word_at(tokens, skipped + 1)}
        weighed = near & WEIGHING or word.startswith("lb")
        return (
            Measure(Dimension.MASS, 0.453592, last=skipped + 1)
            if weighed
            else Measure(Dimension.MONEY, unit="gbp", last=skipped + 1)
        )
    if word in CENTS:
        return Measure(Dimension.MONEY, 0.01, unit=CENTS[word], last=skipped + 1)
    if word not in CURRENCIES:
        return None
    return Measure(Dimension.MONEY, unit=nation or CURRENCIES[word], last=skipped + 1)


def _degrees(tokens: Sequence[Token], i: int) -> Measure | None:
    if word_at(tokens, i) not in DEGREES:
        return None
    scale = word_at(tokens, i + 1)
    if scale in FAHRENHEIT:
        return Measure(Dimension.TEMPERATURE, 5 / 9, -160 / 9, unit="celsius", last=i + 2)
    if scale in CELSIUS:
        return Measure(Dimension.TEMPERATURE, unit="celsius", last=i + 2)
    return Measure(Dimension.TEMPERATURE, unit="degrees", last=i + 1)


def _unit(tokens: Sequence[Token], i: int) -> Measure | None:
    word = word_at(tokens, i)
    if word in SQUARES and word_at(tokens, i + 1) in UNITS:
        dimension, size = UNITS[word_at(tokens, i + 1)]
        return (
            Measure(Dimension.AREA, AREA_OF[size], last=i + 2)
            if dimension is Dimension.LENGTH and size in AREA_OF
            else None
        )
    if word in JOINED_ONLY and i and tokens[i - 1].end == tokens[i].start:
        return Measure(*JOINED_ONLY[word], last=i + 1)
    if word not in UNITS:
        return None
    dimension, size = UNITS[word]
    return Measure(
        dimension,
        size,
        last=i + 1,
        slack=TON_SLACK if word in TONS else MONTH_SLACK if word.startswith("month") else 0.0,
    )


def per_of(tokens: Sequence[Token], i: int) -> tuple[str, int]:
    """A rate behind a quantity: "a year", "per hour", "each", "an hour", "/day"."""
    word, after = word_at(tokens, i), word_at(tokens, i + 1)
    if word_at(tokens, i + 2) in ("ago", "after", "later", "before", "earlier", "old"):
        return "", i
    if word in ("a", "an", "per", "/", "every", "each") and after in RATES:
        return RATES[after], i + 2
    if word in ("annually", "yearly", "daily", "weekly", "monthly", "hourly", "each", "apiece"):
        return RATES[word], i + 1
    return "", i
