"""The words that decided a verdict, side by side: marked where they stand, numbered alike where they belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from crossquote.web.marking import Marked, Piece, pieces
from verifier.alignment import asserted
from verifier.values import Range, Side, Statement
from verifier.verdicts import Deciding


@dataclass(frozen=True, slots=True)
class Link:
    """Words of both sides that belong together, or of one that have nothing beside them on the other."""

    number: int
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What is shown of the deciding words.

    `marks` holds those of each side in its article's text; `read` a side's statement as it was compared, with the words
    marked, where these are not the article's own (a pronoun was resolved, say).
    """

    links: tuple[Link, ...]
    marks: tuple[tuple[Marked, ...], tuple[Marked, ...]]
    read: tuple[tuple[Piece, ...], tuple[Piece, ...]]
    whole: float
    without: float


def decided(a: Side, b: Side, found: Deciding | None) -> Decided | None:
    """The words of both sides; None where the verdict has none."""
    if found is None:
        return None
    texts = asserted(a.statement), asserted(b.statement)
    places = [
        [place for place in own if place[1] <= len(text)] for own, text in zip((found.a, found.b), texts, strict=True)
    ]
    links, numbered = _linked(texts, places)
    sides = [_marked(side.statement, own) for side, own in zip((a, b), numbered, strict=True)]
    return Decided(links, (sides[0][0], sides[1][0]), (sides[0][1], sides[1][1]), found.whole, found.without)


def _linked(
    texts: tuple[str, str], places: Sequence[Sequence[Range]]
) -> tuple[tuple[Link, ...], tuple[dict[Range, int], dict[Range, int]]]:
    """The same word on both sides first, then the rest in the order of the texts."""
    rest_b = list(places[1])
    together: list[tuple[Range | None, Range | None]] = []
    rest_a = []
    for place in places[0]:
        same = next((one for one in rest_b if _word(texts[1], one) == _word(texts[0], place)), None)
        if same is None:
            rest_a.append(place)
        else:
            rest_b.remove(same)
            together.append((place, same))
    together += zip_longest(rest_a, rest_b)
    links = tuple(
        Link(number, _cut(texts[0], one), _cut(texts[1], other)) for number, (one, other) in enumerate(together, 1)
    )
    numbers = [{pair[at]: number for number, pair in enumerate(together, 1) if pair[at]} for at in (0, 1)]
    return links, (numbers[0], numbers[1])  # type: ignore[return-value]


def _marked(statement: Statement, numbered: dict[Range, int]) -> tuple[tuple[Marked, ...], tuple[Piece, ...]]:
    """The marks in the article's text, or the statement as it was compared where that has other words."""
    text = asserted(statement)
    if text == statement.text:
        return tuple(
            mark
            for place, number in numbered.items()
            for mark in _marks(_in_article(statement, place), number, statement.id)
        ), ()
    marks = [mark for place, number in numbered.items() for mark in _marks(place, number, statement.id)]
    return (), tuple(pieces(text, 0, len(text), marks))


def _marks(place: Range, number: int, statement: str) -> list[Marked]:
    return [Marked(*place, part, statement) for part in ("deciding", f"d{number}")]


def _in_article(statement: Statement, place: Range) -> Range:
    """A range of the statement's text, whose pieces are joined by one space, in its article."""
    at = 0
    for span in statement.content:
        if place[0] < at + len(span.text):
            shift = span.start - at
            return max(span.start, place[0] + shift), min(span.end, place[1] + shift)
        at += len(span.text) + 1
    return statement.start, statement.start


def _word(text: str, place: Range) -> str:
    return text[slice(*place)].casefold()


def _cut(text: str, place: Range | None) -> str | None:
    return None if place is None else text[slice(*place)]
