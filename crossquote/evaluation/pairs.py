"""How well verdicts stand up to labelled pairs: by stance, against baselines, with calibration and the gates' losses."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.filters import KINDS, STEPS
from models.training.labelled_pairs import LabelledPair
from verifier.features import Evidence, evidence
from verifier.judging import Judge
from verifier.metrics import Bin, average_precision, coverage_at, ece, precision_at, reliability
from verifier.pairing import GATES, GateSettings, Pairing
from verifier.values import Side
from verifier.verdicts import BothWays, Stance, Verdict

Floats = NDArray[np.float64]
TARGETS: Final = {
    "conflict": frozenset({"conflict"}),
    "conflict or tension": frozenset({"conflict", "tension"}),
    "agree": frozenset({"agree"}),
}
FIRST: Final = 40
BATCH: Final = 64
SURE: Final = 0.9
ROUNDS: Final = 500


@dataclass(frozen=True, slots=True)
class PairScore:
    """How well one method finds one target: all in [0, 1], `first` the precision of the first `FIRST` in its order.

    `low` and `high` bound the average precision (95 %, bootstrap over pairs).
    """

    method: str
    target: str
    average_precision: float
    low: float
    high: float
    at_half: float
    at_most: float
    first: float
    coverage: float


@dataclass(frozen=True, slots=True)
class GateLoss:
    """How many pairs of one label a gate drops that the gates before it let through."""

    gate: str
    label: str
    pairs: int
    lost: int


@dataclass(frozen=True, slots=True)
class Saving:
    """How many of all pairs of the file's statements would be scored."""

    statements: int
    scored: int

    @property
    def share(self) -> float:
        """Of all pairs, those that the gates save, in [0, 1]."""
        return 1.0 - self.scored / max(1, self.statements * (self.statements - 1) // 2)


@dataclass(frozen=True, slots=True)
class Risk:
    """Of the most confident share of pairs, how many have the wrong stance."""

    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class PairsReport:
    """Scores by method and target, the calibration of the shown confidence, and what the gates cost."""

    scores: tuple[PairScore, ...]
    ece: float
    table: tuple[Bin, ...]
    risks: tuple[Risk, ...]
    gates: tuple[GateLoss, ...]
    kept: Mapping[str, tuple[int, int]]
    saving: Saving


@dataclass(frozen=True, slots=True)
class _Judged:
    sides: tuple[Side, Side]
    seen: Evidence
    verdict: Verdict
    raw: BothWays


def evaluate_pairs(
    judge: Judge, gates: GateSettings, pairs: Sequence[LabelledPair], progress: Callable[[int, int], None]
) -> PairsReport:
    """Judge every pair and compare with its label."""
    judged: list[_Judged] = []
    for start in range(0, len(pairs), BATCH):
        judged += _judged(judge, [(p.a.side(), p.b.side()) for p in pairs[start : start + BATCH]])
        progress(len(judged), len(pairs))
    labels = np.array([pair.label for pair in pairs])
    passed, losses, saving = _gates(judge, gates, judged, labels)
    methods = _methods(judge, judged, passed)
    scores = tuple(
        _score(method, target, np.isin(labels, sorted(wanted)), rank)
        for target, wanted in TARGETS.items()
        for method, ranks in methods.items()
        if (rank := ranks.get(target)) is not None
    )
    confidence, right = _shown(judged, labels)
    table = tuple(reliability(confidence, right))
    kept = {
        label: (int(passed[labels == label].sum()), int((labels == label).sum()))
        for label in sorted(set(labels.tolist()))
    }
    return PairsReport(scores, ece(table), table, _risks(confidence, right), losses, kept, saving)


def _judged(judge: Judge, sides: Sequence[tuple[Side, Side]]) -> list[_Judged]:
    return [
        _Judged((a, b), evidence(a, b, *found.reading), found.verdict, found.reading[1])
        for (a, b), found in zip(sides, judge.looked(sides), strict=True)
    ]


def _methods(judge: Judge, judged: Sequence[_Judged], passed: NDArray[np.bool_]) -> dict[str, dict[str, Floats]]:
    """What each method ranks pairs by, for each target."""
    verdicts = [one.verdict for one in judged]
    share = np.array([judge.policy.tension_share(one.seen) for one in judged])
    conflict = np.array([v.scores.conflict for v in verdicts])
    agree = np.array([v.scores.agree for v in verdicts])
    nli = [one.raw for one in judged]
    cosine = np.array([one.seen.similarity for one in judged])
    plain = [judge.policy.plain_scores(one.seen) for one in judged]
    bare_conflict, bare_agree = np.array([s.conflict for s in plain]), np.array([s.agree for s in plain])
    both = np.array([(p.a_to_b.contradiction + p.b_to_a.contradiction) / 2 for p in nli])
    follows = np.array([max(p.a_to_b.entailment, p.b_to_a.entailment) for p in nli])
    one_way = np.array([p.a_to_b.contradiction for p in nli])
    queue = np.array([_queue_rank(v) for v in verdicts])

    def rows(clash: Floats, strict: Floats, same: Floats) -> dict[str, Floats]:
        return {"conflict": strict, "conflict or tension": clash, "agree": same}

    methods = {
        "verdicts": rows(conflict, conflict * (1 - share), agree),
        "verdicts, pairs that pass the gates": rows(
            np.where(passed, conflict, -1.0),
            np.where(passed, conflict * (1 - share), -1.0),
            np.where(passed, agree, -1.0),
        ),
        "calibrated scores without rules": rows(bare_conflict, bare_conflict * (1 - share), bare_agree),
        "queue order": {"conflict": queue, "conflict or tension": queue},
        "NLI, both ways": rows(both, both, follows),
        "NLI, one way": rows(one_way, one_way, np.array([p.a_to_b.entailment for p in nli])),
        "cosine": rows(cosine, cosine, cosine),
    }
    known = [one.seen.stances for one in judged if one.seen.stances is not None]
    if len(known) == len(judged):
        methods["verdict model alone"] = rows(
            np.array([p.conflict + p.tension for p in known]),
            np.array([p.conflict for p in known]),
            np.array([p.agree for p in known]),
        )
    return methods


def _queue_rank(verdict: Verdict) -> float:
    """Higher comes first: conflicts by steps of confidence, then kind, as the queue has them, then the rest by their score."""
    if verdict.stance is not Stance.CONFLICT:
        return verdict.scores.conflict
    kind = KINDS.get(verdict.kind, 1) if verdict.kind else 1
    return 2.0 + round(verdict.confidence * STEPS) - 0.25 * kind + 0.1 * verdict.confidence


def _score(method: str, target: str, positive: NDArray[np.bool_], rank: Floats) -> PairScore:
    rng = random.Random(7)
    drawn = []
    for _ in range(ROUNDS):
        rows = np.array(rng.choices(range(len(rank)), k=len(rank)))
        drawn.append(average_precision(positive[rows], rank[rows]))
    drawn.sort()
    return PairScore(
        method,
        target,
        average_precision(positive, rank),
        drawn[int(0.025 * ROUNDS)],
        drawn[min(ROUNDS - 1, int(0.975 * ROUNDS))],
        precision_at(positive, rank, 0.5),
        precision_at(positive, rank, 0.8),
        float(positive[np.argsort(-rank, kind="stable")[:FIRST]].mean()),
        coverage_at(positive, rank, SURE),
    )


def _shown(judged: Sequence[_Judged], labels: NDArray[np.str_]) -> tuple[Floats, NDArray[np.bool_]]:
    """The confidence of each verdict, and whether the stance that it belongs to is the label's."""
    confidence, right = [], []
    for one, label in zip(judged, labels, strict=True):
        scores = one.verdict.scores
        named = {"agree": scores.agree, "conflict": scores.conflict, "neutral": scores.neutral}
        stance = one.verdict.stance.value
        best = stance if stance in named else max(named, key=lambda name: named[name])
        confidence.append(one.verdict.confidence)
        right.append(best == {"tension": "conflict", "unrelated": "neutral"}.get(label, label))
    return np.array(confidence), np.array(right)


def _risks(confidence: Floats, right: NDArray[np.bool_]) -> tuple[Risk, ...]:
    order = np.argsort(-confidence, kind="stable")
    return tuple(
        Risk(share / 10, float(1 - right[order[: max(1, round(share * len(order) / 10))]].mean()))
        for share in range(1, 11)
    )


def _gates(
    judge: Judge, settings: GateSettings, judged: Sequence[_Judged], labels: NDArray[np.str_]
) -> tuple[NDArray[np.bool_], tuple[GateLoss, ...], Saving]:
    """Which pairs pass, what each gate loses and all of them save; the top k is taken among the file's own statements."""
    sides = list({side.statement.id: side for one in judged for side in one.sides}.values())
    vectors = judge.embedder.embed([side.statement.claim for side in sides])
    pool = Pairing(settings).pool(sides, vectors, {side.version_id: "" for side in sides})
    dropped = [pool.dropped_by(one.sides[0].statement.id, one.sides[1].statement.id) for one in judged]
    losses = []
    for gate in GATES:
        lost = np.array([one == gate for one in dropped])
        for label in sorted(set(labels.tolist())):
            own = labels == label
            losses.append(GateLoss(gate, str(label), int(own.sum()), int((lost & own).sum())))
    saving = Saving(len(sides), len(pool.candidates([side.statement.id for side in sides])))
    return np.array([gate is None for gate in dropped]), tuple(losses), saving
