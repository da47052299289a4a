"""`crossquote schedule`: the flow at fixed times, from a process that stays."""

from __future__ import annotations

from typing import Annotated

import typer

from crossquote.cli.options import Database, ProfileName


def schedule(
    locations: Annotated[list[str], typer.Argument(metavar="PATH|URL…", help="Files, folders, http(s) URLs or feeds.")],
    every: Annotated[
        str, typer.Option("--every", metavar="TIME", help="Time between runs: 90s, 15m, 1h30m, 1d.")
    ] = "15m",
    db: Database = None,
    profile: ProfileName = None,
    upkeep: Annotated[
        bool, typer.Option("--upkeep", help="Also retention (daily, 03:30 UTC) and vacuum (Sundays, 04:30 UTC).")
    ] = False,
) -> None:
    """Serve the flow on a schedule until Ctrl-C: through PREFECT_API_URL where it is set, otherwise with a server of its own."""
    from crossquote.bootstrap import ENTRYPOINT, RETENTION, VACUUM
    from crossquote.cli.console import warn
    from flows.schedule import Chore, interval, parameters, serve

    chores = [Chore(RETENTION, "30 3 * * *"), Chore(VACUUM, "30 4 * * 0")] if upkeep else []
    serve(ENTRYPOINT, interval(every), parameters(locations, db, profile), also=chores, say=warn)
