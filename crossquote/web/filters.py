"""The filters of the queue, between the address line and the database. What makes no sense is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from db.filters import Between, VerdictFilter
from db.names import visible
from verifier.values import parse_date
from verifier.verdicts import Stance, VerdictKind

W = TypeVar("W", bound=StrEnum)
NAMES = tuple("q label kind between speaker outlet story since until least reviewed assigned run".split())
ALL = "all"
SECOND = "second"
ME, NOBODY, FREE, NAMED = "me", "nobody", "free", "name:"
"""What `assigned` says: mine, nobody's, either of the two, or `name:` and whose."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address says (each name with its word, "" where it says nothing), and the filter that it makes."""

    values: Mapping[str, str]
    filter: VerdictFilter

    @property
    def query(self) -> str:
        """The address line of the same choice."""
        return urlencode({name: value for name, value in self.values.items() if value})


def chosen(params: Mapping[str, str], user: str) -> Chosen:
    """Conflicts that wait for this user, unless the address says otherwise: nobody has judged them, or a second opinion
    is asked for that this user could give. `reviewed=mine` is what this user judged.
    """
    values = {name: params.get(name, "").strip()[:200] for name in NAMES}
    values["label"] = values["label"] or Stance.CONFLICT.value
    values["reviewed"] = values["reviewed"] or "no"
    until, reviewed = _date(values["until"]), values["reviewed"]
    return Chosen(
        values,
        VerdictFilter(
            label=_word(Stance, values["label"]),
            kind=_word(VerdictKind, values["kind"]),
            between=_word(Between, values["between"]),
            speaker=values["speaker"] or None,
            outlet=values["outlet"] or None,
            story_id=_number(values["story"]),
            since=_date(values["since"]),
            until=until + timedelta(days=1) if until else None,
            least=_share(values["least"]),
            reviewed={"no": False, "yes": True}.get(reviewed),
            reviewer=user if reviewed == "mine" else None,
            opinion_of=user if reviewed in ("no", SECOND) else None,
            assignee=_assignee(values["assigned"], user),
            free=values["assigned"] in (FREE, NOBODY),
            run_id=_number(values["run"]),
            words=values["q"] or None,
        ),
    )


def _word(words: type[W], value: str) -> W | None:
    return words(value) if value in list(words) else None


def _assignee(value: str, user: str) -> str | None:
    if value in (ME, FREE):
        return user
    return visible(value.removeprefix(NAMED)) if value.startswith(NAMED) else None


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _share(value: str) -> float | None:
    """A confidence in percent."""
    return min(int(value), 100) / 100 if value.isascii() and value.isdigit() and len(value) < 4 else None


def _date(value: str) -> datetime | None:
    try:
        found = parse_date(value) if value else None
    except ValueError:
        return None
    return found if found is None or datetime(1, 1, 3, tzinfo=UTC) < found < datetime(9999, 12, 1, tzinfo=UTC) else None
