"""`crossquote evaluate`: measure the configured models on labelled files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossquote.cli.options import Json, ProfileName

app = typer.Typer(help="Measure models on labelled files.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Measure models on labelled files."""


@app.command()
def nli(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON lines: premise, hypothesis, label, source; may be gzipped.")
    ],
    profile: ProfileName = None,
    json: Json = False,
) -> None:
    """Accuracy by source, and calibration (ECE with a reliability table)."""
    from dataclasses import asdict
    from functools import partial

    from crossquote.bootstrap import open_models
    from crossquote.cli.console import print_json, print_table, stage_progress
    from crossquote.evaluation import evaluate_nli, read_nli
    from crossquote.settings import read_settings

    examples = read_nli(file)
    _, model = open_models(read_settings(profile=profile))
    with stage_progress() as progress:
        report = evaluate_nli(model, examples, partial(progress, "nli"))
    if json:
        for score in (*report.by_source, report.overall):
            print_json(asdict(score))
        return
    rows = [(s.source, s.pairs, f"{s.accuracy:.1%}", f"{s.ece:.3f}") for s in (*report.by_source, report.overall)]
    print_table(f"{model.model_id} {model.revision}", ("source", "pairs", "accuracy", "ECE"), rows)
    bins = [(f"{b.low:.1f} to {b.high:.1f}", b.count, f"{b.confidence:.3f}", f"{b.accuracy:.3f}") for b in report.table]
    print_table("Reliability over all sources", ("confidence", "pairs", "mean confidence", "accuracy"), bins)
