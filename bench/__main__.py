"""`make bench`: how fast each part is, as ratios against a baseline measured beside it.

Writes docs/benchmarks.md with --write.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from crossquote.bootstrap import extractor
from crossquote.sources import SourceReader
from models.embedder import SentenceEmbedder
from models.nli import CrossEncoderNli
from verifier.values import Article, Statement

ROOT = Path(__file__).parent.parent
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """One comparison: the part and its baseline in items a second, the best of several rounds taken in turn."""

    name: str
    unit: str
    rate: float
    baseline: str
    baseline_rate: float

    @property
    def ratio(self) -> float:
        """How many times the baseline's rate."""
        return self.rate / self.baseline_rate


def rates(items: int, *bodies: Callable[[], object]) -> list[float]:
    """Items a second of each body: the best of interleaved rounds, so that noise on the machine meets all alike."""
    best = [float("inf")] * len(bodies)
    for _ in range(ROUNDS):
        for i, body in enumerate(bodies):
            began = time.perf_counter()
            body()
            best[i] = min(best[i], time.perf_counter() - began)
    return [items / seconds for seconds in best]


def articles() -> list[Article]:
    """The sample articles."""
    reader = SourceReader()
    items, _ = reader.expand([str(ROOT / "samples" / "articles")])
    return [found for item in items for found in reader.read(item) if isinstance(found, Article)]


def extraction(texts: Sequence[Article]) -> Measured:
    """Statements of whole articles, beside splitting the same texts into words."""
    find = extractor()
    rate, baseline = rates(
        len(texts),
        lambda: [find.extract(a) for a in texts],
        lambda: [a.text.split() for a in texts for _ in range(100)],
    )
    return Measured("extract", "articles/s", rate, "split into words, 100 times", baseline)


def embedding(statements: Sequence[Statement]) -> Measured:
    """Claims in batches, beside one at a time."""
    claims = [s.claim for s in statements][:128]
    model = SentenceEmbedder()
    model.embed(claims[:2])
    rate, baseline = rates(len(claims), lambda: model.embed(claims), lambda: [model.embed([c]) for c in claims])
    return Measured("embed", "claims/s", rate, "one claim a call", baseline)


def inference(statements: Sequence[Statement]) -> Measured:
    """Pairs in batches of like length, beside one at a time."""
    claims = [s.claim for s in statements][:129]
    pairs = list(pairwise(claims))
    model = CrossEncoderNli()
    model.score(pairs[:2])
    rate, baseline = rates(len(pairs), lambda: model.score(pairs), lambda: [model.score([p]) for p in pairs])
    return Measured("judge", "directions/s", rate, "one pair a call", baseline)


def main() -> None:
    """Measure and print a table; `--write` puts it into docs/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    arguments = parser.parse_args()
    texts = articles()
    find = extractor()
    statements = [statement for text in texts for statement in find.extract(text)]
    measured = [extraction(texts), embedding(statements), inference(statements)]
    lines = [
        "| part | rate | baseline in the same process | ratio |",
        "|---|---:|---|---:|",
        *(
            f"| {m.name} | {m.rate:.0f} {m.unit} | {m.baseline}: {m.baseline_rate:.0f}/s | {m.ratio:.2f} |"
            for m in measured
        ),
    ]
    print("\n".join(lines))
    if arguments.write:
        intro = (
            "# Benchmarks\n\nMade by `make bench`; rates belong to one machine on one day, ratios travel better.\n\n"
        )
        (ROOT / "docs" / "benchmarks.md").write_text(intro + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
