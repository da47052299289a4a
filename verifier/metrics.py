"""Measures of classifiers: accuracy and expected calibration error, as the evaluation prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a reliability table: predictions with a confidence in (low, high], their (weighted) count, mean confidence, accuracy."""

    low: float
    high: float
    count: float
    confidence: float
    accuracy: float


def reliability(
    confidence: ArrayLike, correct: ArrayLike, bins: int = 10, weights: ArrayLike | None = None
) -> list[Bin]:
    """The reliability table over equal-width bins; empty bins are left out. All arrays have shape (n,)."""
    p, hit = np.asarray(confidence, dtype=float), np.asarray(correct, dtype=float)
    w = np.ones_like(p) if weights is None else np.asarray(weights, dtype=float)
    index = np.clip(np.ceil(p * bins).astype(int) - 1, 0, bins - 1)
    return [
        Bin(
            i / bins,
            (i + 1) / bins,
            float(w[m].sum()),
            float(np.average(p[m], weights=w[m])),
            float(np.average(hit[m], weights=w[m])),
        )
        for i in range(bins)
        if (m := index == i).any()
    ]


def average_precision(positive: ArrayLike, rank: ArrayLike) -> float:
    """The mean of the precisions at each positive, highest rank first; ties count together. 0 where there is none."""
    hit, at = np.asarray(positive, dtype=float), np.asarray(rank, dtype=float)
    recall, precision = _curve(hit, at)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def precision_at(positive: ArrayLike, rank: ArrayLike, recall: float) -> float:
    """The best precision at which at least this share of the positives is found."""
    found, precision = _curve(np.asarray(positive, dtype=float), np.asarray(rank, dtype=float))
    enough = precision[found >= recall]
    return float(enough.max()) if len(enough) else 0.0


def coverage_at(positive: ArrayLike, rank: ArrayLike, precision: float) -> float:
    """The largest share of the positives that is found at this precision or better."""
    found, reached = _curve(np.asarray(positive, dtype=float), np.asarray(rank, dtype=float))
    enough = found[reached >= precision]
    return float(enough.max()) if len(enough) else 0.0


def _curve(hit: NDArray[np.float64], rank: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Recall and precision below each distinct rank, from the highest down."""
    order = np.argsort(-rank, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(rank[order])), len(rank) - 1)
    found = np.cumsum(hit[order])[ends]
    return found / max(1.0, hit.sum()), found / (ends + 1)


def ece(table: Sequence[Bin]) -> float:
    """Expected calibration error (Guo et al., 2017): the mean gap between confidence and accuracy, weighted by count."""
    total = sum(one.count for one in table)
    return sum(one.count * abs(one.confidence - one.accuracy) for one in table) / total if total else 0.0
