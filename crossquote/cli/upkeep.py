"""`crossquote rescore` and `crossquote watch`: what a newsroom runs beside the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from crossquote.cli.options import Database, Json, ProfileName, Since, date_of

Until = Annotated[str | None, typer.Option("--until", metavar="D", help="ISO date: articles published before then.")]


def rescore(
    since: Since = None, until: Until = None, db: Database = None, profile: ProfileName = None, json: Json = False
) -> None:
    """Judge stored pairs anew under the current model and policy, the newest first; run it again where it stopped."""
    from functools import partial

    from crossquote.bootstrap import announcer, open_services
    from crossquote.cli.console import print_json, stage_progress
    from crossquote.cli.run import summary_json
    from verifier import pipeline
    from verifier.rescoring import rescore as judge_again

    first, last = date_of(since), date_of(until)
    services = open_services(db, profile)
    with stage_progress() as progress, services.alone():
        run_id = pipeline.start(services, [f"rescore {since or ''}..{until or ''}"])
        try:
            report = judge_again(services, run_id, first, last, partial(progress, "rescore"))
        finally:
            summary = pipeline.publish(services, run_id)
    announcer().ended(db, run_id)
    if json:
        print_json(summary_json(summary))
    else:
        print(f"Judged {report.seen} pairs anew ({summary.seconds:.1f} s).")


def watch(
    db: Database = None,
    every: Annotated[
        str | None, typer.Option("--every", metavar="TIME", help="Stay, and look each time: 5m, 1h; default: once.")
    ] = None,
) -> None:
    """Tell whom the settings `notify` name of runs that are late: those that Prefect waits for, and a database left alone."""
    import time
    from datetime import UTC, datetime

    from crossquote.bootstrap import announcer
    from crossquote.cli.console import warn
    from flows.late import late_runs
    from flows.schedule import interval
    from verifier.errors import CrossquoteError

    pause = interval(every).total_seconds() if every else None
    problem: str | None = None
    while True:
        try:
            for words in announcer().late(db, late_runs()):
                print(words, flush=True)
            problem = None
        except CrossquoteError as error:
            if pause is None:
                raise
            if problem is None:  # once, until the database answers again: it cannot remember this itself
                announcer().failed(db, "watch", f"{datetime.now(UTC):%Y-%m-%dT%H:%M}", error.message)
            problem = error.message
            warn(problem)
        if pause is None:
            return
        time.sleep(pause)
