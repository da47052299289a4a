"""Independence: how many sources stand behind what several outlets say. Five reprints are one.

A source is not counted twice where two outlets carry the same copy, credit the same agency, quote the same words of the
same speaker, or report one utterance. An outlet counts once whatever it prints, so the number never exceeds the outlets'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from verifier.copies import PASSAGE_SHINGLE, containment, same_words, shingles
from verifier.credits import UNNAMED
from verifier.groups import Groups
from verifier.near_copies import candidates
from verifier.polarity import NEGATIONS, WORDS
from verifier.terms import terms_of
from verifier.values import Article, Side, StatementKind

WIRE_METHOD: Final = "wire-2"
"""The key of "these rules have looked for copies of this text": change it with anything below that decides."""
COPY_DAYS: Final = 14
COPY_CONTAINMENT: Final = 0.8
QUOTE_CONTAINMENT: Final = 0.8
OWN_WORDS: Final = 8
SHORT_WORDS: Final = 3
"""A paragraph with so many but fewer than `OWN_WORDS` is compared together with the one before it."""
QUOTED_WORDS: Final = 5
SHOWN: Final = 60

_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)|‘[^‘\n]+?’(?!\w)")

_PLAIN: Final = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "’": None, "'": None, ".": None})

Place = tuple[int, int]
"""Article version and index of the paragraph."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph's own words, without what it quotes: two outlets that quote one speech do not carry one copy."""

    place: Place
    article: str
    published_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class WireMember:
    """A passage of a cluster; `containment` is the share of the words (as runs of four) it has in common with the nearest
    other, counted in the shorter of the two; 0 where nothing new was found about it."""

    place: Place
    containment: float


@dataclass(frozen=True, slots=True)
class WireCluster:
    """Passages that carry the same copy, the first to be published first; `known` are stored clusters that it continues."""

    members: tuple[WireMember, ...]
    known: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sourced:
    """A statement in place, with the wire cluster of its paragraph and the agencies that the article credits there."""

    side: Side
    cluster: int | None = None
    agencies: frozenset[str] = frozenset()

    @property
    def outlet(self) -> str:
        """Who published it; an article of no outlet stands for itself."""
        return self.side.outlet or self.side.article


@dataclass(frozen=True, slots=True)
class Weight:
    """How many outlets say it, how many independent sources they are, and in words why they are fewer."""

    outlets: int
    independent: int
    merges: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.outlets} outlet{'' if self.outlets == 1 else 's'}, {self.independent} independent"


def passages_of(version_id: int, article: Article) -> list[Passage]:
    """The paragraphs with enough words of their own, short ones with what they follow; boilerplate is left out."""
    found: list[Passage] = []
    before = ""
    for position, paragraph in enumerate(article.paragraphs):
        words = _QUOTED.sub(" … ", article.text[paragraph.start : paragraph.end])
        count = len(re.findall(r"\w+", words))
        if paragraph.mark is not None or count < SHORT_WORDS:
            continue
        if count >= OWN_WORDS:
            before = words
        elif before:
            words = f"{before} {words}"
        if before:
            found.append(Passage((version_id, position), article.url, article.published_at, words))
    return found


def wire_clusters(passages: Sequence[Passage], fresh: Collection[int], known: Mapping[Place, int]) -> list[WireCluster]:
    """The clusters that a passage of a `fresh` version is in, over articles of at most two weeks apart.

    `known` holds the stored cluster of passages that are in one. What comes out does not depend on the order in which the
    articles came, nor on how they were split into runs.
    """
    ordered = sorted(passages, key=_age)
    groups = Groups(range(len(ordered)))
    first: dict[int, int] = {}
    for row, passage in enumerate(ordered):
        if passage.place in known:
            groups.unite(first.setdefault(known[passage.place], row), row)
    nearest = _link(ordered, fresh, groups)
    found = [[(row, ordered[row]) for row in rows] for rows in groups.all().values() if len(rows) > 1]
    return [
        WireCluster(
            tuple(WireMember(one.place, round(nearest.get(row, 0.0), 4)) for row, one in members),
            frozenset(known[one.place] for _, one in members if one.place in known),
        )
        for members in found
        if any(one.place[0] in fresh for _, one in members)
    ]


def _age(passage: Passage) -> tuple[bool, datetime | None, str, Place]:
    return (passage.published_at is None, passage.published_at or None, passage.article, passage.place)


def _link(ordered: Sequence[Passage], fresh: Collection[int], groups: Groups[int]) -> dict[int, float]:
    """Unite the near copies; the best containment of each row."""
    sets = [shingles(passage.words, PASSAGE_SHINGLE) for passage in ordered]
    nearest: dict[int, float] = {}
    for a, b in sorted(set(candidates(sets))):
        if not _comparable(ordered[a], ordered[b], fresh):
            continue
        share = containment(sets[a], sets[b])
        if share >= COPY_CONTAINMENT:
            groups.unite(a, b)
            for row in (a, b):
                nearest[row] = max(share, nearest.get(row, 0.0))
    return nearest


def _comparable(a: Passage, b: Passage, fresh: Collection[int]) -> bool:
    if a.article == b.article or not (a.place[0] in fresh or b.place[0] in fresh):
        return False
    return near_in_time(a.published_at, b.published_at, COPY_DAYS)


