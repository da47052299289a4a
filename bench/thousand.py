"""`python -m bench.thousand --texts FILE…`: a thousand articles end to end on each store and on Dask workers, compared.

Each run is the command `crossquote run` itself with the packaged models, in a process of its own over a new database.
What the databases then say (statements, pairs, verdicts, stories, copies) is compared by content with the first one.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.databases import databases
from db.engine import open_engine
from models.training.corpus import lines_of

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-c", "from crossquote.cli import main; main()", "run", "--json"]
STAGES = ("ingest", "extract", "embed", "copies", "stories", "pair", "judge", "publish")
NEAR = 0.005
"""By how much a confidence may differ: matrix products of other shapes round otherwise."""
SAMPLE_SECONDS = 1.0
SHOWN = 5
"""Differences that are printed of each run."""
_NAME = re.compile(r"(?P<outlet>[^_/]+)_(?P<date>\d{4}-\d\d-\d\d)_(?P<title>.+)")
_NUMBER = re.compile(r"\d+")

Said = Mapping[str, Mapping[tuple[Any, ...], tuple[Any, ...]]]
"""By table: what a row is of, to what it says."""

QUERIES = {
    "statements": "SELECT s.id, a.url, s.kind, s.speaker_name, s.start_char, s.end_char, s.claim, s.nested_in FROM statements s "
    "JOIN article_versions v ON v.id = s.version_id JOIN articles a ON a.id = v.article_id",
    "pairs": "SELECT a_id, b_id, similarity FROM pairs",
    "verdicts": "SELECT p.a_id, p.b_id, v.stance, v.kind, v.reason_code, v.reasons, v.confidence "
    "FROM verdicts v JOIN pairs p ON p.id = v.pair_id WHERE v.is_current",
    "stories": "SELECT a.url, '', f.url FROM story_articles m JOIN articles a ON a.id = m.article_id "
    "JOIN stories s ON s.id = m.story_id JOIN articles f ON f.id = s.founder_id",
    "copies": "SELECT a.url, m.position, f.url, c.first_position FROM wire_members m JOIN article_versions v ON v.id = m.version_id "
    "JOIN articles a ON a.id = v.article_id JOIN wire_clusters c ON c.id = m.cluster_id "
    "JOIN article_versions w ON w.id = c.first_version_id JOIN articles f ON f.id = w.article_id",
}
"""The first two columns are the key."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: on which store, with how many workers (0: none)."""

    store: str
    workers: int

    def __str__(self) -> str:
        helped = f", {self.workers} Dask worker{'s' if self.workers > 1 else ''}" if self.workers else ""
        return f"{self.store}{helped}"


@dataclass(slots=True)
class Outcome:
    """What a run took and came to; memory in bytes, of all its processes together at their highest."""

    plan: Plan
    seconds: float
    summary: dict[str, Any]
    stages: dict[str, float]
    memory: int
    said: Said
    sizes: dict[str, int]
    differences: list[str] = field(default_factory=list)
    furthest: float = 0.0


def articles(files: Sequence[Path], count: int) -> Iterator[dict[str, Any]]:
    """So many articles of the texts; after the last one they come again, changed, a day later and elsewhere."""
    texts = [json.loads(line) for file in files for _, line in lines_of(file)]
    for number, row in enumerate(islice(cycle(texts), count)):
        found = _NAME.fullmatch(row["id"])
        outlet, date, title = found.groups() if found else ("paper", "2016-01-01", row["id"])
        again = number // len(texts)
        day = datetime.fromisoformat(date) + timedelta(days=again)
        yield {
            "url": f"https://{outlet}.example/{again}/{row['id']}",
            "outlet": f"{outlet} {again}" if again else outlet,
            "title": title.replace("-", " "),
            "published_at": day.date().isoformat(),
            "text": changed(row["text"]) if again else row["text"],
        }


def changed(words: str) -> str:
    """The text with other figures, and every third of its paragraphs left out."""
    lines = _NUMBER.sub(lambda found: str(int(found[0]) + 1), words).split("\n\n")
    return "\n\n".join(line for number, line in enumerate(lines) if number % 3 != 2)


