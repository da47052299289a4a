"""Fit the policy's calibration: `python -m models.training.verdict --pairs F --nli F --texts F [--measure F]`.

Multinomial logistic regression from `verifier.features` to agree / conflict / neutral (a tension counts as a conflict), and a second
one that tells tension from contradiction among conflicts. Three or four kinds of pairs are fitted on, because each alone misleads:
labelled pairs of news statements (chosen by readers: hard, with few easy neutrals), NLI pairs that the NLI model was not trained on
(clean contradictions and entailments), and gated candidate pairs of news texts taken as neutral (what a run meets most; about one in
ten of them is not). Labelled pairs that a run flagged (`models.training.marked_pairs`) may be added: without them the scores are right
for pairs that readers chose, and far too high for what a run flags. What each kind counts is a setting. Regularization is chosen by
5-fold cross-validation, folds by article. For a verdict model the stances are features too: give it pairs and texts that it was not
trained on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss
from sklearn.model_selection import GroupKFold

from models.calibration import CALIBRATION, WITH_STANCES
from models.embedder import SentenceEmbedder
from models.nli import OURS, CrossEncoderNli, readers
from models.training.candidates import candidate_pairs
from models.training.corpus import hold_out, read_examples
from models.training.labelled_pairs import LabelledPair, read_pairs
from models.training.marked_pairs import read_marked, read_texts
from models.training.nli import Recipe
from verifier.features import NAMES, STANCE_NAMES, evidence, vector
from verifier.judging import statement_of_words
from verifier.metrics import ece, reliability
from verifier.reading import Reader, readings
from verifier.values import Side

STANCES: Final = ("agree", "conflict", "neutral")
STRENGTHS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
HELD_OUT: Final = Recipe().held_out
PROSE: Final = frozenset(
    """lingnli_train hw2_mnli_train mnli_llmsknow_train olora_mnli_train taxinli10k snli_sub_train rte123 rte_train cad_nli
    fever_symmetric wikifactcheck_neg breaking_nli""".split()
)
STANCE_OF: Final = {"tension": "conflict", "unrelated": "neutral"}
NLI_STANCE: Final = {"entailment": "agree", "contradiction": "conflict", "neutral": "neutral"}
CANDIDATES: Final = 3000
Array = NDArray[np.float64]
Sides = tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Feature rows with their stance, whether a conflict is a tension, and the article that folds are made by."""

    x: Array
    y: NDArray[np.str_]
    tension: NDArray[np.bool_]
    group: NDArray[np.str_]
    weight: Array


