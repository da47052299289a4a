"""The one reader of all sources. To add a kind of source, add a reader of it here and its extension or media type."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from crossquote.sources import folders
from crossquote.sources.articles import article_of
from crossquote.sources.checks import check_size, decode, one_line_of, read_bytes
from crossquote.sources.folders import failure
from crossquote.sources.html_pages import page_of
from crossquote.sources.json_lines import read_json_lines
from crossquote.sources.text_files import split_front_matter
from crossquote.sources.web import Fetched, Web
from verifier.errors import BadInput, Unavailable
from verifier.ports import ItemFailure
from verifier.text.urls import is_url
from verifier.values import Article

Articles = Iterator[Article | ItemFailure]

JSON_LINES = frozenset(
    {"application/jsonl", "application/x-jsonlines", "application/x-ndjson", "application/jsonlines"}
)
HTML = frozenset({"text/html", "application/xhtml+xml"})
UNNAMED = frozenset({"", "application/octet-stream"})


class SourceReader:
    """Reads text files, saved pages, JSON lines, folders of them, and http(s) URLs (implements `ArticleReader`)."""

    def __init__(self, web: Web | None = None) -> None:
        self._web = web or Web()
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
        try:
            yield from self._read(location)
        except BadInput as error:
            yield failure(location, error.message)
        except Unavailable as error:
            yield failure(location, error.message, transient=True)
        except (OSError, ValueError) as error:
            yield failure(location, f"cannot be read ({_reason(error)}); check the path and its permissions")

    def _read(self, location: str) -> Articles:
        if is_url(location):
            return self._read_url(location)
        read = self._by_extension.get(Path(location).suffix.lower())
        if read is None:
            raise BadInput(f"is of no kind that can be read; give {', '.join(self._by_extension)}")
        return read(location)

    def _read_url(self, url: str) -> Articles:
        fetched = self._web.fetch(url)
        kind = _kind(fetched)
        if kind in JSON_LINES:
            yield from read_json_lines(io.BytesIO(fetched.body), url)
        elif kind in HTML:
            page = page_of(fetched.body, fetched.url, fetched.charset)
            yield article_of(page.text, page.fields, fetched.url)
        elif kind == "text/plain":
            yield _text_article(decode(fetched.body), fetched.url)
        else:
            raise BadInput(f"is {kind or 'of no named type'}, not an article; give a page, plain text or JSON lines")


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
