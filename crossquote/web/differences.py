"""The words that were compared, aligned: which of them the other side has too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from verifier.alignment import compared
from verifier.values import Statement

_WORD = re.compile(r"\s+|[\w’']+|[^\w\s]")
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Words:
    """Some words in a row, and whether the other side has them in the same order."""

    text: str
    shared: bool


def compared_words(a: Statement, b: Statement) -> tuple[list[Words], list[Words]]:
    """The compared words of both sides, cut into what is common and what is not."""
    first, second = ([*_WORD.findall(text)][:LONGEST] for text in compared(a, b))
    matcher = SequenceMatcher(None, _folded(first), _folded(second), autojunk=False)
    blocks = matcher.get_matching_blocks()
    return (
        _cut(first, [(one.a, one.a + one.size) for one in blocks]),
        _cut(second, [(one.b, one.b + one.size) for one in blocks]),
    )


def _folded(words: list[str]) -> list[str]:
    return [" " if word.isspace() else word.casefold() for word in words]


def _cut(words: list[str], common: list[tuple[int, int]]) -> list[Words]:
    found, at = [], 0
    for start, end in common:
        found += [Words("".join(words[at:start]), False), Words("".join(words[start:end]), True)]
        at = end
    found.append(Words("".join(words[at:]), False))
    return [Words(one.text, one.shared or not one.text.strip()) for one in found if one.text]
