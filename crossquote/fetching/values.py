"""What is asked of a server, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from verifier.errors import CrossquoteError
from verifier.fetching import Trace

MOST_PAGE_BYTES = 5_000_000
MOST_LISTING_BYTES = 52_428_800  # what the sitemap protocol allows a file, uncompressed


@dataclass(frozen=True, slots=True)
class Want:
    """What kind of answer is of use: its name, the header `Accept`, media types by their beginning, the most bytes."""

    kind: str
    accept: str
    types: tuple[str, ...]
    most_bytes: int

    def takes(self, media_type: str) -> bool:
        """Whether an answer of this type is worth reading; servers often have no word for what they send."""
        return not media_type or media_type.startswith((*self.types, "application/octet-stream"))


PAGE = Want(
    "page",
    "text/html, application/xhtml+xml, text/plain;q=0.9, application/x-ndjson;q=0.9",
    ("text/html", "application/xhtml", "text/plain", "application/jsonl", "application/x-ndjson", "application/x-json"),
    MOST_PAGE_BYTES,
)
LISTING = Want(
    "feed",
    "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1",
    ("text/xml", "text/html", "text/plain", "application/xml", "application/rss", "application/atom", "application/rdf",
     "application/gzip", "application/x-gzip", "application/xhtml"),
    MOST_LISTING_BYTES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """One address to fetch; with an `etag` or `last_modified` of before, an unchanged page is not sent again."""

    url: str
    want: Want = PAGE
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response: its body, its address after redirects, media type and charset as the server names them."""

    url: str
    media_type: str
    charset: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a fetch ended: with a page, unchanged (neither page nor error), or with an error for the user.

    `traces` holds every request it took, the last one last; `not_before` is when the server wants to be asked again.
    """

    traces: tuple[Trace, ...]
    fetched: Fetched | None = None
    error: CrossquoteError | None = None
    not_before: datetime | None = None
