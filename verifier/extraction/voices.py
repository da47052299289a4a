"""The speakers of an article: the flow is read twice, so that a role named early finds the name given later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from verifier.extraction import drafts as dr
from verifier.extraction.names import parse
from verifier.extraction.people import Person, Register
from verifier.extraction.speakers import Flow, Resolved, names_group
from verifier.extraction.tokens import Tag, Token
from verifier.values import Speaker, SpeakerKind

_RELATIVE = frozenset(("who", "which", "that"))
_LONGEST_SUBJECT = 14
_GENDERS = {"he": "m", "she": "f", "her": "f"}
_GOES_ON = re.compile(r"(?:[”\"’']|\b(?:and|but))\s$")
_OF_ANOTHER = re.compile(r"['’]s?\b|\b(?:of|for|and|between|with|from|to|by|in|on|at)\b")


@dataclass(slots=True)
class Voices:
    """Who speaks each draft."""

    register: Register
    found: dict[int, Resolved] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, reading: dr.Reading, register: Register) -> Voices:
        """Resolve all drafts; two passes over the article, whose people are in the register."""
        voices = cls(register)
        for _ in range(2):
            voices.found = {}
            voices._pass(text, reading)
        return voices

    def speaker(self, draft: dr.Draft) -> Resolved:
        """The draft's speaker, with the person's wordings from the whole article."""
        resolved = self.found.get(id(draft), Resolved(None, "no source is named"))
        person = self._person(resolved.speaker)
        return Resolved(self.register.speaker(person)) if person is not None else resolved

    def gender(self, draft: dr.Draft) -> str | None:
        """The gender of the draft's speaker where it is known."""
        person = self._person(self.found.get(id(draft), Resolved(None)).speaker)
        return person.gender if person is not None else None

    def _person(self, speaker: Speaker | None) -> Person | None:
        return self.register.people.get(speaker.name.lower()) if speaker is not None else None

    def _pass(self, text: str, reading: dr.Reading) -> None:
        flow = Flow(self.register)
        for sentence, drafts in reading.sentences:
            subject = _subject(sentence)
            if subject is not None and not _is_source(subject, drafts):
                self._note_subject(flow, text[slice(*subject)])
            self._sentence(text, flow, drafts)

    def _note_subject(self, flow: Flow, phrase: str) -> None:
        parsed = parse(phrase)
        if parsed.name is not None or parsed.roles or names_group(phrase):
            flow.resolve(phrase)

    def _sentence(self, text: str, flow: Flow, drafts: Sequence[dr.Draft]) -> None:
        last: Resolved | None = None
        for draft in drafts:
            known = list(flow.recent)
            resolved = self._resolve(text, flow, draft, last)
            if draft.parent is not None:
                flow.recent = known  # whoever is quoted inside a quotation does not speak next
                self._note_two(flow, resolved)
            if resolved is None:
                continue
            self.found[id(draft)] = resolved
            if draft.parent is None:
                last = resolved

    def _note_two(self, flow: Flow, resolved: Resolved | None) -> None:
        """Two who are quoted together inside another's sentence are whom "they" means next, rather than a body named before."""
        speaker = resolved.speaker if resolved else None
        if speaker is not None and speaker.kind is SpeakerKind.GROUP and " and " in speaker.name:
            flow.note(speaker)

    def _resolve(self, text: str, flow: Flow, draft: dr.Draft, last: Resolved | None) -> Resolved | None:
        if draft.narrated:
            return None
        if draft.source is None:
            return last if draft.inherits and last is not None else self._unnamed(text, flow, draft)
        source = text[slice(*draft.source)]
        if source.lower() in _RELATIVE:
            source = _antecedent(text, draft) or source
        if draft.parent is not None and source.lower() in ("he", "she", "they", "it", "i", "we"):
            return Resolved(None, "a pronoun inside a quotation")
        found = self._subject_again(text, flow, draft, source) or self._meant(text, flow, draft, source)
        return found or flow.resolve(source)

    def _subject_again(self, text: str, flow: Flow, draft: dr.Draft, source: str) -> Resolved | None:
        """The subject of the sentence that "he" goes on with: "Joe Biden weighed in: “…,” he said", "Christie tried, and he said …"."""
        subject = (
            _subject(draft.sentence) if source.lower() in _GENDERS and draft.source and draft.parent is None else None
        )
        if subject is None or draft.source is None or subject[1] > draft.source[0]:
            return None
        if not _GOES_ON.search(text, subject[1], draft.source[0]):
            return None
        phrase = text[slice(*subject)]
        if not parse(phrase).name or _OF_ANOTHER.search(phrase):
            return None
        return self._of_gender(flow, phrase, _GENDERS[source.lower()])

    def _meant(self, text: str, flow: Flow, draft: dr.Draft, source: str) -> Resolved | None:
        """Whom the tagger takes a pronoun for, unless their gender is known to be another."""
        if draft.antecedent is None:
            return None
        gender = _GENDERS.get(source.lower(), "m")
        meant = self._of_gender(flow, text[slice(*draft.antecedent)], gender)
        person = self._person(meant.speaker) if meant else None
        if person is not None:
            person.gender = gender
        return meant

    def _of_gender(self, flow: Flow, phrase: str, gender: str) -> Resolved | None:
        """The person a phrase names, unless their gender is known to be another: then nobody has come up."""
        known = list(flow.recent)
        meant = flow.resolve(phrase)
        person = self._person(meant.speaker)
        if person is not None and person.gender in (gender, None):
            return meant
        flow.recent = known
        return None

    def _unnamed(self, text: str, flow: Flow, draft: dr.Draft) -> Resolved:
        subject = _subject(draft.sentence) if draft.inherits else None
        if subject is not None:
            return flow.resolve(text[slice(*subject)])
        return Resolved(None, "no source is named")


