"""What a denial denies, a proposition or a thing, and what only looks like a denial."""

from __future__ import annotations

import re
from typing import Final

from verifier.extraction.claims import plain
from verifier.extraction.drafts import Draft
from verifier.extraction.frames import Place
from verifier.extraction.tokens import CLAUSE, Tag, inside_of
from verifier.extraction.words import word_set

_NOT_DENIED: Final = re.compile(
    r"\b(?:not|cannot|never|no|nor|neither|unable|refus\w+|declin\w+|fail\w*)\b|n['’]t\b", re.IGNORECASE
)
_NOR: Final = re.compile(r"\bnor\s+$", re.IGNORECASE)
_PASSIVE: Final = re.compile(r"\b(?:was|were|is|are|be|been|being)\s+(?:\w+ly\s+)?\w+ed\b", re.IGNORECASE)
_THAT: Final = re.compile(r"\bthat[\s\"“‘'«]*$", re.IGNORECASE)
_LED: Final = re.compile(r"[\"“‘'«\s]*that\b", re.IGNORECASE)
_HELD: Final = re.compile(
    r"^(?:[\w.’']+\s+){0,3}?(?:notions?|ideas?|suggestions?|claims?|rumou?rs?|accusations?|allegations?|reports?|arguments?|assertions?"
    r"|charges?|speculation|possibility|contention|theory|theories|premise|insinuations?|perception)\s+that\s+",
    re.IGNORECASE,
)
"""What may be denied of a clause: "the notion that"."""
_CLAUSAL: Final = frozenset({"deny", "dispute"})
"""Verbs that take a clause without "that"; who rejects or dismisses something names a thing."""
_RELATIVE: Final = word_set("that which who whom whose")


def is_undenied(cue: str) -> bool:
    """Whether a cue is itself negated: "did not deny", "refused to rule out"."""
    return bool(_NOT_DENIED.search(cue))


def is_denial(draft: Draft, text: str, *, proposition: bool) -> bool:
    """Whether a draft with a denying cue denies what it holds: not if the cue is negated or passive, nor what is quoted beside it."""
    if draft.cue and (
        is_undenied(text[slice(*draft.cue)]) or _NOR.search(text[max(0, draft.cue[0] - 8) : draft.cue[0]])
    ):
        return False
    if proposition:
        return True
    said = draft.pieces[0] in draft.quotes and _finite(draft) and draft.verb in _CLAUSAL
    return not (said or is_passive(draft, text))


def is_passive(draft: Draft, text: str) -> bool:
    """ "The plan was rejected": what is denied or dismissed stands before the cue, and the sentence tells that it was."""
    return draft.place is not Place.AFTER and draft.cue is not None and bool(_PASSIVE.search(text[slice(*draft.cue)]))


def is_proposition(draft: Draft, text: str) -> bool:
    """Whether the content is a clause that can be true or not: behind "that", "the notion that", or bare behind "denied"."""
    low, high = draft.pieces[0]
    words = text[low:high]
    led = _LED.match(words) or _THAT.search(text[max(0, low - 10) : low]) or _HELD.match(plain(words))
    if led and _has_verb(draft):  # "rejected that idea" has none
        return True
    return draft.place is Place.AFTER and draft.verb in _CLAUSAL and (low, high) not in draft.quotes and _finite(draft)


def denied(body: str) -> str:
    """The clause itself: "the notion that the dam leaks" is "the dam leaks"."""
    return _HELD.sub("", body, count=1)


def whole(draft: Draft, text: str) -> str:
    """A passive sentence from its content to the end of its cue, and whoever it names behind "by"."""
    places = [*draft.pieces, *([draft.cue] if draft.cue else [])]
    if draft.source and draft.cue and draft.source[0] >= draft.cue[1]:
        places.append(draft.source)
    return text[min(low for low, _ in places) : max(high for _, high in places)]


def _has_verb(draft: Draft) -> bool:
    return any(token.tag in CLAUSE for piece in draft.pieces for token in inside_of(draft.sentence, piece))


def _finite(draft: Draft) -> bool:
    """Whether a verb stands in the content before any relative clause, and neither an infinitive nor a question begins it."""
    for index, token in enumerate(inside_of(draft.sentence, draft.pieces[0])):
        if token.low in _RELATIVE or (index == 0 and token.tag in (Tag.TO, Tag.WH, Tag.VERB_ING, Tag.SUB)):
            return False
        if token.tag in CLAUSE:
            return True
    return False
