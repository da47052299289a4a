"""The one reader of all sources. To add a kind of source, add a reader of it here and its extension or media type."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from crossquote.fetching import Fetched, Request, Web
from crossquote.fetching.values import LISTING, PAGE
from crossquote.fetching.web import with_extractor
from crossquote.sources import folders
from crossquote.sources.articles import article_of, completed
from crossquote.sources.checks import check_size, decode, read_bytes
from crossquote.sources.folders import failure
from crossquote.sources.html_pages import page_of
from crossquote.sources.json_lines import read_json_lines
from crossquote.sources.listings import ListingKind, listing_of
from crossquote.sources.text_files import split_front_matter
from crossquote.sources.warc import warc_pages
from verifier.errors import BadInput, Unavailable
from verifier.fetching import Trace
from verifier.ports import ItemFailure
from verifier.text.urls import is_url
from verifier.text.words import one_line_of
from verifier.values import Article

Articles = Iterator[Article | ItemFailure]
F = TypeVar("F")
Keep = Callable[[Sequence[Trace]], None]
"""Records the requests of a fetch."""

JSON_LINES = frozenset(
    {"application/jsonl", "application/x-jsonlines", "application/x-ndjson", "application/jsonlines"}
)
FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"})
PAGE_OR_FEED = replace(PAGE, accept=f"{PAGE.accept}, {LISTING.accept}", types=(*PAGE.types, *sorted(FEEDS)))
HTML = frozenset({"text/html", "application/xhtml+xml"})
UNNAMED = frozenset({"", "application/octet-stream"})
ARCHIVES = frozenset({".warc", ".warc.gz"})
NAMED_PAGES = 20


class SourceReader:
    """Reads text files, saved pages, JSON lines, web archives, folders of them, http(s) URLs and feeds (an `ArticleReader`)."""

    def __init__(self, web: Web | None = None, keep: Keep | None = None) -> None:
        self._web = web or Web()
        self._keep = keep
        self._by_extension: dict[str, Callable[[str], Articles]] = {
            ".txt": _read_text_file,
            ".html": _read_page_file,
            ".htm": _read_page_file,
            ".jsonl": _read_json_lines_file,
        }

    def expand(self, locations: Sequence[str]) -> tuple[list[str], list[ItemFailure]]:
        """The files and URLs behind the locations in their order, and what cannot be read at all.

        Folders are walked to the bottom and their files sorted by path; hidden files and folders are skipped, and
        quietly so are files of other kinds (one that is named itself is a failure). A folder without articles is a
        failure. The same file or page reached twice comes once.
        """
        found = list(folders.expand(list(locations)))
        items = [one for one in found if isinstance(one, str)]
        return items, [one for one in found if isinstance(one, ItemFailure)]

    def read(self, location: str) -> Articles:
        """The articles of one file or URL; what cannot be used is a failure among them, never an exception."""
        return (found for _, found in self.read_from(location))

    def read_from(
        self, location: str, start: int = 0, wanted: Callable[[str], object] = bool
    ) -> Iterator[tuple[int, Article | ItemFailure]]:
        """The same, each with the byte at which one can go on; of a web archive from a byte on, what is `wanted` by URL."""
        if folders.extension(location) in ARCHIVES and not is_url(location):
            yield from _guarded(read_archive(location, start, wanted), lambda failed: (start, failed), location)
        else:
            yield from ((0, found) for found in _guarded(self._read(location), _itself, location))

    def _read(self, location: str) -> Articles:
        if is_url(location):
            yield from self._read_url(location)
            return
        read = self._by_extension.get(folders.extension(location))
        if read is None:
            raise BadInput(f"is of no kind that can be read; give {', '.join(folders.EXTENSIONS)}")
        yield from read(location)

    def _read_url(self, url: str) -> Articles:
        fetched = self._fetched(url)
        if _kind(fetched) in FEEDS:
            yield from self._read_feed(fetched, url)
        else:
            yield from read_fetched(fetched, url)

    def _read_feed(self, fetched: Fetched, url: str) -> Articles:
        """The pages that a feed or sitemap names, with what it says of them; a feed that it names is not followed."""
        listing = listing_of(fetched.body, fetched.url)
        if listing.kind is ListingKind.LISTINGS:
            raise BadInput("is an index of sitemaps; name it in a sources file and use `crossquote fetch`")
        if listing.trouble:
            yield failure(url, listing.trouble)
        for entry in listing.entries:
            for found in _guarded(self._read_page(entry.url), _itself, entry.url):
                yield completed(found, entry.fields) if isinstance(found, Article) else found

    def _read_page(self, url: str) -> Articles:
        yield from read_fetched(self._fetched(url), url)

    def _fetched(self, url: str) -> Fetched:
        outcome = self._web.get(Request(url, PAGE_OR_FEED))
        fetched = outcome.fetched
        if self._keep is not None:
            self._keep(with_extractor(outcome.traces, extractor_of(fetched) if fetched else None))
        if fetched is None:
            raise outcome.error or BadInput("was not sent; check the address")
        return fetched


def _guarded(found: Iterator[F], form: Callable[[ItemFailure], F], location: str) -> Iterator[F]:
    """What is found, and why there is no more of it as a failure in the same form."""
    try:
        yield from found
    except BadInput as error:
        yield form(failure(location, error.message))
    except Unavailable as error:
        yield form(failure(location, error.message, transient=True))
    except (OSError, ValueError) as error:
        yield form(failure(location, f"cannot be read ({_reason(error)}); check the path and its permissions"))


def _itself(failed: ItemFailure) -> Article | ItemFailure:
    return failed


def read_fetched(fetched: Fetched, asked: str | None = None) -> Articles:
    """The articles in what a server sent (or an archive holds), by its media type; `asked` is what it is called in lines.

    Raises BadInput where there is none; wrong JSON lines are failures among the articles.
    """
    kind = _kind(fetched)
    if kind in JSON_LINES:
        yield from read_json_lines(io.BytesIO(fetched.body), asked or fetched.url)
    elif kind in HTML:
        page = page_of(fetched.body, fetched.url, fetched.charset)
        yield article_of(page.text, page.fields, fetched.url)
    elif kind == "text/plain":
        yield _text_article(decode(fetched.body), fetched.url)
    else:
        raise BadInput(f"is {kind or 'of no named type'}, not an article; give a page, plain text or JSON lines")


def extractor_of(fetched: Fetched) -> str:
    """What reads such a page, with its version, as it is recorded."""
    kind = _kind(fetched)
    if kind in FEEDS:
        return f"lxml {version('lxml')}"
    return _extractor(".html" if kind in HTML else ".jsonl" if kind in JSON_LINES else ".txt")


def extractor_of_file(path: str) -> str:
    """What reads such a file, with its version."""
    return _extractor(folders.extension(path))


def _extractor(extension: str) -> str:
    if extension in {".txt", ".jsonl"}:
        return "plain text" if extension == ".txt" else "json lines"
    return f"trafilatura {version('trafilatura')}"


def read_text(text: str | bytes, name: str) -> Article:
    """The article in a text given otherwise than by a file (standard input), with the checks of a `.txt` file.

    `name` is its URL unless the front matter names one. Raises BadInput, whose message begins with the name.
    """
    try:
        whole = decode(check_size(text)) if isinstance(text, bytes) else text
        return _text_article(whole, name)
    except BadInput as error:
        raise BadInput(f"{name}: {error.message}") from error


def _text_article(whole: str, otherwise: str) -> Article:
    fields, text = split_front_matter(whole)
    if fields.url is None and is_url(otherwise):
        fields = replace(fields, url=otherwise)
    return article_of(text, fields, otherwise)


def _read_text_file(location: str) -> Articles:
    yield _text_article(decode(read_bytes(Path(location))), _address(location))


def _read_page_file(location: str) -> Articles:
    page = page_of(read_bytes(Path(location)))
    yield article_of(page.text, page.fields, _address(location))


def _read_json_lines_file(location: str) -> Articles:
    path = Path(location)
    if not path.is_file():
        read_bytes(path)  # says what is wrong with it
    with path.open("rb") as file:
        yield from read_json_lines(file, location)


def read_archive(
    location: str, start: int = 0, wanted: Callable[[str], object] = bool
) -> Iterator[tuple[int, Article | ItemFailure]]:
    """The articles of a web archive from a byte on, each with the byte at which one can go on.

    An archive holds pages of all kinds and languages: the first ones that are no articles are named, the rest counted.
    """
    dropped = 0
    for offset, page in warc_pages(Path(location), start):
        try:
            if wanted(page.url):
                yield from ((offset, found) for found in read_fetched(page))
        except BadInput as error:
            dropped += 1
            if dropped <= NAMED_PAGES:
                yield offset, failure(f"{location}: {page.url}", error.message)
    if dropped > NAMED_PAGES:
        more = dropped - NAMED_PAGES
        yield start, failure(location, f"{more} more pages in it are no English articles that can be read")


def _address(location: str) -> str:
    """The absolute path by which a file without a URL is known; links are not followed."""
    path = os.path.abspath(location)  # noqa: PTH100 - `absolute` keeps `..`
    if folders.shown(path) != path:
        raise BadInput("the path holds characters that cannot be stored; rename the file")
    return path


def _kind(fetched: Fetched) -> str:
    """The media type; where the server has no word for it, the address decides."""
    if fetched.media_type in UNNAMED | {"text/plain"} and fetched.url.partition("?")[0].endswith(".jsonl"):
        return "application/jsonl"
    return fetched.media_type


def _reason(error: Exception) -> str:
    return error.strerror or one_line_of(error) if isinstance(error, OSError) else one_line_of(error)
