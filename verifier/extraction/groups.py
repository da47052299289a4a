"""Cue groups of a sentence: the verb, its auxiliaries and adverbs ("continues to deny", "had further said")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verifier.extraction import lexicon as lx
from verifier.extraction.cue_table import PHASES
from verifier.extraction.cues import CueForm, CueVerb, be_cues, cue_forms, light_verbs, noun_cues
from verifier.extraction.tokens import Tag, Token
from verifier.extraction.words import word_set
from verifier.values import CueClass

_VERBAL = (Tag.VERB, Tag.VERB_ED, Tag.VERB_ING)
_PLURAL_WORDS = word_set("all both many some few most those others two three four five six seven eight nine ten")
_ING_WITHOUT_COMMA = word_set(
    "asking seeking expressing saying warning urging calling accusing stating arguing demanding alleging claiming"
    " denying announcing"
)


@dataclass(frozen=True, slots=True)
class Group:
    """A cue as token indices, end exclusive; `head` is the index of the verb (or noun) that decides."""

    start: int
    head: int
    end: int
    verb: CueVerb
    passive: bool = False
    participle: bool = False
    nominal: bool = False


def groups_of(tokens: Sequence[Token]) -> list[Group]:
    """All cue groups of a sentence in order, none inside another."""
    groups: list[Group] = []
    for index, token in enumerate(tokens):
        if groups and index < groups[-1].end:
            continue
        group = _group_at(tokens, index, token, groups[-1].end if groups else 0)
        if group is not None:
            groups.append(group)
    return groups


def _group_at(tokens: Sequence[Token], index: int, token: Token, floor: int) -> Group | None:
    if token.low == "according" and _low(tokens, index + 1) == "to":
        return Group(index, index, index + 2, _verb("according to", CueClass.SPEECH, "o"))
    light = _light(tokens, index, floor) or _be_cue(tokens, index, floor) or _noun_cue(tokens, index)
    if light is not None:
        return light
    form = cue_forms().get(token.low)
    if form is None or not _is_verb(tokens, index, form):
        return None
    return _verb_group(tokens, index, form, floor)


def _verb(base: str, cue_class: CueClass, gates: str, prepositions: str = "") -> CueVerb:
    return CueVerb(base, cue_class, gates, frozenset(prepositions.split()))


def _is_verb(tokens: Sequence[Token], index: int, form: CueForm) -> bool:
    token, before = tokens[index], _skip_adverbs(tokens, index - 1)
    if token.tag in (Tag.NAME, Tag.NUMBER):
        return False
    tag = tokens[before].tag if before >= 0 else None
    if "ing" in form.shapes:
        return _ing_is_cue(tokens, index, before, tag)
    if tag in (Tag.DET, Tag.POSS, Tag.PREP) and tokens[before].low not in _PLURAL_WORDS:
        return False
    if token.tag in (Tag.VERB, Tag.VERB_ED):
        return not _attributive(tokens, index, tag)
    if tag is Tag.TO:
        return _is_phase(tokens, before)
    return tag is Tag.AUX and "base" in form.shapes and tokens[before].low.startswith(("do", "did"))


def _attributive(tokens: Sequence[Token], index: int, before: Tag | None) -> bool:
    """A participle before a noun ("the alleged plot", "a proposed law")."""
    follows = tokens[index + 1].tag if index + 1 < len(tokens) else None
    return tokens[index].low.endswith("ed") and before is Tag.CONJ and follows is Tag.NOUN


def _ing_is_cue(tokens: Sequence[Token], index: int, before: int, tag: Tag | None) -> bool:
    if tag in (Tag.COMMA, Tag.CONJ, Tag.QUOTE) or (tag is Tag.SUB and tokens[before].low in ("while", "when")):
        return True
    if tag is Tag.AUX:
        return tokens[before].low in lx.BE_FORMS
    return tag in (Tag.NOUN, Tag.NAME) and tokens[index].low in _ING_WITHOUT_COMMA


def _is_phase(tokens: Sequence[Token], to: int) -> bool:
    at = _skip_adverbs(tokens, to - 1)
    if at >= 1 and tokens[at].low == "on":
        at -= 1
    return at >= 0 and tokens[at].low in PHASES


def _verb_group(tokens: Sequence[Token], index: int, form: CueForm, floor: int) -> Group:
    start = index
    at = _skip_adverbs(tokens, index - 1)
    if at >= 0 and tokens[at].tag is Tag.TO and _is_phase(tokens, at):
        at = _skip_adverbs(tokens, at - 1)
        at -= tokens[at].low == "on"
        start = at
    start, passive = _auxiliaries(tokens, start, max(floor, 0), participle=bool(form.shapes & {"past", "participle"}))
    participle = "ing" in form.shapes and not any(t.tag is Tag.AUX for t in tokens[start:index])
    return Group(start, index, index + 1, form.verb, passive and start < index, participle)


def _auxiliaries(tokens: Sequence[Token], start: int, floor: int, *, participle: bool) -> tuple[int, bool]:
    """Where the group begins with its auxiliaries and adverbs, and whether it is passive."""
    at, passive, found = start - 1, False, start
    while at >= floor and (tokens[at].tag in (Tag.AUX, Tag.ADV) or tokens[at].low == "not"):
        if tokens[at].tag is Tag.AUX and participle and found == start:
            passive = tokens[at].low in lx.BE_FORMS
        if tokens[at].tag is Tag.AUX or at > floor:
            found = at
        at -= 1
    return found, passive


def _skip_adverbs(tokens: Sequence[Token], at: int) -> int:
    while at >= 0 and (tokens[at].tag is Tag.ADV or tokens[at].low == "not"):
        at -= 1
    return at


def _low(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].low if 0 <= index < len(tokens) else ""


_JOINTS = word_set("in to with about of at over for that on from saying asking")


def _light(tokens: Sequence[Token], index: int, floor: int) -> Group | None:
    """ "expressed interest in", "made it absolutely clear that", "issued a statement saying"."""
    objects = light_verbs().get(tokens[index].low)
    if objects is None:
        return None
    for at in range(index + 1, min(index + 6, len(tokens))):
        if tokens[at].low in objects:
            return _light_group(tokens, index, at, floor)
        if tokens[at].tag not in (Tag.DET, Tag.ADV, Tag.NOUN, Tag.PRON):
            return None
    return None


def _light_group(tokens: Sequence[Token], index: int, noun: int, floor: int) -> Group:
    start, _ = _auxiliaries(tokens, index, floor, participle=False)
    saying = _saying(tokens, noun + 1)
    if saying is not None:
        return Group(start, saying, saying + 1, cue_forms()[tokens[saying].low].verb)
    following = _low(tokens, noun + 1)
    end = noun + 1 + (following in _JOINTS and following not in ("that", "to"))
    belief = tokens[index].low.startswith("express")
    return Group(start, index, end, _verb("express", CueClass.BELIEF if belief else CueClass.SPEECH, "cqoi"))


_OTHER_CLAUSE = (Tag.VERB, Tag.AUX, Tag.STOP, Tag.QUOTE, Tag.SUB, Tag.COLON, Tag.CONJ)


def _saying(tokens: Sequence[Token], start: int) -> int | None:
    """Where a message speaks: "sent a strong message to Pakistan’s leadership asking …"."""
    for at in range(start, min(start + 16, len(tokens))):
        token = tokens[at]
        if token.tag is Tag.VERB_ING and token.low in _ING_WITHOUT_COMMA:
            return at
        if token.tag in _OTHER_CLAUSE:
            return None
    return None


def _be_cue(tokens: Sequence[Token], index: int, floor: int) -> Group | None:
    """ "is interested in", "is committed to", "is confident that"."""
    found = be_cues().get(tokens[index].low)
    at = _skip_adverbs(tokens, index - 1)
    if found is None or at < 0 or tokens[at].low not in lx.BE_FORMS:
        return None
    joints, cue_class = found
    following = _low(tokens, index + 1)
    if following not in joints:
        return None
    start, _ = _auxiliaries(tokens, index, floor, participle=False)
    extended = following not in ("that", "to") or (following == "to" and tokens[index].low in ("committed", "opposed"))
    passive = tokens[index].low in ("expected", "accused", "rumored", "believed", "supposed", "known", "considered")
    return Group(start, index, index + 1 + extended, _verb("be " + tokens[index].low, cue_class, "cio"), passive)


def _noun_cue(tokens: Sequence[Token], index: int) -> Group | None:
    """ "X's claim that …", "his call for …", "their decision to …": a noun with an owner and a joint."""
    cue_class = noun_cues().get(tokens[index].low)
    if cue_class is None or index == 0:
        return None
    at = index - 1
    while at >= 0 and index - at < 4 and tokens[at].tag in (Tag.NOUN, Tag.ADV):
        at -= 1
    owned = at >= 0 and (tokens[at].tag is Tag.POSS or tokens[at].low in lx.POSSESSIVES)
    following = _low(tokens, index + 1)
    if not owned or following not in ("that", "to", "for", "of"):
        return None
    end = index + 1 + (following in ("for", "of"))
    return Group(at + (tokens[at].tag is Tag.POSS or 1), index, end, _verb("noun", cue_class, "cio"), nominal=True)
