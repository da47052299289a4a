"""`python -m bench.engines`: NLI and embeddings beside what sentence-transformers does with the same weights, in one process.

Rounds are taken in turn and the best of each counts. Where other work runs on the machine, `--processor` compares processor time
instead of wall time (on one thread).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from bench.measuring import Measured, rates, samples, table
from models.embedder import SentenceEmbedder
from models.nli import CrossEncoderNli
from models.training.labelled_pairs import read_pairs
from verifier.extraction import RuleExtractor

PAIRS = 768
FASTER = 4.5
"""How many times `CrossEncoder.predict` the fast engine shall be."""

Pairs = Sequence[tuple[str, str]]


def sample_pairs(most: int = PAIRS) -> list[tuple[str, str]]:
    """Claims of the sample articles, each beside others of its article and the next."""
    rules = RuleExtractor()
    claims = [s.claim for article in samples() for s in rules.extract(article)]
    return [(a, b) for step in range(1, len(claims)) for a, b in zip(claims, claims[step:], strict=False)][:most]


def labelled_pairs(file: Path, most: int = PAIRS) -> list[tuple[str, str]]:
    """The statements of a file of labelled pairs, in both orders."""
    found = [(one.a.shown(), one.b.shown()) for one in read_pairs(file)]
    return [way for a, b in found for way in ((a, b), (b, a))][:most]


def nli_rows(pairs: Pairs, clock: Callable[[], float] = time.perf_counter) -> list[Measured]:
    """Our scoring, fast and in full precision, beside `CrossEncoder.predict` in float32."""
    from sentence_transformers import CrossEncoder

    fast, full = CrossEncoderNli(), CrossEncoderNli(precision="full")
    plain: Any = CrossEncoder(fast.checkpoint.location, device="cpu", model_kwargs={"dtype": torch.float32})
    bodies: list[Callable[[Pairs], object]] = [
        lambda some: plain.predict(list(some), show_progress_bar=False), fast.score, full.score
    ]  # fmt: skip
    for body in bodies:
        body(pairs[:8])
    baseline, *ours = rates(len(pairs), *(partial(body, pairs) for body in bodies), clock=clock)
    rows_ = (("NLI, fast", FASTER), ("NLI, full precision", None))
    return [
        Measured(name, "pairs/s", rate, "CrossEncoder.predict", baseline, floor)
        for (name, floor), rate in zip(rows_, ours, strict=True)
    ]


def embedding_row(texts: Sequence[str], clock: Callable[[], float] = time.perf_counter) -> Measured:
    """Our embedder beside `SentenceTransformer.encode` as it comes."""
    from sentence_transformers import SentenceTransformer

    ours = SentenceEmbedder()
    plain = SentenceTransformer(ours.checkpoint.location, device="cpu")
    for body in (ours.embed, plain.encode):
        body(list(texts[:8]))
    rate, baseline = rates(
        len(texts),
        lambda: ours.embed(texts),
        lambda: plain.encode(list(texts), show_progress_bar=False),
        clock=clock,
    )
    return Measured("embeddings", "texts/s", rate, "SentenceTransformer.encode", baseline)


def rows(pairs: Pairs | None = None, clock: Callable[[], float] = time.perf_counter) -> list[Measured]:
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
    print("\n".join(table(rows(pairs, time.process_time if arguments.processor else time.perf_counter))))


if __name__ == "__main__":
    main()
