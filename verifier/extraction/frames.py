"""What an attribution is before its speaker is known: token ranges of one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from verifier.values import CueClass


class Place(Enum):
    """Where the content stands to the cue."""

    AFTER = "after"
    BEFORE = "before"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class Frame:
    """An attribution by offsets of the article's text: `source` is None where the sentence names none.

    `inherits` is the index of the frame in the same sentence whose subject it shares ("said …, adding that …").
    `clause` is false for a content that asserts nothing alone, such as an object or an infinitive.
    `context` is the offset range of a question that the content answers ("When asked if …").
    """

    source: tuple[int, int] | None
    cue: tuple[int, int]
    cue_class: CueClass
    verb: str
    content: tuple[tuple[int, int], ...]
    place: Place
    inherits: bool = False
    clause: bool = True
    context: tuple[int, int] | None = None
