"""`crossquote verdicts`: what the database holds, best first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossquote.cli.options import Apart, Database, Json, Kind, Label, Since, SpeakerName, filter_of
from crossquote.cli.stored import connected

if TYPE_CHECKING:
    from db.queries import VerdictFilter

SHOWN = 8


def verdicts(
    label: Label = None,
    kind: Kind = None,
    between: Apart = None,
    speaker: SpeakerName = None,
    since: Since = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many.")] = 50,
    by_story: Annotated[
        bool,
        typer.Option("--by-story", help="Conflicts only, each once with all who are on each side, story by story."),
    ] = False,
    db: Database = None,
    json: Json = False,
) -> None:
    """List verdicts, best first, each with both sides and its latest judgement."""
    from crossquote.cli.console import print_json

    chosen = filter_of(label, kind, between, speaker, since, limit)
    rows = disputes_of(db, chosen) if by_story else rows_of(db, chosen)
    if json:
        for row in rows:
            print_json(row)
    elif by_story:
        show_disputes(rows)
    else:
        show("Verdicts", rows)


def rows_of(db: str | None, chosen: VerdictFilter) -> list[dict[str, Any]]:
    """The rows of the configured database in their JSON form; BrokenSetup if it is not there yet."""
    from db.queries import verdict_rows
    from db.standing import standings

    with connected(db) as connection:
        rows = verdict_rows(connection, chosen)
        behind = standings(connection, rows)
    return [row.to_dict() | standing.to_dict() for row, standing in zip(rows, behind, strict=True)]


def disputes_of(db: str | None, chosen: VerdictFilter) -> list[dict[str, Any]]:
    """The conflicts, each once, in their JSON form; BadInput for a label that is none."""
    from db.queries import verdict_rows
    from db.standing import disputes
    from verifier.errors import BadInput
    from verifier.verdicts import Stance

    if chosen.label not in (None, Stance.CONFLICT):
        raise BadInput(f"--by-story shows conflicts: leave --label {chosen.label} out")
    with connected(db) as connection:
        rows = verdict_rows(connection, replace(chosen, label=Stance.CONFLICT, limit=None))
        return [found.to_dict() for found in disputes(connection, rows)[: chosen.limit]]


def show_top(db: str | None) -> None:
    """The top conflicts and agreements of the database."""
    from db.queries import VerdictFilter
    from verifier.verdicts import Stance

    for title, stance in (("Top conflicts", Stance.CONFLICT), ("Top agreements", Stance.AGREE)):
        rows = rows_of(db, VerdictFilter(label=stance, limit=SHOWN))
        if rows:
            show(title, rows)


def show(title: str, rows: list[dict[str, Any]]) -> None:
    """Rows as a table: what, how sure, both sides with who and where, and why."""
    from crossquote.cli.console import print_table

    print_table(
        title,
        ("verdict", "both sides", "why"),
        [
            (
                (row["kind"] or row["label"], f"{row['confidence']:.2f}"),
                tuple(line for name in ("a", "b") for line in _weighed(row[name], row["independent"][name])),
                row["reasons"][0],
            )
            for row in rows
        ],
    )


def show_disputes(rows: list[dict[str, Any]]) -> None:
    """A table a story: every conflict with all who are on each side."""
    from itertools import groupby

    from crossquote.cli.console import print_table

    for story, found in groupby(rows, key=lambda row: row["story"]):
        print_table(
            story["title"] if story else "Not in a story yet",
            ("verdict", "one side", "other side"),
            [
                ((row["kind"] or row["label"], f"{row['confidence']:.2f}"), _camp(row["a"]), _camp(row["b"]))
                for row in found
            ],
        )


def _camp(camp: Mapping[str, Any]) -> tuple[str, ...]:
    return (_behind(camp), *(_side(side) for side in camp["statements"][:SHOWN]), *camp["merged"])


def _weighed(side: Mapping[str, Any], weight: Mapping[str, Any]) -> tuple[str, ...]:
    """A side, with its weight where more than one outlet is behind it."""
    return (_side(side), _behind(weight)) if weight["outlets"] > 1 else (_side(side),)


def _behind(weight: Mapping[str, Any]) -> str:
    return f"({weight['outlets']} outlet{'' if weight['outlets'] == 1 else 's'}, {weight['independent']} independent)"


def _side(side: Mapping[str, Any]) -> str:
    where = side["outlet"] or str(side["article"]).rsplit("/", 1)[-1]
    who = side["speaker"] or "unnamed"
    return f"{who}: {side['text']}" if who == where else f"{who} ({where}): {side['text']}"
