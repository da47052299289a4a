"""What people are told, each thing once for each channel, also by several processes and across failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, or_, select, update

from db.names import visible
from db.operating_tables import Announcements
from db.transaction import Transaction, chunks, insert_new

CLAIM = timedelta(minutes=10)
"""After so long, who took an announcement up to send it is taken for dead."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing to tell: `key` names it for ever, `payload` is what it is about."""

    key: str
    event: str
    payload: Mapping[str, Any]


class AnnouncementRecords:
    """Each call is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, channels: Sequence[str], found: Sequence[Noted]) -> None:
        """Keep what is to be told; what was noted before stays as it is."""
        now = datetime.now(UTC)
        rows = [
            {"key": visible(one.key), "channel": channel, "event": one.event, "payload": one.payload, "noted_at": now}
            for one in found
            for channel in channels
        ]
        work = Transaction(self._engine)
        try:
            insert_new(work.write, Announcements, rows)
            work.commit()
        finally:
            work.close()

    def claim(self, channel: str) -> list[Noted]:
        """What this channel has not got through yet, for the caller to send: nobody else is given it meanwhile."""
        now = datetime.now(UTC)
        held = Announcements.claimed_at
        free = or_(held.is_(None), held < now - CLAIM, held > now)  # later than now: the clock was set back
        work = Transaction(self._engine)
        try:
            query = select(Announcements.__table__).where(
                Announcements.channel == channel, Announcements.sent_at.is_(None), free
            )
            rows = work.write.execute(query.order_by(Announcements.noted_at, Announcements.key)).all()
            self._mark(work, channel, [row.key for row in rows], {"claimed_at": now})
            work.commit()
        finally:
            work.close()
        return [Noted(row.key, row.event, row.payload) for row in rows]

    def settle(self, channel: str, keys: Sequence[str], *, sent: bool) -> None:
        """Note what got through; what did not is free for the next who tries."""
        work = Transaction(self._engine)
        try:
            self._mark(work, channel, keys, {"sent_at": datetime.now(UTC)} if sent else {"claimed_at": None})
            work.commit()
        finally:
            work.close()

    def _mark(self, work: Transaction, channel: str, keys: Sequence[str], values: Mapping[str, Any]) -> None:
        for part in chunks(keys):
            change = update(Announcements).where(Announcements.channel == channel, Announcements.key.in_(part))
            work.write.execute(change.values(values))


def unsent(engine: Engine) -> int:
    """How many announcements wait to get through."""
    query = select(func.count()).select_from(Announcements).where(Announcements.sent_at.is_(None))
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())
