"""Where a cue's content begins and ends in its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verifier.extraction import lexicon as lx
from verifier.extraction.cues import noun_cues
from verifier.extraction.groups import Group
from verifier.extraction.tokens import Tag, Token
from verifier.extraction.words import word_set

_REACH = 40  # tokens between a cue and its "that" or colon; longer gaps are other clauses
_CLAUSE_STARTS = (Tag.DET, Tag.PRON, Tag.NOUN, Tag.NAME, Tag.NUMBER, Tag.QUOTE, Tag.ADV, Tag.VERB_ING, Tag.PUNCT)
_OBJECT_STARTS = (*_CLAUSE_STARTS, Tag.VERB_ED, Tag.VERB, Tag.WH)
_OTHER_CLAUSE = (Tag.VERB, Tag.AUX, Tag.STOP, Tag.TO, Tag.CONJ)
_WH = word_set("whether if how why what who which when where")
_REMARKS = word_set("while whereas although though which who")
_RECIPIENTS = word_set(
    "reporters voters supporters lawmakers journalists viewers them him her us me you people members officials"
    " investigators staff delegates donors attendees senators colleagues listeners readers newsmen media parliament"
    " congress it"
)


@dataclass(frozen=True, slots=True)
class Complement:
    """What follows a cue: where the cue ends and the content starts, as token indices."""

    cue_end: int
    start: int
    clause: bool = True


def complement(tokens: Sequence[Token], group: Group) -> Complement | None:
    """The content after the cue, or None where nothing that follows can be its content."""
    gates, at = group.verb.gates, group.end
    if group.passive and not gates.startswith("cio"):
        return _after_passive(tokens, group)
    joint = _joint(tokens, at, gates)
    if joint is not None:
        return joint
    start = _skip_adverbials(tokens, at)
    if start >= len(tokens):
        return None
    return _direct(tokens, group, start)


def _after_passive(tokens: Sequence[Token], group: Group) -> Complement | None:
    """ "It was reported that …", "was asked if …"; other passives are left to the attribution rules."""
    following = tokens[group.end] if group.end < len(tokens) else None
    if following is None:
        return None
    if following.low == "that" or (following.low in _WH and "w" in group.verb.gates):
        return Complement(group.end, group.end)
    if following.low in group.verb.prepositions and group.verb.base == "ask":
        return Complement(group.end + 1, group.end + 1)
    return None


def _joint(tokens: Sequence[Token], at: int, gates: str) -> Complement | None:
    """A "that", a question word, a colon or an introduced quotation behind recipient, time and place."""
    for index in range(at, min(at + _REACH, len(tokens))):
        token, before = tokens[index], tokens[index - 1]
        if token.low == "that" and index + 2 < len(tokens) and tokens[index + 1].tag is Tag.COLON:
            return Complement(index + 2, index + 2)
        if token.low == "that" and before.low in noun_cues() and index - at < 6:
            return _claimed(tokens, at, index)
        if token.low == "that" and token.tag is Tag.SUB and set("ct") & set(gates):
            return Complement(at, index) if before.tag is not Tag.PREP else None
        if token.low in _WH and (index == at or "w" in gates) and set("ctwo") & set(gates):
            return Complement(at, index)
        if token.tag is Tag.COLON and index + 1 < len(tokens):
            return Complement(index + 1 if index == at else at, index + 1) if set("cqo") & set(gates) else None
        if token.tag is Tag.QUOTE:
            introduced = index == at or before.tag is Tag.COMMA
            return Complement(at, index) if introduced and set("cqo") & set(gates) else None
        if token.tag in _OTHER_CLAUSE or token.low in (";", "—", "while"):
            return None
        if token.tag is Tag.COMMA and not _comma_opens_aside(tokens, index):
            return None
    return None


def _claimed(tokens: Sequence[Token], at: int, that: int) -> Complement:
    """ "rejected the claim that …": the noun joins the cue, unless the claim is somebody's: then it is the object."""
    owned = any(token.tag is Tag.POSS or token.low in lx.POSSESSIVES for token in tokens[at:that])
    return Complement(at, at, clause=False) if owned else Complement(that, that)


