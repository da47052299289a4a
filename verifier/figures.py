"""What the figures of a pair decide by rule, whatever the model's probabilities: a difference, an update, the same, or nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from verifier.features import Evidence
from verifier.quantities import Comparison, Dimension
from verifier.quantities.values import Toll
from verifier.values import CueClass, Side

ASSERTING: Final = frozenset({None, CueClass.SPEECH, CueClass.EVIDENCE, CueClass.BELIEF, CueClass.ACCUSATION})
NAMED_DAYS: Final = 30  # between claims that share a name
UNNAMED_DAYS: Final = 3  # "the blast" of last week is another
STEADY_DAYS: Final = 3  # prices, shares, estimates and appointments change; who names another later need not contradict
AT_LEAST_ALIKE: Final = 0.6


STATES: Final = frozenset({Toll.MISSING, Toll.DISPLACED, Toll.ABDUCTED})  # lower later: found, home again, freed
DAY: Final = 86400.0
WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
WEEKDAY: Final = re.compile(r"\b(?:" + "|".join(WEEKDAYS) + r")\b")
MOVING: Final = re.compile(
    r"\b(?:contained|burn(?:ed|t|ing)|scorched|without (?:power|water)|trad(?:ed|es|ing)|closed at|a barrel|shares?|index|yields?|now|"
    r"so far|count(?:ed|ing)|underway|on board|in (?:hospital|custody|shelters?))\b",
    re.IGNORECASE,
)
"""What is another figure the next day."""


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
    named = seen.figures.named and not seen.figures.indefinite
    days = {_weekday(seen.a), _weekday(seen.b)} - {None}
    return seen.days_apart > (NAMED_DAYS if named else UNNAMED_DAYS) or len(days) > 1


def _weekday(side: Side) -> date | None:
    """The last day of the name that a claim gives ("on Monday") before its article appeared."""
    found = WEEKDAY.search(side.statement.claim)
    if found is None or side.published_at is None:
        return None
    back = (side.published_at.weekday() - WEEKDAYS.index(found.group())) % 7
    return side.published_at.date() - timedelta(days=back)


def _difference(seen: Evidence, comparison: Comparison) -> Found | None:
    toll = comparison.toll
    if toll is not None and seen.in_order is not None and (_grew(seen, comparison) or toll in STATES):
        return Found.UPDATE
    if comparison.a.dimension is Dimension.TIME and _as_far_apart(seen, comparison):
        return None
    fixed = toll is not None or (comparison.a.dimension is Dimension.DATE and not seen.figures.supposed)
    steady = fixed or seen.days_apart <= (0 if _moving(seen) else STEADY_DAYS)
    return Found.DIFFERENCE if steady and not seen.other_polls else None


def _as_far_apart(seen: Evidence, comparison: Comparison) -> bool:
    """Whether two lengths of time differ by no more than the days between the articles: what lasts goes on."""
    gap = abs(comparison.a.value - comparison.b.value)
    return seen.days_apart > 0 and gap <= (seen.days_apart + 1) * DAY


def _moving(seen: Evidence) -> bool:
    """Whether either tells of a level that the next day is another."""
    return any(MOVING.search(side.statement.claim) for side in (seen.a, seen.b))


def _grew(seen: Evidence, comparison: Comparison) -> bool:
    """Whether the later figure is the higher one."""
    if seen.in_order is None:
        return False
    a_first = seen.in_order[0] is seen.a
    earlier, later = (comparison.a, comparison.b) if a_first else (comparison.b, comparison.a)
    return later.low > earlier.high or later.value > earlier.value
