"""What is measured, as ratios against a baseline of the same run, and how it is shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from crossquote.sources import SourceReader
from models.training.attributions import read_labelled
from verifier.values import Article

ROOT = Path(__file__).parent.parent
ROUNDS = 3
_HEAD = ("| part | rate | baseline in the same run | ratio | floor |", "|---|---:|---|---:|---:|")


class Measured(NamedTuple):
    """One comparison: the part and its baseline in items a second; `floor` is the ratio that we want, if one is set."""

    name: str
    unit: str
    rate: float
    baseline: str
    baseline_rate: float
    floor: float | None = None

    @property
    def ratio(self) -> float:
        """How many times the baseline's rate."""
        return self.rate / self.baseline_rate


def rates(
    items: int, *bodies: Callable[[], object], rounds: int = ROUNDS, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Items a second of each body: the best of interleaved rounds, so that noise on the machine meets all alike."""
    best = [float("inf")] * len(bodies)
    for _ in range(rounds):
        for i, body in enumerate(bodies):
            began = clock()
            body()
            best[i] = min(best[i], clock() - began)
    return [items / taken for taken in best]


def samples() -> list[Article]:
    """The sample articles."""
    reader = SourceReader()
    items, _ = reader.expand([str(ROOT / "samples" / "articles")])
    return [found for item in items for found in reader.read(item) if isinstance(found, Article)]


def articles(texts: Path | None, most: int) -> list[Article]:
    """The first texts of a file in PolNeAR's form; without one, the sample articles."""
    if texts is None:
        return samples()[:most]
    return [Article(url=f"bench:{one.id}", text=one.text) for one in islice(read_labelled(texts), most)]


def table(measured: Iterable[Measured]) -> list[str]:
    """The rows in Markdown."""
    return [*_HEAD, *map(_row, measured)]


def _row(one: Measured) -> str:
    floor = "" if one.floor is None else f"{one.floor:g}"
    baseline = f"{one.baseline}: {_short(one.baseline_rate)}/s"
    return f"| {one.name} | {_short(one.rate)} {one.unit} | {baseline} | {one.ratio:.2f} | {floor} |"


def _short(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 100 else f"{rate:.2g}" if rate < 1 else f"{rate:.1f}"


def write(page: Path, lines: Iterable[str]) -> None:
    """Put the lines before the first section of a page, under its title; the sections stay as they are."""
    title = "# Benchmarks\n\nMade by `make bench`; rates belong to one machine on one day, ratios travel better.\n\n"
    _, mark, sections = page.read_text(encoding="utf-8").partition("\n## ")
    page.write_text(title + "\n".join(lines) + "\n" + mark + sections, encoding="utf-8")
