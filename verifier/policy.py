"""From six probabilities and two statements to a verdict: calibrated scores, then rules, then a word and its reasons.

Contradiction is looked at before entailment, in both directions. A stance is committed to only where its calibrated
probability passes a bound; otherwise the verdict is `neutral` where that is likely, or `undecided` with a reason code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from verifier.alignment import compared, spoken
from verifier.copies import same_words
from verifier.features import NAMES, STANCE_NAMES, Evidence, evidence, vector
from verifier.figures import Found, finding
from verifier.polarity import DOUBTING
from verifier.reasons import reasons
from verifier.terms import Common, terms_of
from verifier.utterances import likeness
from verifier.values import Side, StatementKind, text_hash
from verifier.verdicts import (
    BothWays,
    NliProbabilities,
    Pair,
    ReasonCode,
    Scores,
    Stance,
    StanceProbabilities,
    Verdict,
    VerdictKind,
)

QUOTED = frozenset({StatementKind.DIRECT, StatementKind.MIXED})
SAID_ALIKE = 0.97  # the same words in quotation marks are the same utterance
RULED = 0.9
PLAIN = 0.85
"""The NLI probability from which a pair follows, or excludes the other, in plain words."""
EVEN = 0.5
"""What agreement must reach where one side plainly follows from the other."""
SURE = 0.75
"""The conflict score from which a change of position is believed between claims that are not near each other."""
DENIED_ALIKE = 0.75
"""The similarity from which a denial denies the other side's claim, not something near it: the models see too few to learn it."""
DENIED_SURE = 0.7
DRIFTED_WORDS = 6
"""Shorter quotations are alike by chance: a slogan, a set phrase."""
ALIKE = 0.85
"""The similarity from which two claims that nothing opposes rather say the same than stand in tension."""
WHOLE = 0.95
DRIFT_DAYS = 7
"""Later, alike words are more likely said again than misreported."""
FIRST_PERSON = frozenset({"i", "me", "my", "mine", "we", "us", "our", "ours"})
OTHERS = frozenset({"him", "her", "them"})
ONE = frozenset({"1"})
"""No figure by itself: "no one", "one of them"."""
SIGNED = re.compile(r"[$£€¥₹₽₺₩₪₦%]|(?<!\w)[-−–](?=\.?\d)|[\w']+")
DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|disput(?:e|es|ed|ing)|dismiss(?:es|ed|ing)?)\b", re.IGNORECASE
)
TWIN = 5
"""Words of a sentence that one "not" turns round; shorter ones are said of many things."""
TWIN_DAYS = 3
QUESTION = re.compile(r"[^.!?]*\?[\"'”’)\s]*")
"""A claim that only asks asserts nothing."""
VAGUE = frozenset({"it", "this", "that", "they", "he", "she", "these", "those", "so", "there"})