def _comma_opens_aside(tokens: Sequence[Token], index: int) -> bool:
    """Whether behind this comma comes a quotation, "that", or a short aside closed by a comma before one of them."""
    for at in range(index + 1, min(index + 10, len(tokens))):
        token = tokens[at]
        if token.tag is Tag.QUOTE:
            return at == index + 1 or tokens[at - 1].tag is Tag.COMMA
        if token.low == "that" and token.tag is Tag.SUB:
            return at == index + 1 or tokens[at - 1].tag is Tag.COMMA
        if token.tag in (Tag.VERB, Tag.AUX, Tag.STOP, Tag.WH, Tag.VERB_ING):
            return False
    return False


def _skip_adverbials(tokens: Sequence[Token], at: int) -> int:
    """Behind adverbs and times ("on Tuesday", "Monday", "last week", "earlier this month")."""
    moved = True
    while moved and at < len(tokens):
        moved = False
        end = _time_end(tokens, at)
        if end > at:
            at, moved = end, True
    return at


def _time_end(tokens: Sequence[Token], at: int) -> int:
    token = tokens[at]
    if token.low in lx.DAYS or (token.low in ("later", "again", "explicitly", "recently", "repeatedly")):
        return at + 1
    if token.tag is Tag.PREP and at + 1 < len(tokens) and tokens[at + 1].low in lx.TIME_WORDS:
        return at + 2 + (at + 2 < len(tokens) and tokens[at + 2].low in lx.TIME_WORDS | {"night", "morning"})
    if token.low in ("last", "this", "earlier") and at + 1 < len(tokens) and tokens[at + 1].low in lx.TIME_WORDS:
        return at + 2
    return at


def _direct(tokens: Sequence[Token], group: Group, start: int) -> Complement | None:
    token, gates = tokens[start], group.verb.gates
    if token.tag is Tag.COMMA:
        return _behind_comma(tokens, group, start)
    if token.tag is Tag.TO and "i" in gates:
        return Complement(group.end, start, clause=False)
    if token.low in group.verb.prepositions:
        return _behind_preposition(tokens, start + 1)
    if "r" in gates:
        found = _behind_recipient(tokens, group, start)
        if found is not None:
            return found
    if token.tag in (Tag.SUB,) and token.low in ("as", "because") and "o" not in gates:
        return None
    if "c" in gates and token.tag in _CLAUSE_STARTS and _has_verb(tokens, start):
        return Complement(group.end, start)
    if "o" in gates and token.tag in _OBJECT_STARTS:
        return Complement(group.end, start, clause=False)
    if group.nominal and token.tag in (*_OBJECT_STARTS, Tag.TO, Tag.SUB):
        return Complement(group.end, start)
    return None


def _behind_preposition(tokens: Sequence[Token], start: int) -> Complement | None:
    if start >= len(tokens) or tokens[start].tag not in (*_OBJECT_STARTS, Tag.SUB):
        return None
    return Complement(start, start, clause=tokens[start].tag is Tag.SUB)


def _behind_comma(tokens: Sequence[Token], group: Group, comma: int) -> Complement | None:
    """ "She said, if elected, she would ask …": the content starts with an adverbial clause."""
    following = tokens[comma + 1] if comma + 1 < len(tokens) else None
    if following is None or "c" not in group.verb.gates or following.low not in ("if", "when", "while", "although"):
        return None
    return Complement(group.end, comma + 1)


