"""Texts from outside made harmless for a terminal, a spreadsheet or a page. Nothing of them is ever evaluated."""

from __future__ import annotations

import unicodedata
from typing import Final

_BREAKS: Final = "\n\r\t"
_FORMULA: Final = ("=", "+", "-", "@")
_SCRIPT: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def harmless(text: str) -> str:
    """The text on one line without control, bidi and zero-width characters, which a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(" " if c in _BREAKS else c for c in text if c in _BREAKS or _shows(c))


def harmless_lines(text: str) -> str:
    """The same with its line ends and tabs, for texts that are shown as they stand."""
    return text if text.isprintable() else "".join(c for c in text if c in _BREAKS or _shows(c))


def csv_cell(text: str) -> str:
    """A spreadsheet's cell: line breaks stay, characters that are obeyed go, a formula becomes text by an apostrophe.

    What a formula may begin with after white space is covered too (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(c for c in text if c in "\n\t" or _shows(c))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def json_line(line: str) -> str:
    """A line of JSON with every control, bidi and zero-width character written as an escape: the value stays the same."""
    if line.isprintable():
        return line
    return "".join(c if c == "\n" or _shows(c) else _escape(c) for c in line)


def in_script(line: str) -> str:
    """A line of JSON that may stand inside a page's `<script type="application/ld+json">`: the value stays the same."""
    return "".join(_SCRIPT.get(c, c) for c in json_line(line))


def _shows(character: str) -> bool:
    return unicodedata.category(character)[0] != "C"


def _escape(character: str) -> str:
    """As JSON writes it, a character beyond the first plane in two halves."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
