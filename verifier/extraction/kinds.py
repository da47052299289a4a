"""What kind a statement is, by its quotation marks, and what its cue says of it, by the cue's words."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.extraction.cues import class_of_verb, cue_forms, noun_cues
from verifier.values import Attribution, CueClass, Range, StatementKind

SPOKEN = frozenset((CueClass.SPEECH, CueClass.DENIAL, CueClass.ACCUSATION, CueClass.QUESTION))
"""The classes of cues that report an utterance."""

_DECIDING = (CueClass.DENIAL, CueClass.ACCUSATION, CueClass.QUESTION)


def kind_of(pieces: Sequence[Range], quotes: Sequence[Range]) -> StatementKind:
    """Direct where every piece begins with a quotation and hardly a word stands outside; `quotes` are those inside."""
    if not quotes:
        return StatementKind.INDIRECT
    outside = sum(high - low for low, high in pieces) - sum(high - low for low, high in quotes)
    whole = all(any(low == quote[0] for quote in quotes) for low, _ in pieces)
    return StatementKind.DIRECT if whole and outside <= 2 * len(pieces) else StatementKind.MIXED


def class_of(text: str, attribution: Attribution) -> tuple[CueClass, str]:
    """The class of a cue by the words in it, and the base form of its verb ("" where none is known)."""
    words = text[slice(*attribution.cue)].lower().replace("’", "'").split()
    verbs = [form.verb for word in words if (form := cue_forms().get(word.strip(",:")))]
    known = [(class_of_verb(verb, words), verb.base) for verb in verbs]
    known += [(noun_cues()[word], "") for word in words if word in noun_cues() and word not in cue_forms()]
    for cue_class, base in known:
        if cue_class in _DECIDING:
            return cue_class, base
    if known:
        return known[-1]
    if words in (["according", "to"], [":"]):
        return CueClass.SPEECH, "say"
    infinitive = text[attribution.content[0][0] :][:3].lower() == "to "
    return (CueClass.INTENTION if infinitive else CueClass.BELIEF), ""
