"""`python -m bench.kills --count 200`: kill runs at random points and see that nothing is lost, doubled or changed.

A run is a process over the real store, reader and rules with deterministic stand-ins for the models: the whole job, then
reviews (judgements, undone ones, comments). It is killed with SIGKILL at a random statement to the database or a random commit
of a stage, before it or after it, and started again to die in the same stage or the next one, until it ends by itself. Then
the database must say the same as after an undisturbed run, and keep all its rules.
"""

from __future__ import annotations

import argparse
import mmap
import os
import random
import signal
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, event, func, select

from bench.databases import databases
from db.checking import examine
from db.desk_tables import AuditLog
from db.engine import open_engine
from db.reviews import Reviews, history
from db.tables import Pairs
from models.fakes import FakeBoth
from tests.dumps import dump
from tests.services import SAMPLES, services
from verifier import grouping, pipeline
from verifier.verdicts import Judgement, Stance

STAGES = ("ingest", "extract", "embed", "copies", "stories", "pair", "judge", "review")
REVIEWED = 6
REVIEWER = "bench"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COUNTERS = struct.Struct(f"<{len(STAGES) + 1}q")
"""The stage's number, then the points passed in each stage, in memory that the parent reads after the child is dead."""


class Clock:
    """Counts the points at which a process may die, and dies at one of them."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, COUNTERS.size)
        self._target: tuple[int, int] | None = None

    def start(self, stage: str | None = None, last: int = 0) -> None:
        """From now on; dies at this point of the stage if there is one."""
        self._target = None if stage is None else (STAGES.index(stage), last)
        self._memory[:] = COUNTERS.pack(*[0] * (len(STAGES) + 1))

    def tick(self, *_: object) -> None:
        """One point."""
        stage, *points = COUNTERS.unpack(self._memory[:])
        points[stage] += 1
        self._memory[:] = COUNTERS.pack(stage, *points)
        if (stage, points[stage]) == self._target:
            os.kill(os.getpid(), signal.SIGKILL)

    def enter(self, stage: str) -> None:
        """What is being done."""
        _, *points = COUNTERS.unpack(self._memory[:])
        self._memory[:] = COUNTERS.pack(STAGES.index(stage), *points)

    @property
    def points(self) -> dict[str, int]:
        """By stage."""
        return dict(zip(STAGES, COUNTERS.unpack(self._memory[:])[1:], strict=True))


@dataclass
class Outcome:
    """What a series of kills came to."""

    kills: Counter[str] = field(default_factory=Counter)
    lives: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(self.kills.values())


def job(url: str, articles: Sequence[str], clock: Clock) -> None:
    """The whole job and the reviews, from wherever the database stands."""
    pipeline.NLI_BATCH = pipeline.PAIR_BATCH = pipeline.EMBED_BATCH = 32
    pipeline.EXTRACT_BATCH, grouping.STORY_BATCH = 2, 5
    event.listen(Engine, "before_cursor_execute", clock.tick)
    event.listen(Engine, "commit", clock.tick)

    def progress(stage: str) -> pipeline.Progress:
        clock.enter(stage)
        return pipeline.silent

    found = services(url)
    pipeline.run(replace(found, readers=replace(found.readers, quick=FakeBoth())), articles, progress)
    clock.enter("review")
    review(url)


def review(url: str) -> None:
    """Judge, change one's mind, take it back and comment on some pairs; the audit log says how far it got."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            pairs = (
                connection.execute(select(Pairs.id).order_by(Pairs.a_id, Pairs.b_id).limit(REVIEWED)).scalars().all()
            )
            done = int(connection.execute(select(func.count()).select_from(AuditLog)).scalar_one())
        for act in list(_reviews(engine, pairs))[done:]:
            act()
    finally:
        engine.dispose()