def near_in_time(a: datetime | None, b: datetime | None, days: int) -> bool:
    """Whether two texts appeared within so many days; one without a date is inside every window."""
    return a is None or b is None or abs(a - b) <= timedelta(days=days)


def weigh(side: Sequence[Sourced], utterances: Collection[frozenset[str]] = ()) -> Weight:
    """Count the outlets and the independent sources of statements that say the same.

    `utterances` are pairs of statement ids that a verdict holds to be one utterance.
    """
    outlets = sorted({one.outlet for one in side})
    groups = Groups(outlets)
    merges = []
    for members, reason in _bonds(side, utterances):
        names = sorted({one.outlet for one in members})
        if len({groups.find(name) for name in names}) > 1:
            for name in names[1:]:
                groups.unite(names[0], name)
            merges.append(f"{_listed(names)} {reason}")
    return Weight(len(outlets), len(groups.all()), tuple(merges))


def _bonds(side: Sequence[Sourced], utterances: Collection[frozenset[str]]) -> Iterator[tuple[Sequence[Sourced], str]]:
    """Statements of one source, and what makes them one: the plainest reasons first."""
    ordered = sorted(side, key=lambda one: one.side.statement.id)
    for cluster in sorted({one.cluster for one in ordered if one.cluster is not None}):
        yield [one for one in ordered if one.cluster == cluster], "carry the same copy"
    yield from _agency_bonds(ordered)
    for a, b in combinations(ordered, 2):
        if same_quote(a.side, b.side):
            yield (a, b), f"quote the same words of {_speaker(a.side, b.side)}: “{_cut(a.side.statement.text)}”"
        elif frozenset((a.side.statement.id, b.side.statement.id)) in utterances:
            yield (a, b), f"report one utterance of {_speaker(a.side, b.side)}"


def _agency_bonds(ordered: Sequence[Sourced]) -> Iterator[tuple[Sequence[Sourced], str]]:
    """One agency is one source; copy of several, or "with inputs from agencies", may come from any, so it adds none."""
    single = [one for one in ordered if len(_named(one)) == 1]
    several = [one for one in ordered if len(_named(one)) > 1]
    of_known = [(one, next((other for other in single if _named(other) <= _named(one)), None)) for one in several]
    rest = [one for one, other in of_known if other is None]
    for agency in sorted({agency for one in ordered for agency in _named(one)}):
        for members in (single, rest):
            if any(agency in one.agencies for one in members):
                yield [one for one in members if agency in one.agencies], f"credit {agency}"
    for one, other in of_known:
        if other is not None:
            yield [other, one], f"credit {min(_named(other))}"
    credited = [one for one in ordered if one.agencies]
    unnamed = [one for one in credited if UNNAMED in one.agencies]
    if unnamed:
        named_first = next((one for one in credited if one.agencies - {UNNAMED}), unnamed[0])
        yield [named_first, *unnamed], "credit agencies, not all of them by name"


def _named(one: Sourced) -> frozenset[str]:
    return one.agencies - {UNNAMED}


def same_quote(a: Side, b: Side) -> bool:
    """Whether two statements quote the same words of the same speaker: a press statement is one source, however many
    quote it."""
    if not same_speaker(a, b):
        return False
    first, second = quoted(a), quoted(b)
    if min(len(first.split()), len(second.split())) < QUOTED_WORDS:
        return False
    return says_the_same(first, second)


def says_the_same(a: str, b: str) -> bool:
    """Whether two texts say the same by their words alone: runs in common, no other number, no "not" in one of them.

    One may be a part of the other, so its numbers may be fewer. "Twelve people have died in the collapse" and
    "Twenty-six people have died in the collapse" have nearly all words in common, and do not say the same.
    """
    return not changed(a, b) and same_words(a, b) >= QUOTE_CONTAINMENT


def changed(a: str, b: str) -> bool:
    """Whether each of two texts has a number that the other has not, or one alone has a "not"."""
    first, second = terms_of(a).numbers, terms_of(b).numbers
    return not (first <= second or second <= first) or _negated(a) != _negated(b)


def _negated(text: str) -> bool:
    return any(word.lower() in NEGATIONS for word in WORDS.findall(text))


def quoted(side: Side) -> str:
    """The words of a statement that stand in quotation marks."""
    statement = side.statement
    if statement.kind is StatementKind.DIRECT:
        return statement.text
    return " ".join(found.strip('“”"«»‘’') for found in _QUOTED.findall(statement.text))


def same_speaker(a: Side, b: Side) -> bool:
    """Whether two names can be one speaker's: the last word in common, and one name within the other."""
    one, other = a.statement.speaker, b.statement.speaker
    if one is None or other is None or one.told_apart_from(other):
        return False
    first, second = folded_name(one.name), folded_name(other.name)
    if not first or not second or first[-1] != second[-1]:
        return False
    return set(first) <= set(second) or set(second) <= set(first)


def folded_name(name: str) -> list[str]:
    """The words of a name without case, accents, apostrophes and dots: Erdoğan is Erdogan, O’Rourke is O'Rourke."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_PLAIN)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).split()


def _speaker(*sides: Side) -> str:
    """The fuller of the names."""
    names = [side.statement.speaker.name for side in sides if side.statement.speaker]
    return max(names, key=len) if names else "an unnamed speaker"


def _cut(text: str) -> str:
    text = text.strip('“”"«»,. ')
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
