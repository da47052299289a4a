"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Database = Annotated[
    str | None, typer.Option("--db", metavar="URL", help="Database URL or SQLite file; default: the configured one.")
]
ProfileName = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="Model profile: embedded or accurate, or one of your own."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")]
