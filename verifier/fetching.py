"""What is known of fetching: items that sources have named, requests as they are recorded, robots files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

ROBOTS_ARE_FRESH = timedelta(hours=24)


class ItemKind(StrEnum):
    """What an item is: listings name other items, pages and files hold articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"
    FILE = "file"


class ItemState(StrEnum):
    """Where an item stands: waiting, read, or given up."""

    QUEUED = "queued"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Offer:
    """An item as a source names it. `fields` is what the source says of the article (title, published_at, outlet).

    `key` is the canonical URL or the real path. Where `fingerprint` is not that of before, the item is read again.
    """

    kind: ItemKind
    key: str
    address: str
    fields: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class FetchItem:
    """A stored item: `tries` have failed since it was last read, `position` is how far an archive was."""

    id: int
    kind: ItemKind
    source: str
    address: str
    fields: Mapping[str, str]
    state: ItemState
    tries: int
    not_before: datetime | None
    etag: str | None
    last_modified: str | None
    fingerprint: str | None
    position: int


@dataclass(frozen=True, slots=True)
class Trace:
    """One request as it is recorded; `wire_bytes` came over the line, `body_bytes` were left after decompression."""

    kind: str
    url: str
    started_at: datetime
    final_url: str | None = None
    status: int | None = None
    content_type: str | None = None
    wire_bytes: int = 0
    body_bytes: int = 0
    seconds: float = 0.0
    etag: str | None = None
    last_modified: str | None = None
    extractor: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A host's robots.txt as it was read; one that answered with an error has no body."""

    origin: str
    status: int
    body: str
    fetched_at: datetime

    @property
    def fresh(self) -> bool:
        """Whether it need not be read again; one from the future (a clock was set back) must."""
        return timedelta(0) <= datetime.now(UTC) - self.fetched_at < ROBOTS_ARE_FRESH

    @property
    def reached(self) -> bool:
        """Whether the host said something: without it nothing may be fetched (RFC 9309, 2.3.1.4)."""
        return 0 < self.status < 500 and self.status != 429
