"""Labelled pairs of reported statements: reading them, and what can be had from them and from plain news texts."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from models.training.candidates import candidate_pairs
from models.training.corpus import lines_of
from verifier.alignment import reported
from verifier.judging import statement_of_words
from verifier.ports import Embedder
from verifier.values import Side, parse_date, text_hash

WEAK: Final = 0.5
BEFORE: Final = 200
LABELS: Final = {"agree": "agree", "conflict": "conflict", "tension": "tension", "neutral": "unrelated"}
COLUMNS: Final = tuple("id label a_outlet a_date a_source a_cue a b_outlet b_date b_source b_cue b".split())
"""What a table of pairs has for columns at least; `a` and `b` are what is said."""
FOLLOWS: Final = {
    ("agree", "agree"): ("agree", 0.5),
    ("agree", "conflict"): ("conflict", 0.5),
    ("agree", "tension"): ("tension", 0.4),
    ("conflict", "conflict"): ("agree", 0.4),
}
"""What two pairs with one statement in common say of the other two statements, and with what weight."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One side of a labelled pair; source and cue are empty where there is none."""

    article: str
    outlet: str
    date: str
    source: str
    cue: str
    content: str
    start: int
    title: str = ""
    context: str = ""

    def shown(self, *, bare: bool = False, lead: str = "") -> str:
        """What the model is shown of it; `lead` is put before it: the title, or what stands before the statement."""
        words = reported(None if bare else self.source, None if bare else self.cue, self.content)
        before = {"title": self.title, "before": self._before()}.get(lead, "")
        return f"{before} | {words}" if before else words

    def _before(self) -> str:
        """Up to `BEFORE` characters of the context before the content, in whole words."""
        found = self.context.find(self.content[:40])
        words = self.context[max(0, found - BEFORE) : max(0, found)].split()
        return " ".join(words[1:])

    def side(self) -> Side:
        """It as the policy sees it: a statement that stands in no text, in a version of its own."""
        key = text_hash("|".join((self.article, str(self.start), self.source, self.cue, self.content)))
        statement = statement_of_words(self.content, self.source or None, self.cue or None)
        date = parse_date(self.date) if self.date else None
        return Side(replace(statement, id=key), self.article, int(key[:8], 16), self.outlet or None, date)


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two statements and how they stand to each other: agree, conflict, tension or unrelated."""

    a: Reported
    b: Reported
    label: str
    weight: float = 1.0
    id: str = ""
    target: tuple[float, ...] | None = None
    """What a teacher says of it, in the order of the stances; None where only the label is known."""


def read_pairs(path: Path) -> Iterator[LabelledPair]:
    """Yield the pairs of a `.jsonl`, `.jsonl.gz` or `.csv` file; a ValueError names the first line that is not one."""
    if path.suffix == ".csv":
        yield from _table(path)
        return
    for where, line in lines_of(path):
        yield _pair(line, where)


def _pair(line: str, where: str) -> LabelledPair:
    try:
        row = json.loads(line)
        a, b, label = _side(row["a"]), _side(row["b"]), row["label"]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{where}: not a pair with a, b and label ({error})") from error
    return LabelledPair(a, b, label_of(label, where), id=str(row.get("id") or ""))


def label_of(label: object, where: str) -> str:
    """The model's name of a label; a ValueError names the line of an unknown one."""
    if not isinstance(label, str) or label not in LABELS:
        raise ValueError(f"{where}: unknown label {label!r}; use {', '.join(LABELS)}")
    return LABELS[label]


def _table(path: Path) -> Iterator[LabelledPair]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, strict=True)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise ValueError(f"{path}:1: no column {', '.join(missing)}; a table of pairs has {', '.join(COLUMNS)}")
        try:
            for row in rows:
                yield _pair_of_row(row, f"{path}:{rows.line_num}")
        except csv.Error as error:
            raise ValueError(
                f"{path}:{rows.reader.line_num}: not a line of comma-separated values ({error})"
            ) from error


def _pair_of_row(row: Mapping[str | None, str | None], where: str) -> LabelledPair:
    if None in row or None in row.values():
        raise ValueError(f"{where}: more or fewer values than the first line has columns")
    words = {name: value for name, value in row.items() if name and value}
    a, b = (_side_of_row(words, side, where) for side in ("a", "b"))
    return LabelledPair(a, b, label_of(words.get("label", ""), where), id=words.get("id", ""))


def _side_of_row(words: Mapping[str, str], side: str, where: str) -> Reported:
    """Each side stands in an article of its own."""
    content, date = words.get(side, ""), words.get(f"{side}_date", "")
    if not content.strip():
        raise ValueError(f"{where}: {side} is empty; it holds what is said")
    try:
        parse_date(date) if date else None
    except ValueError as error:
        raise ValueError(f"{where}: {side}_date {date!r} is no ISO date like 2026-01-31") from error
    outlet, source, cue = (words.get(f"{side}_{name}", "") for name in ("outlet", "source", "cue"))
    return Reported(f"{words.get('id', where)}/{side}", outlet, date, source, cue, content, 0)


def _side(row: Mapping[str, Any]) -> Reported:
    words = {name: row.get(name) or "" for name in ("article", "outlet", "date", "source", "cue", "title", "context")}
    return Reported(**words, content=row["content"], start=int(row.get("start") or 0))


def derived(pairs: Sequence[LabelledPair]) -> list[LabelledPair]:
    """Pairs that were not labelled and follow from two that were: who agrees with one side of a conflict conflicts with the other."""
    labels: dict[Reported, dict[Reported, str]] = defaultdict(dict)
    for pair in pairs:
        labels[pair.a][pair.b] = labels[pair.b][pair.a] = pair.label
    found: dict[tuple[Reported, Reported], tuple[str, float]] = {}
    for middle in list(labels):
        near = sorted(labels[middle].items(), key=lambda item: (item[0].article, item[0].start, item[0].content))
        for i, (a, x) in enumerate(near):
            for b, y in near[i + 1 :]:
                follows = FOLLOWS.get((min(x, y), max(x, y)))
                if follows and b not in labels[a]:
                    found.setdefault((a, b), follows)
    return [LabelledPair(a, b, label, weight) for (a, b), (label, weight) in found.items()]


def weak_neutrals(path: Path, embedder: Embedder, count: int, seed: int) -> list[LabelledPair]:
    """Random gated candidate pairs from news texts, taken as unrelated (about one in thirty of them is not)."""
    found = candidate_pairs(path, embedder, seed, count)
    return [LabelledPair(reported_of(a), reported_of(b), "unrelated", WEAK) for a, b in found]


def reported_of(side: Side) -> Reported:
    """A run's side as labelled pairs have it."""
    statement = side.statement
    source = statement.source.text if statement.source else ""
    cue = statement.cue.text if statement.cue else ""
    start = statement.content[0].start
    return Reported(side.article, side.outlet or "", "", source, cue, statement.text, start)
