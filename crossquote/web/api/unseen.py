"""What a reviewer is told of others' judgements before making one (`db.team.hidden`): that there is one, whose, and when."""

from __future__ import annotations

from typing import Any, Final

_HIDDEN: Final = {"label": None, "kind": None, "comment": None}


def veiled(judgement: dict[str, Any] | None, hide: bool) -> dict[str, Any] | None:
    """A judgement as the API gives it, without what it says where that is still hidden; None stays None."""
    return judgement | _HIDDEN if judgement and hide else judgement
