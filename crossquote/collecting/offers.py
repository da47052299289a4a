"""From what a source names to items of the queue."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from glob import glob, has_magic
from pathlib import Path

from crossquote.collecting.sources_file import Source, SourceKind
from crossquote.sources import folders
from crossquote.sources.dates import parse_date
from crossquote.sources.listings import Entry, Listing, ListingKind
from db.names import KEY_BYTES
from verifier.errors import BadInput
from verifier.fetching import ItemKind, Offer
from verifier.ports import ItemFailure
from verifier.text.urls import canonical_url

STAGE = "fetch"
_ENDINGS = {
    SourceKind.FOLDER: folders.EXTENSIONS,
    SourceKind.JSONL: (".jsonl",),
    SourceKind.WARC: (".warc", ".warc.gz"),
}
_KINDS = {SourceKind.FEED: ItemKind.FEED, SourceKind.SITEMAP: ItemKind.SITEMAP, SourceKind.URL: ItemKind.PAGE}


@dataclass(frozen=True, slots=True)
class Offered:
    """What a list or folder offers, and what of it cannot be used."""

    offers: tuple[Offer, ...]
    failures: tuple[ItemFailure, ...] = ()


def of_addresses(source: Source) -> tuple[Offer, ...]:
    """The addresses that a source on the web names by themselves."""
    return tuple(Offer(_KINDS[source.kind], canonical_url(one), one.strip(), _fields(source)) for one in source.at)


def of_listing(source: Source, listing: Listing, address: str) -> Offered:
    """The entries of a list that the source wants; what has no address that can be used is counted in one line."""
    kind = ItemKind.SITEMAP if listing.kind is ListingKind.LISTINGS else ItemKind.PAGE
    offers: list[Offer] = []
    wrong = 0
    for entry in listing.entries:
        key = _key(entry.url)
        if key is None:
            wrong += 1
        elif kind is ItemKind.SITEMAP or _wanted(source, entry):
            stamp = entry.stamp if source.refresh or kind is ItemKind.SITEMAP else None
            offers.append(Offer(kind, key, entry.url, _fields(source, entry), stamp))
    lines = [listing.trouble] if listing.trouble else []
    lines += [f"names {wrong} addresses that are too long or none; they were left out"] if wrong else []
    return Offered(tuple(offers), tuple(ItemFailure(STAGE, address, line) for line in lines))


def of_files(source: Source) -> Offered:
    """The files of a folder, or those that a path or pattern names, each with its size and time as fingerprint."""
    offers: dict[str, Offer] = {}
    failures: list[ItemFailure] = []
    for found in _files(source):
        if isinstance(found, ItemFailure):
            failures.append(found)
        elif (offer := _file(source, found)) is not None:
            offers.setdefault(offer.key, offer)
    return Offered(tuple(offers.values()), tuple(failures))


def _files(source: Source) -> Iterator[str | ItemFailure]:
    for at in source.at:
        place = os.path.expanduser(at)  # noqa: PTH111 - a pattern is no path
        if has_magic(place):
            named = sorted(glob(place, recursive=True))  # noqa: PTH207 - of an absolute pattern too
        elif Path(place).exists():
            named = [place]
        else:
            named = []
            yield ItemFailure(STAGE, at, f"source {source.name}: there is no such file or folder; check the path")
        yield from (one for path in named for one in folders.articles_below(path))


def _file(source: Source, path: str) -> Offer | None:
    """None for another kind of file, or one that has gone meanwhile."""
    try:
        stat = Path(path).stat()
    except OSError:
        return None
    if folders.extension(path) not in _ENDINGS[source.kind]:
        return None
    key = folders.shown(os.path.realpath(path))
    return Offer(ItemKind.FILE, key, os.path.abspath(path), _fields(source), f"{stat.st_size}:{stat.st_mtime_ns}")  # noqa: PTH100


def _key(url: str) -> str | None:
    try:
        key = canonical_url(url)
    except BadInput:
        return None
    return key if len(key.encode()) <= KEY_BYTES else None


def _wanted(source: Source, entry: Entry) -> bool:
    if source.only is not None and not source.only.search(entry.url):
        return False
    if source.newer_than_days is None:
        return True
    dated = _date(entry.fields.published_at) or _date(entry.stamp)
    return dated is None or dated >= datetime.now(UTC) - timedelta(days=source.newer_than_days)


def _date(words: str | None) -> datetime | None:
    try:
        return parse_date(words) if words else None
    except BadInput:
        return None


def _fields(source: Source, entry: Entry | None = None) -> dict[str, str]:
    said = {"outlet": source.outlet}
    if entry is not None:
        said |= {"title": entry.fields.title, "published_at": entry.fields.published_at}
    return {name: value for name, value in said.items() if value}
