"""When an article was published. Dates decide verdicts (an update is no conflict), so none is guessed."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from verifier.errors import BadInput

_REMEDY = "write it like 2024-03-05T14:30:00+02:00"
_HOUR = 3600
# Zones by the abbreviations that news pages use. IST is India's: the other two countries with an IST publish offsets.
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": _HOUR, "WEST": _HOUR, "CET": _HOUR, "CEST": 2 * _HOUR,
    "EET": 2 * _HOUR, "EEST": 3 * _HOUR, "MSK": 3 * _HOUR, "PKT": 5 * _HOUR, "IST": 5 * _HOUR + _HOUR // 2,
    "JST": 9 * _HOUR, "KST": 9 * _HOUR, "EST": -5 * _HOUR, "EDT": -4 * _HOUR, "CST": -6 * _HOUR, "CDT": -5 * _HOUR,
    "MST": -7 * _HOUR, "MDT": -6 * _HOUR, "PST": -8 * _HOUR, "PDT": -7 * _HOUR,
}  # fmt: skip
_RFC = re.compile(
    r"(?:[a-z]{3,9},?\s+)?\d{1,2}\s+[a-z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d\d(?::\d\d)?\s+[+-]\d{4}", re.IGNORECASE
)
# "GMT+2", "UTC-03:30", "GMT+0200 (Central European Summer Time)": dateutil reads the sign the other way round.
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d\d))?(?!\d)(?:\s?\([\w /+-]{1,40}\))?")


def parse_date(value: str) -> datetime:
    """An aware date in UTC from ISO 8601, RFC 5322 or a common English form; UTC where no zone is named.

    BadInput where a day, month or year is missing, where day and month could be either ("03/04/2024"), where the zone
    is not known, or where the date lies before 1900 or in the future.
    """
    words = value.strip()
    found = _iso(words) or _rfc(words) or _common(words)
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        utc = aware.astimezone(UTC)
    except OverflowError:
        raise BadInput(f"published_at {words!r} is out of range; {_REMEDY}") from None
    if utc.year < 1900 or utc > datetime.now(UTC) + timedelta(days=2):
        raise BadInput(f"published_at {words!r} is before 1900 or in the future; {_REMEDY}")
    return utc


def _iso(words: str) -> datetime | None:
    try:
        return datetime.fromisoformat(words) if len(words) >= len("2024-03-05") and words[4:5] == "-" else None
    except ValueError:
        return None


def _rfc(words: str) -> datetime | None:
    """ "Tue, 05 Mar 2024 14:30:00 +0200", as feeds and HTTP write it; a zone by name is left to `_common`."""
    if not _RFC.fullmatch(words):
        return None
    try:
        return parsedate_to_datetime(words)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def _common(words: str) -> datetime:
    """Read day first and month first, each completed from two different days: what differs was not written there."""
    words = _OFFSET.sub(lambda found: f"{found[1]}{found[2]:0>2}:{found[3] or '00'}", words)
    first, second = datetime(2000, 1, 1), datetime(2001, 2, 2)
    orders = (False,) if words[:4].isdecimal() else (False, True)  # a year in front is followed by the month
    readings = {_read(words, day_first, default) for day_first in orders for default in (first, second)}
    if len(readings) == 1:
        return readings.pop()
    if len({_read(words, day_first, first) for day_first in orders}) > 1:
        raise BadInput(f"published_at {words!r}: day and month could be either; {_REMEDY}")
    raise BadInput(f"published_at {words!r} does not name day, month and year; {_REMEDY}")


def _read(words: str, day_first: bool, default: datetime) -> datetime:
    from dateutil import parser  # type: ignore[import-untyped]

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = parser.parse(words[:80], dayfirst=day_first, default=default, tzinfos=_ZONES)
    except (ValueError, OverflowError, RecursionError, TypeError, Warning):
        raise BadInput(f"published_at {words[:80]!r} is no date that can be read; {_REMEDY}") from None
    if not isinstance(found, datetime):
        raise BadInput(f"published_at {words[:80]!r} is no date that can be read; {_REMEDY}")
    return found