def carry_out(plan: Plan, url: str, file: Path, home: Path, options: argparse.Namespace) -> Outcome:
    """The command, watched from outside; Prefect's server with this home, whose address the environment has, is there."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CROSSQUOTE_")}
    environ |= {
        "CROSSQUOTE_DB": url,
        "CROSSQUOTE_RUNNER": f"dask:{plan.workers}" if plan.workers else "local",
        "CROSSQUOTE_GATES__MIN_SIMILARITY": str(options.similarity),
        "OMP_NUM_THREADS": str(options.threads),
    }
    began = time.time()
    with subprocess.Popen([*COMMAND, str(file)], cwd=ROOT, env=environ, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own
        memory = watched(process)
        output = process.stdout.read() if process.stdout else b""
    seconds = time.time() - began
    if process.returncode:
        raise SystemExit(f"{plan}: the run failed with exit code {process.returncode}")
    return Outcome(
        plan, seconds, json.loads(output), stages_of(home / "prefect.db", began), memory, said(url), sizes(url)
    )


@contextmanager
def server(home: Path) -> Iterator[None]:
    """Prefect's server for all runs, named in the environment; it may take long to start on a busy machine."""
    os.environ |= {"DO_NOT_TRACK": "1", "PREFECT_HOME": str(home)}
    os.environ.pop("PREFECT_API_URL", None)
    from flows import api

    api.START_SECONDS = 900.0
    with api.own_server(home) as url:
        os.environ["PREFECT_API_URL"] = url
        yield


def watched(process: subprocess.Popen[bytes]) -> int:
    """Wait; the most memory that the process and all below it held at one time, shared pages counted once."""
    most = 0
    while process.poll() is None:
        most = max(most, sum(held(one) for one in below(process.pid)))
        time.sleep(SAMPLE_SECONDS)
    return most


def below(pid: int) -> Iterator[int]:
    """The process and its descendants."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = task.read_text()
        except OSError:  # ended meanwhile
            continue
        for child in found.split():
            yield from below(int(child))


def held(pid: int) -> int:
    """Bytes of memory (PSS) of a process; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def stages_of(file: Path, began: float) -> dict[str, float]:
    """Seconds by stage, from when Prefect noted the end of the one before it; `start` is what came before all."""
    query = "SELECT name, start_time, end_time FROM task_run WHERE end_time IS NOT NULL"
    with closing(sqlite3.connect(file)) as connection:
        rows = [(name, _at(start), _at(end)) for name, start, end in connection.execute(query)]
    found = [
        (name.rpartition("-")[0].split()[0], *times) for name, *times in rows if "part" not in name and times[0] > began
    ]
    last = {stage: max(end for name, _, end in found if name == stage) for stage in STAGES}
    first = min(start for _, start, _ in found)
    ends = [first, *(last[stage] for stage in STAGES)]
    return {"start": first - began} | {
        stage: end - before for stage, (before, end) in zip(STAGES, pairwise(ends), strict=True)
    }


def _at(written: str) -> float:
    return datetime.fromisoformat(f"{written.rstrip('Z').partition('+')[0]}+00:00").timestamp()


