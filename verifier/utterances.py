"""One utterance reported twice: the words in quotation marks laid beside each other, and where they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from verifier.terms import STOPWORDS
from verifier.values import Statement, StatementKind

QUOTED: Final = re.compile(r"“([^“”]+)(?:”|$)|\"([^\"]+)(?:\"|$)|''((?:[^']|'(?!'))+)(?:''|$)|‘([^‘]+?)’(?!\w)")
WORD: Final = re.compile(r"\w+(?:[’'.-]\w+)*")
RUN: Final = 2
"""Fewer common words in a row than this are chance."""
LAST: Final = (1, 2)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of the shorter quotation stands in the other in the same order, in [0, 1], and the words that differ in between."""

    share: float
    words: int
    differing: tuple[tuple[str, str], ...]


def likeness(a: Statement, b: Statement) -> Likeness:
    """Compare the quoted words of two statements."""
    first, second = quoted_words(a), quoted_words(b)
    plain = [[word.lower().replace("’", "'") for word in words] for words in (first, second)]
    blocks = SequenceMatcher(None, plain[0], plain[1], autojunk=False).get_matching_blocks()[:-1]
    kept = [block for block in blocks if block.size >= RUN or block.a == block.b == 0]
    shorter = min(len(first), len(second))
    share = sum(block.size for block in kept) / shorter if shorter else 0.0
    differing = []
    for left, right in pairwise(kept):
        there = first[left.a + left.size : right.a], second[left.b + left.size : right.b]
        if any(word.lower() not in STOPWORDS for words in there for word in words):
            differing.append((" ".join(there[0]), " ".join(there[1])))
    if kept and (ends := _ends(first[kept[-1].a + kept[-1].size :], second[kept[-1].b + kept[-1].size :])):
        differing.append(ends)
    return Likeness(share, shorter, tuple(differing))


def _ends(first: list[str], second: list[str]) -> tuple[str, str] | None:
    """The last words where both go on with another: "in May", "in June". More are another sentence quoted besides."""
    if not (len(first) in LAST and len(second) in LAST) or all(one.lower() in STOPWORDS for one in (*first, *second)):
        return None
    return " ".join(first), " ".join(second)


def quoted_words(statement: Statement) -> list[str]:
    """The words in quotation marks; of a direct quotation without marks in its text, all."""
    found = ["".join(groups) for groups in QUOTED.findall(statement.text)]
    if not found and statement.kind is StatementKind.DIRECT:
        found = [statement.text]
    return WORD.findall(" ".join(found))
