"""`make bench`: how fast each part is, as ratios against a baseline measured in the same run, and the memory it takes.

`--write` puts the table at the head of docs/benchmarks.md. Half an hour on two quiet cores with PolNeAR's dev texts: most of it
goes into archives of 100,000 statements in both databases (`--archives 1000 10000` makes smaller ones, `--archives` none; the
table of each stage is `python -m bench.archives`) and into the memory of 1,000 articles.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from bench import again, archives, engines, measuring, memory, parts
from verifier.extraction import RuleExtractor
from verifier.values import Article

TAKEN_APART = 16


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--texts", type=Path, help="extract from these (PolNeAR's form); default: the sample articles")
    parser.add_argument("--most", type=int, default=84, help="so many texts at most; default: 84, PolNeAR's dev part")
    parser.add_argument("--memory", type=int, default=1_000, help="articles whose memory is measured; 0: none")
    parser.add_argument(
        "--archives",
        type=int,
        nargs="*",
        default=archives.SIZES,
        help="statements beside which one more article is added",
    )
    arguments = parser.parse_args()
    lines = report(arguments.texts, arguments.most, arguments.archives)
    print("\n".join(lines), flush=True)
    if arguments.memory:
        lines += ["", peak(arguments.texts, arguments.memory)]
        print("\n".join(lines[-2:]), flush=True)
    if arguments.write:
        measuring.write(measuring.ROOT / "docs" / "benchmarks.md", lines)


def report(texts: Path | None, most: int, statements: Sequence[int]) -> list[str]:
    """The table, where the time of the extraction goes, and what the index finds, in Markdown."""
    found = measuring.articles(texts, most)
    claims = [one.claim for text in found[:20] for one in RuleExtractor().extract(text)][: engines.PAIRS + 1]
    measured = [
        *engines.rows(list(pairwise(claims))),
        parts.extraction(found),
        *([parts.judging(texts)] if texts else []),
        again.row(),
        *(archives.rows(statements) if statements else ()),
    ]
    lines = [*measuring.table(measured), "", extracted(found, parts.where_it_goes(found[:TAKEN_APART]))]
    if texts and statements:
        count, share = archives.recall_of(texts)
        lines += [
            "",
            f"Of the ten nearest of {count:,} statements HNSW finds {share:.2%} (aim: {archives.RECALL:.0%}).",
        ]
    return lines


def peak(texts: Path | None, size: int) -> str:
    """The memory of a run."""
    return f"Memory: at most {memory.peak(texts, size):.2f} GB for {size:,} articles, {memory.JUDGED:,} of their pairs judged (aim: 2 GB)."


def extracted(texts: Sequence[Article], taken: Mapping[str, float]) -> str:
    """What was extracted from, and where the time went."""
    words = sum(len(text.text.split()) for text in texts) / len(texts)
    shares = ", ".join(f"{part} {ms:.0f}" for part, ms in sorted(taken.items(), key=lambda one: -one[1]))
    return (
        f"{len(texts)} articles of {words:.0f} words on average. Milliseconds of one core for an article: {shares};"
        f" {sum(taken.values()):.0f} in all."
    )


if __name__ == "__main__":
    main()
