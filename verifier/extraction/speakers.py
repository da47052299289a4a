"""Who is meant by a source: names carried through the article, titles, roles, pronouns, bodies and groups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from verifier.extraction import lexicon as lx
from verifier.extraction import names
from verifier.extraction.people import Person, Register
from verifier.extraction.words import word_set
from verifier.values import Speaker, SpeakerKind

_HE = frozenset(("he", "his", "him", "himself"))
_SHE = frozenset(("she", "her", "hers", "herself"))
_THEY = frozenset(("they", "their", "them", "themselves"))
_FIRST = frozenset(("i", "we", "my", "our", "me", "us"))
_RELATIVE = frozenset(("who", "which", "that", "whose", "whom"))
_NOBODY = word_set("you one this these those that q a there")
_GENERIC_ROLES = word_set(
    "diplomat official leader politician lawmaker minister candidate nominee senator author analyst expert"
    " researcher man woman officer lawyer chief president general professor scientist economist critic developer"
    " businessman billionaire mogul"
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A speaker, or None with the reason why not."""

    speaker: Speaker | None
    reason: str | None = None


@dataclass(slots=True)
class Flow:
    """The reader's memory: the persons and other speakers in the order in which they came up."""

    register: Register
    recent: list[Person | Speaker] = field(default_factory=list)

    def resolve(self, source: str) -> Resolved:
        """The speaker a source phrase names at this point of the article; it becomes the latest in the flow."""
        found = self._find(" ".join(source.split()))
        return Resolved(self.register.speaker(found)) if isinstance(found, Person) else self._plain(found)

    def _plain(self, found: Speaker | str) -> Resolved:
        return Resolved(None, found) if isinstance(found, str) else Resolved(found)

    def _find(self, source: str) -> Person | Speaker | str:
        low = source.strip(" ,;:").lower()
        if low in _HE or low in _SHE:
            return self._pronoun("m" if low in _HE else "f")
        if low in _THEY:
            return self._they()
        if low in _FIRST:
            return "the first person is not resolved outside a quotation"
        if low in _RELATIVE:
            return self.recent[-1] if self.recent else "nothing came before that it could mean"
        if low in ("it", "its"):
            return self._body()
        if low in _NOBODY:
            return f"“{low}” names nobody"
        return self._phrase(source)

    def _phrase(self, source: str) -> Person | Speaker | str:
        author = _DOCUMENT.match(source)
        if author is not None:
            return self._phrase(author["by"])
        source = re.sub(r"['’]s?$", "", source.strip(" ,"))
        return self._together(source) or self._single(source)

    def _together(self, source: str) -> Speaker | None:
        """ "Secretary Austin and General Bajwa": two who speak as one."""
        halves = re.split(r",? and ", source)
        if len(halves) != 2 or not all(_names_somebody(half) for half in halves):
            return None
        known = list(self.recent)
        found = [self._single(half) for half in halves]
        self.recent = known
        names_ = [one.name for one in found if not isinstance(one, str)]
        if len(names_) != len(halves) or len(set(names_)) != len(names_):
            return None
        both = Speaker(" and ".join(names_), SpeakerKind.GROUP, (source,) if source != " and ".join(names_) else ())
        self.note(both)
        return both

    def _single(self, source: str) -> Person | Speaker | str:
        phrase = names.parse(source)
        found: Person | Speaker | str | None = None
        if phrase.name is not None:
            found = self.register.by_name(phrase)
        elif not _indefinite(source):
            found = self.register.by_acronym(source) or self._role(phrase)
        else:
            found = self.register.by_role_and_body(phrase)
        if found is None:
            found = _described(phrase)
        self.note(found)
        return found

    def note(self, found: Person | Speaker | str | None) -> None:
        """Make somebody the latest person or body that came up."""
        if found is not None and not isinstance(found, str):
            self.recent.append(found)
            del self.recent[:-_MEMORY]

    def _role(self, phrase: names.Phrase) -> Person | str | None:
        if not phrase.roles:
            return None
        found = self.register.by_role(phrase, self._persons())
        if found is not None:
            return found
        head = phrase.roles[0].split()[-1]
        if phrase.text.lower().startswith("the ") and head in _GENERIC_ROLES and "'s " not in phrase.text:
            gender = names.gender_of("", (phrase.text,))
            lesser = {f"{word} {role}" for word in names.LESSER for role in phrase.roles}
            for person in reversed(self._persons()):
                if lesser & set(person.roles):
                    continue
                if gender in (None, person.gender) or person.gender is None:
                    self.register.describe(person, phrase)
                    return person
        return None

    def _persons(self) -> list[Person]:
        return [known for known in self.recent if isinstance(known, Person)]

    def _pronoun(self, gender: str) -> Person | Speaker | str:
        for known in reversed(self.recent[-40:]):
            if isinstance(known, Person) and known.gender in (gender, None):
                self.note(known)
                return known
            if isinstance(known, Speaker) and known.kind is SpeakerKind.ROLE:
                head = _head([word.strip(".,'’").lower() for word in known.name.split()])
                if names.gender_of("", (head,)) in (gender, None):
                    return known
        return "no person of that gender came before the pronoun"

    def _they(self) -> Speaker | str:
        for known in reversed(self.recent[-12:]):
            if isinstance(known, Speaker) and known.kind in (SpeakerKind.GROUP, SpeakerKind.BODY):
                return known
        return "nobody named for “they”"

    def _body(self) -> Speaker | str:
        for known in reversed(self.recent[-12:]):
            if isinstance(known, Speaker) and known.kind is SpeakerKind.BODY:
                return known
        return "no body came before “it”"


