"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from db.filters import VerdictFilter

Word = TypeVar("Word", bound=StrEnum)

Database = Annotated[
    str | None, typer.Option("--db", metavar="URL", help="Database URL or SQLite file; default: the configured one.")
]
ProfileName = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="Model profile: embedded or accurate, or one of your own."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")]
Label = Annotated[str | None, typer.Option("--label", metavar="L", help="agree, conflict, neutral or undecided.")]
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="K", help="contradiction, denial, tension, corroboration, …")
]
SpeakerName = Annotated[str | None, typer.Option("--speaker", metavar="S", help="A name on either side.")]
Apart = Annotated[
    str | None, typer.Option("--between", metavar="B", help="outlets, articles (of any outlets) or one (article).")
]
Since = Annotated[str | None, typer.Option("--since", metavar="D", help="ISO date: articles published since then.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write here, whole or not at all; default: standard output."),
]


def word_of(words: type[Word], value: str | None, option: str) -> Word | None:
    """An option's value as one of an enum's words; BadInput names them."""
    from verifier.errors import BadInput

    if value is None:
        return None
    try:
        return words(value.lower())
    except ValueError:
        raise BadInput(f"{option} {value!r}: use one of {', '.join(word.value for word in words)}") from None


def filter_of(
    label: str | None,
    kind: str | None,
    between: str | None,
    speaker: str | None,
    since: str | None,
    limit: int | None,
) -> VerdictFilter:
    """The filter of the options that lists of verdicts share; BadInput names the option that makes no sense."""
    from db.filters import Between, VerdictFilter
    from verifier.verdicts import Stance, VerdictKind

    return VerdictFilter(
        label=word_of(Stance, label, "--label"),
        kind=word_of(VerdictKind, kind, "--kind"),
        between=word_of(Between, between, "--between"),
        speaker=speaker,
        since=date_of(since),
        limit=limit,
    )


def date_of(value: str | None) -> datetime | None:
    """The date of `--since`; BadInput shows the form."""
    from verifier.errors import BadInput
    from verifier.values import parse_date

    try:
        return parse_date(value) if value else None
    except ValueError:
        raise BadInput(f"--since {value!r}: use an ISO date like 2026-01-31") from None
