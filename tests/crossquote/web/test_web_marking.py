from __future__ import annotations

from dataclasses import replace

import pytest

from crossquote.harmless import harmless, harmless_lines
from crossquote.web.differences import compared_words
from crossquote.web.marking import excerpt, marks_of, pieces
from crossquote.web.render import UNTITLED, titled, web_address
from tests.db.samples import TEXT, article, statement
from verifier.values import Paragraph, Side


def test_pieces_are_the_text() -> None:
    one = statement(article(), ["The bridge is safe"])
    found = pieces(TEXT, 0, len(TEXT), marks_of(one))
    assert "".join(piece.text for piece in found) == TEXT
    assert {piece.text: piece.parts for piece in found if piece.parts} == {
        "The bridge is safe": {"content", "source"},
        "said": {"cue"},
    }


def test_a_nested_statement_belongs_to_the_shorter_one() -> None:
    outer = statement(article(), [TEXT[: TEXT.index("\n")]], source=None, cue=None)
    inner = statement(article(), ["The bridge is safe"], source=None, cue=None)
    found = pieces(TEXT, 0, 40, [*marks_of(outer), *marks_of(inner)])
    owners = {piece.text: piece.statement for piece in found}
    assert owners["The bridge is safe"] == inner.id
    assert owners["“"] == outer.id


@pytest.mark.parametrize("around", [0, 5000], ids=["short", "long"])
def test_an_excerpt_keeps_within_bounds(around: int) -> None:
    filler = "x" * around
    text = f"{filler} The bridge is safe, she said. {filler}"
    one = replace(article(text=text), paragraphs=())
    side = Side(statement(one, ["The bridge is safe"]), one.url, 1, None, None)
    found = excerpt(text, (Paragraph(0, len(text)),), side)
    assert "The bridge is safe" in "".join(piece.text for piece in found.pieces)
    assert sum(len(piece.text) for piece in found.pieces) < 1600
    assert (found.cut_before, found.cut_after) == (bool(around), bool(around))


def test_compared_words_are_aligned() -> None:
    first = statement(article(), ["The bridge is safe"])
    second = statement(article(text="The bridge is not safe, they said."), ["The bridge is not safe"])
    a, b = compared_words(first, second)
    assert "".join(words.text for words in a if words.shared).split() == ["The", "bridge", "is", "safe"]
    assert [words.text.strip() for words in b if not words.shared] == ["not"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [("a\u202eb\u200bc", "abc"), ("a\x1b[0m", "a[0m"), ("a\nb", "a b"), ("", "")],
)
def test_harmless(text: str, seen: str) -> None:
    assert harmless(text) == seen
    assert harmless_lines(text).replace("\n", " ") == seen


@pytest.mark.parametrize("title", [None, "", "  ", "\u200b\u202e"])
def test_a_title_that_cannot_be_seen(title: str | None) -> None:
    assert titled(title) == UNTITLED


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://north.example/a", True),
        ("http://north.example", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)//https://x", False),
        ("data:text/html,x", False),
        ("/srv/articles/a.txt", False),
        ("https://", False),
        ("https://[x", False),
        ("https://x\u202e.example", False),
    ],
)
def test_which_addresses_may_be_links(address: str, may: bool) -> None:
    assert web_address(address) is may
