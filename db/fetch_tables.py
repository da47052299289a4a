"""The tables of fetching: what is known and waiting, what was asked of which server, pages as they came, robots files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base

Id = Annotated[int, mapped_column(primary_key=True)]
Big = Annotated[int, mapped_column(BigInteger)]


class FetchItems(Base):
    """A page, feed, sitemap or file that a source has named: the queue, and the memory of what was read.

    `key` is the canonical URL or the real path. `fingerprint` says which state of a file or listing was read;
    `position` is the byte up to which an archive was; `not_before` is the earliest next try.
    """

    __tablename__ = "fetch_items"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("kind IN ('feed', 'sitemap', 'page', 'file')", name="kind"),
        CheckConstraint("state IN ('queued', 'done', 'dropped')", name="state"),
        Index("ix_fetch_items_state", "state", "source"),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    key: Mapped[str]
    source: Mapped[str]
    address: Mapped[str]
    fields: Mapped[dict[str, Any]]
    state: Mapped[str]
    tries: Mapped[int]
    not_before: Mapped[datetime | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    fingerprint: Mapped[str | None]
    position: Mapped[Big]
    error: Mapped[str | None]
    seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Fetches(Base):
    """One request to a server, or one reading of a file, and how it ended; `wire_bytes` came over the line."""

    __tablename__ = "fetches"
    id: Mapped[Id]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"), index=True)
    source: Mapped[str | None]
    kind: Mapped[str]
    url: Mapped[str] = mapped_column(index=True)
    final_url: Mapped[str | None]
    status: Mapped[int | None]
    content_type: Mapped[str | None]
    wire_bytes: Mapped[Big]
    body_bytes: Mapped[Big]
    started_at: Mapped[datetime] = mapped_column(index=True)
    seconds: Mapped[float]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    extractor: Mapped[str | None]
    error: Mapped[str | None]


class RawPages(Base):
    """A page as the server sent it, compressed; kept only where the setting says so."""

    __tablename__ = "raw_pages"
    fetch_id: Mapped[int] = mapped_column(ForeignKey("fetches.id"), primary_key=True)
    encoding: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class RobotsFiles(Base):
    """A server's robots.txt as it was last read."""

    __tablename__ = "robots_files"
    origin: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[int]
    body: Mapped[str]
    fetched_at: Mapped[datetime]
