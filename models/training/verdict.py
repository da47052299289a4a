"""Fit the policy's calibration: `python -m models.training.verdict --pairs F --nli F --texts F [--measure F]`.

Multinomial logistic regression from `verifier.features` to agree / conflict / neutral (a tension counts as a conflict), and a second
one that tells tension from contradiction among conflicts. Three kinds of pairs are fitted on, because each alone misleads:
labelled pairs of news statements (chosen by readers: hard, with few easy neutrals), NLI pairs that the NLI model was not trained on
(clean contradictions and entailments), and gated candidate pairs of news texts taken as neutral (what a run meets most; about one in
ten of them is not). Regularization is chosen by 5-fold cross-validation, folds by article.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
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
from models.training.corpus import hold_out, read_examples
from models.training.nli import Recipe
from verifier.extraction import RuleExtractor
from verifier.features import NAMES, evidence, vector
from verifier.judging import readings, statement_of_words
from verifier.metrics import ece, reliability
from verifier.pairing import Pairing
from verifier.values import Article, Side, parse_date

STANCES: Final = ("agree", "conflict", "neutral")
STRENGTHS: Final = (0.03, 0.1, 0.3, 1.0)
HELD_OUT: Final = Recipe().held_out
PROSE: Final = frozenset(
    """lingnli_train hw2_mnli_train mnli_llmsknow_train olora_mnli_train taxinli10k snli_sub_train rte123 rte_train cad_nli
    fever_symmetric wikifactcheck_neg breaking_nli""".split()
)
NLI_STANCE: Final = {"entailment": "agree", "contradiction": "conflict", "neutral": "neutral"}
TEXTS: Final = 120
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


def read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a `.jsonl` or `.jsonl.gz` file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def side_of(row: Mapping[str, Any]) -> Side:
    """One side of a labelled pair as the policy sees it."""
    statement = statement_of_words(row["content"], row["source"] or None, row["cue"] or None)
    return Side(statement, row["article"], 0, row["outlet"], parse_date(row["date"]))


@dataclass(frozen=True, slots=True)
class Scorer:
    """The models that the features are read from."""

    embedder: SentenceEmbedder
    nli: CrossEncoderNli

    def features(self, pairs: Sequence[Sides]) -> Array:
        """Features of shape (len(pairs), len(NAMES))."""
        read = readings(self.embedder, self.nli, pairs)
        return np.array([vector(evidence(a, b, *reading)) for (a, b), reading in zip(pairs, read, strict=True)])


def labelled(path: Path, scorer: Scorer) -> Labelled:
    """Labelled pairs of news statements."""
    rows = list(read_rows(path))
    return Labelled(
        scorer.features([(side_of(row["a"]), side_of(row["b"])) for row in rows]),
        np.array(["conflict" if row["label"] == "tension" else row["label"] for row in rows]),
        np.array([row["label"] == "tension" for row in rows]),
        np.array([row["a"]["article"] for row in rows]),
    )


def unseen_nli(path: Path, scorer: Scorer) -> Labelled:
    """Prose pairs of the part of an NLI file that `models.training.nli` holds out."""
    _, held = hold_out(list(read_examples(path)), HELD_OUT, Recipe().seed)
    kept = [one for one in held if one.source in PROSE and one.label in NLI_STANCE]
    pairs = [(_plain(one.premise, "premise"), _plain(one.hypothesis, "hypothesis")) for one in kept]
    return Labelled(
        scorer.features(pairs),
        np.array([NLI_STANCE[one.label] for one in kept]),
        np.zeros(len(kept), dtype=np.bool_),
        np.array([f"nli {i}" for i in range(len(kept))]),
    )


def weak_neutrals(path: Path, scorer: Scorer) -> Labelled:
    """Random gated candidates from news texts (`id` is outlet_date_title), taken as neutral."""
    texts = list(read_rows(path))
    random.Random(3).shuffle(texts)
    sides = [side for version, row in enumerate(texts[:TEXTS]) for side in _sides(row, version)]
    sides.sort(key=lambda side: side.statement.id)
    vectors = scorer.embedder.embed([side.statement.claim for side in sides])
    pool = Pairing().pool(sides, vectors, {version: row["text"] for version, row in enumerate(texts[:TEXTS])})
    found = pool.candidates([side.statement.id for side in sides])
    random.Random(4).shuffle(found)
    by_id = {side.statement.id: side for side in sides}
    pairs = [(by_id[one.a], by_id[one.b]) for one in found[:CANDIDATES]]
    return Labelled(
        scorer.features(pairs),
        np.array(["neutral"] * len(pairs)),
        np.zeros(len(pairs), dtype=np.bool_),
        np.array([a.article for a, _ in pairs]),
    )


def _plain(text: str, name: str) -> Side:
    return Side(statement_of_words(text, None, None), name, 0, None, None)


def _sides(row: Mapping[str, Any], version: int) -> list[Side]:
    outlet, date = row["id"].split("_")[:2]
    article = Article(url=row["id"], text=row["text"], outlet=outlet, published_at=parse_date(date))
    return [Side(one, article.url, version, outlet, article.published_at) for one in RuleExtractor().extract(article)]


def joined(parts: Sequence[Labelled]) -> Labelled:
    """Several sets as one."""
    return Labelled(
        np.vstack([part.x for part in parts]),
        np.concatenate([part.y for part in parts]),
        np.concatenate([part.tension for part in parts]),
        np.concatenate([part.group for part in parts]),
    )


def fit(x: Array, y: NDArray[Any], strength: float) -> Any:
    """One regression; `strength` is sklearn's C."""
    return LogisticRegression(C=strength, max_iter=5000).fit(x, y)


