"""One value of a row as JSON and CSV write it, from whichever driver it came."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from crossquote.harmless import csv_cell


def plain(value: object) -> object:
    """As JSON has it: times in ISO 8601, bytes in hexadecimal, numbers that JSON does not know as text."""
    if isinstance(value, float | Decimal):
        number = float(value)
        return number if math.isfinite(number) else str(value)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return str(value) if not isinstance(value, timedelta) else value.total_seconds()


def cell_text(value: object) -> str:
    """As a cell of a table: empty for what is not there, true and false in words, lists as JSON."""
    found = plain(value)
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, list | dict):
        return json.dumps(found, ensure_ascii=False)
    return str(found)


def cell(value: object) -> str:
    """As a cell of CSV: numbers as they are, all else without what a spreadsheet would obey."""
    found = plain(value)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    return csv_cell(cell_text(found))
