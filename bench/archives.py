"""`python -m bench.archives`: what one more article costs beside archives of several sizes, and what HNSW misses.

The archive is made up: statements of many subjects, with vectors around the subjects' own, so many a day up to the day of the
new articles, and each has a judged pair. Models are left out (their cost does not depend on the archive); all else is the real
job. Times are the processor's, of this process and of the database's server.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, func, insert, select

from bench.databases import own_server
from bench.measuring import Measured
from crossquote.sources import SourceReader
from db import search_postgres
from db.engine import open_engine
from db.mapping import verdict_row
from db.migrate import upgrade
from db.store import SqlStore
from db.tables import Pairs, Verdicts
from models.calibration import CALIBRATION, read_calibration
from models.embedder import SentenceEmbedder
from models.fakes import FakeNli
from models.training.attributions import read_labelled
from verifier import pipeline
from verifier.extraction import RuleExtractor
from verifier.pairing import Pairing
from verifier.pipeline import Services, StageReport
from verifier.policy import Policy
from verifier.ports import Embedder, Reach, Space, Vectors
from verifier.reading import Reader, Readers
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Article
from verifier.verdicts import BothWays, NliProbabilities, Scores, Stance, Verdict

SUBJECTS = 300
SPEAKERS = 400
SENTENCES = 20
NEARNESS = 0.75
LAST_DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
SIZES = (1_000, 10_000, 100_000)
A_DAY = 1_000
STORES = ("SQLite", "PostgreSQL")
GROWTH = 2.0
"""How many times longer one more article may take beside the largest archive than beside the smallest."""
RECALL = 0.98
"""Of the ten nearest statements, the share that the index shall find."""
ADDED = 3
EARLIER = 3
"""Articles on the subjects of each new one, of the day before: every archive has the same to say to it, whatever its size."""
STAGES: tuple[Callable[[Services, int], object], ...] = (
    pipeline.extract,
    pipeline.embed,
    pipeline.copies,
    pipeline.stories,
    pipeline.pair,
    pipeline.judge,
    pipeline.publish,
)
Clock = Callable[[], float]
WORDS = "road water price school budget winter border permit report inquiry harvest ferry signal tender ballot".split()


class SubjectEmbedder:
    """Unit vectors of 384 dimensions around the vector of the first subject that a text names."""

    model_id = "subjects"
    revision = "1"
    dimensions = 384

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimensions)."""
        made = np.stack([NEARNESS * _direction(_subject(text)) + _direction(text) * 0.66 for text in texts])
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def _direction(text: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    found = np.random.default_rng(seed).standard_normal(SubjectEmbedder.dimensions).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found), dtype=np.float32)


def _subject(text: str) -> str:
    return next((word for word in text.replace(".", " ").split() if word.startswith("Subject")), text)


def made_up(number: int, day: datetime, about: Sequence[int] = ()) -> Article:
    """An article of `SENTENCES` attributed statements on two subjects, two of the archive's own where none are given."""
    rng = np.random.default_rng(number)
    subjects = about or rng.integers(0, SUBJECTS, 2).tolist()
    lines = []
    for _ in range(SENTENCES):
        words = " ".join(rng.choice(WORDS, 6))
        speaker = f"Minister Speaker{_letters(int(rng.integers(SPEAKERS)))}"
        told = f"the {words} of Subject{_letters(int(rng.choice(subjects)))} would cost {rng.integers(10_000)} coins"
        lines.append(f"{speaker} said {told}.")
    text = "\n\n".join(lines)
    url = f"https://paper{number % 25}.example/{number}"
    return Article(
        url, text, outlet=f"Paper {number % 25}", published_at=day, language="en", paragraphs=paragraphs_of(text)
    )


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(number))


def services(url: str, embedder: Embedder) -> Services:
    """The real job, but for the models."""
    upgrade(url)
    nli = FakeNli()
    return Services(
        unit_of_work=SqlStore(open_engine(url)).unit_of_work,
        reader=SourceReader(),
        extractor=RuleExtractor(),
        embedder=embedder,
        readers=Readers(Reader(nli)),
        pairing=Pairing(embedding=f"{embedder.model_id}@{embedder.revision}"),
        policy=Policy(read_calibration(CALIBRATION), nli.model_id, nli.revision),
        profile="bench",
    )


def space_of(made: Services) -> Space:
    return Space(made.extractor.version, made.embedder.model_id, made.embedder.revision)


def add(made: Services, run_id: int, articles: Sequence[Article]) -> None:
    """Store articles, as `ingest` does."""
    with made.unit_of_work() as work:
        for article in articles:
            work.add_article(run_id, article)
        work.commit()


