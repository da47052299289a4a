"""How well an NLI model labels pairs, by source, and whether its confidence can be believed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from models.training.corpus import LABELS, NOT_ENTAILMENT, NliExample
from verifier.metrics import Bin, ece, reliability
from verifier.ports import NliModel
from verifier.verdicts import NliProbabilities

BATCH: Final = 512


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


def evaluate_nli(model: NliModel, examples: Sequence[NliExample], progress: Callable[[int, int], None]) -> NliReport:
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


def _batches(examples: Sequence[NliExample]) -> Iterator[list[NliExample]]:
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
