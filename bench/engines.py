"""`python -m bench.engines`: NLI and embeddings beside what sentence-transformers does with the same weights, in one process.

Rounds are taken in turn and the best of each counts. Where other work runs on the machine, `--processor` compares processor time
instead of wall time (on one thread).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch

from crossquote.sources import SourceReader
from models.embedder import SentenceEmbedder
from models.nli import CrossEncoderNli
from models.training.labelled_pairs import read_pairs
from verifier.extraction import RuleExtractor
from verifier.values import Article

ROOT = Path(__file__).parent.parent
PAIRS = 768
ROUNDS = 3

Pairs = Sequence[tuple[str, str]]


class Row(NamedTuple):
    """One comparison, in items a second."""

    name: str
    unit: str
    rate: float
    baseline: str
    baseline_rate: float

    @property
    def ratio(self) -> float:
        """How many times the baseline's rate."""
        return self.rate / self.baseline_rate


def sample_pairs(most: int = PAIRS) -> list[tuple[str, str]]:
    """Claims of the sample articles, each beside others of its article and the next."""
    reader, rules = SourceReader(), RuleExtractor()
    items, _ = reader.expand([str(ROOT / "samples" / "articles")])
    found = [found for item in items for found in reader.read(item)]
    claims = [s.claim for article in found if isinstance(article, Article) for s in rules.extract(article)]
    return [(a, b) for step in range(1, len(claims)) for a, b in zip(claims, claims[step:], strict=False)][:most]


def labelled_pairs(file: Path, most: int = PAIRS) -> list[tuple[str, str]]:
    """The statements of a file of labelled pairs, in both orders."""
    found = [(one.a.shown(), one.b.shown()) for one in read_pairs(file)]
    return [way for a, b in found for way in ((a, b), (b, a))][:most]


def rates(items: int, bodies: Sequence[Callable[[], object]], clock: Callable[[], float]) -> list[float]:
    """Items a second of each body: the best of interleaved rounds."""
    best = [float("inf")] * len(bodies)
    for _ in range(ROUNDS):
        for i, body in enumerate(bodies):
            began = clock()
            body()
            best[i] = min(best[i], clock() - began)
    return [items / seconds for seconds in best]


def nli_rows(pairs: Pairs, clock: Callable[[], float] = time.perf_counter) -> list[Row]:
    """Our scoring, fast and in full precision, beside `CrossEncoder.predict` in float32."""
    from sentence_transformers import CrossEncoder

    fast, full = CrossEncoderNli(), CrossEncoderNli(precision="full")
    plain: Any = CrossEncoder(fast.checkpoint.location, device="cpu", model_kwargs={"dtype": torch.float32})
    bodies: list[Callable[[Pairs], object]] = [
        lambda some: plain.predict(list(some), show_progress_bar=False), fast.score, full.score
    ]  # fmt: skip
    for body in bodies:
        body(pairs[:8])
    baseline, *ours = rates(len(pairs), [lambda body=body: body(pairs) for body in bodies], clock)  # type: ignore[misc]
    names = ("NLI, fast", "NLI, full precision")
    return [
        Row(name, "pairs/s", rate, "CrossEncoder.predict", baseline) for name, rate in zip(names, ours, strict=True)
    ]


def embedding_row(texts: Sequence[str], clock: Callable[[], float] = time.perf_counter) -> Row:
    """Our embedder beside `SentenceTransformer.encode` as it comes."""
    from sentence_transformers import SentenceTransformer

    ours = SentenceEmbedder()
    plain = SentenceTransformer(ours.checkpoint.location, device="cpu")
    for body in (ours.embed, plain.encode):
        body(list(texts[:8]))
    rate, baseline = rates(
        len(texts), [lambda: ours.embed(texts), lambda: plain.encode(list(texts), show_progress_bar=False)], clock
    )
    return Row("embeddings", "texts/s", rate, "SentenceTransformer.encode", baseline)


def rows(pairs: Pairs | None = None, clock: Callable[[], float] = time.perf_counter) -> list[Row]:
    """All comparisons, over the sample articles' claims where no pairs are given."""
    chosen = pairs or sample_pairs()
    return [*nli_rows(chosen, clock), embedding_row([a for a, _ in chosen], clock)]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, help="labelled pairs to score; default: claims of the sample articles")
    parser.add_argument("--most", type=int, default=PAIRS, help="how many pairs")
    parser.add_argument("--processor", action="store_true", help="compare processor time, on one thread")
    arguments = parser.parse_args()
    if arguments.processor:
        torch.set_num_threads(1)
    pairs = labelled_pairs(arguments.pairs, arguments.most) if arguments.pairs else sample_pairs(arguments.most)
    print("| part | rate | baseline in the same process | ratio |\n|---|---:|---|---:|")
    for row in rows(pairs, time.process_time if arguments.processor else time.perf_counter):
        print(
            f"| {row.name} | {row.rate:.0f} {row.unit} | {row.baseline}: {row.baseline_rate:.0f}/s | {row.ratio:.2f} |"
        )


if __name__ == "__main__":
    main()
