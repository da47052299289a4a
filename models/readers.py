"""Two models that read pairs, one after the other: a small one reads every pair, a larger one what the small one does not pass by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from verifier.ports import NliModel, StanceModel
from verifier.verdicts import NliProbabilities, StanceProbabilities

if TYPE_CHECKING:
    from models.nli import CrossEncoderNli

PASSED_BY: Final = 0.9
"""The small model's probability of "unrelated", or of "neutral", from which the larger one does not read a pair."""
P = TypeVar("P")


def readers(nli: CrossEncoderNli, larger: CrossEncoderNli | None) -> tuple[NliModel, StanceModel | None]:
    """Who does NLI and who says how statements stand: one checkpoint, or it and a larger one behind it where it knows stances."""
    if larger is None:
        return nli, nli if nli.knows_stances else None
    if not nli.knows_stances:
        return nli, larger
    both = TwoReaders(nli, larger)
    return both, both


class PairModel(NliModel, StanceModel, Protocol):
    """Both in one."""


@dataclass(frozen=True, slots=True)
class TwoReaders:
    """An NLI and verdict model of two: most of what a run compares is unrelated, and that a small model can tell."""

    first: PairModel
    second: PairModel

    @property
    def model_id(self) -> str:
        """Both names: what is read depends on both."""
        return f"{self.first.model_id}, {self.second.model_id}"

    @property
    def revision(self) -> str:
        """Both revisions, and where one passes to the other."""
        return f"{self.first.revision}-{self.second.revision}-{PASSED_BY}"

    @property
    def quick(self) -> StanceModel:
        """The small one."""
        return self.first

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NliProbabilities]:
        """What the larger model says of each premise and hypothesis, or the small one where it is sure of "neutral"."""
        return _read(pairs, self.first.score(pairs), lambda one: one.neutral, self.second.score)

    def stances(self, pairs: Sequence[tuple[str, str]], *, both_orders: bool = True) -> list[StanceProbabilities]:
        """What the larger model says of each pair, or the small one where it is sure that they are unrelated."""

        def again(left: Sequence[tuple[str, str]]) -> list[StanceProbabilities]:
            return self.second.stances(left, both_orders=both_orders)

        return _read(pairs, self.first.stances(pairs, both_orders=both_orders), lambda one: one.unrelated, again)


def _read(
    pairs: Sequence[tuple[str, str]],
    found: list[P],
    nothing: Callable[[P], float],
    again: Callable[[Sequence[tuple[str, str]]], list[P]],
) -> list[P]:
    left = [index for index, one in enumerate(found) if nothing(one) < PASSED_BY]
    for index, one in zip(left, again([pairs[index] for index in left]), strict=True):
        found[index] = one
    return found