def _reviews(engine: Engine, pairs: Sequence[int]) -> Iterator[Callable[[], Any]]:
    reviews = Reviews(engine)

    def judge(pair: int, stance: Stance) -> None:
        with engine.connect() as connection:
            held = next((past.id for past in history(connection, pair) if past.superseded_at is None), 0)
        reviews.judge(pair, Judgement(stance, None, REVIEWER, NOON), held)

    for pair in pairs:
        yield lambda pair=pair: judge(pair, Stance.CONFLICT)  # type: ignore[misc]
        yield lambda pair=pair: judge(pair, Stance.AGREE)  # type: ignore[misc]
        yield lambda: reviews.undo(REVIEWER)
        yield lambda pair=pair: reviews.comment(pair, REVIEWER, "seen")  # type: ignore[misc]


def said(url: str) -> dict[str, list[str]]:
    """All that the database says, with what people did in place of the rows that carry numbers."""
    found = dump(url)
    for name in ("judgements", "undos", "audit_log"):
        del found[name]
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            pairs = connection.execute(select(Pairs.id).order_by(Pairs.a_id, Pairs.b_id)).scalars().all()
            found["history"] = [
                repr([(p.judgement.stance, p.superseded_at is None, p.undone, p.restored) for p in past])
                for past in (history(connection, pair) for pair in pairs)
            ]
            log = connection.execute(select(AuditLog.actor, AuditLog.action).order_by(AuditLog.id))
            found["log"] = [f"{actor} {action}" for actor, action in log]
    finally:
        engine.dispose()
    return found


def forked(body: Callable[[], None]) -> int:
    """Run in a child; the signal that killed it, or 0. A child that fails otherwise is an error here."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            body()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError("a run failed by itself; see above")
    return 0


def quiet(line: str) -> None:
    """For who wants no progress."""


def kill_runs(
    fresh: Callable[[], str], articles: Sequence[str], count: int, seed: int, say: Callable[[str], None] = quiet
) -> Outcome:
    """Kill `count` times, over as many databases as it takes."""
    chance, clock, outcome = random.Random(seed), Clock(), Outcome()
    clock.start()
    url = fresh()
    forked(lambda: job(url, articles, clock))
    points, expected = clock.points, said(url)
    while outcome.count < count:
        url = fresh()
        for stage, at in _deaths(chance, points, count - outcome.count):
            clock.start(stage, at)
            if not forked(lambda: job(url, articles, clock)):  # noqa: B023
                break
            outcome.kills[stage] += 1
        else:
            clock.start()
            forked(lambda: job(url, articles, clock))  # noqa: B023
        outcome.lives += 1
        outcome.problems += _problems(url, expected)
        say(f"{outcome.count} of {count} kills, {outcome.lives} databases, {len(outcome.problems)} problems")
    return outcome


def _deaths(chance: random.Random, points: dict[str, int], most: int) -> Iterator[tuple[str, int]]:
    """Where the lives of one database end: about twice in each stage, the later ones further on in its work."""
    stages = [stage for stage in STAGES if points[stage]]
    at = 0
    for _ in range(most):
        at += chance.randint(0, 1)
        if at == len(stages):
            return
        yield stages[at], chance.randint(1, max(1, points[stages[at]] // 3))


def _problems(url: str, expected: dict[str, list[str]]) -> list[str]:
    found = said(url)
    differing = [name for name in expected if found[name] != expected[name]]
    broken = [str(finding) for finding in examine(url) if finding.broken]
    return [*(f"{url}: {name} differs" for name in differing), *broken]


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Kill, compare, say what was found; 1 if anything differed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own; default: SQLite")
    parser.add_argument("--articles", default="*", metavar="GLOB", help="which of the sample articles; default: all")
    chosen = parser.parse_args()
    articles = sorted(map(str, SAMPLES.glob(chosen.articles)))
    began = time.monotonic()
    with databases(chosen.postgres) as fresh:
        outcome = kill_runs(fresh, articles, chosen.count, chosen.seed, _progress)
    stages = ", ".join(f"{outcome.kills[stage]} in {stage}" for stage in STAGES if outcome.kills[stage])
    print(f"{outcome.count} kills ({stages}) over {outcome.lives} databases in {time.monotonic() - began:.0f} s")
    print("\n".join(outcome.problems) or "nothing lost, nothing doubled, verdicts equal to an undisturbed run")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
