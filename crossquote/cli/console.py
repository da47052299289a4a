"""What the commands print: JSON lines, tables, progress.

Article texts are untrusted: markup and control characters are shown, not obeyed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crossquote.harmless import harmless, json_line

if TYPE_CHECKING:
    from rich.text import Text

    from flows.wiring import StageProgress

CELL = 220


def print_json(value: Mapping[str, object]) -> None:
    """One JSON object on one line of stdout, plain ASCII where an encoding would refuse it.

    What a terminal would obey is written as an escape, which changes no value.
    """
    line = json_line(json.dumps(value, ensure_ascii=False))
    try:
        print(line, flush=False)
    except UnicodeEncodeError:
        print(json.dumps(value), flush=False)


def warn(message: str) -> None:
    """One line on stderr."""
    from verifier.text.words import one_line

    print(harmless(one_line(message)), file=sys.stderr)


def cell(value: object, style: str = "") -> Text:
    """A table cell: plain text, cut, no markup; the parts of a tuple stand under each other."""
    from rich.text import Text

    if isinstance(value, tuple):
        return Text("\n").join(cell(part, style) for part in value)
    text = harmless("" if value is None else str(value))
    return Text(text if len(text) <= CELL else text[: CELL - 1] + "…", style=style)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on stdout."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold", leading=1)
    for column in columns:
        table.add_column(cell(column), overflow="fold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    Console().print(table)


@contextmanager
def stage_progress() -> Iterator[StageProgress]:
    """A bar for each stage on stderr while the block runs."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    bars = Progress(*columns, console=Console(stderr=True))
    tasks: dict[str, object] = {}

    def progress(stage: str, done: int, total: int) -> None:
        bars.start()  # not before: bars that nobody moved are an empty line
        task = tasks.setdefault(stage, bars.add_task(stage, total=total) if stage not in tasks else None)
        bars.update(task, completed=done, total=total)  # type: ignore[arg-type]

    try:
        yield progress
    finally:
        if tasks:
            bars.stop()
