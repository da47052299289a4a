"""`crossquote schedule`: the flow at fixed times, from a process that stays."""

from __future__ import annotations

from typing import Annotated

import typer

from crossquote.cli.options import Database, ProfileName


def schedule(
    locations: Annotated[list[str], typer.Argument(metavar="PATH|URL…", help="Files, folders or http(s) URLs.")],
    every: Annotated[
        str, typer.Option("--every", metavar="TIME", help="Time between runs: 90s, 15m, 1h30m, 1d.")
    ] = "15m",
    db: Database = None,
    profile: ProfileName = None,
) -> None:
    """Serve the flow on a schedule until Ctrl-C: through PREFECT_API_URL where it is set, otherwise with a server of its own."""
    from crossquote.bootstrap import ENTRYPOINT
    from crossquote.cli.console import warn
    from flows.schedule import interval, parameters, serve

    serve(ENTRYPOINT, interval(every), parameters(locations, db, profile), say=warn)
