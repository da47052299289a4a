"""What a run leaves for its readers: one line for the state, a page and a table for the artifacts. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from flows.wiring import Row
from verifier.ports import ItemFailure, RunSummary
from verifier.text.words import one_line
from verifier.verdicts import Stance

SHOWN_FAILURES = 50
CELL = 400
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>&~-])")


def outcome(summary: RunSummary) -> str:
    """The run in one line, as the flow's state shows it."""
    counts = ", ".join(f"{summary.verdicts.get(stance, 0)} {stance.value}" for stance in Stance)
    line = (
        f"Added {summary.articles} articles, {summary.statements} statements, {summary.pairs} pairs; "
        f"verdicts: {counts}; {summary.seconds:.1f} s"
    )
    if not summary.failures:
        return line
    return f"{line}; {len(summary.failures)} items dropped, the first: {summary.failures[0]}"


def summary_markdown(summary: RunSummary, problem: str | None = None) -> str:
    """The page of one run: why it stopped early, what it added, what it dropped and how to mend that."""
    parts = [f"# Run {summary.run_id}"]
    if problem:
        parts.append(f"**The run failed.** {plain(problem)}")
    parts += ["\n".join(_counts(summary)), *_failures(summary.failures)]
    return "\n\n".join(parts) + "\n"


def table(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Rows as the table artifact takes them: long words cut, nothing but words and numbers."""
    return [{str(key): _cell(value) for key, value in row.items()} for row in rows]


def plain(text: str) -> str:
    """Untrusted words as Markdown shows them: one line, no mark-up of their own."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def _counts(summary: RunSummary) -> list[str]:
    rows = [("articles", summary.articles), ("statements", summary.statements), ("pairs", summary.pairs)]
    rows += [(f"verdicts: {stance.value}", summary.verdicts.get(stance, 0)) for stance in Stance]
    lines = ["| added by this run | |", "|---|---:|", *(f"| {name} | {count} |" for name, count in rows)]
    return [*lines, f"| seconds | {summary.seconds:.1f} |"]


def _failures(failures: Sequence[ItemFailure]) -> list[str]:
    if not failures:
        return ["Nothing was dropped."]
    parts = [f"## Dropped: {len(failures)}"]
    shown = sorted(failures[:SHOWN_FAILURES], key=lambda failure: failure.stage)
    for stage, group in groupby(shown, key=lambda failure: failure.stage):
        parts.append("\n".join([f"### {plain(stage)}", "", *(f"- {plain(str(failure))}" for failure in group)]))
    if len(failures) > SHOWN_FAILURES:
        parts.append(f"... and {len(failures) - SHOWN_FAILURES} more in the database.")
    return parts


def _cell(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value)
    return text if len(text) <= CELL else text[: CELL - 1] + "…"
