"""Fit the policy's calibration: `python -m models.training.verdict --pairs train.jsonl.gz [--measure dev.jsonl]`.

Multinomial logistic regression from `verifier.features` to agree / conflict / neutral (a tension counts as a
conflict), on labelled pairs of news statements; and a second one that tells tension from contradiction among conflicts.
The labelled pairs were chosen to be interesting, so classes are weighted back to the shares among gated candidates, which `PRIOR` states.
Strength of regularization by 5-fold cross-validation inside the training pairs, folds by article.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss
from sklearn.model_selection import GroupKFold

from models.calibration import CALIBRATION
from models.embedder import SentenceEmbedder
from models.nli import CrossEncoderNli
from verifier.features import NAMES, evidence, vector
from verifier.judging import pair_similarities, statement_of_words
from verifier.metrics import ece, reliability
from verifier.values import Side, parse_date
from verifier.verdicts import BothWays

STANCES: Final = ("agree", "conflict", "neutral")
PRIOR: Final = {"agree": 0.13, "conflict": 0.10, "neutral": 0.77}
STRENGTHS: Final = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Feature rows with their stance, whether a conflict is a tension, and the article that folds are made by."""

    x: Array
    y: NDArray[np.str_]
    tension: NDArray[np.bool_]
    group: NDArray[np.str_]


def read_pairs(path: Path) -> Iterator[Mapping[str, Any]]:
    """Labelled pairs of a `.jsonl` or `.jsonl.gz` file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def side_of(row: Mapping[str, Any]) -> Side:
    """One side of a labelled pair as the policy sees it."""
    statement = statement_of_words(row["content"], row["source"] or None, row["cue"] or None)
    return Side(statement, row["article"], 0, row["outlet"], parse_date(row["date"]))


def labelled(path: Path, embedder: SentenceEmbedder, nli: CrossEncoderNli) -> Labelled:
    """Score every pair of a file and read its features."""
    rows = list(read_pairs(path))
    pairs = [(side_of(row["a"]), side_of(row["b"])) for row in rows]
    claims = [(a.statement.claim, b.statement.claim) for a, b in pairs]
    similarity = pair_similarities(embedder, claims)
    scores = nli.score([way for a, b in claims for way in ((a, b), (b, a))])
    x = [
        vector(evidence(a, b, s, BothWays(scores[2 * i], scores[2 * i + 1])))
        for i, ((a, b), s) in enumerate(zip(pairs, similarity, strict=True))
    ]
    return Labelled(
        np.array(x),
        np.array(["conflict" if row["label"] == "tension" else row["label"] for row in rows]),
        np.array([row["label"] == "tension" for row in rows]),
        np.array([row["a"]["article"] for row in rows]),
    )


def weights_of(y: NDArray[np.str_]) -> Array:
    """Sample weights that turn the label shares of `y` into `PRIOR`; their mean is 1."""
    shares = {stance: float(np.mean(y == stance)) for stance in STANCES}
    return np.array([PRIOR[stance] / shares[stance] for stance in y])


def fit(x: Array, y: NDArray[Any], strength: float, weights: Array | None = None) -> LogisticRegression:
    """One regression; `strength` is sklearn's C."""
    return LogisticRegression(C=strength, max_iter=5000).fit(x, y, sample_weight=weights)


def choose(data: Labelled) -> float:
    """The strength with the lowest weighted log loss in 5-fold cross-validation."""
    return min(STRENGTHS, key=lambda c: _cross_validated(data, c)[0])


def _cross_validated(data: Labelled, strength: float) -> tuple[float, Array]:
    """(weighted log loss, probabilities of shape (n, 3)) out of fold."""
    p = np.zeros((len(data.y), len(STANCES)))
    for train, test in GroupKFold(5).split(data.x, data.y, data.group):
        mean, scale = _standard(data.x[train])
        model = fit((data.x[train] - mean) / scale, data.y[train], strength, weights_of(data.y[train]))
        p[test] = model.predict_proba((data.x[test] - mean) / scale)
    return float(log_loss(data.y, p, sample_weight=weights_of(data.y), labels=list(STANCES))), p


def _standard(x: Array) -> tuple[Array, Array]:
    scale = x.std(axis=0)
    return x.mean(axis=0), np.where(scale > 1e-6, scale, 1.0)


def calibrate(data: Labelled, strength: float) -> dict[str, object]:
    """The calibration's JSON form."""
    mean, scale = _standard(data.x)
    x = (data.x - mean) / scale
    stance = fit(x, data.y, strength, weights_of(data.y))
    conflict = data.y == "conflict"
    tension = fit(x[conflict], data.tension[conflict], strength)
    order = [list(stance.classes_).index(name) for name in STANCES]
    return {
        "names": list(NAMES),
        "mean": _round(mean),
        "scale": _round(scale),
        "weights": [_round(stance.coef_[i]) for i in order],
        "bias": _round(stance.intercept_[order]),
        "tension": _round([*tension.coef_[0], tension.intercept_[0]]),
    }


def _round(values: Sequence[float] | Array) -> list[float]:
    return [round(float(v), 5) for v in values]


def measure(name: str, y: NDArray[np.str_], p: Array) -> str:
    """Average precision of conflict (tension counted in) and agreement, and ECE under the prior's weights."""
    best = p.argmax(axis=1)
    hit = np.array(STANCES)[best] == y
    table = reliability(p.max(axis=1), hit, weights=weights_of(y))
    return (
        f"{name}: AP conflict or tension {100 * average_precision_score(y == 'conflict', p[:, 1]):.1f}, "
        f"AP agree {100 * average_precision_score(y == 'agree', p[:, 0]):.1f}, ECE at the prior {ece(table):.3f}"
    )


def probabilities(row: Mapping[str, Any], x: Array) -> Array:
    """Probabilities of shape (n, 3) by a calibration's JSON form."""
    z = (x - np.array(row["mean"])) / np.array(row["scale"]) @ np.array(row["weights"]).T + np.array(row["bias"])
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def main() -> None:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--measure", type=Path, help="labelled pairs that were not fitted on")
    parser.add_argument("--out", type=Path, default=CALIBRATION)
    args = parser.parse_args()
    embedder, nli = SentenceEmbedder(), CrossEncoderNli()
    data = labelled(args.pairs, embedder, nli)
    strength = choose(data)
    print(measure(f"out of fold, C = {strength}", data.y, _cross_validated(data, strength)[1]))
    found = calibrate(data, strength)
    args.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if args.measure:
        held = labelled(args.measure, embedder, nli)
        print(measure(args.measure.name, held.y, probabilities(found, held.x)))


if __name__ == "__main__":
    main()
