"""Whether the figures of two claims are about one thing, and whether they agree.

Figures are only set against each other where the claims name the same dimension and the same counted thing; a difference
decides only where the claims are otherwise closely alike (`Figures.alike`) and nothing separates them: other days, other
names on both sides, another ordinal ("the first attack", "the second attack"), "would" on one side only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from verifier.polarity import negations
from verifier.quantities.days import same_year
from verifier.quantities.numerals import numeral_at, tokens_of
from verifier.quantities.reading import reading_of
from verifier.quantities.values import Dimension, Quantity, Reading, Toll
from verifier.quantities.words import PEOPLE, TOLL_NOUNS, TOLL_VERBS, is_person
from verifier.terms import CALENDAR, LOOK_ALIKE, STOPWORDS, Terms, common, stem, terms_of

ALIKE: Final = 0.6  # of the shorter claim's other words
COVERED: Final = 0.34  # of the longer one's
PRECISE: Final = (1.0, 0.6)  # the same where no toll tells what is counted: one claim may say more, but not both
RUPEES: Final = frozenset({"rupee", "inr", "pkr", "npr", "lkr"})
SAID: Final = re.compile(
    r"^[^.,;:“\"]{1,80}?\b(?:(?:said(?!\s+to\b)|says|told reporters|according to [^,]{1,40},)\s+(?:on \w+ )?(?:that\s+)?"
    r"|(?:reported|reports|confirmed|announced|stated|added|estimates|estimated)\s+(?:on \w+ )?that\s+)(?=\S)",
    re.IGNORECASE,
)
SAID_BEHIND: Final = re.compile(
    r",\s+(?:according to [^,.]{1,60}|[^,.]{1,60}\b(?:said|says|reported|told reporters)|(?:said|says) [^,.]{1,60})\.?$",
    re.IGNORECASE,
)
PERIOD: Final = re.compile(
    r"\bsince\b|\bthis (?:month|year|season)\b|\b(?:in|over|during|within) (?:just |only |the )?(?:(?:past|last|previous|first) )?"
    r"(?:[\w-]+ )?(?:hours|days|weeks?|months?|years?|decades?)\b",
    re.IGNORECASE,
)
PRONOUNS: Final = frozenset("he she it they this that these those his her its their".split())
ORDINALS: Final = frozenset(
    """first second third fourth fifth sixth seventh eighth ninth tenth last next previous earlier later latest initial final new old
    another other north south east west northern southern eastern western upper lower""".split()
)
INTO_S: Final = frozenset(
    """arkansas athens barbados brussels cyprus honduras illinois kansas laos massachusetts naples netherlands paris philippines texas
    wales""".split()
)
STATED: Final = frozenset("new suspected possible probable potential active".split())
MORE: Final = re.compile(r"(?:(?:well|far|slightly|a little) )?(?:more than|over|above|exceed)", re.IGNORECASE)
LESS: Final = re.compile(r"(?:(?:well|far|slightly|a little) )?(?:fewer than|less than|under|below)", re.IGNORECASE)
OPEN_ENDED: Final = frozenset({"before", "after"})
OPENING: Final = re.compile(r"^\W*[A-Z](?![a-z]*\s[A-Z]\w)|^\W*A(?=\s)")
"""The capital letter of a claim's first word, unless it opens a name ("New York")."""
WAYS: Final = frozenset({"up", "down", "against", "before", "after"})
"""Stopwords elsewhere; here "voted for" and "voted against" are two things."""
SUPPOSED: Final = frozenset(
    """would could might may should if due scheduled begins opens starts ends closes expires expected expects planned plans will wants aims
    hopes""".split()
)
EVENTS: Final = {
    stem(word): name
    for name, words in {
        "blast": "blast bomb bombing bombs explosion explosions exploded explode blasts",
        "quake": "quake earthquake tremor",
        "crash": "crash crashed accident collision collided derailment derailed",
        "collapse": "collapse collapsed fall fell",
        "shooting": "shooting shot gunfire shootings shooter",
        "storm": "storm hurricane cyclone typhoon",
        "flood": "flood floods flooding flooded",
        "fire": "fire blaze fires",
        "cost": "cost costs price priced",
    }.items()
    for word in words.split()
}
UNLIKE: Final = frozenset(
    {
        frozenset({Dimension.SHARE, Dimension.COUNT}),
        frozenset({Dimension.SHARE, Dimension.POINTS}),
        frozenset({Dimension.MASS, Dimension.VOLUME}),
    }
)
TOLD: Final = frozenset(stem(word) for word in (*TOLL_VERBS, *TOLL_NOUNS, *PEOPLE))
ONCE: Final = frozenset(
    stem(word)
    for word in """born open opened opens began begin begins begun started founded established died collapsed resigned
    opening ended ends closes closed married retired sank crashed crash collapse invaded due
    scheduled expires inaugurated declared assassinated""".split()
)


