"""What the figures of a pair decide by rule, whatever the model's probabilities: a difference, an update, the same, or nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from verifier.features import Evidence
from verifier.quantities import Comparison, Dimension
from verifier.quantities.values import Toll
from verifier.values import CueClass

ASSERTING: Final = frozenset({None, CueClass.SPEECH, CueClass.EVIDENCE, CueClass.BELIEF, CueClass.ACCUSATION})
NAMED_DAYS: Final = 30  # between claims that share a name
UNNAMED_DAYS: Final = 3  # "the blast" of last week is another
STEADY_DAYS: Final = 3  # prices, shares, estimates and appointments change; who names another later need not contradict
AT_LEAST_ALIKE: Final = 0.6


class Found(StrEnum):
    """What was found."""

    DIFFERENCE = "difference"
    UPDATE = "update"
    SAME = "same"
    COMPATIBLE = "compatible"
    UNITS = "units"


def finding(seen: Evidence) -> Found | None:
    """What the figures decide; None where they decide nothing.

    They decide only between two assertions in nearly the same words: no denial, question or plan, no negation or opposite direction on
    one side.
    """
    cues = {seen.a.statement.cue_class, seen.b.statement.cue_class}
    if not cues <= ASSERTING or seen.opposed or _too_far(seen):
        return None
    figures = seen.figures
    if figures.differing is not None:
        return _difference(seen, figures.differing)
    if figures.unlike_units is not None:
        return Found.UNITS
    if figures.compatible is None or all(one.alike for one in figures.comparisons):
        return None  # the same figures: the words decide
    if figures.same_words and figures.compatible.entails and all(one.entails for one in figures.comparisons):
        return Found.SAME
    alike = figures.about_one_thing and figures.covered >= AT_LEAST_ALIKE
    return Found.COMPATIBLE if alike else None


def _too_far(seen: Evidence) -> bool:
    return seen.days_apart > (NAMED_DAYS if seen.figures.named else UNNAMED_DAYS)


def _difference(seen: Evidence, comparison: Comparison) -> Found | None:
    toll = comparison.toll
    if toll is not None and seen.in_order is not None and (_grew(seen, comparison) or toll is Toll.MISSING):
        return Found.UPDATE
    fixed = toll is not None or (comparison.a.dimension is Dimension.DATE and not seen.figures.supposed)
    steady = fixed or seen.days_apart <= STEADY_DAYS
    return Found.DIFFERENCE if steady and not seen.other_polls else None


def _grew(seen: Evidence, comparison: Comparison) -> bool:
    """Whether the later figure is the higher one."""
    if seen.in_order is None:
        return False
    a_first = seen.in_order[0] is seen.a
    earlier, later = (comparison.a, comparison.b) if a_first else (comparison.b, comparison.a)
    return later.low > earlier.high or later.value > earlier.value