def _is_source(subject: tuple[int, int], drafts: Sequence[dr.Draft]) -> bool:
    return any(draft.source is not None and draft.source[0] == subject[0] for draft in drafts)


def _subject(sentence: Sequence[Token]) -> tuple[int, int] | None:
    """The noun phrase at the head of a sentence, before its first verb."""
    start = 0
    while start < len(sentence) and sentence[start].tag in (Tag.ADV, Tag.CONJ, Tag.COMMA):
        start += 1
    if start < len(sentence) and sentence[start].tag is Tag.PREP:
        start = _behind_comma(sentence, start)
    end = start
    while end < len(sentence) and end - start < _LONGEST_SUBJECT and _nominal(sentence[end]):
        end += 1
    if end == start or end >= len(sentence):
        return None
    return sentence[start].start, sentence[end - 1].end


def _behind_comma(sentence: Sequence[Token], start: int) -> int:
    for index in range(start, min(start + 15, len(sentence))):
        if sentence[index].tag is Tag.COMMA:
            return index + 1
    return len(sentence)


def _nominal(token: Token) -> bool:
    return token.tag in (Tag.DET, Tag.NOUN, Tag.NAME, Tag.POSS, Tag.NUMBER, Tag.COMMA, Tag.PREP) and token.text != ""


def _antecedent(text: str, draft: dr.Draft) -> str | None:
    """The noun phrase before a relative pronoun."""
    if draft.source is None:
        return None
    place = next((i for i, token in enumerate(draft.sentence) if token.start == draft.source[0]), 0)
    end = place
    while end > 0 and draft.sentence[end - 1].tag is Tag.COMMA:
        end -= 1
    start = end
    while start > 0 and draft.sentence[start - 1].tag in (Tag.DET, Tag.NOUN, Tag.NAME, Tag.NUMBER, Tag.POSS):
        start -= 1
    return text[draft.sentence[start].start : draft.sentence[end - 1].end] if start < end else None
