"""Plain text, with optional front matter between `---` lines at the very top."""

from __future__ import annotations

import re

from crossquote.sources.articles import Fields
from verifier.errors import BadInput

KEYS = ("outlet", "url", "title", "author", "published_at")

_OPENING = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\r|\n)")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_ENTRY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?")
_REMEDY = "write `key: value` lines between two lines of ---, or take the first --- out"


def split_front_matter(text: str) -> tuple[Fields, str]:
    """The fields of the front matter block and the text behind it, unchanged; without a block all is text.

    The block is `key: value` lines; a value may stand in quotation marks. Keys other than outlet, url, title, author
    and published_at are ignored, with the indented lines below them. A text that opens with `---` and has no such block
    is BadInput: it cannot be told from a block with a mistake.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return Fields(), text
    lines, end = _block(text, opening.end())
    return _fields(lines), text[end:]


def _block(text: str, start: int) -> tuple[list[str], int]:
    lines: list[str] = []
    for line in _LINE.finditer(text, start):
        if line.group(1).rstrip(" \t") == "---":
            return lines, line.end()
        if not line.group(2):
            break
        lines.append(line.group(1))
    raise BadInput(f"the front matter is not closed; {_REMEDY}")


def _fields(lines: list[str]) -> Fields:
    found: dict[str, str | None] = {}
    known = False
    for number, line in enumerate(lines, 2):
        if not line.strip() or line.startswith("#") or (not known and line[:1] in {" ", "\t", "-"} and found):
            continue
        entry = _ENTRY.fullmatch(line.rstrip())
        if entry is None:
            raise BadInput(f"line {number} of the front matter is no `key: value`; {_REMEDY}")
        key = entry.group(1).lower()
        known = key in KEYS
        if known and found.get(key) is not None:
            raise BadInput(f"the front matter gives {key} twice (line {number}); keep one")
        found[key] = _value(entry.group(2))
    return Fields(**{key: found.get(key) for key in KEYS})


def _value(written: str | None) -> str | None:
    value = (written or "").strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value or None