def _behind_recipient(tokens: Sequence[Token], group: Group, start: int) -> Complement | None:
    """ "told reporters the deal …", "asking them to take steps": the content starts behind the person addressed."""
    end = start
    if tokens[start].low in _RECIPIENTS or tokens[start].tag is Tag.PRON:
        end = start + 1
    else:
        while end < len(tokens) and tokens[end].tag in (Tag.DET, Tag.NOUN, Tag.NAME, Tag.POSS) and end - start < 9:
            end += 1
            if end < len(tokens) and tokens[end].tag in (Tag.DET, Tag.PRON):
                break
    end = _skip_adverbials(tokens, end) if end < len(tokens) else end
    if end == start or end >= len(tokens):
        return None
    if tokens[end].tag is Tag.TO and "i" in group.verb.gates:
        return Complement(group.end, end)
    if tokens[end].tag in _CLAUSE_STARTS and _has_verb(tokens, end) and "c" in group.verb.gates:
        return Complement(group.end, end)
    return None


def _has_verb(tokens: Sequence[Token], start: int) -> bool:
    for token in tokens[start:]:
        if token.tag in (Tag.VERB, Tag.AUX, Tag.QUOTE):
            return True
        if token.tag in (Tag.STOP, Tag.COLON):
            return False
    return any(token.tag in (Tag.VERB_ED, Tag.TO) for token in tokens[start + 1 :])


def content_end(tokens: Sequence[Token], start: int, stops: frozenset[int], *, clause: bool = True) -> int:
    """Where the content that begins at `start` ends: before the next coordinated cue, without the final full stop.

    `stops` are the token indices at which another frame of the same level begins; an object ends sooner than a clause.
    """
    end = start
    while (
        end < len(tokens) and end not in stops and not (end > start and _breaks_off(tokens, start, end, clause=clause))
    ):
        end += 1
    return trimmed(tokens, start, end)


def _tells(tokens: Sequence[Token]) -> bool:
    """Whether a verb, or a quotation that may hold one, is among the next words."""
    return any(token.tag in (Tag.VERB, Tag.AUX, Tag.QUOTE) for token in tokens[:40])


def _breaks_off(tokens: Sequence[Token], start: int, at: int, *, clause: bool) -> bool:
    """Whether the reported words end at `at`: at another clause, and an object also at a remark.

    Each sign was kept or left out by exact F1 on PolNeAR's training part.
    """
    token = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return False
    if token.text in ("-", "—", "–", "--"):
        return not clause
    if not clause and _leaves_object(tokens, at, token, following):
        return True
    if token.tag is not Tag.COMMA:
        return token.text == ";"
    if following.low in ("but", "yet"):
        part = following.low == "but" and not _tells(tokens[at + 2 :])  # ", but only until spring" was said too
        return not clause or (not part and _tells(tokens[start:at]))
    if following.tag is Tag.DET and at + 2 < len(tokens) and tokens[at + 2].low in noun_cues():
        return True  # ", a claim Tarn denied"
    remark = following.tag in (Tag.VERB_ING, Tag.DET) or following.low in _REMARKS
    return remark and not clause


_OCCASIONS = word_set(
    "interview statement speech rally twitter facebook tweet debate conference radio event show briefing letter"
)


def _leaves_object(tokens: Sequence[Token], at: int, token: Token, following: Token) -> bool:
    """Whether an object has ended at `at`: at the occasion, a reason, or the subject's next verb."""
    if token.low in ("because", "during"):
        return True
    if token.tag is Tag.CONJ:
        return following.tag in (Tag.VERB, Tag.AUX)
    return token.tag is Tag.PREP and any(word.low in _OCCASIONS for word in tokens[at + 1 : at + 6])


def trimmed(tokens: Sequence[Token], start: int, end: int) -> int:
    """`end` without trailing punctuation and joining words."""
    while end > start and (
        tokens[end - 1].tag in (Tag.STOP, Tag.COMMA, Tag.COLON, Tag.CONJ)
        or tokens[end - 1].text in (";", "—", "–", "-", "--", "…")
        or (tokens[end - 1].low in ("while", "when", "as") and end < len(tokens))
    ):
        end -= 1
    return end
