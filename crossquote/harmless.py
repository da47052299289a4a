"""Words from outside made harmless to look at: what a terminal or a browser would obey is left out."""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\n\r\t")


def harmless(text: str) -> str:
    """The text on one line without control, bidi and zero-width characters."""
    return "".join(" " if c in _KEPT else c for c in text if c in _KEPT or unicodedata.category(c)[0] != "C")


def harmless_lines(text: str) -> str:
    """The same with its line ends and tabs, for texts that are shown as they stand."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c)[0] != "C")
