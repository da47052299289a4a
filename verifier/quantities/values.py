"""What a figure is: an interval in one dimension's base unit, and what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

SPELLED_BOUND: Final = 1.5  # "at least 12" says something of 15, and nothing of 400


class Dimension(StrEnum):
    """What is measured. Quantities of one dimension and one `unit` can be compared; `date` is in days (ordinals)."""

    COUNT = "count"
    SHARE = "share"
    POINTS = "points"
    MONEY = "money"
    LENGTH = "length"
    AREA = "area"
    MASS = "mass"
    VOLUME = "volume"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    TIME = "time"
    AGE = "age"
    POWER = "power"
    ENERGY = "energy"
    DATE = "date"


class Toll(StrEnum):
    """Counts of people that grow while an event is being understood."""

    DEAD = "dead"
    INJURED = "injured"
    MISSING = "missing"
    ARRESTED = "arrested"
    DISPLACED = "displaced"
    INFECTED = "infected"
    RESCUED = "rescued"
    ABDUCTED = "abducted"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a claim.

    `low` and `high` bound what the words can mean, rounding and "about" included, in the dimension's base unit (metres,
    kilograms, seconds, …; a currency is its own base). `unit` is the currency, `per` the rate ("hour", "each"), `noun` the stem
    of what is counted. `partial` marks a figure that is no total: "12 more", "including 3 children", "up from 40".
    """

    dimension: Dimension
    low: float
    high: float
    text: str
    start: int
    end: int
    unit: str = ""
    noun: str = ""
    toll: Toll | None = None
    per: str = ""
    partial: bool = False
    kind: frozenset[str] = frozenset()

    @property
    def bounded(self) -> bool:
        """Whether both ends are given: "at least 12" is open above."""
        return self.high < inf and self.low > 0

    @property
    def value(self) -> float:
        """The middle of what is meant; of an open figure the end that is given."""
        if self.high == inf:
            return self.low
        return self.high if self.low <= 0 else (self.low + self.high) / 2

    def overlaps(self, other: Quantity) -> bool:
        """Whether one value can be both; intervals that only touch by rounding cannot, single values can."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        points = self.low == self.high or other.low == other.high
        bounds = not (self.bounded and other.bounded)
        return low < high or (low == high and (points or bounds))

    def close(self, other: Quantity) -> bool:
        """Whether the two overlap and neither is so open that this says little."""
        smaller, larger = sorted((abs(self.value), abs(other.value)))
        return self.overlaps(other) and larger <= smaller * SPELLED_BOUND

    def within(self, other: Quantity) -> bool:
        """Whether this says at least what the other does: 15 is "at least 12", 41 is "about 40"."""
        inside = other.low <= self.low and self.high <= other.high
        return inside or (self.bounded and other.bounded and other.low <= self.value <= other.high)


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures of one claim in order, dates among them, and the text with the figures' words taken out."""

    quantities: tuple[Quantity, ...]
    dates: tuple[Quantity, ...]
    rest: str
