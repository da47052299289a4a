"""What the machine holds of a pair (verdict) and what a person holds of it (judgement)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from verifier.values import Range, Side


class Stance(StrEnum):
    """The four words a verdict or a judgement can say."""

    AGREE = "agree"
    CONFLICT = "conflict"
    NEUTRAL = "neutral"
    UNDECIDED = "undecided"

    @staticmethod
    def combine(a_to_b: Stance, b_to_a: Stance) -> Stance:
        """The stance of a pair from its two directions: contradiction is looked at before entailment.

        A conflict that only one direction sees against an agreement in the other is undecided.
        """
        both = {a_to_b, b_to_a}
        if both == {Stance.CONFLICT, Stance.AGREE} or Stance.UNDECIDED in both:
            return Stance.UNDECIDED
        for stance in (Stance.CONFLICT, Stance.AGREE):
            if stance in both:
                return stance
        return Stance.NEUTRAL


class VerdictKind(StrEnum):
    """How two statements conflict or agree."""

    CONTRADICTION = "contradiction"
    NUMERIC = "numeric"
    NUMERIC_UPDATE = "numeric_update"
    DENIAL = "denial"
    POSITION_CHANGED = "position_changed"
    TENSION = "tension"
    CORROBORATION = "corroboration"
    SAME_UTTERANCE = "same_utterance"
    QUOTE_DRIFT = "quote_drift"


class ReasonCode(StrEnum):
    """Why the machine would not decide."""

    UNRESOLVED_PRONOUN = "unresolved_pronoun"
    TOO_SHORT = "too_short"
    NO_SHARED_SUBJECT = "no_shared_subject"
    UNIT_MISMATCH = "unit_mismatch"
    MODELS_DISAGREE = "models_disagree"
    LOW_CONFIDENCE = "low_confidence"


@dataclass(frozen=True, slots=True)
class NliProbabilities:
    """One direction: probabilities that the hypothesis follows, is open or is contradicted; they sum to 1."""

    entailment: float
    neutral: float
    contradiction: float


@dataclass(frozen=True, slots=True)
class BothWays:
    """The six probabilities of a pair."""

    a_to_b: NliProbabilities
    b_to_a: NliProbabilities


@dataclass(frozen=True, slots=True)
class StanceProbabilities:
    """What a verdict model says of two reported statements, whichever comes first; the four sum to 1."""

    agree: float
    conflict: float
    tension: float
    unrelated: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities of the three stances; they sum to 1."""

    agree: float
    conflict: float
    neutral: float


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason why a pair was worth scoring: the gate's name and what it saw, in words."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two statements worth comparing, and why. `a` and `b` are statement ids with a < b; similarity is a cosine."""

    a: str
    b: str
    similarity: float
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A stored candidate with both sides in place.

    `speakers_as_of` is the latest decision of people that changed who speaks on either side; 0 where there is none.
    """

    id: int
    a: Side
    b: Side
    similarity: float
    gates: tuple[Gate, ...]
    speakers_as_of: int = 0


@dataclass(frozen=True, slots=True)
class Deciding:
    """The words that decided a verdict, as ranges in what `verifier.alignment.asserted` shows of each statement.

    `whole` and `without` are what the verdict model says with and without them: its probability of the stance, in [0, 1].
    """

    a: tuple[Range, ...]
    b: tuple[Range, ...]
    whole: float
    without: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the machine holds of a pair, with all that is needed to recompute it.

    `confidence` is the calibrated probability of `stance` in [0, 1] (for `undecided`: of the best stance it would not
    commit to). `reasons` are plain sentences; `reason_code` is set only where the stance is `undecided`; `deciding` only
    where a verdict model was asked.
    """

    stance: Stance
    kind: VerdictKind | None
    confidence: float
    scores: Scores
    probabilities: BothWays
    reasons: tuple[str, ...]
    reason_code: ReasonCode | None
    policy_version: str
    nli_model: str
    nli_revision: str
    deciding: Deciding | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person holds of a pair; a later one by anybody supersedes it, and it is never erased."""

    stance: Stance
    kind: VerdictKind | None
    reviewer: str
    decided_at: datetime
    comment: str | None = None
