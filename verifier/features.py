"""What the verdict is read from: one vector a pair, the same whichever side comes first."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from verifier.alignment import turned
from verifier.polarity import directions, negations, opposed
from verifier.polls import other_polls
from verifier.quantities import Figures, figures_of
from verifier.terms import Common, Terms, common, terms_of
from verifier.values import CueClass, Side, SpeakerKind, Statement
from verifier.verdicts import BothWays, NliProbabilities, StanceProbabilities

LOGIT_BOUND: Final = 6.0
ANOTHER_DAY: Final = timedelta(hours=6)
MANY_DAYS: Final = 30
SAYING: Final = re.compile(
    r"^\W*(?:that\s+(?:he|she|they|it|we|I)\s+)?(?:had\s+)?(?:ever\s+)?(?:to\s+have\s+|having\s+)?(?:ever\s+)?"
    r"(?:said|saying|told|telling|called|calling|claimed|claiming|suggested|suggesting|stated|stating)\b",
    re.IGNORECASE,
)
"""How the words begin that tell of an utterance: "(denied) ever having said that …"."""
STANDING_IN: Final = frozenset({"who", "they", "he", "she"})
UNNAMED: Final = frozenset({SpeakerKind.GROUP, SpeakerKind.ROLE})
TITLES: Final = frozenset("mr mrs ms dr sir president senator sen rep gov governor the".split())
NAMES: Final = (
    "entailment_max", "entailment_min", "contradiction_max", "contradiction_min", "neutral_mean",
    "similarity", "stem_overlap", "entities", "numbers_shared", "numbers_differ",
    "same_speaker", "denial_one_side", "negation_one_side", "opposed_directions", "intentions",
    "length", "contradiction_x_similarity", "entailment_x_similarity", "negation_x_similarity", "opposed_x_similarity",
)  # fmt: skip
STANCE_NAMES: Final = (
    *NAMES, "stance_agree", "stance_conflict", "stance_tension", "stance_clash", "stance_unrelated", "same_article", "days_apart",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pair as the policy sees it."""

    a: Side
    b: Side
    similarity: float
    probabilities: BothWays
    shared: Common
    terms: tuple[Terms, Terms]
    opposed: tuple[str, ...]
    negation_differs: bool
    figures: Figures = field(default_factory=Figures)
    stances: StanceProbabilities | None = None

    @property
    def same_speaker(self) -> bool:
        """Both speakers are known and one: the same name, or of people a surname beside the full name that ends in it.

        Groups and those known by their role alone ("officials", "a spokesman") are one within one article only; what people told apart
        is two.
        """
        a, b = self.a.statement.speaker, self.b.statement.speaker
        if a is None or b is None or a.told_apart_from(b):
            return False
        if {a.kind, b.kind} == {SpeakerKind.PERSON}:
            return same_name(a.name, b.name)
        unnamed = a.kind in UNNAMED and self.a.article != self.b.article
        return not unnamed and _name_words(a.name) == _name_words(b.name)

    @property
    def denial(self) -> bool:
        """Exactly one side is a denial."""
        return (self.a.statement.cue_class is CueClass.DENIAL) != (self.b.statement.cue_class is CueClass.DENIAL)

    @property
    def denying(self) -> Side:
        """The side that denies (the second where both or neither do)."""
        return self.a if self.a.statement.cue_class is CueClass.DENIAL else self.b

    @property
    def denied(self) -> Side:
        """The side that `denying` denies."""
        return self.b if self.denying is self.a else self.a

    @property
    def denies_saying(self) -> bool:
        """What the denying side denies is having said it, not the thing itself."""
        return self.denial and bool(SAYING.search(self.denying.statement.text))

    @property
    def of_denier(self) -> bool:
        """The other side is the denier's own, or tells of him or her by name."""
        speaker = self.denying.statement.speaker
        names = _name_words(speaker.name) if speaker else []
        return self.same_speaker or (bool(names) and names[-1] in _name_words(self.denied.statement.claim))

    @property
    def days_apart(self) -> int:
        """Whole days between the two articles; 0 where a date is unknown."""
        if self.a.published_at is None or self.b.published_at is None:
            return 0
        return abs(self.a.published_at - self.b.published_at).days

    @property
    def other_polls(self) -> bool:
        """Both tell what polls found, of different days or places, or are two shares in one article."""
        a, b = (_subject(side.statement) for side in (self.a, self.b))
        return other_polls(a, b, self.days_apart, one_article=self.a.article == self.b.article)

    @property
    def in_order(self) -> tuple[Side, Side] | None:
        """The earlier and the later side; None where they are of one day, a date is unknown, or hours lie between them."""
        if self.a.published_at is None or self.b.published_at is None:
            return None
        first, second = sorted((self.a, self.b), key=_published)
        days = _published(first).date() != _published(second).date()
        return (first, second) if days and _published(second) - _published(first) >= ANOTHER_DAY else None


