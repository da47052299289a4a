"""The tables of operations: which articles broke the extraction, what has been announced, what may be left to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class ExtractionTries(Base):
    """An article version that an extractor has begun and not ended well.

    `under_way` while a process reads it; it is left standing where that process died. `tries` counts the failed
    attempts, `put_aside_at` is set after the last one. The row goes when the statements are stored.
    """

    __tablename__ = "extraction_tries"
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"), primary_key=True)
    extractor: Mapped[str] = mapped_column(primary_key=True)
    under_way: Mapped[bool]
    tries: Mapped[int]
    reason: Mapped[str | None]
    put_aside_at: Mapped[datetime | None]


class Announcements(Base):
    """Something that somebody is told, once for each channel; `sent_at` is NULL until it got through.

    `claimed_at` is when a process last took it up to send it; `payload` is what it is about.
    """

    __tablename__ = "announcements"
    key: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[str]
    payload: Mapped[dict[str, Any]]
    noted_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


class Waiting(Base):
    """An item that may be left to do for a stage: a version, a pair or a story by its id (`db.waiting`)."""

    __tablename__ = "waiting"
    stage: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class WaitingKeys(Base):
    """The version (of extractor, models, gates or policy) that a stage's list in `waiting` is about."""

    __tablename__ = "waiting_keys"
    stage: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
