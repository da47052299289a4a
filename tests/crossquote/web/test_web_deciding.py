"""The words that decided, in place and side by side."""

from __future__ import annotations

from dataclasses import replace

from crossquote.web.deciding import Link, decided
from crossquote.web.marking import excerpt
from tests.db.samples import ENGINEERS, OTHER, TEXT, article, statement
from verifier.values import Side
from verifier.verdicts import Deciding

FIRST = article(text=TEXT)
SECOND = article("https://south.example/bridge", OTHER, "South")
A = Side(statement(FIRST, ["The bridge is safe"]), FIRST.url, 1, "North", None)
B = Side(statement(SECOND, ["the bridge is not safe"], ENGINEERS), SECOND.url, 2, "South", None)
WORDS = Deciding(((14, 18),), ((14, 17), (18, 22)), 0.9, 0.2)


def test_the_same_word_stands_beside_itself() -> None:
    found = decided(A, B, WORDS)
    assert found is not None
    assert found.links == (Link(1, "safe", "safe"), Link(2, None, "not"))
    marked = [{SECOND.text[one.start : one.end]: one.part for one in found.marks[1] if one.part != "deciding"}]
    assert marked == [{"safe": "d1", "not": "d2"}]
    pieces = excerpt(TEXT, FIRST.paragraphs, A, found.marks[0]).pieces
    assert [one.text for one in pieces if "d1" in one.parts] == ["safe"]
    assert "".join(one.text for one in pieces) == TEXT
    assert decided(A, B, None) is None


def test_words_in_a_second_piece_of_the_content() -> None:
    one = statement(FIRST, ["Ortiz added that “repairs”", "would end in May"])
    low = one.text.index("May")
    found = decided(replace(A, statement=one), B, Deciding(((low, low + 3), (900, 903)), (), 0.9, 0.2))
    assert found is not None
    assert {TEXT[mark.start : mark.end] for mark in found.marks[0]} == {"May"}


def test_words_of_a_claim_that_says_more() -> None:
    claim = "Mayor Ortiz says of the dam that the bridge is safe"
    found = decided(replace(A, statement=replace(A.statement, claim=claim)), B, Deciding(((20, 27),), (), 0.9, 0.2))
    assert found is not None
    assert found.marks[0] == ()
    assert "".join(piece.text for piece in found.read[0]) == claim
    assert [piece.text for piece in found.read[0] if "d1" in piece.parts] == ["the dam"]
