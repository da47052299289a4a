"""Labelled NLI pairs: reading them, and drawing a seeded mixture of sources."""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LABELS: Final = ("entailment", "neutral", "contradiction")
NOT_ENTAILMENT: Final = "not_entailment"


@dataclass(frozen=True, slots=True)
class NliExample:
    """One labelled pair; `label` is one of `LABELS` or, in two-way sets, `not_entailment`."""

    premise: str
    hypothesis: str
    label: str
    source: str


def read_examples(path: Path) -> Iterator[NliExample]:
    """Yield the pairs of a `.jsonl` or `.jsonl.gz` file; a ValueError names the first line that is not one."""
    for where, line in lines_of(path):
        yield _example(line, where)


def lines_of(path: Path) -> Iterator[tuple[str, str]]:
    """The lines of a text file that are not empty, gzipped where its name ends in `.gz`, each with "path:number" before it."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"{path}:{number}", line


def _example(line: str, where: str) -> NliExample:
    try:
        row = json.loads(line)
        example = NliExample(row["premise"], row["hypothesis"], row["label"], row.get("source", "unnamed"))
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{where}: not a pair with premise, hypothesis and label ({error})") from error
    if example.label not in (*LABELS, NOT_ENTAILMENT):
        raise ValueError(f"{where}: unknown label {example.label!r}; use {', '.join(LABELS)} or {NOT_ENTAILMENT}")
    return example


def hold_out(examples: Sequence[NliExample], count: int, seed: int) -> tuple[list[NliExample], list[NliExample]]:
    """Split off `count` random examples (for the temperature); returns (rest, held out)."""
    order = list(range(len(examples)))
    random.Random(seed).shuffle(order)
    held = set(order[:count])
    return (
        [example for index, example in enumerate(examples) if index not in held],
        [examples[index] for index in sorted(held)],
    )


def mixture(examples: Iterable[NliExample], passes: Mapping[str, float], seed: int) -> list[NliExample]:
    """Repeat or sample each source by its number of passes (1.0 where it is not named), shuffled."""
    by_source: dict[str, list[NliExample]] = defaultdict(list)
    for example in examples:
        by_source[example.source].append(example)
    rng = random.Random(seed)
    chosen: list[NliExample] = []
    for source in sorted(by_source):
        rows = by_source[source]
        whole, part = divmod(passes.get(source, 1.0), 1.0)
        chosen += rows * int(whole) + rng.sample(rows, round(part * len(rows)))
    rng.shuffle(chosen)
    return chosen
