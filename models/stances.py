"""Two verdict models, one after the other: a small one reads every pair, a larger one what the small one does not pass by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.ports import StanceModel
from verifier.verdicts import StanceProbabilities

if TYPE_CHECKING:
    from models.nli import CrossEncoderNli

PASSED_BY: Final = 0.9
"""The small model's probability of "unrelated" from which the larger one does not read a pair."""


def reader(nli: CrossEncoderNli, larger: CrossEncoderNli | None) -> StanceModel | None:
    """Who says how statements stand: the NLI checkpoint where it knows stances, and a larger model, if there is one, behind it."""
    if not nli.knows_stances:
        return larger
    return TwoReaders(nli, larger) if larger else nli


@dataclass(frozen=True, slots=True)
class TwoReaders:
    """A verdict model of two: most of what a run compares is unrelated, and that a small model can tell."""

    first: StanceModel
    second: StanceModel

    @property
    def model_id(self) -> str:
        """Both names: what is read depends on both."""
        return f"{self.first.model_id}, {self.second.model_id}"

    @property
    def revision(self) -> str:
        """Both revisions, and where one passes to the other."""
        return f"{self.first.revision}-{self.second.revision}-{PASSED_BY}"

    def stances(self, pairs: Sequence[tuple[str, str]], *, both_orders: bool = True) -> list[StanceProbabilities]:
        """What the larger model says of each pair, or the small one where it is sure that they are unrelated."""
        found = self.first.stances(pairs, both_orders=both_orders)
        left = [index for index, one in enumerate(found) if one.unrelated < PASSED_BY]
        again = self.second.stances([pairs[index] for index in left], both_orders=both_orders)
        for index, one in zip(left, again, strict=True):
            found[index] = one
        return found
