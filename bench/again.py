"""`python -m bench.again`: a second run without news against the first, with the real models, in one process."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.measuring import Measured
from crossquote.bootstrap import open_services
from verifier import pipeline
from verifier.ports import RunSummary
from verifier.reading import Reader, Readers

FASTER = 50.0
"""How many times faster than the first a run without news shall be."""
SAMPLES = Path(__file__).parents[1] / "samples" / "articles"
CALLS = frozenset(("extract", "extract_all", "embed", "score", "stances"))


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what it added, wall and processor's seconds, and how often a model was asked."""

    summary: RunSummary
    wall: float
    processor: float
    calls: int


class Watched:
    """A model that counts how often it is asked."""

    def __init__(self, model: Any, calls: Counter[str]) -> None:
        self._model = model
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        self._calls[name] += name in CALLS
        return getattr(self._model, name)


def measured(url: str, locations: list[str]) -> Run:
    """A run from the opening of the database to its end."""
    calls: Counter[str] = Counter()
    wall, processor = time.perf_counter(), time.process_time()
    services = open_services(url)
    (nli, stances), quick = services.readers.deciding, services.readers.quick
    watched = replace(
        services,
        extractor=Watched(services.extractor, calls),
        embedder=Watched(services.embedder, calls),
        readers=Readers(
            Reader(Watched(nli, calls), stances and Watched(stances, calls)), quick and Watched(quick, calls)
        ),
    )
    summary = pipeline.run(watched, locations, lambda _: pipeline.silent)
    return Run(summary, time.perf_counter() - wall, time.process_time() - processor, sum(calls.values()))


def both(locations: list[str]) -> list[Run]:
    """The first run and one without news; RuntimeError where the second asks a model."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [measured(f"sqlite:///{folder}/again.db", locations) for _ in range(2)]
    if runs[1].calls:
        raise RuntimeError("a run without news asked a model")
    return runs


def row() -> Measured:
    """The comparison as a line of the table, over the sample articles."""
    first, second = both([str(SAMPLES)])
    return Measured("run without news", "runs/s", 1 / second.wall, "the first run", 1 / first.wall, FASTER)


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("locations", nargs="*", default=[str(SAMPLES)])
    chosen = parser.parse_args()
    runs = both(chosen.locations)
    print("| run | articles | verdicts | model calls | s | processor, s |\n|---|---:|---:|---:|---:|---:|")
    for name, one in zip(("first", "second"), runs, strict=True):
        verdicts = sum(one.summary.verdicts.values())
        print(f"| {name} | {one.summary.articles} | {verdicts} | {one.calls} | {one.wall:.2f} | {one.processor:.2f} |")
    first, second = runs
    print(f"\nratio {first.wall / second.wall:.0f}, of the processor's time {first.processor / second.processor:.0f}")


if __name__ == "__main__":
    main()
