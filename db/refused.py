"""What is wrong with a user's own query, in one line that names the remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from verifier.errors import BadInput

Names = Mapping[str, Sequence[str]]
"""Columns by table or view."""


def writes(what: str = "") -> BadInput:
    """The error for a statement that does more than read."""
    begins = f" ({what[:30]})" if what else ""
    return BadInput(f"`crossquote query` only reads{begins}: use SELECT; to change data use the other commands")


def several() -> BadInput:
    """The error for more than one statement."""
    return BadInput("the query is more than one statement: give one at a time")


def too_long(seconds: float) -> BadInput:
    """The error for a query over its time."""
    return BadInput(
        f"the query took longer than {seconds:g} s: narrow it with WHERE or LIMIT, or give it more by --timeout"
    )


def not_understood(words: str) -> BadInput:
    """The error for all else that the database says of a query."""
    line = words.strip().splitlines()[0] if words.strip() else "no reason given"
    return BadInput(f"the database does not take the query ({line}): see docs/database.md for its tables and views")


def unknown(kind: str, name: str, known: Names, sql: str) -> BadInput:
    """The error for a table or column that is not there, with those that it may have meant."""
    plain = name.rsplit(".", 1)[-1].strip('"').lower()
    if kind == "column":
        asked = {table for table in known if re.search(rf"\b{re.escape(table)}\b", sql, re.IGNORECASE)}
        choices = sorted({column for table in asked for column in known[table]})
    else:
        choices = sorted(known)
    near = get_close_matches(plain, choices, n=3, cutoff=0.5)
    if near:
        remedy = f"did you mean {' or '.join(near)}?"
    elif kind == "column" and choices:
        remedy = f"there are {', '.join(choices)}"
    elif kind == "column":
        remedy = "docs/database.md lists the columns"
    else:
        views = [table for table in choices if table.startswith("v_")]
        remedy = f"the views are {', '.join(views)}" if views else "the database is empty; run `crossquote db upgrade`"
    return BadInput(f"no {kind} {name!r}: {remedy}")