@dataclass(frozen=True, slots=True)
class Calibration:
    """Multinomial logistic regression over `verifier.features`: what the pair's features say of the three stances.

    `weights` has shape (3, features) in the order agree, conflict, neutral; `tension` has shape (features + 1,) with
    its bias last, and tells, of two that conflict, whether both could still be true. Features are (x - mean) / scale.
    `names` says whether the stances of a verdict model are among them.
    """

    names: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, float, float]
    tension: tuple[float, ...]
    revision: str

    def __post_init__(self) -> None:
        if self.names not in (NAMES, STANCE_NAMES):
            raise ValueError("the calibration was fitted on other features; run `python -m models.training.verdict`")

    @property
    def with_stances(self) -> bool:
        """Whether it reads what a verdict model says."""
        return self.names == STANCE_NAMES

    def scores(self, x: NDArray[np.float64]) -> Scores:
        """Probabilities of the three stances for one feature vector."""
        logits = np.array(self.weights) @ self._scaled(x) + np.array(self.bias)
        p = np.exp(logits - logits.max())
        agree, conflict, _ = (round(float(v), 4) for v in p / p.sum())
        return Scores(agree, conflict, round(1.0 - agree - conflict, 4))

    def tension_share(self, x: NDArray[np.float64]) -> float:
        """Probability that a conflict is a tension, not a contradiction."""
        return float(1.0 / (1.0 + np.exp(-(np.array(self.tension[:-1]) @ self._scaled(x) + self.tension[-1]))))

    def _scaled(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((x - np.array(self.mean)) / np.array(self.scale))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Calibrated probabilities that a stance must reach.

    `tension` is enough where both take opposite directions. `exclusive` is the mean probability of contradiction from which a
    conflict is called a contradiction and not a tension, where no verdict model tells the two apart. `denial` is the similarity
    from which a denial can conflict at all (it seems to deny much of what stands near it) and `denied` what its conflict must
    reach; `near` the similarity from which one common word is subject enough. `utterance` is the share of common words that
    makes two quotations one, `drift` the share in the same order from which quotations that differ in a word are one utterance
    reported differently.
    """

    conflict: float = 0.55
    agree: float = 0.7
    neutral: float = 0.6
    tension: float = 0.25
    utterance: float = 0.7
    drift: float = 0.6
    exclusive: float = 0.6
    denial: float = 0.65
    denied: float = 0.5
    near: float = 0.6
    min_words: int = 4


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules make of one pair's scores."""

    stance: Stance
    kind: VerdictKind | None
    scores: Scores
    code: ReasonCode | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy with its calibration, bounds, and the NLI model whose scores it reads; `reader` names a verdict model beside it."""

    calibration: Calibration
    nli_model: str
    nli_revision: str
    bounds: Bounds = field(default_factory=Bounds)
    reader: str = ""

    @property
    def version(self) -> str:
        """The key of its verdicts: a change of rules, bounds, calibration or weights makes new verdicts."""
        values = [f"{f.name}={getattr(self.bounds, f.name)}" for f in fields(self.bounds)]
        models = [self.nli_model, self.nli_revision, *([self.reader] if self.reader else [])]
        return "policy-11-" + text_hash("|".join([*values, self.calibration.revision, *models]))[:8]

    def decide(self, pair: Pair, probabilities: BothWays, stances: StanceProbabilities | None = None) -> Verdict:
        """The verdict of a stored pair."""
        return self.compare(pair.a, pair.b, pair.similarity, probabilities, stances)

    def compare(
        self,
        a: Side,
        b: Side,
        similarity: float,
        probabilities: BothWays,
        stances: StanceProbabilities | None = None,
    ) -> Verdict:
        """The verdict of two statements; the same whichever comes first, the six probabilities aside.

        `probabilities` are the model's for `verifier.alignment.compared`; the verdict shows them turned for a denial.
        `stances` are the verdict model's for `verifier.alignment.shown`, needed where the calibration reads them.
        """
        seen = evidence(a, b, similarity, probabilities, stances if self.calibration.with_stances else None)
        ruling = self._rule(seen)
        return Verdict(
            stance=ruling.stance,
            kind=ruling.kind,
            confidence=_confidence(ruling),
            scores=ruling.scores,
            probabilities=seen.probabilities,
            reasons=reasons(seen, ruling.stance, ruling.kind, ruling.code),
            reason_code=ruling.code,
            policy_version=self.version,
            nli_model=self.nli_model,
            nli_revision=self.nli_revision,
        )

    def plain_scores(self, seen: Evidence) -> Scores:
        """The calibrated scores before any rule."""
        return self.calibration.scores(_read(seen, self.calibration.names))

    def tension_share(self, seen: Evidence) -> float:
        """Probability that the two, if they conflict, could still both be true."""
        return self.calibration.tension_share(_read(seen, self.calibration.names))

    def _rule(self, seen: Evidence) -> Ruling:
        x = _read(seen, self.calibration.names)
        scores = self.calibration.scores(x)
        if (utterance := self._utterance(seen)) is not None:
            sure = SAID_ALIKE if utterance is VerdictKind.SAME_UTTERANCE else RULED
            return Ruling(Stance.AGREE, utterance, _raised(scores, Stance.AGREE, sure))
        code = self._doubt(seen)
        if code is None and _repeated(seen):
            again = seen.same_speaker and seen.a.article != seen.b.article
            kind = VerdictKind.SAME_UTTERANCE if again else _agreement_kind(seen)
            return Ruling(Stance.AGREE, kind, _raised(scores, Stance.AGREE))
        if code is None and seen.similarity >= self.bounds.near and _turned_round(seen):
            changed = seen.same_speaker and seen.days_apart > 0
            kind = VerdictKind.POSITION_CHANGED if changed else VerdictKind.CONTRADICTION
            return Ruling(Stance.CONFLICT, kind, _raised(scores, Stance.CONFLICT))
        ruling = self._by_figures(seen, scores, code) or self._by_scores(seen, x, scores, code)
        if ruling.stance is Stance.CONFLICT and seen.other_polls and not seen.denial:
            return Ruling(Stance.NEUTRAL, None, _raised(scores, Stance.NEUTRAL))
        return ruling

    def _by_figures(self, seen: Evidence, scores: Scores, code: ReasonCode | None) -> Ruling | None:
        """What figures alone decide, in claims that say nearly the same otherwise; they are subject enough themselves."""
        if code not in (None, ReasonCode.NO_SHARED_SUBJECT):
            return None
        found = finding(seen)
        if found in (Found.DIFFERENCE, Found.SAME) and seen.similarity < self.bounds.near:
            return None
        if found is Found.DIFFERENCE:
            return Ruling(Stance.CONFLICT, VerdictKind.NUMERIC, _raised(scores, Stance.CONFLICT))
        if found is Found.UPDATE:
            return Ruling(Stance.NEUTRAL, VerdictKind.NUMERIC_UPDATE, _raised(scores, Stance.NEUTRAL))
        if found is Found.SAME:
            return Ruling(Stance.AGREE, _agreement_kind(seen), _raised(scores, Stance.AGREE))
        if found is Found.UNITS and scores.neutral < self.bounds.neutral:
            return Ruling(Stance.UNDECIDED, None, scores, ReasonCode.UNIT_MISMATCH)
        if found is Found.COMPATIBLE and scores.agree < self.bounds.agree and scores.neutral < self.bounds.neutral:
            return Ruling(Stance.UNDECIDED, None, scores, _why_not(seen))
        return None

    def _by_scores(self, seen: Evidence, x: NDArray[np.float64], scores: Scores, code: ReasonCode | None) -> Ruling:
        if seen.denies_saying and not seen.of_denier and code is None:
            return Ruling(Stance.NEUTRAL, None, _raised(scores, Stance.NEUTRAL))
        denied = seen.denial and seen.similarity >= DENIED_ALIKE and not (_opposite_of_denied(seen) or _both_deny(seen))
        if denied and code is None and scores.agree < self.bounds.agree:
            return Ruling(Stance.CONFLICT, VerdictKind.DENIAL, _raised(scores, Stance.CONFLICT, DENIED_SURE))
        near = not seen.denial or seen.similarity >= self.bounds.denial
        enough = self.bounds.denied if seen.denial else self.bounds.conflict
        if scores.conflict >= enough and near and code is None:
            kind = self._conflict_kind(seen, x)
            if self._misread(kind, seen, scores):
                return Ruling(Stance.UNDECIDED, None, scores, _why_not(seen))
            return Ruling(Stance.CONFLICT, kind, scores)
        plain = _entailed(seen) >= PLAIN
        if scores.agree >= (EVEN if plain else self.bounds.agree) and code is None and seen.figures.differing is None:
            return Ruling(Stance.AGREE, _agreement_kind(seen), scores)
        if scores.conflict >= self.bounds.tension and seen.opposed and near and code is None:
            return Ruling(Stance.CONFLICT, VerdictKind.TENSION, scores)
        if scores.neutral >= self.bounds.neutral and not (_same_toll(seen) or self._related(seen)):
            return Ruling(Stance.NEUTRAL, None, scores)
        return Ruling(Stance.UNDECIDED, None, scores, code or _why_not(seen))

    def _related(self, seen: Evidence) -> bool:
        """Nearly the same words, or near ones that exclude each other in both directions: whatever the scores, not unrelated."""
        return _alike(seen) or (_contradicted(seen) >= EVEN and seen.similarity >= self.bounds.near)

    def _misread(self, kind: VerdictKind, seen: Evidence, scores: Scores) -> bool:
        """What was mostly wrong on reading: a tension of nearly the same words, or a contradiction of them that only one direction
        sees; a change of position between far claims that are not plainly opposed, or that have nothing but their speaker in
        common, or where "him" may be the speaker; what a paper tells in its own voice on two days, unless a direction or a negation
        differs; a denial of the opposite.
        """
        if _own_voice(seen) and not (seen.opposed or seen.negation_differs):
            return True
        if kind is VerdictKind.DENIAL:
            return _opposite_of_denied(seen)
        both = _contradicted(seen)
        if kind is VerdictKind.POSITION_CHANGED:
            plainly = bool(seen.opposed) and both >= PLAIN
            far = seen.similarity < self.bounds.near and scores.conflict < SURE
            return _of_another(seen) or (far and not plainly) or not _beside_speaker(seen).enough
        if kind is VerdictKind.CONTRADICTION:
            return _alike(seen) and both < EVEN
        return kind is VerdictKind.TENSION and _alike(seen)

    def _utterance(self, seen: Evidence) -> VerdictKind | None:
        """One speaker's quoted words, reported in two articles: alike, or with words between them that differ."""
        a, b = seen.a.statement, seen.b.statement
        if not seen.same_speaker or seen.a.article == seen.b.article or not {a.kind, b.kind} <= QUOTED:
            return None
        if seen.negation_differs or seen.opposed or seen.terms[0].numbers != seen.terms[1].numbers:
            return None
        if min(len(a.text.split()), len(b.text.split())) < self.bounds.min_words:
            return None
        found = likeness(a, b)
        long_enough = found.words >= DRIFTED_WORDS
        if long_enough and found.share >= self.bounds.drift and found.differing:
            return VerdictKind.QUOTE_DRIFT if seen.days_apart <= DRIFT_DAYS else None
        alike = same_words(a.text, b.text) >= self.bounds.utterance or (long_enough and found.share >= WHOLE)
        return VerdictKind.SAME_UTTERANCE if alike else None

    def _doubt(self, seen: Evidence) -> ReasonCode | None:
        """Why a pair is not to be decided, whatever its scores."""
        for side, terms in zip((seen.a, seen.b), seen.terms, strict=True):
            words = side.statement.claim.lower().split()
            if len(words) < self.bounds.min_words and _told(side.statement.claim) < self.bounds.min_words - 1:
                return ReasonCode.TOO_SHORT
            if words[0] in VAGUE and not terms.stems and not terms.numbers:
                return ReasonCode.UNRESOLVED_PRONOUN
        if any(QUESTION.fullmatch(side.statement.claim) for side in (seen.a, seen.b)):
            return ReasonCode.LOW_CONFIDENCE
        a, b = (terms_of(side.statement.claim).numbers - ONE for side in (seen.a, seen.b))
        figures = a and b and not a & b and not seen.figures.compatible
        named = bool(seen.shared.entities) or not figures  # two figures conflict only over one thing that both name
        near = seen.similarity >= self.bounds.near and bool(seen.shared.stems)
        return None if (seen.shared.enough or near) and named else ReasonCode.NO_SHARED_SUBJECT

    def _conflict_kind(self, seen: Evidence, x: NDArray[np.float64]) -> VerdictKind:
        if seen.denial:
            return VerdictKind.DENIAL
        if seen.figures.differing is not None and not (seen.negation_differs or seen.opposed):
            return VerdictKind.NUMERIC
        if seen.same_speaker and seen.days_apart and not _own_voice(seen):
            return VerdictKind.POSITION_CHANGED
        p, q = seen.probabilities.a_to_b, seen.probabilities.b_to_a
        mean = (p.contradiction + q.contradiction) / 2
        if seen.stances is not None and mean >= PLAIN:
            return VerdictKind.CONTRADICTION
        exclusive = mean >= self.bounds.exclusive or seen.stances is not None
        return (
            VerdictKind.CONTRADICTION if exclusive and self.calibration.tension_share(x) <= 0.5 else VerdictKind.TENSION
        )


def _contradicted(seen: Evidence) -> float:
    """How far both directions contradict."""
    return min(seen.probabilities.a_to_b.contradiction, seen.probabilities.b_to_a.contradiction)


def _entailed(seen: Evidence) -> float:
    """How far one direction follows."""
    return max(seen.probabilities.a_to_b.entailment, seen.probabilities.b_to_a.entailment)


def _alike(seen: Evidence) -> bool:
    """Nearly the same words, and neither a denial, a negation, a direction nor a figure that sets them against each other."""
    against = seen.denial or seen.negation_differs or seen.opposed or seen.figures.differing is not None
    return seen.similarity >= ALIKE and not against


def _own_voice(seen: Evidence) -> bool:
    """One paper's narration of two days: what it tells of has changed rather than a position."""
    narrated = {seen.a.statement.kind, seen.b.statement.kind} == {StatementKind.NARRATED}
    return narrated and seen.same_speaker and seen.days_apart > 0


def _same_toll(seen: Evidence) -> bool:
    """Both count as many dead or hurt, and name something in common: whatever the models say, that is not unrelated."""
    return bool(seen.shared.stems) and any(one.alike and one.toll is not None for one in seen.figures.comparisons)


def _of_another(seen: Evidence) -> bool:
    """What is compared of one claim alone names a person by "him" or "her", who may be its speaker or another."""
    a, b = (OTHERS.isdisjoint(spoken(words)) for words in compared(seen.a.statement, seen.b.statement))
    return a != b


def _beside_speaker(seen: Evidence) -> Common:
    """What two claims of one speaker have in common, but for the speaker's name."""
    speaker = seen.a.statement.speaker
    return seen.shared.beside(" ".join((speaker.name, *speaker.aliases))) if speaker else seen.shared


def _opposite_of_denied(seen: Evidence) -> bool:
    """The other side rather contradicts what is denied: both say the same. (A denial's scores are turned, contradiction by half.)"""
    if not seen.denial:
        return False
    p, q = seen.probabilities.a_to_b, seen.probabilities.b_to_a
    contradicted = p.entailment + q.entailment
    return contradicted >= EVEN and contradicted > (p.contradiction + q.contradiction) / 2


def _both_deny(seen: Evidence) -> bool:
    """The side that is no denial tells of one in its own words."""
    return bool(DENIES.search(seen.denied.statement.claim))


def _repeated(seen: Evidence) -> bool:
    """The same words and signs on both sides, held by both, which say the same of whoever speaks: not "I", "we" or "he"."""
    a, b = (SIGNED.findall(side.statement.claim.lower().replace("’", "'")) for side in (seen.a, seen.b))
    held = not seen.negation_differs and not any(_doubts(side) for side in (seen.a, seen.b))
    return a == b and held and FIRST_PERSON.isdisjoint(a) and a[0] not in VAGUE


def _turned_round(seen: Evidence) -> bool:
    """A sentence of one side is one of the other's but for a "not", and NLI does not say the contrary: of one speaker, or of one time."""
    if _entailed(seen) >= EVEN or seen.denial or any(_doubts(side) for side in (seen.a, seen.b)):
        return False
    a, b = ([SIGNED.findall(one.lower().replace("’", "'")) for one in _sentences(side)] for side in (seen.a, seen.b))
    found = [x for x in a for y in b if min(len(x), len(y)) >= TWIN and _without_not(x) == _without_not(y) and x != y]
    anybody = [x for x in found if FIRST_PERSON.isdisjoint(x) and x[0] not in VAGUE]
    return bool(
        found if seen.same_speaker and not _own_voice(seen) else anybody if seen.days_apart <= TWIN_DAYS else []
    )


def _sentences(side: Side) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?;,])[\s”\"’]+", side.statement.claim) if one]