def grow(made: Services, engine: Engine, statements: int, so_far: int, a_day: int) -> int:
    """Bring the archive to so many statements, all looked at, with a judged pair each. Returns the articles."""
    run_id = pipeline.start(made, [])
    count = -(-statements // SENTENCES)
    day = [LAST_DAY - timedelta(days=SENTENCES * (count - number) / a_day) for number in range(so_far, count)]
    add(made, run_id, [made_up(number, at) for number, at in zip(range(so_far, count), day, strict=True)])
    for stage in (pipeline.extract, pipeline.embed, pipeline.copies, pipeline.stories):
        stage(made, run_id)
    with made.unit_of_work() as work:
        waiting = work.statements_to_pair(made.extractor.version, made.pairing.version)
        work.index_statements(space_of(made), waiting)
        work.add_pairs(run_id, made.pairing.version, waiting, [])
        work.commit()
    judge_made_up(engine, run_id, made.policy.version, waiting)
    pipeline.publish(made, run_id)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return count


def judge_made_up(engine: Engine, run_id: int, policy: str, ids: Sequence[str]) -> None:
    """A pair of each statement with another one, and a verdict on it: every fifth agrees, every fifth conflicts."""
    stances = (Stance.AGREE, Stance.CONFLICT, *[Stance.NEUTRAL] * 3)
    third = NliProbabilities(1 / 3, 1 / 3, 1 / 3)
    told = (Scores(1 / 3, 1 / 3, 1 / 3), BothWays(third, third), ("made up",), None, policy, "fake", "1")
    with engine.begin() as connection:
        first = connection.execute(select(func.coalesce(func.max(Pairs.id), 0))).scalar_one() + 1
        others = np.random.default_rng(len(ids)).permutation(len(ids))
        sides = [(*sorted((one, ids[other])),) for one, other in zip(ids, others, strict=True) if one != ids[other]]
        pairs: list[dict[str, Any]] = [
            {"id": first + at, "a_id": a, "b_id": b, "gates_version": "bench", "similarity": 0.5, "gates": []}
            for at, (a, b) in enumerate(sorted(set(sides)))
        ]
        connection.execute(insert(Pairs), [one | {"run_id": run_id} for one in pairs])
        verdicts = [
            {"pair_id": one["id"], "is_current": True, "run_id": run_id, "decided_at": LAST_DAY}
            | verdict_row(Verdict(stances[one["id"] % 5], None, 0.5, *told))
            for one in pairs
        ]
        connection.execute(insert(Verdicts), verdicts)
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SELECT setval('pairs_id_seq', (SELECT max(id) FROM pairs))")


def looked_at(made: Services, articles: Sequence[Article], clock: Clock) -> tuple[dict[str, float], int]:
    """Seconds a stage for new articles in a run of their own, and how many pairs it judged."""
    run_id = pipeline.start(made, [])
    add(made, run_id, articles)
    taken, judged = {}, 0
    for stage in STAGES:
        began = clock()
        report = stage(made, run_id)
        taken[stage.__name__] = clock() - began
        judged += report.seen if isinstance(report, StageReport) and report.stage == "judge" else 0
    return taken, judged


def one_more(made: Services, number: int, clock: Clock) -> tuple[dict[str, float], int]:
    """What one new article takes, the earlier ones on its subjects being there already."""
    about, first = (SUBJECTS + 2 * number, SUBJECTS + 2 * number + 1), 10**6 + (EARLIER + 1) * number
    before = [made_up(first + 1 + one, LAST_DAY - timedelta(days=1), about) for one in range(EARLIER)]
    looked_at(made, before, clock)
    return looked_at(made, [made_up(first, LAST_DAY, about)], clock)


def additions(url: str, sizes: Sequence[int], a_day: int, clock: Clock) -> Iterator[tuple[int, dict[str, float], int]]:
    """For each size the seconds by stage, the best of several new articles, and the pairs that each judged on average."""
    made, engine = services(url, SubjectEmbedder()), open_engine(url)
    articles = added = 0
    for size in sizes:
        articles = grow(made, engine, size, articles, a_day)
        one_more(made, added, clock)  # the first one meets cold caches
        rounds = [one_more(made, added + 1 + number, clock) for number in range(ADDED)]
        added += 1 + ADDED
        fastest = {name: min(taken[name] for taken, _ in rounds) for name in rounds[0][0]}
        yield size, fastest, round(sum(pairs for _, pairs in rounds) / ADDED)
    engine.dispose()


def processor(server: int | None = None) -> float:
    """Seconds of the processor that this process and a database's server have used: other work does not change them.

    A server's own counts include those of its processes that have ended, as those of autovacuum do.
    """
    used = time.process_time()
    if server is not None:
        for place in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parts = place.read_text().rpartition(")")[2].split()
                own = int(place.parent.name) == server
                if own or int(parts[1]) == server:
                    used += sum(map(int, parts[11:15] if own else parts[11:13])) / os.sysconf("SC_CLK_TCK")
    return used


def clock_of(kind: str, server: int) -> Clock:
    """What counts the processor's time of one of `STORES`."""
    return partial(processor, server if kind == "PostgreSQL" else None)


def rows(sizes: Sequence[int] = SIZES, a_day: int = A_DAY) -> Iterator[Measured]:
    """On each database one more article beside the largest archive, the smallest being the baseline, as lines of the table."""
    with databases() as (urls, server):
        for kind in STORES:
            taken = [sum(one.values()) for _, one, _ in additions(urls[kind], sizes, a_day, clock_of(kind, server))]
            name = f"one more article beside {sizes[-1]:,} statements, {kind}"
            yield Measured(name, "articles/s", 1 / taken[-1], f"beside {sizes[0]:,}", 1 / taken[0], 1 / GROWTH)


def recall_of(texts: Path) -> tuple[int, float]:
    """`recall` in a database of its own."""
    with databases() as (urls, _):
        return recall(urls["recall"], texts)


def recall(url: str, texts: Path, most: int = 10) -> tuple[int, float]:
    """(statements, recall at 10) of the HNSW index over the statements of real texts, beside an exact search."""
    made = services(url, SentenceEmbedder())
    run_id = pipeline.start(made, [])
    found = [Article(f"https://a.example/{one.id}", one.text, published_at=LAST_DAY) for one in read_labelled(texts)]
    add(made, run_id, found)
    pipeline.extract(made, run_id)
    pipeline.embed(made, run_id)
    reach = Reach(most, 0.0, 14, 14)
    with made.unit_of_work() as work:
        ids = work.statements_to_pair(made.extractor.version, made.pairing.version)
        work.index_statements(space_of(made), ids)
        work.commit()
        exact = work.nearest(space_of(made), ids, reach)
        kept = search_postgres.EXACT_ROWS, search_postgres.WALK
        search_postgres.EXACT_ROWS, search_postgres.WALK = 0, 0  # type: ignore[misc]
        try:
            walked = work.nearest(space_of(made), ids, reach)
        finally:
            search_postgres.EXACT_ROWS, search_postgres.WALK = kept  # type: ignore[misc]
    hits = sum(len({*exact[one].ids} & {*walked[one].ids}) for one in ids)
    return len(ids), hits / sum(len(exact[one].ids) for one in ids)


@contextmanager
def databases() -> Iterator[tuple[dict[str, str], int]]:
    """A SQLite file and two PostgreSQL databases, for as long as they are measured, and the server's process."""
    folder = Path(tempfile.mkdtemp(prefix="cq-"))
    try:
        with own_server(folder / "data") as own:
            for name in ("archive", "recall"):
                own.psql(f"CREATE DATABASE {name};")
            at = {name: own.get_uri().replace("/postgres?", f"/{name}?") for name in ("archive", "recall")}
            server_id = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
            yield (
                {"SQLite": f"sqlite:///{folder / 'archive.db'}", "PostgreSQL": at["archive"], "recall": at["recall"]},
                server_id,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="statements")
    parser.add_argument("--a-day", type=int, default=A_DAY, help="statements published a day")
    parser.add_argument("--texts", type=Path, help="measure the recall on these (PolNeAR's form)")
    parser.add_argument("--only", choices=STORES, help="one database")
    arguments = parser.parse_args()
    with databases() as (urls, server):
        for kind in [one for one in STORES if arguments.only in (None, one)]:
            print(
                f"\n| {kind}: statements | "
                + " | ".join(one.__name__ for one in STAGES)
                + " | all, ms | ratio | pairs |"
            )
            print("|---:" * (len(STAGES) + 4) + "|")
            first = None
            for size, taken, pairs in additions(urls[kind], arguments.sizes, arguments.a_day, clock_of(kind, server)):
                whole = sum(taken.values())
                first = first or whole
                cells = " | ".join(f"{1000 * seconds:.0f}" for seconds in taken.values())
                print(f"| {size} | {cells} | {1000 * whole:.0f} | {whole / first:.2f} | {pairs} |", flush=True)
        if arguments.texts:
            count, found = recall(urls["recall"], arguments.texts)
            print(f"\nrecall@10 of HNSW over {count} statements: {found:.4f}")


if __name__ == "__main__":
    main()
