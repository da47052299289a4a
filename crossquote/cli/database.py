"""`crossquote db`: the schema, backups, checks, and what keeps the database small."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossquote.cli.options import Database, Json

app = typer.Typer(help="The database: schema, backup, restore, check, upkeep.", no_args_is_help=True)


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


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="What `crossquote db backup` made.")],
    db: Database = None,
) -> None:
    """Make the database from a backup and check it: into an address where none is yet, so that nothing is overwritten."""
    from crossquote.settings import read_settings
    from db.backup import restore as bring_back

    url = read_settings(db).db
    bring_back(source, url)
    _report(url, f"Restored from {source}.")


@app.command()
def check(db: Database = None, json: Json = False) -> None:
    """Look at every row: offsets, references, what is current, verdicts and their scores; exit code 1 if something is wrong."""
    from crossquote.settings import read_settings

    _report(read_settings(db).db, "", json)


def _report(url: str, done: str, json: bool = False) -> None:
    from crossquote.cli.console import print_json
    from db.checking import examine
    from verifier.errors import CrossquoteError

    broken = 0
    for finding in examine(url):
        broken += finding.broken
        if json:
            print_json(finding.to_dict())
        else:
            print(f"{'BROKEN' if finding.broken else 'ok':6}  {finding}")
    if broken:
        raise CrossquoteError("the database breaks its own rules: restore a backup, and report this")
    if done:
        print(done)


@app.command()
def retention(
    db: Database = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Forget what is older than the settings `retention` allow; what people judged or commented on stays."""
    from crossquote.bootstrap import forget

    counts = ", ".join(f"{count} {name}" for name, count in forget(db, dry_run=dry_run).items())
    print(f"{'Would forget' if dry_run else 'Forgot'} {counts}.")


@app.command()
def vacuum(db: Database = None) -> None:
    """Give the room of what was deleted back to the disk, and renew the planner's statistics."""
    from crossquote.bootstrap import vacuum as give_back

    before, after = give_back(db).values()
    print(f"{before:,} bytes before, {after:,} after.")


@app.command()
def aside(
    db: Database = None,
    again: Annotated[bool, typer.Option("--again", help="Let the next run try them once more.")] = False,
) -> None:
    """List the articles that were put aside because they broke the extraction."""
    from crossquote.settings import read_settings
    from db.engine import open_engine
    from db.transaction import Transaction
    from db.tries import put_aside, try_again

    engine = open_engine(read_settings(db).db)
    work = Transaction(engine)
    try:
        for one in put_aside(work.read):
            print(f"{one.article}: {one.reason} ({one.tries} tries, {one.at:%Y-%m-%d})")
        if again:
            print(f"The next run tries {try_again(work)} again.")
            work.commit()
    finally:
        work.close()
        engine.dispose()