def said(url: str) -> Said:
    """What a database says, by content."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return {
                name: {tuple(row[:2]): tuple(map(_plain, row[2:])) for row in connection.execute(text(query))}
                for name, query in QUERIES.items()
            }
    finally:
        engine.dispose()


def _plain(value: Any) -> Any:
    """JSON comes as text from SQLite and as values from PostgreSQL; numbers come in several types."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith("["):
        with suppress(ValueError):  # a claim may begin with a bracket too
            return json.dumps(json.loads(value), ensure_ascii=False)
    return value if isinstance(value, str | None) else float(value)


def compare(first: Said, other: Said) -> tuple[list[str], float]:
    """A line for each row that differs or is missing on a side; and by how much confidences of equal verdicts do."""
    differences, furthest = [], 0.0
    for name, rows in first.items():
        for key in sorted(rows.keys() | other[name].keys()):
            one, found = rows.get(key), other[name].get(key)
            near, gap = (False, 0.0) if one is None or found is None else _near(one, found)
            furthest = max(furthest, gap if near else 0.0)
            if not near:
                differences.append(f"{name} {key}: {one} beside {found}")
    return differences, furthest


def _near(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[bool, float]:
    """Whether all is the same, but for small gaps between numbers with a fraction; and the largest of those."""
    gaps = [abs(x - y) for x, y in zip(one, other, strict=True) if isinstance(x, float) and isinstance(y, float)]
    words = [x == y for x, y in zip(one, other, strict=True) if not (isinstance(x, float) and isinstance(y, float))]
    furthest = max(gaps, default=0.0)
    return all(words) and furthest <= NEAR, furthest


def sizes(url: str) -> dict[str, int]:
    """Bytes of each table with its indexes, the largest first; rows that are dead are not taken out."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                query = (
                    "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat s "
                    "LEFT JOIN sqlite_master m ON m.name = s.name GROUP BY 1"
                )
            else:
                query = (
                    "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' "
                    "AND relnamespace IN ('public'::regnamespace, 'search'::regnamespace)"
                )
            found = {str(name): int(size) for name, size in connection.execute(text(query))}
    finally:
        engine.dispose()
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def report(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Tables in Markdown."""
    columns = ("start", *STAGES)
    yield "| run | " + " | ".join(columns) + " | all, s | memory, GB |"
    yield "|---" + "|---:" * (len(columns) + 2) + "|"
    for one in outcomes:
        cells = " | ".join(f"{one.stages[name]:.0f}" for name in columns)
        yield f"| {one.plan} | {cells} | {one.seconds:.0f} | {one.memory / 1e9:.2f} |"
    yield ""
    yield "| run | articles | " + " | ".join(QUERIES) + " | differ from the first | confidences by at most |"
    yield "|---" + "|---:" * (len(QUERIES) + 3) + "|"
    for one in outcomes:
        counts = " | ".join(str(len(one.said[name])) for name in QUERIES)
        yield f"| {one.plan} | {one.summary['articles']} | {counts} | {len(one.differences)} | {one.furthest:.5f} |"
    yield from size_lines(outcomes)


def size_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Bytes by table on each store, and by statement."""
    for one in {one.plan.store: one for one in reversed(outcomes)}.values():
        count, whole = len(one.said["statements"]), sum(one.sizes.values())
        largest = ", ".join(f"{name} {size / 1e6:.1f}" for name, size in islice(one.sizes.items(), 12))
        yield f"\n{one.plan.store}: {whole / 1e6:.0f} MB, {whole / max(1, count):.0f} bytes a statement; MB by table: {largest}"


def plans(stores: Sequence[str], workers: Sequence[int]) -> list[Plan]:
    """Every store with the first number of workers, the first store with the others."""
    return [*(Plan(store, workers[0]) for store in stores), *(Plan(stores[0], number) for number in workers[1:])]


def main() -> int:
    """Run, compare, print; 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--texts", type=Path, nargs="+", required=True, help="files in PolNeAR's form (.jsonl, .jsonl.gz)"
    )
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--stores", default="sqlite,postgresql", help="the first is what the others are compared with")
    parser.add_argument("--workers", default="0,1,2", help="numbers of Dask workers; 0 is the run's own process alone")
    parser.add_argument(
        "--similarity", type=float, default=0.6, help="gates.min_similarity: 0.30 judges ten times as many"
    )
    parser.add_argument("--threads", type=int, default=1, help="of each process")
    options = parser.parse_args()
    stores = options.stores.split(",")
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        file = folder / "articles.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in articles(options.texts, options.articles)), "utf-8")
        stack.enter_context(server(folder / "prefect"))
        fresh = {store: stack.enter_context(databases(store == "postgresql")) for store in stores}
        for plan in plans(stores, [int(one) for one in options.workers.split(",")]):
            found = carry_out(plan, fresh[plan.store](), file, folder / "prefect", options)
            found.differences, found.furthest = compare((outcomes or [found])[0].said, found.said)
            outcomes.append(found)
            told = f"{plan}: {found.seconds:.0f} s, {len(found.differences)} differences"
            print("\n".join([told, *found.differences[:SHOWN]]), file=sys.stderr, flush=True)
    print("\n".join(report(outcomes)))
    return 1 if any(one.differences for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