def _without_not(words: list[str]) -> list[str]:
    return [word for word in words if word not in ("not", "never")]


def _doubts(side: Side) -> bool:
    return side.statement.cue is not None and bool(DOUBTING.search(side.statement.cue.text))


def _told(claim: str) -> int:
    """How many words of a claim tell something: "Pakistan supports peace" is short, and says enough."""
    terms = terms_of(claim)
    return len(terms.entities) + len(terms.stems) + len(terms.numbers)


def _agreement_kind(seen: Evidence) -> VerdictKind | None:
    """Corroboration needs another speaker or another outlet; one speaker repeating himself in one paper is none."""
    outlets = seen.a.outlet is None or seen.b.outlet is None or seen.a.outlet != seen.b.outlet
    elsewhere = seen.a.article != seen.b.article and outlets
    return VerdictKind.CORROBORATION if not seen.same_speaker or elsewhere else None


def _why_not(seen: Evidence) -> ReasonCode:
    both = Stance.combine(_reading(seen.probabilities.a_to_b), _reading(seen.probabilities.b_to_a))
    return ReasonCode.MODELS_DISAGREE if both is Stance.UNDECIDED else ReasonCode.LOW_CONFIDENCE


def _reading(one_way: NliProbabilities) -> Stance:
    """What one direction says by itself."""
    if one_way.contradiction > 0.5:
        return Stance.CONFLICT
    return Stance.AGREE if one_way.entailment > 0.5 else Stance.NEUTRAL