class Relation(StrEnum):
    """How two figures stand to each other."""

    COMPATIBLE = "compatible"
    OPEN = "open"
    DIFFER = "differ"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two figures of one thing. `open` ones do not exclude each other and say little together ("at least 12", "400")."""

    relation: Relation
    a: Quantity
    b: Quantity

    @property
    def toll(self) -> Toll | None:
        """The toll that both count."""
        return self.a.toll

    @property
    def entails(self) -> bool:
        """Whether one says at least what the other does: 15 beside "at least 12"."""
        return self.a.within(self.b) or self.b.within(self.a)

    @property
    def alike(self) -> bool:
        """Whether both say the same number, however it is written."""
        return (self.a.low, self.a.high) == (self.b.low, self.b.high)

    def __str__(self) -> str:
        return f"“{self.a.text}” beside “{self.b.text}”"


@dataclass(frozen=True, slots=True)
class Figures:
    """The comparable figures of two claims, and how alike the claims are without them.

    `alike` and `covered` are the shares of the shorter and of the longer claim's other words that both have; `apart` says what
    separates the claims; `named` whether they share a name; `supposed` whether both tell what would or will be.
    """

    comparisons: tuple[Comparison, ...] = ()
    alike: float = 0.0
    covered: float = 0.0
    shared: int = 0
    named: bool = False
    apart: str = ""
    supposed: bool = False
    indefinite: bool = False
    """Whether both tell of "a" blast, which need not be the same."""
    placed: bool = False
    """Whether one alone names something more, mostly a place."""

    @property
    def about_one_thing(self) -> bool:
        """Whether the claims are otherwise closely alike."""
        return not self.apart and self.shared > 0 and self.alike >= ALIKE and self.covered >= COVERED

    @property
    def same_words(self) -> bool:
        """Whether the claims are the same but for their figures."""
        return not self.apart and self.shared > 0 and self.covered == 1.0

    @property
    def differing(self) -> Comparison | None:
        """The first two figures that plainly differ in claims about one thing; None where others would excuse them."""
        if not self.about_one_thing:
            return None
        return next((one for one in self.comparisons if one.relation is Relation.DIFFER and self._weighs(one)), None)

    @property
    def compatible(self) -> Comparison | None:
        """The first two figures that go together in claims about one thing, if none differ."""
        relations = {one.relation for one in self.comparisons}
        if not self.about_one_thing or Relation.DIFFER in relations or Relation.UNITS in relations:
            return None
        return next((one for one in self.comparisons if one.relation is Relation.COMPATIBLE), None)

    @property
    def unlike_units(self) -> Comparison | None:
        """Two figures of one thing that cannot be compared."""
        if not self.about_one_thing:
            return None
        return next((one for one in self.comparisons if one.relation is Relation.UNITS and self._weighs(one)), None)

    def _weighs(self, one: Comparison) -> bool:
        """A toll is a subject by itself and needs one more common word; anything else needs two or a name, and more likeness."""
        precise = self.alike >= PRECISE[0] and self.covered >= PRECISE[1] and not self.placed
        return one.toll is not None or (precise and (self.shared >= 2 or self.named))


def figures_of(a: str, b: str) -> Figures:
    """The figures of two claims side by side; the same whichever comes first, but for the sides."""
    first, second = _claim(a), _claim(b)
    readings = first.reading, second.reading
    if not all(one.quantities or one.dates for one in readings):
        return Figures()
    shared = first.words & second.words
    smaller, larger = sorted((len(first.words), len(second.words)))
    comparisons = tuple(_comparisons(*(one.quantities for one in readings)))
    apart = _apart(first, second)
    if not comparisons and apart in ("", "days"):
        comparisons = tuple(_dates(first, second))
        apart = "" if comparisons else apart
    elif not apart and first.period != second.period:
        apart = "period"
    return Figures(
        comparisons,
        round(len(shared) / max(1, smaller), 3),
        round(len(shared) / max(1, larger), 3),
        len(shared),
        bool(common(first.terms, second.terms).entities),
        apart,
        first.open and second.open,
        first.indefinite and second.indefinite,
        _placed(first, second),
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    reading: Reading
    terms: Terms
    words: frozenset[str]
    ordinals: frozenset[str]
    ways: frozenset[str]
    open: bool
    negated: bool
    pronoun: bool
    indefinite: bool
    """"Opened a plant": there may be others."""
    period: frozenset[str]
    opener: str


@lru_cache(maxsize=20_000)
def _claim(text: str) -> _Claim:
    said = SAID.match(text)
    head = said.group() if said else ""
    bare = SAID_BEHIND.sub("", text[len(head) :])
    reading = reading_of(bare)
    terms = terms_of(reading.rest)
    stems = (EVENTS.get(word, word) for word in terms.stems if word not in TOLD)
    words = frozenset(re.findall(r"[a-z]+", OPENING.sub(lambda found: found.group().lower(), reading.rest)))
    return _Claim(
        reading,
        terms,
        frozenset(stems) | terms.entities,
        words & ORDINALS,
        words & WAYS,
        bool(words & SUPPOSED),
        (negations(head) + negations(reading.rest)) % 2 == 1,
        bare.split(maxsplit=1)[:1] != [] and bare.split(maxsplit=1)[0].lower() in PRONOUNS,
        bool(words & {"a", "an"}),
        _period(bare, reading),
        _opener(bare),
    )


def _apart(a: _Claim, b: _Claim) -> str:
    """What makes two claims speak of different things; "" where nothing does."""
    if a.ordinals != b.ordinals:
        return "ordinals"
    if a.ways != b.ways:
        return "direction"
    if a.negated != b.negated:
        return "negation"
    if a.open != b.open:
        return "mood"
    if (a.pronoun or b.pronoun) and not common(a.terms, b.terms).entities:
        return "pronoun"
    own = _own_names(a, b)
    if a.opener and b.opener and not (_says(b, a.opener) or _says(a, b.opener)):
        return "names"
    if all(own) and not any(x[:5] == y[:5] and frozenset({x, y}) not in LOOK_ALIKE for x in own[0] for y in own[1]):
        return "names"
    days = [(x, y) for x in a.reading.dates for y in b.reading.dates]
    if days and not any(_dates_meet(x, y) for x, y in days):
        return "days"
    return ""


def _says(claim: _Claim, word: str) -> bool:
    return word in claim.words or stem(word) in claim.words


def _opener(text: str) -> str:
    """The name that may open a claim, which `terms_of` takes for any word: "Italy", not "Police" or "Gunmen"."""
    word = (text.split(maxsplit=1) or [""])[0].removesuffix("’s").removesuffix("'s")
    lower = word.lower()
    named = word[:1].isupper() and word.isalpha() and not numeral_at(tokens_of(word), 0)
    plural = lower.endswith("s") and lower not in INTO_S
    return lower if named and not (lower in STOPWORDS or is_person(lower) or stem(lower) in EVENTS or plural) else ""


def _period(text: str, reading: Reading) -> frozenset[str]:
    """What a count covers: a month, a year, since when, within how long."""
    spans = {"year" if one.high - one.low > 31 else "month" for one in reading.dates if one.high - one.low > 26}
    return frozenset(spans | {match.group().lower() for match in PERIOD.finditer(text)})


def _placed(a: _Claim, b: _Claim) -> bool:
    """Whether one claim names something, mostly a place, that the other leaves out."""
    first, second = (names - CALENDAR for names in _own_names(a, b))
    return bool(first) != bool(second)


def _own_names(a: _Claim, b: _Claim) -> list[frozenset[str]]:
    """The names of each claim that the other leaves out."""
    shared = set(common(a.terms, b.terms).entities) | (a.words & b.words)
    return [one.terms.entities - shared for one in (a, b)]


def _dates_meet(a: Quantity, b: Quantity) -> bool:
    one, other = same_year(a, b)
    return one.low <= other.high and other.low <= one.high


def _dates(a: _Claim, b: _Claim) -> Iterator[Comparison]:
    """The dates of what happens once: one on each side, with the same word before it."""
    if len(a.reading.dates) != 1 or len(b.reading.dates) != 1:
        return
    (one,), (other,) = a.reading.dates, b.reading.dates
    if (
        one.per != other.per
        or (one.per in OPEN_ENDED and not _dates_meet(one, other))
        or (a.indefinite and b.indefinite)
        or not {stem(word) for word in a.words & b.words} & ONCE
    ):
        return
    yield Comparison(Relation.COMPATIBLE if _dates_meet(one, other) else Relation.DIFFER, one, other)


def _comparisons(a: Sequence[Quantity], b: Sequence[Quantity]) -> Iterator[Comparison]:
    """The figures that meet: what goes together first, then what differs where each has only one counterpart."""
    pairs = [(x, y) for x in a for y in b if _same_thing(x, y)]
    met = {id(one) for x, y in pairs if x.overlaps(y) and not _opposite(x, y) for one in (x, y)}
    for x, y in pairs:
        if x.overlaps(y) and not _opposite(x, y):
            yield Comparison(Relation.COMPATIBLE if x.close(y) else Relation.OPEN, x, y)
        elif not met & {id(x), id(y)} and _alone(x, y, pairs) and _only(x, a) and _only(y, b):
            yield Comparison(Relation.DIFFER, x, y)
    totals = [[one for one in side if not one.partial] for side in (a, b)]
    if not pairs and len(totals[0]) == len(totals[1]) == 1 and _unlike(totals[0][0], totals[1][0]):
        yield Comparison(Relation.UNITS, totals[0][0], totals[1][0])


def _opposite(x: Quantity, y: Quantity) -> bool:
    """ "More than 40" beside "fewer than 40"."""
    more, less = (x, y) if MORE.match(x.text) else (y, x)
    return bool(MORE.match(more.text) and LESS.match(less.text)) and more.low >= less.high


def _alone(x: Quantity, y: Quantity, pairs: Sequence[tuple[Quantity, Quantity]]) -> bool:
    return sum(x is one for one, _ in pairs) == 1 and sum(y is other for _, other in pairs) == 1


def _only(one: Quantity, side: Sequence[Quantity]) -> bool:
    """Whether a measured figure is the only one in its dimension, parts included: "22%, compared to 11%" can be told in two ways."""
    return one.dimension is Dimension.COUNT or sum(other.dimension is one.dimension for other in side) == 1


def _same_thing(a: Quantity, b: Quantity) -> bool:
    if a.partial or b.partial or a.dimension is not b.dimension or a.per != b.per:
        return False
    if a.dimension is Dimension.COUNT:
        return a.toll is b.toll and (_people(a) == _people(b)) and bool(a.noun or a.toll) and _same_kind(a.kind, b.kind)
    return _same_unit(a.unit, b.unit) and (a.noun == b.noun or not (a.noun and b.noun))


def _same_kind(a: frozenset[str], b: frozenset[str]) -> bool:
    """Not "American" beside "Afghan" soldiers, nor "new" cases beside all."""
    return a & STATED == b & STATED and (not a or not b or bool(a & b))


def _people(one: Quantity) -> str:
    """What is counted; a toll that names nobody counts people."""
    return one.noun or ("people" if one.toll else "")


def _same_unit(a: str, b: str) -> bool:
    return a == b or ("rupee" in (a, b) and {a, b} <= RUPEES)


def _unlike(a: Quantity, b: Quantity) -> bool:
    """Figures in units that do not convert: other currencies, a share beside a count, tonnes beside barrels."""
    if a.per != b.per:
        return False
    if a.dimension is b.dimension:
        return a.dimension in (Dimension.MONEY, Dimension.TEMPERATURE) and not _same_unit(a.unit, b.unit)
    return frozenset({a.dimension, b.dimension}) in UNLIKE
