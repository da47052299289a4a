"""Contents made self-contained: marks and "that" off, pronouns and deictic dates replaced where it is safe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from verifier.extraction.dates import resolve_dates
from verifier.values import CueClass, Speaker, SpeakerKind

_MARKS = re.compile(r"[“”„«»\"]|``|''")
_SINGLE_MARKS = re.compile(r"(?<!\w)[‘']([^‘’']{1,200})[’'](?!\w)")
_SINGLE_WHOLE = re.compile(r"^\s*[‘'](?=\w)([^‘]*)[’']\s*$", re.DOTALL)
_EDGE = " \t\r\n\u00a0,;:—–"
_LEAD = re.compile(
    r"^(?:(?:and |but )?that|and|but)\s+"
    r"(?!(?:is|was|are|were|has|had|does|did|do|will|would|can|could|may|might|must|should)(?:n['’]t)?\b)",
    re.IGNORECASE,
)
"""A conjunction: not the "that" of "that was never the plan"."""
_ANAPHOR = re.compile(
    r"^(?:an?|any|all|such|the|those|these|this|that|its|his|her|their)\b[\w\s’']{0,30}?\b(?:role|allegations?|claims?|accusations?"
    r"|charges?|reports?|suggestions?|involvement|wrongdoing|assertions?|link|links)\b[.]?$|^(?:it|them|this|that)[.]?$",
    re.IGNORECASE,
)
_HEAD_PRONOUN = re.compile(r"^(he|she|they|it)\b(?!['’])\s+(?P<verb>\w+)", re.IGNORECASE)
_EXPLETIVE = frozenset(("is", "was", "takes", "took", "seems", "seemed", "appears", "might", "may", "could", "remains"))
_WE = re.compile(r"\b(?P<we>[Ww]e)\b(?!['’])(?!\s+(?:all|both|the\s+people|each)\b)")
_OUR = re.compile(r"\b[Oo]ur\b(?!\s+own\b)")


@dataclass(frozen=True, slots=True)
class ClaimContext:
    """What a claim may borrow from its surroundings.

    `subject` is how the sentence words its speaker; `side` is whom "we" and "our" mean in a quotation; `question` is
    the words of the question that is answered; `antecedent` is the accusation before an anaphoric denial, in words that fit
    behind "denies"; `lead` is the subject and cue of a content that asserts nothing alone; `proposition` says of a denial whether
    what it denies is a clause.
    """

    speaker: Speaker | None = None
    gender: str | None = None
    side: str | None = None
    subject: str | None = None
    quoted: bool = False
    cue_class: CueClass | None = None
    question: str | None = None
    antecedent: str | None = None
    published_at: datetime | None = None
    lead: str | None = None
    proposition: bool = True


def claim_of(pieces: Sequence[str], context: ClaimContext) -> str:
    """One line of plain text without quotation marks."""
    body = _joined(pieces)
    if context.proposition:
        body = _LEAD.sub("", body, count=1) or body
    body = _first_person(body, context) if context.quoted else _third_person(body, context)
    body = resolve_dates(body, context.published_at)
    if context.cue_class is CueClass.DENIAL:
        return _capital(_denial(body, context))
    if context.cue_class is CueClass.QUESTION:
        return f"{context.lead or 'It was asked'} {body}"
    if context.lead:
        body = f"{context.lead} {body}"
    if context.question:
        return f"{_capital(resolve_dates(plain(context.question), context.published_at))}: {body}"
    return _capital(body)


def _joined(pieces: Sequence[str]) -> str:
    """The pieces as one text: a full stop between two sentences that a cue stood between."""
    body = ""
    for piece in map(plain, pieces):
        new_sentence = body and body[-1] not in ".!?…" and piece[:1].isupper()
        body = f"{body}. {piece}" if new_sentence else f"{body} {piece}"
    return body.strip()


def plain(text: str) -> str:
    """Text on one line, without quotation marks and without punctuation that joined it to its sentence."""
    text = _SINGLE_WHOLE.sub(r"\1", text)
    bare = _SINGLE_MARKS.sub(r"\1", _MARKS.sub("", text))
    return " ".join(bare.split()).strip(_EDGE)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first_person(body: str, context: ClaimContext) -> str:
    """ "We" and "our" in a quotation are the speaker's side where it is known; "I" stays."""
    if not context.side:
        return body
    side = context.side
    body = _WE.sub(lambda match: _capital(side) if match["we"] == "We" else side, body)
    owned = side + ("’" if side.endswith("s") else "’s")
    return _OUR.sub(lambda match: _capital(owned) if match.group()[0] == "O" else owned, body)


def _third_person(body: str, context: ClaimContext) -> str:
    """A pronoun at the head of an indirect report is its speaker, where gender and number fit."""
    found = _HEAD_PRONOUN.match(body)
    if context.speaker is None or found is None:
        return body
    pronoun = found.group(1).lower()
    if not _fits(pronoun, context.speaker, context.gender) or (pronoun == "it" and found["verb"].lower() in _EXPLETIVE):
        return body
    person = context.speaker.kind is SpeakerKind.PERSON
    return (context.speaker.name if person else context.subject or context.speaker.name) + body[found.end(1) :]


def _fits(pronoun: str, speaker: Speaker, gender: str | None) -> bool:
    if speaker.kind is SpeakerKind.PERSON:
        return pronoun in ("he", "she") and gender in (None, "m" if pronoun == "he" else "f")
    if speaker.kind is SpeakerKind.GROUP:
        return pronoun == "they"
    return speaker.kind is SpeakerKind.BODY and pronoun in ("it", "they")


def _denial(body: str, context: ClaimContext) -> str:
    who = context.speaker.name if context.speaker else "the source"
    if context.antecedent and _ANAPHOR.search(body):
        return f"{who} denies {context.antecedent}"
    if context.lead or not context.proposition:
        return f"{context.lead or f'{who} denies'} {body}"
    return f"It is not true that {body}"