def _published(side: Side) -> datetime:
    """When the article appeared, in UTC; the earliest time where that is unknown."""
    return (side.published_at or datetime.min.replace(tzinfo=UTC)).astimezone(UTC)


def same_name(a: str, b: str) -> bool:
    """Whether two names can be one speaker's: equal, or one is the other's last words ("Trump", "Donald Trump")."""
    shorter, longer = sorted((_name_words(a), _name_words(b)), key=len)
    return bool(shorter) and longer[-len(shorter) :] == shorter


def _name_words(name: str) -> list[str]:
    words = [word.strip(".,’'").casefold() for word in name.split()]
    return [word for word in words if word and word not in TITLES]


def evidence(
    a: Side, b: Side, similarity: float, probabilities: BothWays, stances: StanceProbabilities | None = None
) -> Evidence:
    """Read both sides."""
    terms = terms_of(_subject(a.statement)), terms_of(_subject(b.statement))
    words = _words(a.statement), _words(b.statement)
    return Evidence(
        a,
        b,
        similarity,
        turned(a.statement, b.statement, probabilities),
        common(*terms),
        terms,
        opposed(directions(words[0]), directions(words[1])),
        (negations(words[0]) % 2) != (negations(words[1]) % 2),
        figures_of(a.statement.claim, b.statement.claim),
        stances,
    )


def _subject(statement: Statement) -> str:
    source, speaker = statement.source, statement.speaker
    named = source is not None and (speaker is None or source.text.lower() not in STANDING_IN)
    return f"{source.text if source and named else speaker.name if speaker else ''} … {statement.claim}"


def _words(statement: Statement) -> str:
    """What the statement itself says: a denial's or a request's cue belongs to it, the question it answers does not."""
    return f"{statement.cue.text if statement.cue else ''} {statement.text}"


def vector(e: Evidence) -> NDArray[np.float64]:
    """Features of shape (len(NAMES),), or (len(STANCE_NAMES),) where there are stances; symmetric in the two sides."""
    general = _general(e)
    return general if e.stances is None else np.concatenate([general, _stances(e.stances), _nearness(e)])


def _stances(p: StanceProbabilities) -> NDArray[np.float64]:
    chances = (p.agree, p.conflict, p.tension, p.conflict + p.tension, p.unrelated)
    return np.array([_logit(chance) for chance in chances])


def _nearness(e: Evidence) -> NDArray[np.float64]:
    """What one article brings together is more often on one point; days later others speak of another, one speaker changes position."""
    days = 0 if e.same_speaker else min(e.days_apart, MANY_DAYS)
    return np.array([float(e.a.article == e.b.article), math.log1p(days)])


def _general(e: Evidence) -> NDArray[np.float64]:
    p, q = e.probabilities.a_to_b, e.probabilities.b_to_a
    entail, contra = _logits(p, q, "entailment"), _logits(p, q, "contradiction")
    similarity = e.similarity - 0.5
    stems = [len(t.stems) for t in e.terms]
    numbers = [t.numbers for t in e.terms]
    kinds = {e.a.statement.cue_class, e.b.statement.cue_class}
    lengths = [len(side.statement.claim.split()) for side in (e.a, e.b)]
    return np.array(
        [
            max(entail), min(entail), max(contra), min(contra), sum(_logits(p, q, "neutral")) / 2,
            similarity, len(e.shared.stems) / max(1, min(stems)), min(3, len(e.shared.entities)) / 3,
            float(bool(e.shared.numbers)), float(all(numbers) and not numbers[0] & numbers[1]),
            float(e.same_speaker), float(e.denial), float(e.negation_differs),
            min(2, len(e.opposed)) / 2, float(kinds == {CueClass.INTENTION}), math.log(max(1, min(lengths))) - 2.0,
            sum(contra) / 2 * similarity, sum(entail) / 2 * similarity,
            float(e.negation_differs) * similarity, float(bool(e.opposed)) * similarity,
        ]
    )  # fmt: skip


def _logits(p: NliProbabilities, q: NliProbabilities, name: str) -> tuple[float, float]:
    return _logit(getattr(p, name)), _logit(getattr(q, name))


def _logit(probability: float) -> float:
    if probability <= 0.0:
        return -LOGIT_BOUND
    if probability >= 1.0:
        return LOGIT_BOUND
    return max(-LOGIT_BOUND, min(LOGIT_BOUND, math.log(probability / (1.0 - probability))))
