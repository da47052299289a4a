"""Which statements are worth comparing: the gates, and the reasons they leave with a pair.

Comparing everything with everything drowns users; a gate that is too tight loses real conflicts. Each gate is one
question: are the two apart (different articles, or different speakers of one article), not the same copy, near in time, near in
meaning, and about something common.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from verifier.copies import ARTICLE_SHINGLE, containment, same_words, shingles
from verifier.independence import changed
from verifier.ports import Reach, Vectors
from verifier.terms import Common, Terms, common, terms_of
from verifier.text.words import folded_words
from verifier.values import CueClass, Side, StatementKind, text_hash
from verifier.verdicts import Candidate, Gate

NO_DAY = -(10**9)
SPARE = 3
"""How many times the top k a store looks for at first: copies and questions are dropped afterwards."""
UNASSERTED = frozenset({CueClass.QUESTION})


GATES = ("usable", "apart", "own copy", "window", "similarity", "common", "top k")
"""In the order in which `Pool.dropped_by` asks them."""


@dataclass(frozen=True, slots=True)
class GateSettings:
    """The gates' bounds. `window_days` holds between speakers.

    One speaker's own words are compared over a longer time.
    """

    top_k: int = 10
    min_similarity: float = 0.30
    min_similarity_narrated: float = 0.55
    window_days: int = 14
    same_speaker_window_days: int = 400
    copy_containment: float = 0.5
    passage_containment: float = 0.8
    min_words: int = 3


@dataclass(frozen=True, slots=True)
class Pairing:
    """Gates with their settings; `embedding` names the vectors' model and revision, since neighbours depend on them."""

    settings: GateSettings = field(default_factory=GateSettings)
    embedding: str = ""

    @property
    def version(self) -> str:
        """The key of "these gates have looked at this statement"."""
        values = [f"{f.name}={getattr(self.settings, f.name)}" for f in fields(self.settings)]
        return "gates-3-" + text_hash("|".join([*values, self.embedding]))[:8]

    @property
    def reach(self) -> Reach:
        """What a store has to find, so that these gates can choose from it."""
        bounds = self.settings
        days = bounds.window_days, bounds.same_speaker_window_days
        return Reach(SPARE * bounds.top_k, bounds.min_similarity, *days)

    def pool(self, sides: Sequence[Side], vectors: Vectors, texts: Mapping[int, str]) -> Pool:
        """Statements to choose from, prepared: vectors of shape (len(sides), d), texts by version id."""
        return Pool(self.settings, sides, vectors, texts)