_MEMORY = 60  # voices a reader keeps in mind; also bounds the work on endless texts

_DOCUMENT = re.compile(
    r"^(?:an?|the|this|that)?\s*(?:[\w-]+\s+){0,3}?(?:release|statement|letter|tweet|post|memo|email|communique|communiqué)"
    r"\s+(?:\w+\s+){0,2}?(?:by|from|of)\s+(?P<by>.+)$",
    re.IGNORECASE,
)


def _names_somebody(half: str) -> bool:
    """Whether one side of an "and" is a name of its own: "current" and "the" are not."""
    words = half.split()
    return bool(words) and words[-1].strip(".,")[:1].isupper()


def _indefinite(source: str) -> bool:
    return source.split()[:1] != [] and source.split()[0].lower() in ("a", "an", "another", "one", "some", "other")


def names_group(source: str) -> bool:
    """Whether a phrase is a plural that "they" can take up."""
    words = [word.strip(".,'’").lower() for word in _without_article(source).split()]
    head = _head(words) if words else ""
    return head in names.GROUP_WORDS or (
        len(words) < 6 and head.endswith("s") and not head.endswith(("ss", "us", "is"))
    )


def _described(phrase: names.Phrase) -> Speaker | str:
    """A body, a group or a person known by role only, as the phrase has it without its article."""
    plain = _without_article(phrase.text)
    if not plain:
        return "the source names nobody"
    words = [word.strip(".,'’").lower() for word in plain.split()]
    head = _head(words)
    if phrase.roles and head in names.ROLE_NOUNS:
        return Speaker(plain, SpeakerKind.ROLE)
    if head in names.GROUP_WORDS or words[0] in ("both", "some", "many", "several"):
        return Speaker(plain, SpeakerKind.GROUP)
    if plain[:1].isupper() or set(words) & (names.BODY_WORDS | names.BODIES | names.PLACES):
        return Speaker(plain, SpeakerKind.BODY)
    kind = SpeakerKind.GROUP if head.endswith("s") and not head.endswith("ss") else SpeakerKind.ROLE
    return Speaker(plain, kind)


def _head(words: list[str]) -> str:
    for index, word in enumerate(words):
        if index and word in lx.PREPOSITIONS | {"who", "which", "that"}:
            return words[index - 1]
    return words[-1]


def _without_article(text: str) -> str:
    words = text.split()
    while words and words[0].lower() in ("the", "a", "an"):
        words = words[1:]
    return " ".join(words).strip(" ,")