@dataclass(frozen=True, slots=True)
class Scorer:
    """The models that the features are read from."""

    embedder: SentenceEmbedder
    reader: Reader
    """Whose stances are features too, if anyone's."""

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names."""
        return STANCE_NAMES if self.reader.stances else NAMES

    def features(self, pairs: Sequence[Sides]) -> Array:
        """Features of shape (len(pairs), len(names))."""
        read = readings(self.embedder, self.reader, pairs)
        return np.array([vector(evidence(a, b, *reading)) for (a, b), reading in zip(pairs, read, strict=True)])


def labelled(pairs: Sequence[LabelledPair], scorer: Scorer, weight: float = 1.0) -> Labelled:
    """Labelled pairs of news statements."""
    return Labelled(
        scorer.features([(pair.a.side(), pair.b.side()) for pair in pairs]),
        np.array([STANCE_OF.get(pair.label, pair.label) for pair in pairs]),
        np.array([pair.label == "tension" for pair in pairs]),
        np.array([pair.a.article for pair in pairs]),
        np.full(len(pairs), weight),
    )


def unseen_nli(path: Path, scorer: Scorer, weight: float) -> Labelled:
    """Prose pairs of the part of an NLI file that `models.training.nli` holds out."""
    _, held = hold_out(list(read_examples(path)), HELD_OUT, Recipe().seed)
    kept = [one for one in held if one.source in PROSE and one.label in NLI_STANCE]
    pairs = [(_plain(one.premise, "premise"), _plain(one.hypothesis, "hypothesis")) for one in kept]
    return Labelled(
        scorer.features(pairs),
        np.array([NLI_STANCE[one.label] for one in kept]),
        np.zeros(len(kept), dtype=np.bool_),
        np.array([f"nli {i}" for i in range(len(kept))]),
        np.full(len(kept), weight),
    )


def weak_neutrals(path: Path, scorer: Scorer, weight: float, count: int) -> Labelled:
    """Random gated candidates from news texts (`id` is outlet_date_title), taken as neutral."""
    pairs = candidate_pairs(path, scorer.embedder, 3, count)
    return Labelled(
        scorer.features(pairs),
        np.array(["neutral"] * len(pairs)),
        np.zeros(len(pairs), dtype=np.bool_),
        np.array([a.article for a, _ in pairs]),
        np.full(len(pairs), weight),
    )


def _plain(text: str, name: str) -> Side:
    return Side(statement_of_words(text, None, None), name, 0, None, None)


def joined(parts: Sequence[Labelled]) -> Labelled:
    """Several sets as one."""
    return Labelled(
        np.vstack([part.x for part in parts]),
        np.concatenate([part.y for part in parts]),
        np.concatenate([part.tension for part in parts]),
        np.concatenate([part.group for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )


def fit(x: Array, y: NDArray[Any], strength: float, weight: Array) -> Any:
    """One regression; `strength` is sklearn's C."""
    return LogisticRegression(C=strength, max_iter=5000).fit(x, y, sample_weight=weight)


def choose(data: Labelled, news: int) -> float:
    """The strength with the lowest weighted log loss on the first `news` rows, the labelled news pairs, in 5-fold cross-validation."""

    def loss(strength: float) -> float:
        p, weight = cross_validated(data, strength)[:news], data.weight[:news]
        return float(log_loss(data.y[:news], p, labels=list(STANCES), sample_weight=weight))

    return min(STRENGTHS, key=loss)


def cross_validated(data: Labelled, strength: float) -> Array:
    """Probabilities of shape (n, 3), out of fold."""
    p = np.zeros((len(data.y), len(STANCES)))
    for train, test in GroupKFold(5).split(data.x, data.y, data.group):
        mean, scale = _standard(data.x[train])
        p[test] = fit((data.x[train] - mean) / scale, data.y[train], strength, data.weight[train]).predict_proba(
            (data.x[test] - mean) / scale
        )
    return p


def _standard(x: Array) -> tuple[Array, Array]:
    scale = x.std(axis=0)
    return x.mean(axis=0), np.where(scale > 1e-6, scale, 1.0)


def calibrate(data: Labelled, names: Sequence[str], news: int, strength: float) -> dict[str, object]:
    """The calibration's JSON form; the first `news` rows are the labelled news pairs, which alone know tension."""
    mean, scale = _standard(data.x)
    x = (data.x - mean) / scale
    stance = fit(x, data.y, strength, data.weight)
    conflict = np.flatnonzero(data.y[:news] == "conflict")
    tension = fit(x[conflict], data.tension[conflict], strength, data.weight[conflict])
    order = [list(stance.classes_).index(name) for name in STANCES]
    return {
        "names": list(names),
        "mean": _round(mean),
        "scale": _round(scale),
        "weights": [_round(stance.coef_[i]) for i in order],
        "bias": _round(stance.intercept_[order]),
        "tension": _round([*tension.coef_[0], tension.intercept_[0]]),
    }


def _round(values: Sequence[float] | Array) -> list[float]:
    return [round(float(v), 5) for v in values]


