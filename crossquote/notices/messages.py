"""What is told, in words and as data. The words come from articles: they are cut, and never become mark-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from db.announcements import Noted
from verifier.text.words import one_line

CONFLICT: Final = "conflict"
FAILED: Final = "run_failed"
LATE: Final = "run_late"
SHOWN = 20
WIDTH = 300


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `keys` are all that it tells of, `items` the same as data."""

    event: str
    keys: tuple[str, ...]
    subject: str
    text: str
    items: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """The body of a webhook; chat servers show `text`."""
        return {"event": self.event, "text": f"{self.subject}\n{_escaped(self.text)}", "items": list(self.items)}


def messages(found: Sequence[Noted], desk_url: str = "") -> Iterator[Message]:
    """One message for all conflicts, one for each failed or late run."""
    for event, group in groupby(sorted(found, key=lambda one: one.event), key=lambda one: one.event):
        if event == CONFLICT:
            yield _conflicts(list(group), desk_url)
            continue
        for one in group:
            yield _about_run(one)


def _conflicts(found: Sequence[Noted], desk_url: str) -> Message:
    best = sorted(found, key=lambda one: -float(one.payload["confidence"]))
    subject = f"crossquote: {len(best)} new conflict{'s' if len(best) > 1 else ''}"
    lines = [_conflict(one.payload, desk_url) for one in best[:SHOWN]]
    if len(best) > SHOWN:
        lines.append(f"… and {len(best) - SHOWN} more at the review desk.")
    return _message(CONFLICT, best[:SHOWN], best, subject, "\n\n".join(lines))


def _conflict(row: Mapping[str, Any], desk_url: str) -> str:
    sides = "\n".join(f"  {_side(row[name])}" for name in ("a", "b"))
    where = f"\n  {desk_url.rstrip('/')}/verdicts/{row['pair']}" if desk_url else ""
    return f"{row['kind'] or row['label']}, {float(row['confidence']):.2f}\n{sides}{where}"


def _side(side: Mapping[str, Any]) -> str:
    who = side["speaker"] or "somebody"
    return _cut(f"{who} ({side['outlet'] or side['article']}): {side['text']}")


def _about_run(one: Noted) -> Message:
    word = "failed" if one.event == FAILED else "is late"
    name = _cut(str(one.payload.get("flow", "run")))
    return _message(one.event, [one], [one], f"crossquote: {name} {word}", _cut(str(one.payload.get("reason", ""))))


def _message(event: str, shown: Sequence[Noted], told: Sequence[Noted], subject: str, text: str) -> Message:
    return Message(event, tuple(one.key for one in told), subject, text, tuple(one.payload for one in shown))


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def _escaped(text: str) -> str:
    """As chat servers want it: without this, `<!channel>` in an article would call everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
