"""The people of one article: full names gathered before anything is resolved, with their titles and roles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from verifier.extraction import names
from verifier.values import Range, Speaker, SpeakerKind

_PART = (
    r"(?:[A-Z]\.|(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Jr|Sr|St)\.|(?:(?:al|el|an|as|ash|ad|at|ar)-)?"
    rf"(?!(?:{'|'.join(sorted(word.title() for word in names.HEADLINE_VERBS))})\b)[A-Z][\w'’-]{{0,30}})"
)
_RUN = re.compile(
    _PART
    + r"(?:[ \u00a0](?:(?:of|for|de|da|al|bin|van|von|der|chief|general|secretary|spokesman|spokesperson|spokeswoman"
    r"|minister|adviser|advisor|leader|press|army|defence|defense|foreign|prime|deputy)\b|\([A-Z]{2,6}\)|"
    + _PART
    + r")){0,12}"
)
_LESSER = re.compile(r"\b(?:former|vice|deputy|shadow|ex)[ -]$", re.IGNORECASE)
_MID_SENTENCE = re.compile(r"(?<=[a-z,] )[A-Z][\w-]+")


def name_places(text: str, register: Register) -> list[Range]:
    """Where a text's people are named: capitalised runs that hold a full name, and the surnames of those so named."""
    places: list[Range] = []
    for match in _RUN.finditer(text):
        run = re.sub(r"['’]s?$", "", match.group().rstrip(".-"))
        phrase = names.parse(run)
        words = (phrase.name or "").split()
        if len(words) > 1 or (words and words[0].lower() in register.by_word):
            places.append((match.start(), match.start() + len(run)))
    return places


@dataclass(slots=True)
class Person:
    """One person of the article; `aliases` are the other words for them there, `roles` what they are."""

    name: str
    gender: str | None = None
    aliases: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)

    @property
    def junior(self) -> bool:
        """Whether the name ends in "Jr" or a number."""
        return self.name.split()[-1].strip(".").lower() in ("jr", "ii", "iii")

    @property
    def surname(self) -> str:
        """The last word of the name, without "Jr"."""
        words = [word for word in self.name.split() if word.strip(".").lower() not in ("jr", "sr", "ii", "iii")]
        return (words or [self.name])[-1].lower()


