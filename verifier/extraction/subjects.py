"""The source of a cue: the noun phrase before it, after it ("said Nora Feld, who …") or shared with another cue."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.extraction import lexicon as lx
from verifier.extraction.groups import Group
from verifier.extraction.tokens import Tag, Token
from verifier.extraction.words import word_set

_NOMINAL = (Tag.DET, Tag.NOUN, Tag.NAME, Tag.NUMBER, Tag.POSS, Tag.VERB_ED, Tag.VERB_ING, Tag.PREP, Tag.PUNCT, Tag.ADV)
_HEADS = (Tag.NOUN, Tag.NAME, Tag.NUMBER, Tag.PRON, Tag.DET)
_BREAKS = frozenset(";—–:()[]/")
_LONGEST = 45
_OCCASIONS = word_set(
    "statement interview tweet speech email letter press news phone conversation briefing release post memo"
)
_PRONOUNS = word_set("he she it they we i you who which")

Range = tuple[int, int]


def subject_before(tokens: Sequence[Token], group: Group, floor: int) -> Range | None:
    """The subject as a token range directly before the cue, not before `floor`; None where there is none."""
    at = group.start - 1
    if group.nominal:
        return _owner(tokens, group, floor)
    while at >= floor and tokens[at].tag is Tag.ADV and tokens[at].low not in ("both",):
        at -= 1
    if at < floor or tokens[at].tag in (Tag.CONJ, Tag.QUOTE, Tag.STOP, Tag.SUB):
        return None
    if tokens[at].tag is Tag.COMMA:
        return _behind_aside(tokens, at, floor)
    if tokens[at].low in _PRONOUNS:
        return (at, at + 1)
    return _phrase_ending(tokens, at + 1, floor)


def _owner(tokens: Sequence[Token], group: Group, floor: int) -> Range | None:
    """The owner of a noun cue: "Islamabad’s claims", "his call for"."""
    at = group.start - 1
    if at < floor:
        return None
    if tokens[at].low in lx.POSSESSIVES:
        return (at, at + 1)
    return _phrase_ending(tokens, at + 1, floor)


def _behind_aside(tokens: Sequence[Token], comma: int, floor: int) -> Range | None:
    """The subject before ", a supporter," or ", in January this year,": an apposition belongs to the source."""
    opening = comma - 1
    while opening >= floor and comma - opening < _LONGEST and tokens[opening].tag not in (Tag.COMMA, Tag.QUOTE):
        opening -= 1
    if opening < floor or tokens[opening].tag is not Tag.COMMA or opening + 1 == comma:
        return None
    aside = tokens[opening + 1]
    before = (
        _phrase_ending(tokens, opening, floor) if tokens[opening - 1].low not in _PRONOUNS else (opening - 1, opening)
    )
    if before is None:
        return None
    if tokens[before[0]].tag is Tag.NOUN and before[0] > floor and tokens[before[0] - 1].tag is Tag.COMMA:
        wider = _phrase_ending(tokens, before[0] - 1, floor)  # "Mike Shields, president of the fund, a super PAC, said"
        before = wider if wider is not None and wider[0] == floor else before
    if aside.low == "including":
        return (before[0], comma + 1)
    if aside.tag in (Tag.PREP, Tag.SUB, Tag.ADV, Tag.VERB_ING, Tag.TO) or aside.low in lx.TIME_WORDS:
        return before
    return (before[0], comma + 1)


def _phrase_ending(tokens: Sequence[Token], end: int, floor: int) -> Range | None:
    """The noun phrase that ends at `end`."""
    end = _without_time(tokens, floor, end)
    start = end
    while start > floor and end - start < _LONGEST and _belongs(tokens, start - 1, end, floor):
        start -= 1
    start = _without_lead(tokens, start, end, floor)
    if start >= end or not any(token.tag in _HEADS for token in tokens[start:end]):
        return None
    return (start, end)


def _without_time(tokens: Sequence[Token], floor: int, end: int) -> int:
    """`end` before a trailing day: "Lloyd Austin on Tuesday"."""
    while end - 1 > floor and (
        tokens[end - 1].low in lx.DAYS | {"night", "morning", "afternoon"} or tokens[end - 1].tag is Tag.ADV
    ):
        end -= 1
        if tokens[end - 1].low in ("on", "late", "early", "last", "this"):
            end -= 1
    return end


def _belongs(tokens: Sequence[Token], at: int, end: int, floor: int) -> bool:
    token = tokens[at]
    if token.tag is Tag.PRON and at + 1 < end and tokens[at + 1].low == "and":
        return token.low in ("he", "she", "they", "we", "i")
    if token.low == "and":
        return _joins_names(tokens, at, end, floor)
    if token.text == ")" or _in_brackets(tokens, at, end):
        return True
    if token.text == "/" and at + 1 < len(tokens) and token.end == tokens[at + 1].start:
        return True  # "USC Dornsife/Los Angeles Times poll"
    if token.text in _BREAKS or token.tag in (Tag.STOP, Tag.COLON):
        return False
    if token.tag is Tag.QUOTE:
        return _scare_quote(tokens, at, end, floor)
    if token.low in ("after", "before", "since", "until", "as", "like") or token.text == "-":
        return False
    if token.tag is Tag.ADV and at + 1 < end and tokens[at + 1].tag in (Tag.PRON, Tag.DET):
        return False
    return token.tag in _NOMINAL or (token.low in ("his", "her", "their", "its"))


def _in_brackets(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether a short bracket opened at or before `at` closes inside the phrase: "Sen. Mitch McConnell (R-Ky.)"."""
    if tokens[at].text != "(" and not any(token.text == "(" for token in tokens[max(0, at - 6) : at]):
        return False
    ahead = [token.text for token in tokens[at : min(end, at + 8)]]
    return ")" in ahead and "(" not in ahead[1 : ahead.index(")")]


