from __future__ import annotations

import pytest

from db.names import name_key, require_short, require_storable, visible
from verifier.errors import BadInput


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zed Tarar", "ZED  TARAR", True),
        ("Zed Tarar", "Zed\u00a0Tarar\n", True),
        ("O’Brien", "O'Brien", True),
        ("Cafe\u0301", "café", True),
        ("ﬁnance ministry", "Finance Ministry", True),
        ("Straße", "STRASSE", True),
        ("Zed Tarar", "Zed Tarrar", False),
        ("n" * 5000, "n" * 5001, False),
        ("n" * 5000, "N" * 5000, True),
    ],
    ids=["case", "spaces", "apostrophe", "accent", "ligature", "sharp s", "other", "other and long", "long"],
)
def test_name_key(one: str, other: str, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same
    assert len(name_key(one)) <= 200


@pytest.mark.parametrize(
    ("text", "shown"),
    [("plain – “text”", "plain – “text”"), ("a\0b", "a\\x00b"), ("\ud83d", "\\ud83d"), ("\U0001f600", "\U0001f600")],
    ids=["plain", "NUL", "half a character", "whole one"],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_refusals_name_the_item_the_field_and_the_remedy() -> None:
    with pytest.raises(BadInput, match=r"^x.txt: the title holds the character .*x00 at 3.*: save it as clean UTF-8$"):
        require_storable("x.txt", {"text": "fine", "author": None, "title": "abc\0"})
    with pytest.raises(BadInput, match=r"the outlet is longer than 2048 bytes: shorten it$"):
        require_short("x.txt", {"address": "x", "outlet": "é" * 1025})