@dataclass(slots=True)
class Register:
    """The people by name, surname, role and acronym."""

    people: dict[str, Person] = field(default_factory=dict)
    acronyms: dict[str, Person] = field(default_factory=dict)
    by_word: dict[str, list[Person]] = field(default_factory=dict)
    proper: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, text: str) -> Register:
        """The people of a text: capitalised runs that hold a first name and a surname."""
        register = cls(proper={match.group().lower() for match in _MID_SENTENCE.finditer(text)})
        for match in _RUN.finditer(text):
            run = re.sub(r"['’]s?$", "", match.group().rstrip(".-"))
            lesser = _LESSER.search(text[max(0, match.start() - 12) : match.start()])
            run = (lesser.group() if lesser else "") + run  # "former President Feld" is not the president
            if " " in run or "\u00a0" in run:
                phrase = names.parse(run)
                register._meet(phrase)
                if phrase.name is None:
                    for part in re.split(r"\s(?:of|for)\s", run)[1:]:
                        register._meet(names.parse(part))
        return register

    def _meet(self, phrase: names.Phrase) -> None:
        if phrase.name is None or len(phrase.name.split()) < 2:
            return
        self.add(phrase)

    def add(self, phrase: names.Phrase) -> Person:
        """The person of a phrase that names one, with its titles, roles and acronyms noted."""
        name = phrase.name or phrase.text
        person = self.people.get(name.lower())
        if person is None:
            person = Person(name)
            self.people[name.lower()] = person
            for word in {word.strip(".").lower() for word in name.split()}:
                self.by_word.setdefault(word, []).append(person)
        self.describe(person, phrase)
        for acronym in phrase.acronyms:
            self.acronyms.setdefault(acronym.lower(), person)
        return person

    def describe(self, person: Person, phrase: names.Phrase) -> None:
        """Note another wording for a person."""
        if person.gender is None or person.gender != names.gender_of("", (phrase.text,)):
            person.gender = person.gender or names.gender_of(person.name, (phrase.text,))
        for role in phrase.roles:
            if role not in person.roles:
                person.roles.append(role)
        if phrase.text != person.name and phrase.text not in person.aliases and len(phrase.text) <= 120:
            person.aliases.append(phrase.text)
            person.phrases.append(phrase.text.lower())

    def by_name(self, phrase: names.Phrase) -> Person | Speaker | str:
        """The person of a full name or of a surname; a surname that two share is nobody's."""
        name = phrase.name or ""
        known = self.people.get(name.lower())
        words = name.split()
        if known is None and len(words) == 1:
            return self._by_single(words[0], phrase)
        if known is None:
            known = self._longer(words)
        if known is None:
            return self.add(phrase)
        self.describe(known, phrase)
        return known

    def _longer(self, words: list[str]) -> Person | None:
        """A known person whose name holds all these words: "Shehbaz Sharif" for "Mian Shehbaz Sharif"."""
        lows = [word.lower() for word in words]
        found = [
            p for p in self.by_word.get(lows[-1], []) if p.surname == lows[-1] and lows[0] in p.name.lower().split()
        ]
        return found[0] if len(found) == 1 else None

    def _by_single(self, word: str, phrase: names.Phrase) -> Person | Speaker | str:
        low = word.strip(".").lower()
        found = self.by_word.get(low, [])
        gender = names.gender_of("", phrase.titles)
        found = [person for person in found if gender is None or person.gender in (gender, None)]
        last = [person for person in found if person.surname == low] or found
        last = [person for person in last if not person.junior] or last
        distinct = _merged(last)
        if len(distinct) > 1:
            distinct = [
                p for p in distinct if set(phrase.titles) & {w for t in p.phrases for w in t.replace(".", "").split()}
            ]
            if len(distinct) != 1:
                return f"more than one {word} in the article"
        if distinct:
            self.describe(distinct[0], phrase)
            return distinct[0]
        if not phrase.titles and not phrase.roles and (low in names.PLACES or low in names.BODIES or word.isupper()):
            return Speaker(word, SpeakerKind.BODY)
        if not phrase.titles and low.endswith("s") and low not in self.proper:
            return Speaker(word, SpeakerKind.GROUP)
        return self.add(phrase)

    def by_acronym(self, source: str) -> Person | None:
        """The person introduced with an acronym of their office: "the NSA"."""
        word = re.sub(r"^the\s+", "", source.strip(" ,"), flags=re.IGNORECASE)
        if word.isupper() and len(self.by_word.get(word.lower(), [])) == 1:
            return self.by_word[word.lower()][0]  # "SMITH" in a transcript
        return self.acronyms.get(word.lower())

    def by_role(self, phrase: names.Phrase, recent: list[Person]) -> Person | None:
        """The person introduced in that role: the longest wording first, then what the fewest are called, then the latest
        who came up.
        """
        holders = {role: [person for person in self.people.values() if role in person.roles] for role in phrase.roles}
        for _role, having in sorted(holders.items(), key=lambda one: (-len(one[0].split()), len(one[1]))):
            if len(having) == 1:
                self.describe(having[0], phrase)
                return having[0]
            for person in reversed(recent):
                if person in having:
                    return person
        return None

    def by_role_and_body(self, phrase: names.Phrase) -> Person | None:
        """ "A State Department spokesperson" is the one spokesperson of that body, if the article names one."""
        wanted = {word.lower() for word in phrase.text.split() if word[:1].isupper()}
        if not phrase.roles or not wanted:
            return None
        having = [
            person
            for person in self.people.values()
            if phrase.roles[0] in person.roles
            and any(wanted <= set(text.replace(",", "").split()) for text in person.phrases)
        ]
        return having[0] if len(having) == 1 else None

    def speaker(self, person: Person) -> Speaker:
        """The person as a value."""
        return Speaker(person.name, SpeakerKind.PERSON, tuple(person.aliases))


def _merged(people: list[Person]) -> list[Person]:
    """People of one surname, those whose name is part of another's left out ("Donald Trump", "Donald J. Trump")."""
    kept: list[Person] = []
    for person in sorted(people, key=lambda p: -len(p.name)):
        words = {word.strip(".").lower() for word in person.name.split()}
        if not any(
            words <= {w.strip(".").lower() for w in other.name.split()}
            and (person.gender is None or other.gender in (person.gender, None))
            for other in kept
        ):
            kept.append(person)
    return kept
