"""Quotation spans, found by offset on the raw text before anything else reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from verifier.values import Paragraph

_MARK = re.compile(r"[“”„«»\"‘’]|'{2,3}|``|'")
_OPENS_PARAGRAPH = re.compile(r"\s*(?:[“„«\"‘]|''|``)")
_CUE_AFTER_LOST_MARK = re.compile(
    r",\s(?=(?:he|she|they|(?:[A-Z][\w.'’-]{0,30}\s){1,4}?)\s?(?:said|says|added|told|wrote)\b)"
)
_SENTENCE_END = re.compile(r"[.!?…](?=\s)")
_CLOSING = ".,!?;:…)]"


class _Family(Enum):
    DOUBLE = "double"
    SINGLE = "single"
    GUILLEMET = "guillemet"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation with its marks, `text[start:end]`, and its words, `text[inner_start:inner_end]`.

    `opened` and `closed` say which marks are there; `carries` where it goes on in the next paragraph.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    opened: bool = True
    closed: bool = True
    carries: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    family: _Family
    can_open: bool
    can_close: bool
    possessive: bool = False


def find_quotes(text: str, paragraphs: Sequence[Paragraph]) -> list[list[Quote]]:
    """The outermost quotations of each paragraph, in order; one pass, linear in the length of the text."""
    found: list[list[Quote]] = []
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        goes_on = following is not None and bool(_OPENS_PARAGRAPH.match(text, following.start, following.end))
        found.append(quotes_between(text, paragraph.start, paragraph.end, goes_on=goes_on))
    return found


def quotes_between(text: str, start: int, end: int, *, goes_on: bool = False) -> list[Quote]:
    """The outermost quotations in `text[start:end]`; `goes_on` lets one that is not closed run on behind the end."""
    marks = _without_possessives(text, _marks(text, start, end))
    quotes: list[Quote] = []
    opened: _Mark | None = None
    depth = 0
    for place, mark in enumerate(marks):
        if opened is None:
            if mark.can_open and _has_partner(marks, place):
                opened, depth = mark, 1
            elif mark.can_close and mark.family is not _Family.SINGLE:
                _lost_start(text, start, mark, quotes)
        elif mark.family is opened.family:
            if mark.can_close:
                depth -= 1
                if depth == 0:
                    quotes.append(_closed(opened, mark))
                    opened = None
            elif _nested(marks, place):
                depth += 1
            else:
                _append(quotes, _cut_open(text, opened, mark.start, carries=False))
                opened, depth = mark, 1
    if opened is not None and opened.family is not _Family.SINGLE:
        _append(quotes, _cut_open(text, opened, end, carries=goes_on))
    return quotes


def _without_possessives(text: str, marks: Sequence[_Mark]) -> list[_Mark]:
    """Marks without the apostrophes that only look like closing ones: the next single mark closes behind punctuation."""

    def apostrophe(place: int) -> bool:
        following = next((mark for mark in marks[place + 1 : place + 9] if mark.family is _Family.SINGLE), None)
        return following is not None and following.can_close and text[following.start - 1] in ",.!?…"

    return [mark for place, mark in enumerate(marks) if not (mark.possessive and apostrophe(place))]


def _closed(opened: _Mark, mark: _Mark) -> Quote:
    return Quote(opened.start, mark.end, opened.end, mark.start)


def _append(quotes: list[Quote], quote: Quote) -> None:
    if quote.inner_end > quote.inner_start:
        quotes.append(quote)


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    marks: list[_Mark] = []
    open_double = False
    for match in _MARK.finditer(text, start, end):
        mark = _classify(text, match.start(), match.end(), start, end, inside=open_double)
        if mark is None:
            continue
        marks.append(mark)
        if mark.family is _Family.DOUBLE:
            open_double = not mark.can_close
    return marks


def _classify(text: str, at: int, after: int, low: int, high: int, *, inside: bool) -> _Mark | None:
    sign = "''" if text.startswith("''", at) else text[at:after]
    before = text[at - 1] if at > low else " "
    behind = text[after] if after < high else " "
    if sign in "«»":
        return _Mark(at, after, _Family.GUILLEMET, sign == "«", sign == "»")
    if sign in ("‘", "’", "'"):
        return _single(sign, at, after, before, behind)
    if sign == "“" and inside and not before.isspace() and not behind.isalnum():
        return _Mark(at, after, _Family.DOUBLE, can_open=False, can_close=True)
    if sign in ("“", "„", "``"):
        return _Mark(at, after, _Family.DOUBLE, can_open=True, can_close=False)
    if sign == "”":
        typo = not inside and before.isspace() and behind.isalnum()
        return _Mark(at, after, _Family.DOUBLE, can_open=typo, can_close=not typo)
    if inside:
        return _Mark(at, after, _Family.DOUBLE, can_open=False, can_close=True)
    opens = not behind.isspace() and not (before.isalnum() or before in _CLOSING)
    return _Mark(at, after, _Family.DOUBLE, can_open=opens, can_close=not opens)


def _single(sign: str, at: int, after: int, before: str, behind: str) -> _Mark | None:
    """A single mark unless it is plainly an apostrophe."""
    opens = sign in "‘'" and not before.isalnum() and behind.isalnum() and not behind.isdigit()
    closes = sign in "’'" and not before.isspace() and not behind.isalnum() and not opens
    if not opens and not closes:
        return None
    return _Mark(at, after, _Family.SINGLE, opens, closes, possessive=closes and before in "sS" and behind == " ")


def _has_partner(marks: Sequence[_Mark], place: int) -> bool:
    """Whether a single opening mark is closed among the next few marks; double marks need no partner."""
    if marks[place].family is not _Family.SINGLE:
        return True
    near = (mark for mark in marks[place + 1 : place + 9] if mark.family is _Family.SINGLE)
    return any(mark.can_close for mark in list(near)[:1])


def _nested(marks: Sequence[_Mark], place: int) -> bool:
    """Whether the two next marks both close, so that this one opens a quotation inside a quotation."""
    following = marks[place + 1 : place + 3]
    return len(following) == 2 and all(mark.can_close and mark.family is marks[place].family for mark in following)


def _lost_start(text: str, start: int, mark: _Mark, quotes: list[Quote]) -> None:
    """A closing mark whose partner is missing: the quotation began with the paragraph, or it is a stray mark."""
    if quotes or mark.start <= start or text[mark.start - 1] not in ",.!?…":
        return
    quotes.append(Quote(start, mark.end, start, mark.start, opened=False))


def _cut_open(text: str, opened: _Mark, limit: int, *, carries: bool) -> Quote:
    """A quotation without its closing mark: up to `limit`, to a cue, or (in mid-clause) to the sentence's end."""
    end = limit
    if not carries:
        cue = _CUE_AFTER_LOST_MARK.search(text, opened.end, min(limit, opened.end + 3000))
        stop = _SENTENCE_END.search(text, opened.end, limit)
        lead = text[max(0, opened.start - 2) : opened.start].strip()
        if cue:
            end = cue.start() + 1
        elif stop and lead and lead[-1] not in ":,":
            end = stop.end()
    while end > opened.end and text[end - 1].isspace():
        end -= 1
    quote = Quote(opened.start, end, opened.end, end, closed=False)
    return replace(quote, carries=carries)
