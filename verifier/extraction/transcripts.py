"""Turns of transcripts: "SMITH: …" and "Q: …" / "A: …"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from verifier.values import CueClass, Paragraph

_UPPER = r"[A-Z][A-Z.'’-]{1,30}(?: [A-Z][A-Z.'’-]{0,30}){0,4}"
_NAME = r"[A-Z][\w.'’-]{1,30}(?: [A-Z][\w.'’-]{0,30}){1,3}"
_TURN = re.compile(rf"(?P<who>Q|A|{_UPPER}|{_NAME})(?P<mark>:)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn by offsets; `cue` is the colon."""

    source: tuple[int, int]
    cue: tuple[int, int]
    content: tuple[int, int]
    cue_class: CueClass


def turns_of(text: str, paragraphs: Sequence[Paragraph]) -> list[Turn | None]:
    """The turn that each paragraph is, where at least two paragraphs open with a name and a colon."""
    found = [_TURN.match(text, p.start, p.end) for p in paragraphs]
    labels = Counter(match["who"] for match in found if match)
    repeated = sum(labels.values()) >= 2 and (len(labels) >= 2 or max(labels.values(), default=0) >= 2)
    if not repeated:
        return [None] * len(paragraphs)
    return [
        _turn(match, p) if match and _is_turn(match, labels) else None
        for match, p in zip(found, paragraphs, strict=True)
    ]


def _is_turn(match: re.Match[str], labels: Counter[str]) -> bool:
    who = match["who"]
    return who in ("Q", "A") or who.isupper() or labels[who] >= 2


def _turn(match: re.Match[str], paragraph: Paragraph) -> Turn:
    question = match["who"] == "Q"
    return Turn(
        match.span("who"),
        match.span("mark"),
        (match.end(), paragraph.end),
        CueClass.QUESTION if question else CueClass.SPEECH,
    )
