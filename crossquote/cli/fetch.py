"""`crossquote fetch`: what is new at the newsroom's sources, through Prefect or directly."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossquote.cli.options import Database, Json, ProfileName

if TYPE_CHECKING:
    from db.fetches import FetchCounts
    from flows.wiring import StageProgress
    from verifier.ports import RunSummary


def fetch(
    sources: Annotated[
        Path | None, typer.Option("--sources", metavar="FILE", help="The sources file; default: the configured one.")
    ] = None,
    db: Database = None,
    profile: ProfileName = None,
    json: Json = False,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Store articles only: leave statements and verdicts to the next run.")
    ] = False,
    direct: Annotated[bool, typer.Option("--direct", help="Without Prefect.")] = False,
) -> None:
    """Fetch what is new at the sources (feeds, sitemaps, pages, folders, archives), and compare what it says."""
    from crossquote.bootstrap import open_collector
    from crossquote.cli.console import print_json, stage_progress, warn
    from crossquote.cli.run import summary_json

    named = str(sources) if sources else None
    open_collector(db, named)  # what is wrong with the sources is said before Prefect is started
    with stage_progress() as progress:
        summary = (_direct if direct else _flow)(named, db, profile, not no_verify, progress)
    for failure in summary.failures:
        warn(f"{'waits' if failure.transient else 'dropped'} ({failure.stage}): {failure}")
    counts = _counts(db, summary)
    if json:
        print_json(asdict(counts) | summary_json(summary))
    else:
        _show(counts, summary, db, not no_verify)


def _direct(
    sources: str | None, db: str | None, profile: str | None, verify: bool, progress: StageProgress
) -> RunSummary:
    from functools import partial

    from crossquote.bootstrap import open_collector, open_services
    from verifier import pipeline

    collector, services = open_collector(db, sources), open_services(db, profile)
    with services.alone():
        run_id = pipeline.start(services, collector.locations)
        try:
            collector.poll(run_id, partial(progress, "poll"))
            collector.fetch(run_id, partial(progress, "fetch"))
            collector.read_files(run_id, partial(progress, "files"))
            if verify:
                pipeline.carry_on(services, run_id, lambda stage: partial(progress, stage))
        finally:
            summary = pipeline.publish(services, run_id)
    return summary


def _flow(
    sources: str | None, db: str | None, profile: str | None, verify: bool, progress: StageProgress
) -> RunSummary:
    from crossquote.bootstrap import open_collector, wiring
    from flows.runner import run_fetch

    return run_fetch(wiring(progress), open_collector, sources, db, profile, verify=verify)


def _counts(db: str | None, summary: RunSummary) -> FetchCounts:
    from crossquote.cli.stored import connected
    from db.fetches import fetch_counts

    with connected(db) as connection:
        return fetch_counts(connection, summary.run_id)


def _show(counts: FetchCounts, summary: RunSummary, db: str | None, verify: bool) -> None:
    from crossquote.cli.verdicts import show_top

    if verify:
        show_top(db)
    verdicts = ", ".join(f"{count} {stance.value}" for stance, count in sorted(summary.verdicts.items())) or "none"
    print(
        f"Fetched {counts.fetched}, unchanged {counts.unchanged}, files {counts.files}, failed {counts.failed}, "
        f"still queued {counts.waiting}. Added {summary.articles} articles, {summary.statements} statements, "
        f"{summary.pairs} pairs; verdicts: {verdicts}; {summary.seconds:.1f} s."
    )