def _read(seen: Evidence, names: tuple[str, ...]) -> NDArray[np.float64]:
    """The features of these names; figures that go together ("1.2 million", "1,213,000") are no differing numbers."""
    x = vector(seen)[: len(names)]
    if len(x) < len(names):
        raise ValueError("this calibration reads stances, and the pair has none; give the policy a verdict model")
    if seen.figures.compatible is not None:
        x[NAMES.index("numbers_differ")] = 0.0
    return x


def _raised(scores: Scores, stance: Stance, to: float = RULED) -> Scores:
    """Scores with those of a stance that a rule decided at least `to`, the other two in their old proportion."""
    values = {"agree": scores.agree, "conflict": scores.conflict, "neutral": scores.neutral}
    if values[stance.value] >= to:
        return scores
    others = [name for name in values if name != stance.value]
    rest = (1.0 - to) / max(1e-9, sum(values[name] for name in others))
    first = round(values[others[0]] * rest, 4)
    return Scores(**{stance.value: to, others[0]: first, others[1]: round(1.0 - to - first, 4)})


def _confidence(ruling: Ruling) -> float:
    by_stance = {
        Stance.AGREE: ruling.scores.agree,
        Stance.CONFLICT: ruling.scores.conflict,
        Stance.NEUTRAL: ruling.scores.neutral,
    }
    return by_stance.get(ruling.stance, max(by_stance.values()))


def calibration_of(row: dict[str, object], revision: str) -> Calibration:
    """A calibration from its JSON form."""

    def numbers(key: str) -> tuple[float, ...]:
        value = row[key]
        if not isinstance(value, Sequence):
            raise ValueError(f"calibration: {key} is no list")
        return tuple(float(v) for v in value)

    weights = row["weights"]
    if not isinstance(weights, Sequence):
        raise ValueError("calibration: weights is no list")
    agree, conflict, neutral = numbers("bias")
    return Calibration(
        names=tuple(str(name) for name in row["names"]),  # type: ignore[attr-defined]
        mean=numbers("mean"),
        scale=numbers("scale"),
        weights=tuple(tuple(float(v) for v in line) for line in weights),
        bias=(agree, conflict, neutral),
        tension=numbers("tension"),
        revision=revision,
    )
