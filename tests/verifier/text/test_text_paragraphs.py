from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.text.paragraphs import paragraphs_of

CASES = {
    "empty": ("", []),
    "white space only": (" \t\r\n \u00a0\n\u2003", []),
    "one line": ("One.", ["One."]),
    "unix": ("One.\nTwo.\n\nThree.\n", ["One.", "Two.", "Three."]),
    "windows": ("One.\r\n\r\nTwo.\r\n", ["One.", "Two."]),
    "old mac": ("One.\rTwo.", ["One.", "Two."]),
    "unicode separators": ("One.\u2028Two.\u2029Three.\x85Four.", ["One.", "Two.", "Three.", "Four."]),
    "byte order mark": ("\ufeffOne.\nTwo.", ["One.", "Two."]),
    "trimmed": ("  One. \u200b\n\tTwo.\u00a0", ["One.", "Two."]),
    "inner white space kept": ("One  \t two.", ["One  \t two."]),
    "astral characters": ("\U0001f600 One.\n\U0001f600", ["\U0001f600 One.", "\U0001f600"]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_blocks_between_line_breaks(text: str, expected: list[str]) -> None:
    assert [text[p.start : p.end] for p in paragraphs_of(text)] == expected


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\r\n \t\u2028\ufeff"))))
@settings(derandomize=True, deadline=None)
def test_paragraphs_cover_all_words_in_order(text: str) -> None:
    found = paragraphs_of(text)
    assert "".join("".join(text[p.start : p.end].split()) for p in found).strip("\ufeff\u200b") or not found
    for paragraph in found:
        piece = text[paragraph.start : paragraph.end]
        assert piece
        assert piece == piece.strip()
        assert "\n" not in piece
        assert paragraph.mark is None
    ends = [0, *(p.end for p in found)]
    starts = [*(p.start for p in found), len(text)]
    for end, start in zip(ends, starts, strict=True):
        assert end <= start
        assert not text[end:start].replace("\ufeff", "").replace("\u200b", "").strip()
