"""Stances and how they combine; measures."""

from __future__ import annotations

import numpy as np
import pytest

from verifier.errors import BadInput, BrokenSetup, CrossquoteError, Unavailable
from verifier.metrics import ece, reliability
from verifier.verdicts import Stance

A, C, N, U = Stance.AGREE, Stance.CONFLICT, Stance.NEUTRAL, Stance.UNDECIDED


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [(C, N, C), (N, C, C), (C, C, C), (A, N, A), (A, A, A), (N, N, N), (A, C, U), (U, A, U), (N, U, U)],
)
def test_stances_combine(first: Stance, second: Stance, both: Stance) -> None:
    assert Stance.combine(first, second) is both


def test_calibration_error_of_a_perfect_and_of_a_boastful_model() -> None:
    assert ece(reliability([0.75] * 4, [1, 1, 1, 0])) == 0.0
    assert ece(reliability([1.0] * 4, [1, 0, 0, 0])) == pytest.approx(0.75)
    assert ece([]) == 0.0


def test_reliability_bins_and_weights() -> None:
    table = reliability([0.05, 0.95, 0.95], [0, 1, 0], weights=[1, 3, 1])
    assert [(b.low, b.count) for b in table] == [(0.0, 1.0), (0.9, 4.0)]
    assert table[1].accuracy == pytest.approx(0.75)
    assert np.isclose(table[1].confidence, 0.95)


@pytest.mark.parametrize("kind", [BadInput, BrokenSetup, Unavailable, CrossquoteError])
def test_errors_survive_pickling(kind: type[CrossquoteError]) -> None:
    import pickle

    again = pickle.loads(pickle.dumps(kind("x: do y")))  # noqa: S301
    assert (type(again), again.message) == (kind, "x: do y")
