"""Pairs given as words, without articles: read from JSON, compared by the same models and policy as stored pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from verifier.errors import BadInput
from verifier.extraction import denials
from verifier.extraction.claims import ClaimContext, claim_of, plain
from verifier.extraction.cues import CueVerb, class_of_verb, cue_forms
from verifier.extraction.drafts import Draft
from verifier.extraction.tokens import CLAUSE, tokens_of
from verifier.polarity import DOUBTING
from verifier.policy import Policy
from verifier.ports import Embedder
from verifier.reading import Reader, Readers, Reading, credited, explained, looked_at, may_matter, readings
from verifier.text.words import is_whole
from verifier.values import CueClass, Side, Span, Speaker, SpeakerKind, Statement, StatementKind, parse_date
from verifier.verdicts import Verdict

LONGEST: Final = 20_000
TURNING: Final = frozenset({CueClass.DENIAL, CueClass.QUESTION})
OPTIONAL: Final = ("speaker", "cue", "date")


def pair_of(row: object) -> tuple[Side, Side]:
    """Both sides of one input object; BadInput names what is missing or of a wrong type."""
    if not isinstance(row, Mapping):
        raise BadInput('not an object; write {"a": "…", "b": "…"}')
    return _side(row, "a"), _side(row, "b")


def _side(row: Mapping[str, object], name: str) -> Side:
    text = row.get(name)
    if not isinstance(text, str) or not text.strip():
        raise BadInput(f'"{name}" must be a text that is not empty')
    if len(text) > LONGEST:
        raise BadInput(f'"{name}" has {len(text)} characters; at most {LONGEST}: give the statement, not the article')
    _check_whole(text, name)
    speaker, cue, date = (_optional(row, f"{name}_{key}") for key in OPTIONAL)
    return Side(statement_of_words(text, speaker, cue), f"({name})", 0, None, _date(date, f"{name}_date"))


def _optional(row: Mapping[str, object], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f'"{key}" must be a text or null')
    _check_whole(value or "", key)
    return value.strip() or None if value else None


def _check_whole(text: str, key: str) -> None:
    if not is_whole(text):
        raise BadInput(f'"{key}" holds half of a surrogate pair; write such characters whole')


def _date(value: str | None, key: str) -> datetime | None:
    try:
        return parse_date(value) if value else None
    except ValueError:
        raise BadInput(f'"{key}": {value!r} is no ISO date like 2026-01-31') from None


def statement_of_words(text: str, speaker: str | None, cue: str | None) -> Statement:
    """A statement that stands in no article: its spans lie in its own words."""
    kind = StatementKind.INDIRECT if cue or speaker else StatementKind.NARRATED
    cue_class = cue_class_of(cue) if cue else None
    return Statement(
        id="",
        kind=kind,
        speaker=Speaker(speaker, SpeakerKind.PERSON) if speaker else None,
        source=Span(0, len(speaker), speaker) if speaker else None,
        cue=Span(0, len(cue), cue) if cue else None,
        cue_class=cue_class,
        content=(Span(0, len(text), text),),
        claim=claim_of_words(text, speaker, cue, cue_class),
        confidence=1.0,
    )


def cue_class_of(cue: str) -> CueClass | None:
    """The class of a cue given as words; of several verbs ("continues to deny") the one that turns the content wins."""
    verb = _verb_of(cue)
    if verb is None:
        return None
    found = class_of_verb(verb, cue.lower().split())
    return CueClass.SPEECH if found is CueClass.DENIAL and denials.is_undenied(cue) else found


def _verb_of(cue: str) -> CueVerb | None:
    forms = cue_forms()
    found = [forms[word].verb for word in cue.lower().split() if word in forms]
    turning = [one for one in found if one.cue_class in TURNING]
    return next(reversed(turning or found), None)


def claim_of_words(text: str, speaker: str | None, cue: str | None, cue_class: CueClass | None) -> str:
    """The words as a claim: a content that is no clause ("to improve ties"), or whose cue negates or doubts, gets its speaker and cue."""
    person = Speaker(speaker, SpeakerKind.PERSON) if speaker else None
    if cue and cue_class is CueClass.DENIAL:
        proposition = _is_denied_clause(text, cue)
        lead = None if proposition else f"{speaker or 'Somebody'} {cue}"
        text = denials.denied(plain(text)) if proposition else text
        return claim_of([text], ClaimContext(person, cue_class=cue_class, lead=lead, proposition=proposition))
    lead = (
        f"{speaker} {cue}"
        if speaker and cue and (_no_clause(text) or _is_negated(cue) or DOUBTING.search(cue))
        else None
    )
    return claim_of([text], ClaimContext(speaker=person, cue_class=cue_class, lead=lead)) or text.strip()


def _is_negated(cue: str) -> bool:
    """ "did not say", not "said not long ago"."""
    words = cue.lower().split()
    verbs = [index for index, word in enumerate(words) if word in cue_forms()]
    return bool(verbs) and denials.is_undenied(" ".join(words[: verbs[-1]]))


def _is_denied_clause(text: str, cue: str) -> bool:
    tokens, verb = tokens_of(text, 0, len(text), ()), _verb_of(cue)
    return denials.is_proposition(Draft([(0, len(text))], tokens, verb=verb.base if verb else ""), text)


def _no_clause(text: str) -> bool:
    first = text.split(maxsplit=1)[0].lower()
    verbs = any(token.tag in CLAUSE for token in tokens_of(text, 0, len(text), ()))
    return first == "to" or first.endswith("ing") or not verbs


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares sides by embedding, what the readers make of them, and policy."""

    embedder: Embedder
    readers: Readers
    policy: Policy

    def judge(self, pairs: Sequence[tuple[Side, Side]]) -> list[Verdict]:
        """One verdict a pair, in order."""
        return explained(self.readers, pairs, [one.verdict for one in self.looked(pairs)])

    def looked(self, pairs: Sequence[tuple[Side, Side]]) -> list[Looked]:
        """The verdicts, not yet explained, and what the models say that they come of."""
        looks = [partial(self._look, reader) for reader in self.readers.looks]
        return looked_at(looks, pairs, lambda one: may_matter(one.verdict))

    def _look(self, reader: Reader, pairs: Sequence[tuple[Side, Side]]) -> list[Looked]:
        read = readings(self.embedder, reader, pairs)
        return [
            Looked(credited(self.policy.compare(a, b, *one), reader), one)
            for (a, b), one in zip(pairs, read, strict=True)
        ]


class Looked(NamedTuple):
    """A verdict, and what the models say that it comes of."""

    verdict: Verdict
    reading: Reading
