"""Finds what is to be told, remembers it in the database, and sends it. Whatever goes wrong here, a run goes on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crossquote.notices.channels import PROBLEMS, Channel
from crossquote.notices.messages import CONFLICT, FAILED, LATE, Message, messages
from db.announcements import AnnouncementRecords, Noted
from db.engine import open_engine
from db.queries import VerdictFilter, last_activity, verdict_rows
from verifier.errors import CrossquoteError
from verifier.verdicts import Stance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the database is, whom to tell, and of what; without channels nobody is told anything."""

    db: str
    channels: Sequence[Channel]
    confidence: float = 0.9
    late_hours: float = 0.0
    tries: int = 3
    pause_seconds: float = 0.5
    desk_url: str = ""


class Announcer:
    """`flows.wiring.Announce` over webhook and mail."""

    def __init__(self, plan: Callable[[str | None], Plan]) -> None:
        self._plan = plan

    def ended(self, db: str | None, run_id: int) -> None:
        """New conflicts of a run, and what did not get through before."""
        with _harmless():
            plan = self._plan(db)
            if plan.channels:
                self._tell(plan, lambda engine: _conflicts_of(engine, run_id, plan.confidence))

    def failed(self, db: str | None, flow: str, key: str, reason: str) -> None:
        """A flow that failed or crashed; told also where the database is what failed."""
        with _harmless():
            found = [Noted(f"{FAILED}:{key}", FAILED, {"flow": flow, "run": key, "reason": reason})]
            self._tell_anyhow(self._plan(db), found)

    def late(self, db: str | None, waiting: Sequence[tuple[str, str]] = ()) -> list[str]:
        """Runs that should have been: (key, words) that a scheduler calls late, and a database that nothing has come to.

        Returns what was found, told now or before; unlike the others it raises what the database says.
        """
        plan = self._plan(db)
        found = [Noted(f"{LATE}:{key}", LATE, {"flow": "a scheduled run", "reason": words}) for key, words in waiting]
        found += _silence(plan)
        if plan.channels:
            self._tell(plan, lambda _: found)
        return [str(one.payload["reason"]) for one in found]

    def _tell_anyhow(self, plan: Plan, found: Sequence[Noted]) -> None:
        if not plan.channels:
            return
        try:
            self._tell(plan, lambda _: found)
        except CrossquoteError:
            for message in messages(found, plan.desk_url):
                for channel in plan.channels:
                    _sent(channel, message, plan)

    def _tell(self, plan: Plan, find: Callable[[Engine], Sequence[Noted]]) -> None:
        engine = open_engine(plan.db)
        try:
            records = AnnouncementRecords(engine)
            records.note([channel.name for channel in plan.channels], find(engine))
            for channel in plan.channels:
                for message in messages(records.claim(channel.name), plan.desk_url):
                    records.settle(channel.name, message.keys, sent=_sent(channel, message, plan))
        finally:
            engine.dispose()


def _conflicts_of(engine: Engine, run_id: int, confidence: float) -> list[Noted]:
    wanted = VerdictFilter(label=Stance.CONFLICT, run_id=run_id, least=confidence)
    return [
        Noted(f"{CONFLICT}:{row.pair_id}", CONFLICT, {"pair": row.pair_id, **row.to_dict()})
        for row in verdict_rows(engine, wanted)
    ]


def _silence(plan: Plan) -> list[Noted]:
    """That no run has ended for so many hours; once for each such silence."""
    engine = open_engine(plan.db)
    try:
        last = last_activity(engine)
    finally:
        engine.dispose()
    if not plan.late_hours or last is None or datetime.now(UTC) - last < timedelta(hours=plan.late_hours):
        return []
    reason = f"no run has ended since {last:%Y-%m-%d %H:%M} UTC, for more than {plan.late_hours:g} hours"
    return [Noted(f"{LATE}:{last.isoformat()}", LATE, {"flow": "the next run", "reason": reason})]


def _sent(channel: Channel, message: Message, plan: Plan) -> bool:
    """Whether it got through at one of the tries."""
    for number in range(plan.tries):
        if number:
            time.sleep(plan.pause_seconds * 2 ** (number - 1))
        try:
            channel.send(message)
        except PROBLEMS as error:
            problem = f"{type(error).__name__}: {error}"
        else:
            return True
    LOG.warning("%s did not get through by %s (%s); the next run tries again", message.subject, channel.name, problem)
    return False


@contextmanager
def _harmless() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        LOG.warning("nobody could be told (%s: %s); the run is not touched by it", type(error).__name__, error)
