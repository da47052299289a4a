"""Evaluations that the command line prints: each reads a labelled file, asks the configured models, and measures."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from verifier.errors import BadInput
from verifier.metrics import Bin, ece, reliability
from verifier.ports import NliModel
from verifier.verdicts import NliProbabilities

LABELS: Final = ("entailment", "neutral", "contradiction")
NOT_ENTAILMENT: Final = "not_entailment"
BATCH: Final = 512


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled pair of an NLI file."""

    premise: str
    hypothesis: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class NliScore:
    """How well one source's pairs are labelled: accuracy and ECE in [0, 1] over `pairs` pairs."""

    source: str
    pairs: int
    accuracy: float
    ece: float


@dataclass(frozen=True, slots=True)
class NliReport:
    """Scores by source and over all, with the reliability table over all."""

    by_source: tuple[NliScore, ...]
    overall: NliScore
    table: tuple[Bin, ...]


def read_nli(path: Path) -> list[Example]:
    """The pairs of a `.jsonl` or `.jsonl.gz` file; BadInput names the file or the first wrong line."""
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            examples = [_example(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}); give a .jsonl or .jsonl.gz file") from error
    if not examples:
        raise BadInput(f"{path} holds no pair")
    return examples


def _example(line: str, where: str) -> Example:
    try:
        row = json.loads(line)
        found = Example(row["premise"], row["hypothesis"], row["label"], row.get("source", "all"))
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{where}: needs premise, hypothesis and label in one JSON object") from None
    if found.label not in (*LABELS, NOT_ENTAILMENT):
        raise BadInput(f"{where}: label {found.label!r} is none of {', '.join((*LABELS, NOT_ENTAILMENT))}")
    return found


def evaluate_nli(model: NliModel, examples: Sequence[Example], progress: Callable[[int, int], None]) -> NliReport:
    """Accuracy and calibration by source.

    A two-way label is right where entailment is, or is not, the likelier half.
    """
    outcomes: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    two_way = {one.source for one in examples if one.label == NOT_ENTAILMENT}
    done = 0
    for part in _batches(examples):
        scores = model.score([(one.premise, one.hypothesis) for one in part])
        for one, score in zip(part, scores, strict=True):
            outcomes[one.source].append(_outcome(one.label, one.source in two_way, score))
        done += len(part)
        progress(done, len(examples))
    everything = [outcome for source in sorted(outcomes) for outcome in outcomes[source]]
    table = _table(everything)
    return NliReport(
        tuple(_score(source, outcomes[source]) for source in sorted(outcomes)), _score("all", everything), tuple(table)
    )


def _batches(examples: Sequence[Example]) -> Iterator[list[Example]]:
    stream = iter(examples)
    while part := list(islice(stream, BATCH)):
        yield part


def _outcome(label: str, two_way: bool, p: NliProbabilities) -> tuple[float, bool]:
    """(confidence, whether it is right) of the likeliest label."""
    if two_way:
        says = p.entailment > 0.5
        return max(p.entailment, 1.0 - p.entailment), says == (label == "entailment")
    best = max(LABELS, key=lambda name: float(getattr(p, name)))
    return float(getattr(p, best)), best == label


def _table(outcomes: Sequence[tuple[float, bool]]) -> list[Bin]:
    return reliability([p for p, _ in outcomes], [hit for _, hit in outcomes])


def _score(source: str, outcomes: Sequence[tuple[float, bool]]) -> NliScore:
    right = sum(hit for _, hit in outcomes)
    return NliScore(source, len(outcomes), right / len(outcomes), ece(_table(outcomes)))
