"""`crossquote run`: the whole job, through Prefect or directly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossquote.cli.options import Database, Json, ProfileName

if TYPE_CHECKING:
    from flows.wiring import StageProgress
    from verifier.ports import RunSummary


def run(
    locations: Annotated[list[str], typer.Argument(metavar="PATH|URL…", help="Files, folders, http(s) URLs or feeds.")],
    db: Database = None,
    profile: ProfileName = None,
    json: Json = False,
    direct: Annotated[bool, typer.Option("--direct", help="Without Prefect.")] = False,
) -> None:
    """Read articles, extract statements, compare them, and store a verdict for every pair.

    The exit code is 2 where nothing that was named could be read.
    """
    from crossquote.cli.console import print_json, stage_progress, warn

    items = _items(locations)
    with stage_progress() as progress:
        summary = _direct(locations, db, profile, progress) if direct else _flow(locations, db, profile, progress)
    for failure in summary.failures:
        warn(f"dropped ({failure.stage}): {failure}")
    if json:
        print_json(summary_json(summary))
    else:
        _show(summary, db)
    if items <= {failure.item for failure in summary.failures if failure.stage == "ingest"}:
        raise typer.Exit(2)


def summary_json(summary: RunSummary) -> dict[str, object]:
    """The contract's object: what this run added."""
    from verifier.verdicts import Stance

    return {
        "articles": summary.articles,
        "statements": summary.statements,
        "pairs": summary.pairs,
        "verdicts": {stance.value: summary.verdicts.get(stance, 0) for stance in Stance},
        "seconds": round(summary.seconds, 2),
    }


def _items(locations: list[str]) -> set[str]:
    """What there is to read, as failures name it; where it is not one item, nothing is started."""
    from crossquote.sources import SourceReader
    from crossquote.sources.folders import shown
    from verifier.errors import BadInput

    items, failures = SourceReader().expand(locations)
    if not items:
        raise BadInput("; ".join(map(str, failures)) or "there is nothing to read")
    return {shown(one) for one in items}


def _direct(locations: list[str], db: str | None, profile: str | None, progress: StageProgress) -> RunSummary:
    from functools import partial

    from crossquote.bootstrap import announcer, open_services
    from verifier import pipeline

    services = open_services(db, profile)
    summary = pipeline.run(services, locations, lambda stage: partial(progress, stage))
    announcer().ended(db, summary.run_id)
    return summary


def _flow(locations: list[str], db: str | None, profile: str | None, progress: StageProgress) -> RunSummary:
    from crossquote.bootstrap import wiring
    from flows.runner import run_flow

    return run_flow(wiring(progress), locations, db, profile)


def _show(summary: RunSummary, db: str | None) -> None:
    from crossquote.cli.verdicts import show_top

    verdicts = ", ".join(f"{count} {stance.value}" for stance, count in sorted(summary.verdicts.items())) or "none"
    show_top(db)
    if not any((summary.articles, summary.statements, summary.pairs, *summary.verdicts.values())):
        print(f"Nothing new: no article was added and no pair was scored again ({summary.seconds:.1f} s).")
        return
    print(
        f"Added {summary.articles} articles, {summary.statements} statements, {summary.pairs} pairs; "
        f"verdicts: {verdicts}; {summary.seconds:.1f} s."
    )
