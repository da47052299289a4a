"""Who reads pairs, and what they make of them: a quick model looks at all, the deciding ones at what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar

import numpy as np

from verifier.alignment import compared, shown
from verifier.deciding import DECIDED, Question, deciding_words
from verifier.ports import Embedder, NliModel, PairModel, StanceModel
from verifier.reasons import deciding_sentence
from verifier.values import Side
from verifier.verdicts import BothWays, Stance, StanceProbabilities, Verdict


class Reader(NamedTuple):
    """NLI and stances, which may be one model; without a model of stances NLI alone speaks."""

    nli: NliModel
    stances: StanceModel | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """Who decides, and who looks at every pair first, if anyone does."""

    deciding: Reader
    quick: PairModel | None = None

    @property
    def looks(self) -> list[Reader]:
        """Who reads, look by look."""
        return [*([Reader(self.quick, self.quick)] if self.quick else []), self.deciding]


CONTRADICTED: Final = 0.7
"""From which NLI score of a quick model on a pair is looked at again though it comes out as neutral."""
P = TypeVar("P")
R = TypeVar("R")
Look = Callable[[Sequence[P]], Sequence[R]]
"""What models and policy make of pairs."""


def credited(verdict: Verdict, reader: Reader) -> Verdict:
    """The verdict with the model whose six probabilities it shows."""
    return replace(verdict, nli_model=reader.nli.model_id, nli_revision=reader.nli.revision)


def may_matter(verdict: Verdict) -> bool:
    """Whether a first look leaves something to look at: most pairs are neutral and contradicted in neither direction."""
    ways = verdict.probabilities
    contradicted = max(ways.a_to_b.contradiction, ways.b_to_a.contradiction)
    return verdict.stance is not Stance.NEUTRAL or contradicted >= CONTRADICTED


def looked_at(looks: Sequence[Look[P, R]], pairs: Sequence[P], again: Callable[[R], bool]) -> list[R]:
    """What the first look makes of each pair, or the next one where that is to be looked at again."""
    first, *others = looks
    found = list(first(pairs))
    for look in others:
        left = [index for index, one in enumerate(found) if again(one)]
        for index, one in zip(left, look([pairs[index] for index in left]), strict=True):
            found[index] = one
    return found


def explained(readers: Readers, pairs: Sequence[tuple[Side, Side]], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts, those that agree or conflict with the words that decided them; as they are where nobody knows stances."""
    model = readers.deciding.stances
    asked = [i for i, verdict in enumerate(verdicts) if verdict.stance in DECIDED]
    if model is None or not asked:
        return list(verdicts)
    found = deciding_words(model, [Question(*pairs[i], verdicts[i].stance) for i in asked], readers.quick)
    out = list(verdicts)
    for i, deciding in zip(asked, found, strict=True):
        if deciding is not None:
            sentence = deciding_sentence(*pairs[i], deciding)
            out[i] = replace(out[i], deciding=deciding, reasons=(*out[i].reasons, sentence))
    return out


Reading = tuple[float, BothWays, StanceProbabilities | None]
"""What the models say of a pair: the cosine of the claims, the NLI scores both ways, the stances."""


def readings(embedder: Embedder, reader: Reader, pairs: Sequence[tuple[Side, Side]]) -> list[Reading]:
    """What the models say of each pair; cosines are rounded to 4 digits."""
    if not pairs:
        return []
    a, b = (embedder.embed([both[i].statement.claim for both in pairs]) for i in (0, 1))
    texts = [compared(first.statement, second.statement) for first, second in pairs]
    scores = reader.nli.score([way for x, y in texts for way in ((x, y), (y, x))])
    reported = [(shown(first.statement), shown(second.statement)) for first, second in pairs]
    stood: Sequence[StanceProbabilities | None] = (
        reader.stances.stances(reported) if reader.stances else [None] * len(pairs)
    )
    return [
        (round(float(cosine), 4), BothWays(scores[2 * i], scores[2 * i + 1]), stood[i])
        for i, cosine in enumerate(np.sum(a * b, axis=1))
    ]