class Pool:
    """Statements as arrays, to find the candidates of some of them among all of them.

    The candidates of a statement are the same in every pool that holds its own article and its nearest partners.
    """

    def __init__(
        self, settings: GateSettings, sides: Sequence[Side], vectors: Vectors, texts: Mapping[int, str]
    ) -> None:
        self._settings = settings
        self._sides = sides
        self._vectors = vectors
        self._texts = texts
        self._row = {side.statement.id: i for i, side in enumerate(sides)}
        self._article = _numbered([side.article for side in sides])
        self._speaker = _numbered([_speaker_key(side) for side in sides])
        self._day = np.array([_day(side) for side in sides], dtype=np.int64)
        self._narrated = np.array([side.statement.kind is StatementKind.NARRATED for side in sides])
        self._usable = np.array([_usable(side, settings.min_words) for side in sides])
        self._terms: dict[int, Terms] = {}
        self._shingles: dict[int, frozenset[int]] = {}
        self._copies: dict[tuple[int, int], bool] = {}
        self._words: dict[int, str] = {}

    def candidates(self, ids: Sequence[str]) -> list[Candidate]:
        """The candidate pairs of these statements, each pair once, sorted."""
        rows = [self._row[i] for i in ids if i in self._row and self._usable[self._row[i]]]
        if not rows:
            return []
        similarity = self._vectors[rows] @ self._vectors.T
        found: dict[tuple[str, str], Candidate] = {}
        for row, scores in zip(rows, similarity, strict=True):
            for other in self._neighbours(row, scores):
                candidate = self._candidate(row, int(other), float(scores[other]))
                if candidate is not None:
                    found[candidate.a, candidate.b] = candidate
        return [found[key] for key in sorted(found)]

    def wants_more(self, statement_id: str, found: Collection[str]) -> bool:
        """Whether the gates left fewer of these than the top k: a wider search may find others.

        What the pool holds beyond them came with other statements: further ones that nobody looked for may be nearer.
        """
        row = self._row.get(statement_id)
        if row is None or not self._usable[row]:
            return False
        scores = self._vectors[row] @ self._vectors.T
        chosen = self._elsewhere(row, scores, self._passed(row, scores))
        own = {self._row[one] for one in found if one in self._row}
        return sum(other in own for other in chosen) < self._settings.top_k

    def dropped_by(self, a: str, b: str) -> str | None:
        """The first of `GATES` that keeps two statements from being a pair; None if they are one."""
        row, other = self._row[a], self._row[b]
        scores = self._vectors[[row, other]] @ self._vectors.T
        similarity = scores[0][other]
        within = self._article[row] == self._article[other]
        asked = {
            "usable": self._usable[row] and self._usable[other],
            "apart": row != other and not (within and self._speaker[row] == self._speaker[other]),
            "own copy": within or not self._own_copy(row, other),
            "window": self._in_window(row)[other],
            "similarity": similarity >= self._settings.min_similarity
            and (not within or self._narration(row, scores[0])[other]),
            "common": self._candidate(row, other, float(similarity)) is not None,
            "top k": other in self._neighbours(row, scores[0]) or row in self._neighbours(other, scores[1]),
        }
        return next((gate for gate in GATES if not asked[gate]), None)

    def _neighbours(self, row: int, scores: NDArray[np.float32]) -> list[int]:
        """The nearest that pass the cheap gates: top k in the same article and top k in others."""
        passed = self._passed(row, scores)
        same = self._article == self._article[row]
        here = passed & same & (self._speaker != self._speaker[row]) & self._narration(row, scores)
        return [*islice(_ranked(scores, here), self._settings.top_k), *self._elsewhere(row, scores, passed)]

    def _passed(self, row: int, scores: NDArray[np.float32]) -> NDArray[np.bool_]:
        return np.asarray(self._usable & (scores >= self._settings.min_similarity) & self._in_window(row))

    def _elsewhere(self, row: int, scores: NDArray[np.float32], passed: NDArray[np.bool_]) -> list[int]:
        """The top k in other articles; copies are only looked for as far as that."""
        ranked = _ranked(scores, passed & (self._article != self._article[row]))
        own = self._sides[row]
        kept = (
            other for other in ranked if not (self._own_copy(row, other) or self._same_passage(own, self._sides[other]))
        )
        return list(islice(kept, self._settings.top_k))

    def _own_copy(self, row: int, other: int) -> bool:
        """Of two articles that are one copy, only what one of them altered is compared: another number, a "not"."""
        return self._copied(row, other) and not self._altered(row, other)

    def _altered(self, row: int, other: int) -> bool:
        """Whether neither statement stands in the other's article, and each says otherwise."""
        a, b = self._sides[row], self._sides[other]
        if any(_words(x.statement.text) in self._words_of(y.version_id) for x, y in ((a, b), (b, a))):
            return False
        return changed(a.statement.text, b.statement.text)

    def _words_of(self, version: int) -> str:
        if version not in self._words:
            self._words[version] = _words(self._texts[version])
        return self._words[version]

    def _copied(self, row: int, other: int) -> bool:
        """Whether one of the two articles holds so many of the other's 8-word runs that it is a copy."""
        a, b = sorted((self._sides[row].version_id, self._sides[other].version_id))
        if (a, b) not in self._copies:
            share = containment(self._shingles_of(a), self._shingles_of(b))
            self._copies[a, b] = share > 0 and share >= self._settings.copy_containment
        return self._copies[a, b]

    def _shingles_of(self, version: int) -> frozenset[int]:
        if version not in self._shingles:
            self._shingles[version] = shingles(self._texts[version], ARTICLE_SHINGLE)
        return self._shingles[version]

    def _in_window(self, row: int) -> NDArray[np.bool_]:
        """An article without a date is inside every window."""
        if self._day[row] == NO_DAY:
            return np.ones(len(self._sides), dtype=np.bool_)
        gap = np.abs(self._day - self._day[row])
        own = self._speaker == self._speaker[row]
        limit = np.where(own, self._settings.same_speaker_window_days, self._settings.window_days)
        return np.asarray((self._day == NO_DAY) | (gap <= limit))

    def _narration(self, row: int, scores: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Within one article the outlet's own words mostly sum up the speakers': only near ones are worth a look."""
        narrated = self._narrated | self._narrated[row]
        return np.asarray(~narrated | (scores >= self._settings.min_similarity_narrated))

    def _candidate(self, row: int, other: int, similarity: float) -> Candidate | None:
        first, second = sorted((self._sides[row], self._sides[other]), key=lambda side: side.statement.id)
        if _overlap(first, second) or self._same_passage(first, second):
            return None
        shared = common(self._terms_of(row), self._terms_of(other))
        if not shared.enough:
            return None
        copied = first.article != second.article and self._copied(row, other)
        gates = _gates(first, second, similarity, shared, copied=copied)
        return Candidate(first.statement.id, second.statement.id, round(similarity, 4), gates)

    def _terms_of(self, row: int) -> Terms:
        if row not in self._terms:
            side = self._sides[row]
            source = side.statement.source
            self._terms[row] = terms_of(f"{source.text if source else ''} … {side.statement.claim}")
        return self._terms[row]

    def _same_passage(self, a: Side, b: Side) -> bool:
        """The same words around both, in different articles: one copy, unless it is one speaker's utterance, or says otherwise."""
        if a.article == b.article or (_speaker_key(a) == _speaker_key(b) and not _narrated(a, b)):
            return False
        alike = same_words(self._passage(a), self._passage(b)) >= self._settings.passage_containment
        return alike and not changed(a.statement.text, b.statement.text)

    def _passage(self, side: Side) -> str:
        """The line of the article that holds the statement."""
        text, statement = self._texts[side.version_id], side.statement
        begin = text.rfind("\n", 0, statement.start) + 1
        end = text.find("\n", statement.end)
        return text[begin : end if end >= 0 else len(text)][:2000]


def _words(text: str) -> str:
    """The words of a text, folded, with a space on either side, to find those of another in them."""
    return f" {' '.join(folded_words(text))} "


def _ranked(scores: NDArray[np.float32], mask: NDArray[np.bool_]) -> list[int]:
    """Indices under the mask by score, the highest first, ties by index."""
    indices = np.flatnonzero(mask)
    order = np.lexsort((indices, -np.round(scores[indices], 5)))
    return [int(i) for i in indices[order]]


def _numbered(keys: Sequence[str]) -> NDArray[np.int64]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _speaker_key(side: Side) -> str:
    """Statements of unknown speakers count as one speaker's within their article, and as nobody else's."""
    speaker = side.statement.speaker
    return f"{speaker.kind}:{speaker.apart or ''}:{speaker.name.casefold()}" if speaker else f"?{side.article}"


def _narrated(a: Side, b: Side) -> bool:
    return StatementKind.NARRATED in (a.statement.kind, b.statement.kind)


def _day(side: Side) -> int:
    return side.published_at.toordinal() if side.published_at else NO_DAY


def _usable(side: Side, min_words: int) -> bool:
    statement = side.statement
    return len(statement.claim.split()) >= min_words and statement.cue_class not in UNASSERTED


def _overlap(a: Side, b: Side) -> bool:
    """One holds the other: a nested statement is not compared with what it stands in."""
    if a.version_id != b.version_id:
        return False
    return any(x.start < y.end and y.start < x.end for x in a.statement.content for y in b.statement.content)


def _gates(a: Side, b: Side, similarity: float, shared: Common, *, copied: bool) -> tuple[Gate, ...]:
    apart = "different articles" if a.article != b.article else "different speakers in one article"
    return (
        Gate("apart", apart),
        Gate("own copy", "altered in the same wire copy" if copied else "not the same wire copy"),
        Gate("window", _gap(a, b)),
        Gate("similarity", f"{similarity:.2f}"),
        Gate("common", str(shared)),
    )


def _gap(a: Side, b: Side) -> str:
    if a.published_at is None or b.published_at is None:
        return "date unknown"
    gap: timedelta = abs(a.published_at - b.published_at)
    return f"{gap.days} day{'' if gap.days == 1 else 's'} apart"
