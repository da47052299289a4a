"""Measures of classifiers: accuracy and expected calibration error, as the evaluation prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


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


def ece(table: Sequence[Bin]) -> float:
    """Expected calibration error (Guo et al., 2017): the mean gap between confidence and accuracy, weighted by count."""
    total = sum(one.count for one in table)
    return sum(one.count * abs(one.confidence - one.accuracy) for one in table) / total if total else 0.0
