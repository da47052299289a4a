"""A paragraph's words as they are compared: case, punctuation and white space folded away."""

from __future__ import annotations

import re

_HALF = re.compile(r"[\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def folded_words(text: str) -> list[str]:
    """The words of a text in lower case, in order; numbers are words, punctuation is not."""
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def is_whole(text: str) -> bool:
    """Whether a text can be written in UTF-8: it holds no half of a surrogate pair."""
    return not _HALF.search(text)


def one_line(text: str) -> str:
    """The text with every run of white space as one space and none at the ends."""
    return " ".join(text.split())


def one_line_of(error: BaseException) -> str:
    """An error's message on one line of at most 200 characters."""
    return one_line(str(error) or type(error).__name__)[:200]
