"""Turns of transcripts: "SMITH: …" and "Q: …" / "A: …"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from verifier.extraction.names import PLACES
from verifier.extraction.words import word_set
from verifier.values import CueClass, Paragraph

_UPPER = r"[A-Z][A-Z.'’-]{1,30}(?: [A-Z][A-Z.'’-]{0,30}){0,4}"
_NAME = r"[A-Z][\w.'’-]{1,30}(?: [A-Z][\w.'’-]{0,30}){1,3}"
_TURN = re.compile(rf"(?P<who>Q|A|{_UPPER}|{_NAME})(?P<mark>:)\s+(?=\S)")


_ASKED = ("Q", "A")
_LABELS = word_set(
    "who what when where why how update updates note correction watch read live breaking video photos key facts more"
)


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
    labels = Counter(match["who"] for match in found if match and _is_name(match["who"]))
    if sum(labels.values()) < 2:
        return [None] * len(paragraphs)
    dialogue = any(count >= 2 for count in labels.values())
    known = {
        who
        for who, count in labels.items()
        if who in _ASKED or count >= 2 or (who.isupper() and (dialogue or _is_known(who, text)))
    }
    return [
        _turn(match, p) if match and match["who"] in known else None for match, p in zip(found, paragraphs, strict=True)
    ]


def _is_name(who: str) -> bool:
    """Whether a label can be a speaker's: neither a place, as before a dispatch, nor "WHEN" or "UPDATE"."""
    return who.split()[-1].lower() not in PLACES | _LABELS


def _is_known(who: str, text: str) -> bool:
    """Whether capitals name somebody by more than one word, or by the last word of a name in the text."""
    return " " in who or re.search(rf"[A-Z][\w.'’-]+ {re.escape(who.title())}\b", text) is not None


def _turn(match: re.Match[str], paragraph: Paragraph) -> Turn:
    question = match["who"] == "Q"
    return Turn(
        match.span("who"),
        match.span("mark"),
        (match.end(), paragraph.end),
        CueClass.QUESTION if question else CueClass.SPEECH,
    )