def _scare_quote(tokens: Sequence[Token], at: int, end: int, floor: int) -> bool:
    """Whether a quotation is a word of the phrase ("the “Great Satan” speech"), not what was said before it."""
    quote = tokens[at].quote
    inside = at > floor and tokens[at - 1].tag in (Tag.DET, Tag.NOUN, Tag.NAME, Tag.POSS, Tag.PREP)
    short = quote is not None and quote.inner_end - quote.inner_start < 40
    return inside and short and at + 1 < end and tokens[at + 1].tag in (Tag.NOUN, Tag.NAME)


def _joins_names(tokens: Sequence[Token], at: int, end: int, floor: int) -> bool:
    """Whether "and" joins two parts of the subject: no finite verb stands before it in the clause."""
    if at + 1 < end and tokens[at + 1].tag is Tag.PRON:
        return False
    index = at - 1
    while index >= floor and at - index < 12:
        token = tokens[index]
        if token.tag in (Tag.VERB, Tag.AUX, Tag.QUOTE, Tag.TO, Tag.PRON):
            return False
        if token.tag in (Tag.COMMA, Tag.SUB, Tag.STOP, Tag.COLON, Tag.CONJ):
            break
        index -= 1
    return at > floor and index < at - 1


def _without_lead(tokens: Sequence[Token], start: int, end: int, floor: int) -> int:
    """Behind a leading adverbial ("On August 1", "Even", "Earlier"): the phrase begins with its own first word."""
    while start < end and tokens[start].tag in (Tag.ADV, Tag.PUNCT) and tokens[start].text not in "$#":
        start += 1
    if start < end and tokens[start].tag in (Tag.PREP, Tag.TO, Tag.VERB_ING) and _clause_start(tokens, start, floor):
        return _last_phrase(tokens, start + 1, end)
    return start


