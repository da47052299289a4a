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
    from crossquote.evaluation.files import read_items
    from crossquote.evaluation.nli import evaluate_nli
    from crossquote.settings import read_settings
    from models.training.corpus import read_examples

    examples = read_items(file, read_examples, "a .jsonl or .jsonl.gz file of labelled pairs")
    model = open_models(read_settings(profile=profile)).readers.deciding.nli
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


@app.command()
def attributions(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="JSON lines in PolNeAR's form: id, text, annotations; may be gzipped."),
    ],
    rules: Annotated[bool, typer.Option("--rules", help="Measure the rules alone, without the tagger.")] = False,
    profile: ProfileName = None,
    json: Json = False,
) -> None:
    """Precision, recall and F1 of source, cue, content and all three, exact and overlapping, with a 95 % interval."""
    from functools import partial

    from crossquote.bootstrap import open_extractor
    from crossquote.cli.console import print_json, print_table, stage_progress
    from crossquote.evaluation.attributions import evaluate_attributions
    from crossquote.evaluation.files import read_items
    from crossquote.settings import read_settings
    from models.training.attributions import read_labelled
    from verifier.extraction import RuleExtractor

    articles = read_items(file, read_labelled, "a .jsonl or .jsonl.gz file of labelled articles")
    extractor = RuleExtractor() if rules else open_extractor(read_settings(profile=profile))
    with stage_progress() as progress:
        scores = evaluate_attributions(extractor, articles, partial(progress, "attributions"))
    if json:
        for one in scores:
            print_json(
                {
                    "group": one.group, "part": one.part, "measure": one.measure, "precision": one.counts.precision,
                    "recall": one.counts.recall, "f1": one.counts.f1, "low": one.low, "high": one.high,
                    "labelled": one.counts.labelled, "found": one.counts.found,
                }
            )  # fmt: skip
        return
    for measure in ("exact", "overlap"):
        rows = [
            (
                one.group, one.part, one.counts.labelled, one.counts.found, f"{one.counts.precision:.1%}",
                f"{one.counts.recall:.1%}", f"{one.counts.f1:.1%}", f"{one.low:.1%} to {one.high:.1%}",
            )
            for one in scores
            if one.measure == measure
        ]  # fmt: skip
        headings = ("group", "part", "labelled", "found", "precision", "recall", "F1", "95 % interval")
        print_table(f"{extractor.version}, {measure}", headings, rows)


@app.command()
def speakers(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="GAP's rows (.tsv), or GUM's documents (.tar.gz of CoNLL-U files).")
    ],
    profile: ProfileName = None,
    json: Json = False,
) -> None:
    """Who pronouns mean, and which names are one person's, beside simple baselines."""
    from functools import partial

    from crossquote.bootstrap import open_tagger
    from crossquote.cli.console import print_json, print_table, stage_progress
    from crossquote.evaluation.files import read_items
    from crossquote.evaluation.speakers import evaluate_speakers
    from crossquote.settings import read_settings
    from models.training.coreference import read_gap, read_gum

    reader = read_gap if file.suffix == ".tsv" else read_gum
    texts = read_items(file, reader, "GAP's .tsv or a .tar.gz of GUM's .conllu files")
    tagger = open_tagger(read_settings(profile=profile))
    with stage_progress() as progress:
        scores = evaluate_speakers(tagger, texts, partial(progress, "speakers"))
    if json:
        for one in scores:
            print_json(
                {
                    "task": one.task, "method": one.method, "precision": one.counts.precision,
                    "recall": one.counts.recall, "f1": one.counts.f1, "labelled": one.counts.labelled,
                }
            )  # fmt: skip
        return
    rows = [
        (one.task, one.method, one.counts.labelled, f"{one.counts.precision:.1%}", f"{one.counts.recall:.1%}", f"{one.counts.f1:.1%}")
        for one in scores
    ]  # fmt: skip
    print_table(
        f"{tagger.model_id} {tagger.revision}", ("task", "method", "labelled", "precision", "recall", "F1"), rows
    )


@app.command()
def pairs(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="JSON lines: a, b, label, as `export pairs` writes them, may be gzipped; or a .csv like bench/pairs.csv.",
        ),
    ],
    profile: ProfileName = None,
    json: Json = False,
) -> None:
    """Verdicts against labelled pairs: precision, calibration and what the gates lose, beside simple baselines."""
    from dataclasses import asdict
    from functools import partial

    from crossquote.bootstrap import judge_of
    from crossquote.cli.console import print_json, print_table, stage_progress
    from crossquote.evaluation.files import read_items
    from crossquote.evaluation.pairs import FIRST, evaluate_pairs
    from crossquote.settings import read_settings
    from models.training.labelled_pairs import read_pairs

    labelled = read_items(file, read_pairs, "a .jsonl, .jsonl.gz or .csv file of labelled pairs")
    judge = judge_of(profile)
    with stage_progress() as progress:
        report = evaluate_pairs(judge, read_settings(profile=profile).gates, labelled, partial(progress, "pairs"))
    if json:
        for score in report.scores:
            print_json(asdict(score))
        for loss in report.gates:
            print_json(asdict(loss))
        print_json(
            {
                "ece": report.ece,
                "risks": [asdict(risk) for risk in report.risks],
                "saving": asdict(report.saving) | {"share": report.saving.share},
            }
        )
        return
    rows = [
        (
            s.target, s.method, f"{s.average_precision:.1%}", f"{s.low:.1%} to {s.high:.1%}", f"{s.at_half:.1%}",
            f"{s.at_most:.1%}", f"{s.first:.1%}", f"{s.coverage:.1%}",
        )
        for s in report.scores
    ]  # fmt: skip
    headings = (
        "target", "method", "average precision", "95 % interval", "precision at recall 0.5", "at recall 0.8",
        f"of the first {FIRST}", "recall at 90 % precision",
    )  # fmt: skip
    print_table(f"{judge.policy.version}, {len(labelled)} pairs", headings, rows)
    bins = [(f"{b.low:.1f} to {b.high:.1f}", b.count, f"{b.confidence:.3f}", f"{b.accuracy:.3f}") for b in report.table]
    print_table(f"Confidence, ECE {report.ece:.3f}", ("confidence", "pairs", "mean confidence", "right"), bins)
    risks = [(f"{risk.coverage:.0%}", f"{risk.risk:.1%}") for risk in report.risks]
    print_table("Risk and coverage", ("most confident", "wrong"), risks)
    lost = [(g.gate, g.label, g.pairs, g.lost) for g in report.gates if g.lost]
    saving = report.saving
    title = f"Lost by the gates, which score {saving.scored} pairs of {saving.statements} statements: {saving.share:.2%} saved"
    print_table(title, ("gate", "label", "pairs", "lost"), lost)
