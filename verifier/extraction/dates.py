"""Deictic dates ("today", "on Tuesday", "by the end of this month", "August 31") against the day of publication."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAY = re.compile(
    r"\b(?P<next>next |last |this |this coming |coming )?(?:(?P<rel>today(?!['’]s)|tonight|yesterday|tomorrow)|(?P<day>"
    + "|".join(_DAYS)
    + r"))\b(?!,?\s+(?:\d|(?:"
    + "|".join(_MONTHS)
    + r")\b)|\s(?:Times|Telegraph|Mirror|Mail|Post|Express|World)\b)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?P<month>"
    + "|".join(m.capitalize() for m in _MONTHS)
    + r") (?P<day>[0-3]?\d)\b(?: of (?P<which>this|last|next) year\b)?(?!,? (?:of )?\d{4})(?![\d:])"
    r"(?! (?:to|and|or|through|until) (?:[A-Z][a-z]+ )?\d{1,2},? \d{4})"
)
_PERIOD = re.compile(r"\b(?P<which>this|last|next) (?P<unit>month|year)\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:black|good|super|bloody|ash|palm|easter|holy|cyber|maundy|shrove|giving|every|each|any|usa|russia|sheffield)\s$",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"(?:\b(?:will|shall|would|(?:due|plans?|set|scheduled|going|expected|hopes?|wants?|is|are)\s+to)|['’]ll)\b[^.;!?]{0,80}$|\b(?:by|until)\s$",
    re.IGNORECASE,
)
_YEARS = {"this": 0, "last": -1, "next": 1}
_SHIFTS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}


def resolve_dates(text: str, published: datetime | None) -> str:
    """The text with its deictic dates spelled out; unchanged without a day of publication."""
    if published is None:
        return text
    day = published.date()
    text = _DATE.sub(lambda match: _dated(match, day), text)
    text = _PERIOD.sub(lambda match: _period(match, day), text)
    return _DAY.sub(lambda match: _weekday(match, day), text)


def _spelled(day: date) -> str:
    return f"{_MONTHS[day.month - 1].capitalize()} {day.day}, {day.year}"


def _dated(match: re.Match[str], day: date) -> str:
    """ "August 31": the year in which it lies within half a year of publication, unless it is said ("of this year")."""
    month = _MONTHS.index(match["month"].lower()) + 1
    best: date | None = None
    shifts = (_YEARS[match["which"].lower()],) if match["which"] else (-1, 0, 1)
    for year in (day.year + shift for shift in shifts):
        try:
            found = date(year, month, int(match["day"]))
        except ValueError:
            continue
        if best is None or abs((found - day).days) < abs((best - day).days):
            best = found
    return _spelled(best) if best else match.group()


def _period(match: re.Match[str], day: date) -> str:
    shift = _YEARS[match["which"].lower()]
    if match["unit"].lower() == "year":
        return str(day.year + shift)
    months = day.year * 12 + day.month - 1 + shift
    return f"{_MONTHS[months % 12].capitalize()} {months // 12}"


def _weekday(match: re.Match[str], day: date) -> str:
    """A weekday is the last one before or on the day of publication, "next" the one after it."""
    if _NAMED.search(match.string, 0, match.start()):
        return match.group()
    if match["rel"]:
        return _spelled(_shifted(day, _SHIFTS[match["rel"].lower()]))
    behind = (day.weekday() - _DAYS.index(match["day"].lower())) % 7
    word = (match["next"] or "").strip().lower()
    if word == "next":
        return _spelled(_shifted(day, 7 - behind if behind else 7))
    if word.endswith(("this", "coming")) or (not word and _AHEAD.search(match.string, 0, match.start())):
        return _spelled(_shifted(day, 7 - behind if behind else 0))
    return _spelled(_shifted(day, -(behind or (7 if word == "last" else 0))))


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day