def _clause_start(tokens: Sequence[Token], start: int, floor: int) -> bool:
    return start <= floor or tokens[start - 1].tag not in (Tag.NOUN, Tag.NAME)


def _last_phrase(tokens: Sequence[Token], start: int, end: int) -> int:
    """The start of the last noun phrase in a range that opens with a preposition."""
    at = end - 1
    while at > start:
        token, before = tokens[at], tokens[at - 1]
        if token.tag in (Tag.DET,) or (token.tag is Tag.PRON):
            return at
        if before.low in lx.TIME_WORDS or (before.tag is Tag.NUMBER and before.low.isdigit()):
            return at
        if before.tag is Tag.NOUN and token.tag is Tag.NAME and tokens[at - 2].tag is not Tag.NAME and at - 2 >= start:
            return at
        at -= 1
    return end


def subject_after(tokens: Sequence[Token], start: int, stops: frozenset[int]) -> Range | None:
    """The noun phrase after an inverted cue, with its appositions and relative clause; None where none begins there."""
    if start >= len(tokens) or tokens[start].tag not in (
        Tag.NAME,
        Tag.DET,
        Tag.NOUN,
        Tag.PRON,
        Tag.NUMBER,
        Tag.VERB_ED,
    ):
        return None
    if tokens[start].tag is Tag.PRON:
        return (start, start + 1)
    if tokens[start].low in lx.TIME_WORDS | {"that", "this"}:
        return None
    end = start
    while end < len(tokens) and end not in stops and not _leaves(tokens, start, end):
        end += 1
    while end > start and tokens[end - 1].tag in (Tag.COMMA, Tag.STOP, Tag.ADV, Tag.COLON):
        end -= 1
    return (start, end) if end > start else None


def _leaves(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Whether the phrase after an inverted cue has ended before `at`."""
    token = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.tag in (Tag.STOP, Tag.COLON, Tag.QUOTE) or token.text in _BREAKS - {"(", ")"}:
        return True
    relative = any(t.tag is Tag.WH for t in tokens[start:at])
    if relative and token.tag is not Tag.COMMA:
        return False
    if token.low in lx.DAYS or token.low in ("during", "while", "when", "after", "before", "because", "as", "but"):
        return True
    if token.tag is Tag.PREP and following is not None:
        near = {t.low for t in tokens[at + 1 : at + 5]}
        return following.low in lx.TIME_WORDS or (token.low in ("in", "at", "on", "during") and bool(near & _OCCASIONS))
    if token.tag is Tag.COMMA:
        return _aside_leaves(following)
    if token.low == "and":
        return following is None or following.tag in (Tag.VERB, Tag.PRON, Tag.AUX)
    return token.tag in (Tag.VERB, Tag.AUX)


def _aside_leaves(following: Token | None) -> bool:
    if following is None or following.tag in (Tag.VERB_ING, Tag.QUOTE, Tag.CONJ, Tag.SUB, Tag.ADV, Tag.PREP):
        return True
    return following.tag is Tag.PRON


def head_subject(tokens: Sequence[Token], limit: int) -> Range | None:
    """The subject of the sentence: the noun phrase before its first finite verb, looked for before `limit`."""
    for index in range(min(limit, len(tokens))):
        token = tokens[index]
        if token.tag is Tag.QUOTE:
            return None
        if index and (
            token.tag in (Tag.VERB, Tag.AUX) or (token.tag is Tag.VERB_ED and tokens[index - 1].tag in _HEADS)
        ):
            return _subject_ending(tokens, index - 1)
    return None


def _subject_ending(tokens: Sequence[Token], at: int) -> Range | None:
    while at > 0 and tokens[at].tag is Tag.ADV:
        at -= 1
    if tokens[at].tag is Tag.COMMA:
        return _behind_aside(tokens, at, 0)
    return (at, at + 1) if tokens[at].low in _PRONOUNS else _phrase_ending(tokens, at + 1, 0)
