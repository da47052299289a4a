"""Where the paragraphs of a text are. Offsets are code points into the unchanged text."""

from __future__ import annotations

import re

from verifier.values import Paragraph

# Every mandatory line break of Unicode (UAX 14: CR, LF, CRLF, VT, FF, NEL, LS, PS).
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")

# White space that `str.strip` does not know: the byte order mark and the zero-width space.
_INVISIBLE = "\ufeff\u200b"


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """The blocks of a text between line breaks, in order, without white space at either end.

    One line is one paragraph: news copy is not hard-wrapped. Lines of white space only give none. A byte order mark and
    zero-width spaces at the ends count as white space.
    """
    return tuple(found for line in _LINE.finditer(text) if (found := _trimmed(text, line.start(), line.end())))


def _trimmed(text: str, start: int, end: int) -> Paragraph | None:
    while start < end and _blank(text[start]):
        start += 1
    while start < end and _blank(text[end - 1]):
        end -= 1
    return Paragraph(start, end) if start < end else None


def _blank(character: str) -> bool:
    return character.isspace() or character in _INVISIBLE
