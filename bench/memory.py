"""`python -m bench.memory`: articles from reading to verdicts in a database of its own; run by `make bench` for its memory.

Only the first pairs are judged: all models are there then, and pairs are read in parts of fixed size, however many.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

from bench.measuring import ROOT, articles
from crossquote.bootstrap import open_services
from verifier import pipeline
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Article

NEAR = "0.85"
"""The similarity from which pairs are made."""
JUDGED = 1_024


def repeated(texts: Sequence[Article]) -> Iterator[Article]:
    """The texts over and over, each time with another first line and a number behind every "said"."""
    for edition in count():
        for one in texts:
            text = one.text if not edition else f"Edition {edition}.\n\n{one.text}".replace("said", f"said {edition}")
            yield replace(one, url=f"{one.url}#{edition}", text=text, paragraphs=paragraphs_of(text))


def peak(texts: Path | None, size: int) -> float:
    """The largest memory in GB of a process of its own that reads so many articles, makes their pairs and judges the first."""
    command = [sys.executable, "-m", "bench.memory", "--count", str(size)]
    subprocess.run([*command, *(["--texts", str(texts)] if texts else [])], cwd=ROOT, check=True)  # noqa: S603
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def main() -> None:
    """Do the work, and print nothing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=Path, help="articles in PolNeAR's form; default: the sample articles")
    parser.add_argument("--count", type=int, default=1_000, help="how many articles, repeated with changes")
    arguments = parser.parse_args()
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "CROSSQUOTE_GATES__MIN_SIMILARITY": NEAR}
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(f"sqlite:///{Path(folder) / 'bench.db'}", "embedded")
        run_id = pipeline.start(services, [])
        for article in islice(repeated(articles(arguments.texts, arguments.count)), arguments.count):
            with services.unit_of_work() as work:
                work.add_article(run_id, article)
                work.commit()
        for stage in (pipeline.extract, pipeline.embed, pipeline.copies, pipeline.stories, pipeline.pair):
            stage(services, run_id)
        with services.unit_of_work() as work:
            left = work.pair_ids_to_judge(services.policy.version, services.backlog)
        for start in range(0, JUDGED, pipeline.NLI_BATCH):
            pipeline.judge_some(services, run_id, left[start : start + pipeline.NLI_BATCH])


if __name__ == "__main__":
    main()
