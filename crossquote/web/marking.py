"""Statements marked in the text they stand in: the text is cut into pieces, each with what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from verifier.values import Paragraph, Side, Statement

AROUND = 700
"""Characters of context on either side, at most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, what it is (`source`, `cue`, `content`), and the statement it belongs to."""

    text: str
    parts: frozenset[str] = field(default_factory=frozenset)
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A range of the text to mark."""

    start: int
    end: int
    part: str
    statement: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A statement in its context; `cut_before` and `cut_after` say that the article goes on."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


def marks_of(statement: Statement) -> list[Marked]:
    """The ranges of one statement."""
    spans = [(span, "content") for span in statement.content]
    spans += [(span, part) for span, part in ((statement.source, "source"), (statement.cue, "cue")) if span]
    return [Marked(span.start, span.end, part, statement.id) for span, part in spans]


def pieces(text: str, start: int, end: int, marks: Iterable[Marked]) -> list[Piece]:
    """The text from `start` to `end` in pieces; a piece inside several statements belongs to the shortest mark's."""
    inside = [one for one in marks if one.start < end and one.end > start]
    cuts = sorted({start, end, *(at for one in inside for at in (one.start, one.end) if start < at < end)})
    found = []
    for low, high in pairwise(cuts):
        here = [one for one in inside if one.start <= low and one.end >= high]
        owner = min(here, key=lambda one: (one.part == "content", one.end - one.start), default=None)
        parts = frozenset(one.part for one in here if owner and one.statement == owner.statement)
        found.append(Piece(text[low:high], parts, owner.statement if owner else None))
    return found


def excerpt(text: str, paragraphs: Sequence[Paragraph], side: Side, more: Sequence[Marked] = ()) -> Excerpt:
    """A side's statement with its own paragraph and those before and after it, within bounds; `more` marks inside it."""
    marks = marks_of(side.statement)
    low, high = min(one.start for one in marks), max(one.end for one in marks)
    touched = [at for at, one in enumerate(paragraphs) if one.start < high and one.end > low]
    first = paragraphs[max(0, touched[0] - 1)].start if touched else 0
    last = paragraphs[min(len(paragraphs) - 1, touched[-1] + 1)].end if touched else len(text)
    start, end = max(min(first, low), low - AROUND, 0), min(max(last, high), high + AROUND, len(text))
    return Excerpt(tuple(pieces(text, start, end, [*marks, *more])), start > 0, end < len(text))