def measure(name: str, y: NDArray[np.str_], p: Array) -> str:
    """Average precision of conflict (tension counted in) and agreement, what a bound of 0.5 gives, and ECE."""
    hit = np.array(STANCES)[p.argmax(axis=1)] == y
    parts = [f"{name} ({len(y)} pairs): ECE {ece(reliability(p.max(axis=1), hit)):.3f}"]
    for i, stance in enumerate(STANCES[:2]):
        over, right = p[:, i] >= 0.5, y == stance
        average = (
            f"average precision {100 * average_precision_score(right, p[:, i]):.1f}" if right.any() else "none there"
        )
        precision = f"{100 * right[over].mean():.0f} % right" if right.any() and over.any() else ""
        parts.append(
            f"{stance}: {average} (chance {100 * right.mean():.1f}), {over.sum()} at 0.5 or more {precision}".rstrip()
        )
    return "; ".join(parts)


def probabilities(row: Mapping[str, Any], x: Array) -> Array:
    """Probabilities of shape (n, 3) by a calibration's JSON form."""
    z = (x - np.array(row["mean"])) / np.array(row["scale"]) @ np.array(row["weights"]).T + np.array(row["bias"])
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _news(args: argparse.Namespace) -> dict[str, tuple[list[LabelledPair], float]]:
    """Labelled news pairs by the names of their files, each with what one of them counts."""
    found = {args.pairs.name: (list(read_pairs(args.pairs)), 1.0)}
    texts = read_texts(args.marked_texts)
    return found | {
        path.name: (list(read_marked(path, texts)), weight)
        for path, weight in zip(args.marked, cycle(args.marked_weight))
    }


def main() -> None:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, required=True, help="labelled pairs of news statements")
    parser.add_argument("--nli", type=Path, required=True, help="the NLI model's training file")
    parser.add_argument("--texts", type=Path, required=True, help="news texts: id, text")
    parser.add_argument("--marked", type=Path, nargs="+", default=[], help="labelled pairs as places in texts")
    parser.add_argument("--marked-texts", type=Path, nargs="+", default=[], help="those texts")
    parser.add_argument(
        "--marked-weight", type=float, nargs="+", default=[1.0], help="of a pair of each file, or of all"
    )
    parser.add_argument("--measure", type=Path, help="labelled pairs that were not fitted on")
    parser.add_argument("--model", default=OURS, help="an NLI or verdict model: card:NAME, folder or hub id")
    parser.add_argument(
        "--verdict", help="a verdict model behind it, as a profile's `verdict` names it: it reads in its stead"
    )
    parser.add_argument("--nli-weight", type=float, default=1.0, help="of an NLI pair, beside a news pair's 1")
    parser.add_argument("--weak-weight", type=float, default=1.0, help="of a weak neutral")
    parser.add_argument("--candidates", type=int, default=CANDIDATES, help="how many weak neutrals")
    parser.add_argument("--out", type=Path, help="default: the packaged calibration for models of this sort")
    args = parser.parse_args()
    if len(args.marked_weight) not in (1, len(args.marked)):
        parser.error("--marked-weight: one for each file of --marked, or one for all")
    both = readers(CrossEncoderNli(args.model), CrossEncoderNli(args.verdict) if args.verdict else None)
    scorer = Scorer(SentenceEmbedder(), both.deciding)
    news = {name: labelled(read, scorer, weight) for name, (read, weight) in _news(args).items()}
    data = joined(
        [
            *news.values(),
            unseen_nli(args.nli, scorer, args.nli_weight),
            weak_neutrals(args.texts, scorer, args.weak_weight, args.candidates),
        ]
    )
    count = sum(len(part.y) for part in news.values())
    strength = choose(data, count)
    p = cross_validated(data, strength)
    print(measure(f"out of fold, C = {strength}, all", data.y, p))
    start = 0
    for name, part in news.items():
        print(measure(f"out of fold, {name}", part.y, p[start : start + len(part.y)]))
        start += len(part.y)
    found = calibrate(data, scorer.names, count, strength)
    out = args.out or (WITH_STANCES if scorer.reader.stances else CALIBRATION)
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if args.measure:
        held = labelled(list(read_pairs(args.measure)), scorer)
        print(measure(args.measure.name, held.y, probabilities(found, held.x)))


if __name__ == "__main__":
    main()
