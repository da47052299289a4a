"""`make bench`: how fast each part is, as ratios against a baseline measured beside it.

Writes docs/benchmarks.md with --write.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from crossquote.sources import SourceReader
from models.attribution.tagger import NeuralTagger
from models.embedder import SentenceEmbedder
from models.nli import CrossEncoderNli
from models.training.attributions import read_labelled
from verifier.extraction import RuleExtractor, TaggedExtractor
from verifier.extraction.people import Register, name_places
from verifier.pipeline import EXTRACT_BATCH
from verifier.ports import TextToTag
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Article, Statement

ROOT = Path(__file__).parent.parent
ROUNDS = 3
MOST_TEXTS = 84


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


def samples() -> list[Article]:
    """The sample articles."""
    reader = SourceReader()
    items, _ = reader.expand([str(ROOT / "samples" / "articles")])
    return [found for item in items for found in reader.read(item) if isinstance(found, Article)]


def labelled(path: Path) -> list[Article]:
    """The first texts of a file in PolNeAR's form."""
    return [Article(url=one.id, text=one.text) for one in islice(read_labelled(path), MOST_TEXTS)]


def extraction(texts: Sequence[Article]) -> list[Measured]:
    """Statements of whole articles, beside the rules alone; and the parts of the work."""
    tagger = NeuralTagger()
    find, rules = TaggedExtractor(tagger), RuleExtractor()
    inputs = [TextToTag(a.text, paragraphs_of(a.text), name_places(a.text, Register.of(a.text))) for a in texts]
    find.extract(texts[0])
    whole, alone, tag, names = rates(
        len(texts),
        lambda: [
            s for i in range(0, len(texts), EXTRACT_BATCH) for s in find.extract_all(texts[i : i + EXTRACT_BATCH])
        ],
        lambda: [rules.extract(a) for a in texts],
        lambda: tagger.tag(inputs),
        lambda: [name_places(a.text, Register.of(a.text)) for a in texts],
    )
    baseline = "rules alone"
    return [
        Measured("extract", "articles/s", whole, baseline, alone),
        Measured("extract: tag, in batches", "articles/s", tag, baseline, alone),
        Measured("extract: find names", "articles/s", names, baseline, alone),
    ]


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
    parser.add_argument("--texts", type=Path, help="extract from these (PolNeAR's form); default: the sample articles")
    arguments = parser.parse_args()
    texts = labelled(arguments.texts) if arguments.texts else samples()
    rules = RuleExtractor()
    statements = [statement for text in texts[:20] for statement in rules.extract(text)]
    measured = [*extraction(texts), embedding(statements), inference(statements)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    lines = [
        "| part | rate | baseline in the same process | ratio |",
        "|---|---:|---|---:|",
        *(
            f"| {m.name} | {m.rate:.0f} {m.unit} | {m.baseline}: {m.baseline_rate:.0f}/s | {m.ratio:.2f} |"
            for m in measured
        ),
    ]
    length = sum(len(text.text) for text in texts) / len(texts)
    lines.append(f"\n{len(texts)} articles of {length:.0f} characters on average; {memory:.2f} GB of memory at most.")
    print("\n".join(lines))
    if arguments.write:
        intro = (
            "# Benchmarks\n\nMade by `make bench`; rates belong to one machine on one day, ratios travel better.\n\n"
        )
        page = ROOT / "docs" / "benchmarks.md"
        rest = page.read_text(encoding="utf-8").partition("\n## ")
        page.write_text(intro + "\n".join(lines) + "\n" + "".join(rest[1:]), encoding="utf-8")


if __name__ == "__main__":
    main()
