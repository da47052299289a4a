"""`crossquote doctor`: what works on this machine, and how to mend what does not."""

from __future__ import annotations

import typer

from crossquote.cli.options import Database, Json, ProfileName


def doctor(db: Database = None, profile: ProfileName = None, json: Json = False) -> None:
    """Check settings, models, database, Prefect and disk; exit code 1 if something must be mended."""
    from crossquote.cli.console import print_json, print_table
    from crossquote.doctor import examine

    findings = examine(db, profile)
    if json:
        for one in findings:
            print_json({"check": one.check, "state": one.state, "detail": one.detail, "remedy": one.remedy})
    else:
        rows = [(one.check, one.state, one.detail, one.remedy or "") for one in findings]
        print_table("crossquote doctor", ("check", "state", "what was found", "how to mend it"), rows)
    if any(one.state == "broken" for one in findings):
        raise typer.Exit(1)
