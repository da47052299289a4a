"""A newsroom's database of any size, made fast: rows straight into the real tables, the same for the same seed.

Articles of some sentences, each a statement of some speaker, grouped in stories of about five articles; pairs between
statements of a story, a verdict on each, every tenth judged. Words follow Zipf's law, as in a language.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, text

from db.base import Base
from db.store import SqlStore
from db.transaction import chunks, take_writer_lock

START = datetime(2026, 1, 1, tzinfo=UTC)
EXTRACTOR, GATES, POLICY = "bench-1", "gates-bench", "policy-bench"
PER_ARTICLE = 20
PER_STORY = 5
STANCES = (("conflict", 15), ("agree", 10), ("neutral", 40), ("undecided", 35))
KINDS = {
    "conflict": ("contradiction", "numeric", "denial", "tension", "position_changed"),
    "agree": ("corroboration", "same_utterance"),
}
REVIEWERS = ("kim", "lee", "ada", "noor")
BATCH = 5000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    statements: int = 100_000
    verdicts: int = 50_000
    outlets: int = 40
    speakers: int = 3_000
    words: int = 8_000

    @property
    def articles(self) -> int:
        return self.statements // PER_ARTICLE

    @property
    def stories(self) -> int:
        return max(1, self.articles // PER_STORY)


def fill(engine: Engine, size: Size | None = None) -> None:
    """Fill an empty database that has the schema."""
    made = _Newsroom(size or Size(), random.Random(7))
    with engine.connect() as connection:
        connection.execution_options(crossquote_writes=True)
        take_writer_lock(connection)
        for name, rows in made.tables():
            _insert(connection, Base.metadata.tables[name], rows)
        if connection.dialect.name == "postgresql":
            _numbers_go_on(connection)
        connection.commit()
    with SqlStore(engine).unit_of_work() as work:
        work.finish_run(1)
        work.commit()
    if engine.dialect.name == "postgresql":  # as its autovacuum does; SQLite is left without statistics, as in use
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def _insert(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    for part in chunks(list(rows), BATCH):
        connection.execute(insert(table), part)


def _numbers_go_on(connection: Connection) -> None:
    """Ids were given by us: the sequences continue after them."""
    for table in Base.metadata.sorted_tables:
        if "id" in table.c and table.c.id.type.python_type is int:
            latest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"  # noqa: S608 - our own names
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {latest}, false)"))


class _Newsroom:
    """The rows of every table, each made when it is asked for."""

    def __init__(self, size: Size, chance: random.Random) -> None:
        self.size, self.chance = size, chance
        self.words = [_word(number) for number in range(size.words)]
        self.weights = list(accumulate(1 / (rank + 2) for rank in range(size.words)))
        self.sentences: list[list[tuple[int, int, str]]] = []

    def tables(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """In the order of their foreign keys."""
        size = self.size
        run = {"id": 1, "started_at": START, "finished_at": START, "locations": ["bench"], "profile": "embedded"}
        yield "runs", iter([run | {"counts": None}])
        yield "outlets", ({"id": n, "name": outlet_name(n)} for n in range(1, size.outlets + 1))
        yield "articles", ({"id": n, "url": f"https://bench.example/{n}"} for n in range(1, size.articles + 1))
        yield "article_versions", self._versions()
        yield "paragraphs", self._paragraphs()
        yield "extractions", self._extractions()
        yield "speakers", self._speakers()
        yield "statements", self._statements()
        yield "stories", ({"id": n + 1, "founder_id": n * PER_STORY + 1, "run_id": 1} for n in range(size.stories))
        yield "story_articles", self._story_articles()
        yield "wire_clusters", ({"id": n + 1, "first_version_id": n * PER_STORY + 1, "first_position": 0, "run_id": 1}
                                for n in range(size.stories))  # fmt: skip
        yield "wire_members", self._wire_members()
        pairs = list(self._pairs())
        yield "pairs", iter(pairs)
        yield "verdicts", self._verdicts(pairs)
        yield "judgements", self._judgements(pairs)
        yield (
            "comments",
            (
                {"pair_id": one["id"], "author": "kim", "text": self._said(8), "entered_at": START}
                for one in pairs[::25]
            ),
        )

    def _said(self, length: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=length))

    def _versions(self) -> Iterator[Row]:
        for number in range(1, self.size.articles + 1):
            story = (number - 1) // PER_STORY
            lines, at, sentences = [], 0, []
            for _ in range(PER_ARTICLE):
                words = self._said(self.chance.randint(8, 24))
                line = f"{self._name(self.chance.randrange(self.size.speakers))} said that {words}."
                sentences.append((at + line.index(words), at + line.index(words) + len(words), words))
                lines.append(line)
                at += len(line) + 2
            self.sentences.append(sentences)
            body = "\n\n".join(lines)
            yield {
                "id": number,
                "article_id": number,
                "outlet_id": self.chance.randint(1, self.size.outlets),
                "content_hash": _hash(body),
                "text": body,
                "title": self._said(7).capitalize(),
                "author": None,
                "published_at": START + timedelta(hours=story * 2 + self.chance.randrange(48)),
                "language": "en",
                "stored_at": START,
                "is_current": True,
                "run_id": 1,
            }

    def _paragraphs(self) -> Iterator[Row]:
        for version, sentences in enumerate(self.sentences, 1):
            for position, (start, end, words) in enumerate(sentences):
                place = {"start_char": max(0, start - 60), "end_char": end + 1}
                yield {"version_id": version, "position": position, "mark": None, "words_hash": _hash(words)} | place

    def _extractions(self) -> Iterator[Row]:
        for version in range(1, self.size.articles + 1):
            yield {"version_id": version, "extractor": EXTRACTOR, "is_current": True}

    def _name(self, number: int) -> str:
        return f"{self.words[number % 997].title()} {self.words[-1 - number].title()}"

    def _speakers(self) -> Iterator[Row]:
        for number in range(self.size.speakers):
            name = self._name(number)
            yield {"id": number + 1, "name": name, "kind": "person", "key": f"{name.casefold()} {number}"}

    def _statements(self) -> Iterator[Row]:
        for version, sentences in enumerate(self.sentences, 1):
            for position, (start, end, words) in enumerate(sentences):
                # a few speak often, most seldom
                speaker = min(int(self.chance.paretovariate(0.6)), self.size.speakers)
                yield {
                    "id": _id(version, position),
                    "version_id": version,
                    "extractor": EXTRACTOR,
                    "position": position,
                    "kind": "indirect",
                    "speaker_id": speaker,
                    "speaker_name": self._name(speaker - 1),
                    "speaker_aliases": [],
                    "speaker_reason": None,
                    "source": None,
                    "cue": None,
                    "cue_class": "speech",
                    "content": [[start, end]],
                    "text": words,
                    "start_char": start,
                    "end_char": end,
                    "claim": words,
                    "claim_hash": _hash(words),
                    "confidence": 0.8,
                    "nested_in": None,
                    "run_id": 1,
                }

    def _story_articles(self) -> Iterator[Row]:
        for article in range(1, self.size.articles + 1):
            story = min((article - 1) // PER_STORY, self.size.stories - 1) + 1
            yield {"article_id": article, "story_id": story, "likeness": 0.6, "shared": [], "run_id": 1}

    def _wire_members(self) -> Iterator[Row]:
        """The first paragraph of a story's first article stands in its second one too."""
        for story in range(self.size.stories):
            for version in (story * PER_STORY + 1, story * PER_STORY + 2):
                if version <= self.size.articles:
                    yield {"version_id": version, "position": 0, "cluster_id": story + 1, "containment": 0.9}

    def _pairs(self) -> Iterator[Row]:
        known: set[tuple[str, str]] = set()
        while len(known) < self.size.verdicts:
            first = self.chance.randrange(self.size.stories) * PER_STORY + 1
            last = min(first + PER_STORY - 1, self.size.articles)
            one, other = (self.chance.randint(first, last) for _ in range(2))
            ids = sorted(_id(version, self.chance.randrange(PER_ARTICLE)) for version in (one, other))
            if one == other or (key := (ids[0], ids[1])) in known:
                continue
            known.add(key)
            row = {"id": len(known), "a_id": key[0], "b_id": key[1], "gates_version": GATES, "similarity": 0.7}
            yield row | {"gates": [{"name": "subject", "detail": "bench"}], "run_id": 1}

    def _verdicts(self, pairs: list[Row]) -> Iterator[Row]:
        stances, weights = [stance for stance, _ in STANCES], [weight for _, weight in STANCES]
        for pair, stance in zip(pairs, self.chance.choices(stances, weights, k=len(pairs)), strict=True):
            kind = self.chance.choice(KINDS[stance]) if stance in KINDS else None
            scores = {name: 0.7 if name == stance else 0.15 for name in ("agree", "conflict", "neutral")}
            yield {
                "id": pair["id"],
                "pair_id": pair["id"],
                "policy_version": POLICY,
                "stance": stance,
                "kind": kind,
                "confidence": round(self.chance.uniform(0.3, 0.99), 4),
                **scores,
                **_probabilities(),
                "reasons": [f"“{self._said(3)}” beside “{self._said(3)}”."],
                "reason_code": None,
                "deciding": None,
                "nli_model": "bench",
                "nli_revision": "1",
                "is_current": True,
                "decided_at": START + timedelta(minutes=pair["id"]),
                "run_id": 1,
            }

    def _judgements(self, pairs: list[Row]) -> Iterator[Row]:
        for number, pair in enumerate(pairs[::10]):
            at = START + timedelta(days=number % 60)
            stance = self.chance.choice(("conflict", "agree", "neutral", "undecided"))
            row = {"pair_id": pair["id"], "stance": stance, "kind": None, "reviewer": self.chance.choice(REVIEWERS)}
            yield row | {"decided_at": at, "comment": None, "entered_at": at, "superseded_at": None}


def _probabilities() -> Mapping[str, float]:
    ways = ("a_to_b", "b_to_a")
    return {f"{way}_{name}": 1 / 3 for way in ways for name in ("entailment", "neutral", "contradiction")}


def outlet_name(number: int) -> str:
    """The name of an outlet by its id."""
    return f"The {_word(number).title()} Post"


def _word(number: int) -> str:
    """A word that can be read: consonants and vowels in turn, the frequent ones short."""
    consonants, vowels = "bdfgklmnprstvz", "aeiou"
    letters, left = "", number + 1
    while left or len(letters) < 3:
        left, rest = divmod(left, len(consonants) * len(vowels))
        letters += consonants[rest // len(vowels)] + vowels[rest % len(vowels)]
    return letters


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _id(version: int, position: int) -> str:
    return _hash(f"{version}/{position}")[:16]
