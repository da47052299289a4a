"""Dates that a claim names: "12 March", "March 12, 2016", "in March 2016", "in 2014", "the 1990s", "2016-03-12"."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from verifier.quantities.values import Dimension, Quantity

MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)  # fmt: skip
ABBREVIATED: Final = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_MONTH: Final = (
    "(?:" + "|".join([*(m.capitalize() for m in MONTHS), *(rf"{m.capitalize()}\b\.?" for m in ABBREVIATED)]) + ")"
)
_YEAR: Final = r"(?:1[5-9]|20)\d\d"
_DAY: Final = r"(?P<{}>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
LEADS: Final = frozenset("since by until till before after from".split())
DATE: Final = re.compile(
    r"(?:\b(?P<lead>(?i:since|by|until|till|before|after|from|on|in|during|of|around|about|for))\s+)?(?:the\s+)?(?:(?:early|late|mid)[-\s])?"
    r"(?:"
    rf"(?P<iso>\b{_YEAR}-\d\d-\d\d\b)"
    rf"|\b{_DAY.format('day1')}\s+(?:of\s+)?(?P<month1>{_MONTH})\b(?:,?\s+(?P<year1>{_YEAR})\b)?"
    rf"|\b(?P<month2>{_MONTH})\s+{_DAY.format('day2')}\b(?![\d:]|,\d|\s*(?:percent|per\s+cent|million|people))(?:,?\s+(?P<year2>{_YEAR})\b)?"
    rf"|\b(?P<month3>{_MONTH}),?\s+(?P<year3>{_YEAR})\b"
    rf"|\b(?P<decade>(?:1[5-9]|20)\d0)s\b"
    rf"|\b(?P<year4>{_YEAR})\b(?!\s*(?:people|[-–]\s?\d|percent|per\s+cent|%|(?i:GMT|UTC|BST|E[SD]?T|hours?|hrs|local time)\b)"
    r"|[,.]\d|['’]s\b)"
    rf"|\b(?P<month4>{_MONTH})\b"
    r")"
)
YEARLY: Final = frozenset("elections games olympics was is has primaries polls levels".split())
NO_YEAR: Final = "no year"


@dataclass(frozen=True, slots=True)
class _Parts:
    year: int | None
    month: int | None
    day: int | None


def dates_of(text: str) -> tuple[Quantity, ...]:
    """The dates of a text as spans of days, the word before them as `per` where it makes a bound of them ("since").

    A date without a year has the unit "no year" and lies in the year 4, a leap year. A bare month needs a preposition
    ("in March"), so that a "may" or "march" is none.
    """
    found = (_quantity(match) for match in DATE.finditer(text))
    return tuple(one for one in found if one is not None)


def _quantity(match: re.Match[str]) -> Quantity | None:
    lead = (match["lead"] or "").lower()
    if match["month4"] and lead not in {"in", "since", "by", "until", "till", "during", "before", "after", "from"}:
        return None
    if match["year4"] and not _stands_as_year(match, lead):
        return None
    try:
        first, last = _span(match)
    except ValueError:
        return None
    if lead in ("around", "about") and match["year4"]:
        first, last = first.replace(year=first.year - 5), last.replace(year=last.year + 5)
    yearless = first.year == 4
    start = match.start("lead") if lead in LEADS else _first_word(match)
    return Quantity(
        Dimension.DATE,
        first.toordinal(),
        last.toordinal(),
        match.string[start : match.end()].strip(),
        match.start(),
        match.end(),
        unit=NO_YEAR if yearless else "",
        per=lead if lead in LEADS else "",
    )


def _first_word(match: re.Match[str]) -> int:
    starts = [match.start(name) for name in match.re.groupindex if name != "lead" and match[name]]
    return min(starts)


def _stands_as_year(match: re.Match[str], lead: str) -> bool:
    """A bare year is one unless something is counted: "2016 votes", "about 2000 soldiers"."""
    following = re.match(r"\s+([^\W\d_]+)", match.string[match.end() :])
    plural = following is not None and following[1].endswith("s") and following[1].lower() not in YEARLY
    return lead in {"in", "since", "by", "until", "till", "during"} or not plural


def _span(match: re.Match[str]) -> tuple[date, date]:
    if match["iso"]:
        day = date.fromisoformat(match["iso"])
        return day, day
    if match["decade"]:
        first = int(match["decade"])
        return date(first, 1, 1), date(first + 9, 12, 31)
    parts = _parts(match)
    year = parts.year or 4
    if parts.month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if parts.day is None:
        return date(year, parts.month, 1), date(year, parts.month, monthrange(year, parts.month)[1])
    day = date(year, parts.month, parts.day)
    return day, day


def _parts(match: re.Match[str]) -> _Parts:
    def first(*names: str) -> str | None:
        return next((match[name] for name in names if match[name]), None)

    month, day = first("month1", "month2", "month3", "month4"), first("day1", "day2")
    year = first("year1", "year2", "year3", "year4")
    return _Parts(int(year) if year else None, _month(month) if month else None, int(day) if day else None)


def _month(name: str) -> int:
    lower = name.lower().rstrip(".")
    return MONTHS.index(lower) + 1 if lower in MONTHS else ABBREVIATED[lower]


def same_year(one: Quantity, other: Quantity) -> tuple[Quantity, Quantity]:
    """Two dates as they can be compared: where one names no year, both are put into one."""
    if (one.unit == NO_YEAR) == (other.unit == NO_YEAR):
        return one, other
    bare, full = (one, other) if one.unit == NO_YEAR else (other, one)
    year = date.fromordinal(int(full.low)).year
    if year != date.fromordinal(int(full.high)).year:
        return one, one  # a decade holds every day of a year
    moved = _moved(bare, year)
    return (moved, full) if bare is one else (full, moved)


def _moved(bare: Quantity, year: int) -> Quantity:
    low, high = date.fromordinal(int(bare.low)), date.fromordinal(int(bare.high))
    last = monthrange(year, high.month)[1]
    return Quantity(
        bare.dimension,
        low.replace(year=year, day=min(low.day, monthrange(year, low.month)[1])).toordinal(),
        high.replace(year=year, day=min(high.day, last)).toordinal(),
        bare.text,
        bare.start,
        bare.end,
        per=bare.per,
    )
