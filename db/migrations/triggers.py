"""Triggers on both databases from one list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Triggers(NamedTuple):
    """The statements that make and drop them."""

    sqlite: tuple[str, ...]
    sqlite_drop: tuple[str, ...]
    postgres: tuple[str, ...]
    postgres_drop: tuple[str, ...]


def triggers(kept: Sequence[tuple[str, str, str]]) -> Triggers:
    """Of each (name, when and on which table, what): "AFTER INSERT ON verdicts"; what is done may be several statements."""
    return Triggers(
        tuple(f"CREATE TRIGGER {name} {when} BEGIN {act}; END" for name, when, act in kept),
        tuple(f"DROP TRIGGER {name}" for name, *_ in kept),
        tuple(
            made
            for name, when, act in kept
            for made in (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {act}; RETURN NULL; END $$",
                f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()",
            )
        ),
        tuple(
            gone
            for name, when, _ in kept
            for gone in (f"DROP TRIGGER {name} ON {when.split()[-1]}", f"DROP FUNCTION {name}()")
        ),
    )
