"""What a claim is about: the names, content words and quantities that two claims can have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

WORD: Final = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_][\w]*(?:[’'.][^\W\d_]+)*\.?", re.UNICODE)
SENTENCE_START: Final = frozenset('.!?:;“"‘«([•')
COUNTRIES: Final = {
    "us": "united states", "u.s": "united states", "usa": "united states", "u.s.a": "united states",
    "america": "united states", "american": "united states", "americans": "united states",
    "uk": "united kingdom", "u.k": "united kingdom", "britain": "united kingdom", "british": "united kingdom",
    "eu": "european union", "un": "united nations", "u.n": "united nations",
}  # fmt: skip
STOPWORDS: Final = frozenset(
    """a about above after again against all also although always am among an and any anybody anyone anything are as asked
    at back be because been before being between both but by came can cannot come could day did do does doing done down
    during each either else even ever every few for from further get give go going got had has have having he her here
    hers him his how however i if in into is it its itself just know last let like made make many may me might mine more
    most much must my new next no nor not nothing now of off often on once one only or other our out over own per put
    rather really said same saw say saying says see seen she should since so some still such take than that the their
    them then there these they thing things this those though through thus to together too toward under until up upon us
    use used very want was way we well went were what when where whether which while who whom whose why will with within
    without would year yes yet you your hundred thousand million billion percent asked told added according mr mrs ms dr""".split()
)
NUMBER_WORDS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "dozen": "12",
}  # fmt: skip
TENS: Final = re.compile(
    r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(one|two|three|four|five|six|seven|eight|nine)\b", re.I
)
CALENDAR: Final = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov
    dec""".split()
)
ENTITY_PREFIX: Final = 5
LOOK_ALIKE: Final = frozenset(
    frozenset(pair.split())
    for pair in (
        "niger nigeria",
        "niger nigerian",
        "india indiana",
        "india indianapolis",
        "indian indiana",
        "austria australia",
        "austrian australian",
        "austria australian",
        "austrian australia",
        "mauritania mauritius",
        "dominica dominican",
    )
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The names (lower case), content word stems and numbers of a text."""

    entities: frozenset[str]
    stems: frozenset[str]
    numbers: frozenset[str]


def terms_of(text: str) -> Terms:
    """Read a text's terms. A capital letter counts as a name unless it only opens a sentence and stands nowhere else."""
    entities: set[str] = set()
    stems: set[str] = set()
    numbers: set[str] = set()
    text = TENS.sub(_two_digits, text)
    for match in WORD.finditer(text):
        word = match.group().rstrip(".")
        lower = word.lower().removesuffix("’s").removesuffix("'s")
        if word[0].isdigit():
            numbers.add(word.replace(",", "").rstrip("."))
        elif lower in NUMBER_WORDS:
            numbers.add(NUMBER_WORDS[lower])
        elif _is_name(text, match.start(), word, lower):
            entities.add(COUNTRIES.get(lower, lower))
        elif lower not in STOPWORDS and len(lower) > 2:
            stems.add(stem(lower))
    return Terms(frozenset(entities), frozenset(stems), frozenset(numbers))


def _two_digits(match: re.Match[str]) -> str:
    return str(int(NUMBER_WORDS[match[1].lower()]) + int(NUMBER_WORDS[match[2].lower()]))


def _is_name(text: str, start: int, word: str, lower: str) -> bool:
    if not word[0].isupper() or (lower in STOPWORDS and not (word.isupper() and lower in COUNTRIES)):
        return False
    before = text[max(0, start - 2) : start].strip()
    opens = start == 0 or (before != "" and before[-1] in SENTENCE_START)
    return not opens or word[:2].isupper() or lower in COUNTRIES


def stem(word: str) -> str:
    """A light English stemmer: enough to see that "attacks", "attacked" and "attacking" are one word."""
    for suffix in ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "ly"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)].rstrip("e")
    return word.rstrip("e") if len(word) > 4 else word


def shared_entities(a: Terms, b: Terms) -> frozenset[str]:
    """Names in both, a demonym matching its country ("pakistani", "pakistan") by a common beginning."""
    exact = a.entities & b.entities
    return exact | frozenset(
        name
        for name in b.entities
        for other in a.entities
        if len(name) >= ENTITY_PREFIX
        and name[:ENTITY_PREFIX] == other[:ENTITY_PREFIX]
        and frozenset({name, other}) not in LOOK_ALIKE
    )


@dataclass(frozen=True, slots=True)
class Common:
    """What two texts have in common, sorted."""

    entities: tuple[str, ...]
    stems: tuple[str, ...]
    numbers: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether they can be about one subject: a name, two content words, or a number with a content word."""
        return bool(self.entities) or len(self.stems) >= 2 or bool(self.numbers and self.stems)

    def beside(self, name: str) -> Common:
        """What is left without the words of a name."""
        words = [match.group().rstrip(".").lower() for match in WORD.finditer(name)]
        own = {*words, *map(stem, words)}
        return Common(
            tuple(one for one in self.entities if one not in own),
            tuple(one for one in self.stems if one not in own),
            self.numbers,
        )

    def __str__(self) -> str:
        return ", ".join((*self.entities, *self.stems, *self.numbers)[:6])

    def spelled(self, text: str) -> str:
        """The same for people: names and words as this text has them, not their stems ("Talmyra, border")."""
        words = [match.group().rstrip(".").removesuffix("’s").removesuffix("'s") for match in WORD.finditer(text)]
        names = {COUNTRIES.get(word.lower(), word.lower()): word for word in reversed(words)}
        stems = {stem(word.lower()): word.lower() for word in reversed(words)}
        found = [names.get(one, one) for one in self.entities] + [stems.get(one, one) for one in self.stems]
        return ", ".join([*found, *self.numbers][:6])


def common(a: Terms, b: Terms) -> Common:
    """The terms of both; that both name a month or a weekday makes them no more about one thing."""
    return Common(
        tuple(sorted(shared_entities(a, b) - CALENDAR)),
        tuple(sorted(a.stems & b.stems)),
        tuple(sorted(a.numbers & b.numbers)),
    )
