"""Contents made self-contained: marks and "that" off, pronouns and deictic dates replaced where it is safe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from verifier.extraction.dates import resolve_dates
from verifier.values import CueClass, Speaker, SpeakerKind

_EDGE = ' \t\r\n\u00a0,;:“”„«»"`'
_OUTER_MARKS = re.compile(r"[“”„«»\"]|``|''|(?<![\w])[‘']|(?<=[\w.,!?])[’'](?!\w)")
_LEAD = re.compile(r"^(?:that|and that|but that|and|but)\s+", re.IGNORECASE)
_ANAPHOR = re.compile(
    r"^(?:any|all|such|the|those|these|this|that|it|his|her|their)\b[\w\s’']{0,30}?\b(?:it|role|allegations?|claims?|accusations?|charges?"
    r"|reports?|suggestions?|involvement|wrongdoing|assertions?|them)\b[.,]?$|^(?:it|them|this|that)$",
    re.IGNORECASE,
)
_PRONOUN = {
    "m": re.compile(r"\b([Hh]e|[Hh]im|[Hh]is|[Hh]imself)\b"),
    "f": re.compile(r"\b([Ss]he|[Hh]er|[Hh]erself)\b"),
}
_FIRST_SINGULAR = re.compile(r"\bI\b(?!['’]|\.)")


@dataclass(frozen=True, slots=True)
class ClaimContext:
    """What a claim may borrow from its surroundings.

    `side` is whom "we" and "our" mean in a quotation; `question` is the words of the question that is answered;
    `antecedent` is the proposition of the accusation before an anaphoric denial.
    """

    speaker: Speaker | None = None
    gender: str | None = None
    side: str | None = None
    quoted: bool = False
    cue_class: CueClass | None = None
    question: str | None = None
    antecedent: str | None = None
    published_at: datetime | None = None
    lead: str | None = None


def claim_of(pieces: Sequence[str], context: ClaimContext) -> str:
    """One line of plain text; never empty if the pieces hold a word."""
    body = plain(" ".join(piece.strip(_EDGE) if _both_marked(piece) else piece.strip() for piece in pieces))
    body = _LEAD.sub("", body, count=1) or body
    body = _first_person(body, context) if context.quoted else _third_person(body, context)
    body = resolve_dates(body, context.published_at)
    if context.cue_class is CueClass.DENIAL:
        return _denial(body, context)
    if context.lead is not None and context.lead:
        body = f"{context.lead} {body}"
    if context.question:
        return f"Asked {resolve_dates(plain(context.question), context.published_at)}: {body}"
    return _capital(body)


def plain(text: str) -> str:
    """Text on one line without doubled white space; quotation marks at the edges are off."""
    return " ".join(text.split()).strip(_EDGE)


def _both_marked(piece: str) -> bool:
    bare = piece.strip()
    return len(bare) > 1 and bare[0] in '“"«„' and bare[-1] in '”"»,'


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first_person(body: str, context: ClaimContext) -> str:
    """ "We" and "our" are the speaker's side where it is known; "I" is the speaker."""
    if context.side:
        body = re.sub(r"\b[Ww]e\b(?!['’])", context.side, body, count=1)
        body = re.sub(r"\b[Oo]ur\b", f"{context.side}’s", body, count=1)
    name = context.speaker.name if context.speaker and context.speaker.kind is SpeakerKind.PERSON else None
    if name and _FIRST_SINGULAR.match(body) and not re.match(r"I\s+(?:am|have|was|do|don|haven)\b", body):
        return body
    return body


def _third_person(body: str, context: ClaimContext) -> str:
    """A pronoun at the head of an indirect report is its speaker, if the genders fit and nobody else is named before it."""
    speaker = context.speaker
    if speaker is None:
        return body
    found = re.match(r"^(he|she|they|it)\b", body, re.IGNORECASE)
    if found is None or not _fits(found.group(1).lower(), speaker, context.gender):
        return body
    return speaker.name + body[found.end() :]


def _fits(pronoun: str, speaker: Speaker, gender: str | None) -> bool:
    if speaker.kind is SpeakerKind.PERSON:
        return {"he": "m", "she": "f"}.get(pronoun) in (gender,) or (gender is None and pronoun in ("he", "she"))
    if speaker.kind is SpeakerKind.GROUP:
        return pronoun == "they"
    return speaker.kind is SpeakerKind.BODY and pronoun in ("it", "they")


def _denial(body: str, context: ClaimContext) -> str:
    who = context.speaker.name if context.speaker else "The source"
    if context.antecedent and _ANAPHOR.search(body):
        return f"{who} denies that {context.antecedent}"
    if _starts_clause(body):
        return f"It is not true that {body}"
    return f"{who} denies {body}"


def _starts_clause(body: str) -> bool:
    """Whether the denied words are a clause: a verb form follows within the first words."""
    return bool(
        re.search(r"^(?:\S+\s+){1,8}?(?:is|are|was|were|has|have|had|will|would|can|could|did|does|do)\b", body)
    )
