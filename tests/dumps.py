"""What a database says, but for when and by which run: equal for two databases that hold the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, MetaData, select

from db.engine import open_engine

VOLATILE = {
    "run_id",
    "id",
    "started_at",
    "finished_at",
    "decided_at",
    "stored_at",
    "created_at",
    "locations",
    "entered_at",
    "at",
}
WITHIN = ("runs", "run_failures")


def natural_keys(engine: Engine, metadata: MetaData) -> dict[str, dict[Any, str]]:
    """For each table with a numeric id, the row's id to a key made of what the row says."""
    found: dict[str, dict[Any, str]] = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "id" in table.c:
                rows = connection.execute(select(table)).mappings()
                found[table.name] = {row["id"]: content_of(table, row, found) for row in rows}
    return found


def content_of(table: Any, row: Any, keys: dict[str, dict[Any, str]]) -> str:
    """A row in words: volatile columns left out, references followed."""
    parts = []
    for column in table.c:
        if column.name in VOLATILE and not (column.name == "id" and isinstance(row["id"], str)):
            continue
        value = row[column.name]
        reference = next((key.column.table.name for key in column.foreign_keys if key.column.name == "id"), None)
        if reference == "runs":
            continue
        parts.append(f"{column.name}={keys.get(reference, {}).get(value, value) if reference else value!r}")
    return "|".join(parts)


def dump(url: str) -> dict[str, list[str]]:
    """Everything but when and by which run."""
    engine, metadata = open_engine(url), MetaData()
    metadata.reflect(engine)
    keys = natural_keys(engine, metadata)
    with engine.connect() as connection:
        found = {
            table.name: sorted(content_of(table, row, keys) for row in connection.execute(select(table)).mappings())
            for table in metadata.sorted_tables
            if table.name not in WITHIN
        }
    engine.dispose()
    return found