def choose(data: Labelled) -> float:
    """The strength with the lowest log loss in 5-fold cross-validation."""
    return min(STRENGTHS, key=lambda c: float(log_loss(data.y, cross_validated(data, c), labels=list(STANCES))))


def cross_validated(data: Labelled, strength: float) -> Array:
    """Probabilities of shape (n, 3), out of fold."""
    p = np.zeros((len(data.y), len(STANCES)))
    for train, test in GroupKFold(5).split(data.x, data.y, data.group):
        mean, scale = _standard(data.x[train])
        p[test] = fit((data.x[train] - mean) / scale, data.y[train], strength).predict_proba(
            (data.x[test] - mean) / scale
        )
    return p


def _standard(x: Array) -> tuple[Array, Array]:
    scale = x.std(axis=0)
    return x.mean(axis=0), np.where(scale > 1e-6, scale, 1.0)


def calibrate(data: Labelled, news: int, strength: float) -> dict[str, object]:
    """The calibration's JSON form; the first `news` rows are the labelled news pairs, which alone know tension."""
    mean, scale = _standard(data.x)
    x = (data.x - mean) / scale
    stance = fit(x, data.y, strength)
    conflict = np.flatnonzero(data.y[:news] == "conflict")
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


def main() -> None:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, required=True, help="labelled pairs of news statements")
    parser.add_argument("--nli", type=Path, required=True, help="the NLI model's training file")
    parser.add_argument("--texts", type=Path, required=True, help="news texts: id, text")
    parser.add_argument("--measure", type=Path, help="labelled pairs that were not fitted on")
    parser.add_argument("--out", type=Path, default=CALIBRATION)
    args = parser.parse_args()
    scorer = Scorer(SentenceEmbedder(), CrossEncoderNli())
    parts = [labelled(args.pairs, scorer), unseen_nli(args.nli, scorer), weak_neutrals(args.texts, scorer)]
    data = joined(parts)
    strength = choose(data)
    print(measure(f"out of fold, C = {strength}", data.y, cross_validated(data, strength)))
    found = calibrate(data, len(parts[0].y), strength)
    args.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if args.measure:
        held = labelled(args.measure, scorer)
        print(measure(args.measure.name, held.y, probabilities(found, held.x)))


if __name__ == "__main__":
    main()
