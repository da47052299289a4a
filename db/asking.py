"""One query of a user's own, read-only, within a time and a number of rows.

The database itself holds it to reading: SQLite opens the file with `mode=ro`, `query_only` and an authorizer that refuses
all but reading; PostgreSQL runs it in a transaction that is READ ONLY, under `statement_timeout`, and rolled back. What is
wrong with a query is BadInput, one line that names the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from db import asking_postgres, asking_sqlite, refused
from db.engine import sqlite_file
from db.names import visible
from verifier.errors import BadInput

_READS: Final = ("select", "with", "values", "explain", "show", "table", "pragma")
_COMMENTS: Final = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/|\()*", re.DOTALL)
_TEXTS: Final = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns with names of their own, rows as the driver gives them, and whether there were more than asked for."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool


def ask(url: str, sql: str, limit: int, seconds: float) -> Answer:
    """Answer one statement that reads. BadInput: it writes, is several, names what is not there, or takes too long.

    BrokenSetup and Unavailable as for any other command, where the database cannot be opened.
    """
    _require_reading(sql)
    file = sqlite_file(url)
    if file is not None:
        columns, rows = asking_sqlite.fetch(file, sql, limit + 1, seconds)
    else:
        columns, rows = asking_postgres.fetch(url, sql, limit + 1, seconds)
    return Answer(_distinct(columns), tuple(rows[:limit]), len(rows) > limit)


def _require_reading(sql: str) -> None:
    """A first look, so that a statement that writes gets its own words; the database holds the rest."""
    if found := _TEXTS.search(sql):
        raise BadInput(f"the query holds the character {visible(found[0])}, which no database takes: remove it")
    start = _COMMENTS.match(sql)
    rest = sql[start.end() if start else 0 :]
    if not rest.strip(" ;\n\t"):
        raise BadInput('the query is empty: give one, like "SELECT * FROM v_conflicts LIMIT 5"')
    word = re.match(r"\w*", rest)
    if not word or word[0].lower() not in _READS:
        raise refused.writes(word[0].upper() if word else "")


def _distinct(columns: Sequence[str]) -> tuple[str, ...]:
    """Names of their own: the second `text` becomes `text_2`."""
    found: dict[str, None] = {}
    for name in columns:
        number, free = 1, name
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found[free] = None
    return tuple(found)
