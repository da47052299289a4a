"""`crossquote db`: bring the schema up to date, make a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossquote.cli.options import Database

app = typer.Typer(help="The database: upgrade its schema, back it up.", no_args_is_help=True)


@app.command()
def upgrade(db: Database = None) -> None:
    """Create the database or bring it to this program's schema; does nothing where it is there already."""
    from crossquote.settings import read_settings
    from db import migrate

    url = read_settings(db).db
    before = migrate.revision(url)
    migrate.upgrade(url)
    after = migrate.head()
    print(
        f"The database is at {after} already."
        if before == after
        else f"The database went from {before or 'nothing'} to {after}."
    )


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A file that does not exist yet.")], db: Database = None
) -> None:
    """Copy the database into a file while others use it, and check the copy."""
    from crossquote.settings import read_settings
    from db.backup import backup as back_up

    print(f"Backed up to {back_up(read_settings(db).db, target)}.")
