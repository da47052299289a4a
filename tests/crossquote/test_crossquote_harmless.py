"""What a terminal, a spreadsheet or a page would obey."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crossquote.harmless import csv_cell, harmless, in_script, json_line


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("\x1b=1", "'=1"),
        ("a=1", "a=1"),
        ("", ""),
        ("two\r\nlines\rthree", "two\nlines\nthree"),
        ("a‮b\u200bc\x00d", "abcd"),
    ],
)
def test_cells(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


@given(some.text())
def test_json_keeps_its_value_and_shows_nothing_to_obey(text: str) -> None:
    line = json.dumps({"x": text}, ensure_ascii=False)
    for written in (json_line(line), in_script(line)):
        assert json.loads(written) == {"x": text}
        assert written == harmless(written).replace("\u2028", "\u2028")
    assert not set("<>&\u2028\u2029") & set(in_script(line))
