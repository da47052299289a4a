"""Saved or fetched web pages: the story's text and what the page says of it, by trafilatura."""

from __future__ import annotations

import codecs
import html as markup
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from crossquote.sources.articles import Fields
from crossquote.sources.dates import parse_date
from verifier.errors import BadInput
from verifier.text.urls import canonical_url, outlet_of
from verifier.text.words import one_line_of

HEAD = 4_096
BAD_CHARACTERS = 0.001

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,30})", re.IGNORECASE
)
# Pages that declare these mean windows-1252, as every browser reads them (WHATWG Encoding Standard).
_LATIN = {"iso8859-1", "ascii"}
_STAMP = re.compile(
    r"(?<!upload)(?<!modified)(?<!modified[ _.:-])(?<!updated)(?<!updated[ _.:-])(?<!update)(?<!update[ _.:-])"
    r"(?:published_time|datePublished|pubdate|date)[\"'\s][^<>]{0,80}?"
    r"[\"'](\d{4}-\d\d-\d\d[T ]\d\d:\d\d[^\"'<>]{0,20})[\"']",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """The story of a page: its text, one paragraph a line, and the fields that the page gives."""

    text: str
    fields: Fields


def page_of(data: bytes, url: str | None = None, charset: str | None = None) -> Page:
    """The page's story; BadInput if the page cannot be decoded or holds none.

    `url` is where a fetched page came from and `charset` what its server said. A page's own canonical link is believed
    if the page was not fetched, or was fetched from the same outlet: no page may speak for another outlet's.
    """
    html = decode_page(data, charset)
    document = _extracted(html, url)
    text = (document.text if document else None) or ""
    if document is None or not text.strip():
        raise BadInput("no article text was found on this page; give the story's own page, or its text in a .txt file")
    fields = Fields(
        outlet=document.sitename or (None if url else _host_of(document.url)),
        url=_address(document.url, url),
        title=document.title,
        author=document.author,
        published_at=_published(html, document.date, document.url or ""),
    )
    return Page(text, fields)


def decode_page(data: bytes, charset: str | None = None) -> str:
    """Decoded by byte order mark, server's charset or the page's own declaration, or else strict UTF-8, in this order.

    A declaration that does not fit gives way to the next, and to UTF-8 where the bytes are plainly that. A page may hold
    one wrong character in a thousand (cut teasers often do); more, or a wrong byte without a declaration, is BadInput:
    the encoding is not guessed.
    """
    declared = list(_encodings(data, charset))
    if "cp1252" in declared[:1] and _is_utf8(data):  # any bytes are windows-1252; few texts are UTF-8 by chance
        declared.insert(0, "utf-8")
    for name in declared:
        html = _decoded(data, name)
        if html is not None and html.count("\ufffd") <= max(1, len(html) * BAD_CHARACTERS):
            return html
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if declared:
            raise BadInput(
                f"is not in the encoding it declares ({declared[0]}); correct <meta charset> or save it as UTF-8"
            ) from None
        raise BadInput(
            f"declares no encoding and is not UTF-8 (byte {error.start}); add <meta charset> or save it as UTF-8"
        ) from None


def _decoded(data: bytes, name: str) -> str | None:
    """None for what is no encoding of pages ("hex"), or refuses to replace what it cannot decode ("idna")."""
    try:
        return data.decode(name, errors="replace")
    except (LookupError, ValueError):
        return None


def _is_utf8(data: bytes) -> bool:
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _encodings(data: bytes, charset: str | None) -> Iterator[str]:
    marked = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if marked is not None:
        yield marked
        return
    declared = _CHARSET.search(data, 0, HEAD)
    for name in (charset, declared and declared.group(1).decode("ascii", "replace")):
        try:
            known = codecs.lookup(name).name if name else None
        except (LookupError, ValueError):
            continue
        if known and known not in {"utf-16", "utf-16-le", "utf-16-be"}:  # without a mark, no page is
            yield "cp1252" if known in _LATIN else known


def _extracted(html: str, url: str | None) -> Document | None:
    import trafilatura
    from trafilatura.settings import Document as Extracted

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what we report in one line
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(
            html,
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            date_extraction_params={"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%d"},
        )
    except Exception as error:  # hostile markup must cost one page, whatever the parser makes of it
        raise BadInput(f"cannot be parsed as HTML ({one_line_of(error)}); give its text in a .txt file") from error
    if not isinstance(found, Extracted):
        return None
    named = _name_of(found.sitename, (found.url or "").split("/")[2:3], html)
    return Document(found.text, found.title, found.author, named, found.url, found.date)


def _name_of(name: str | None, host: list[str], html: str) -> str | None:
    """The outlet's name. A host is none, nor is half a headline ("No deal with U.S. - Gazette"), which no tag names."""
    if name is None or (host and name in host[0]):
        return None
    plain = markup.unescape(html)
    named = "." not in name or " " not in name or f'"{name}"' in plain or f"'{name}'" in plain
    return name if named else None


@dataclass(frozen=True, slots=True)
class Document:
    """What trafilatura found on a page."""

    text: str | None
    title: str | None
    author: str | None
    sitename: str | None
    url: str | None
    date: str | None


def _host_of(claimed: str | None) -> str | None:
    """The outlet of a saved page that names only its site's front page; a fetched one has its host."""
    canonical = _canonical(claimed)
    return outlet_of(canonical) if canonical and _is_front_page(canonical) else None


def _canonical(claimed: str | None) -> str | None:
    try:
        return canonical_url(claimed) if claimed else None
    except BadInput:
        return None


def _is_front_page(canonical: str) -> bool:
    """Whether it is a whole site's address (many templates give it as every page's, as do `<base>` tags)."""
    parts = urlsplit(canonical)
    return parts.path == "/" and not parts.query


def _address(claimed: str | None, fetched: str | None) -> str | None:
    canonical = _canonical(claimed)
    if canonical is not None and _is_front_page(canonical):
        canonical = None
    if fetched is None or canonical is None:
        return canonical or fetched
    return canonical if _same_outlet(outlet_of(canonical), outlet_of(fetched)) else fetched


def _same_outlet(one: str, other: str) -> bool:
    """The same host, or one below the other ("amp.example.org" and "example.org")."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _published(html: str, day: str | None, url: str) -> str | None:
    """The day that trafilatura found, with the time of day where the page gives one for that day.

    None where the page writes it in figures only whose day and month could be either ("03/04/2024").
    """
    if day is None or _either(f"{url} {html}", day):
        return None
    for stamp in _STAMP.findall(html):
        if stamp.startswith(day) and _readable(stamp):
            return str(stamp)
    return day if _readable(day) else None


def _either(page: str, day: str) -> bool:
    found = date.fromisoformat(day)
    one, other, year = found.day, found.month, found.year
    if one == other or one > 12:
        return False
    month = rf"{found:%b}[a-z]{{0,6}}\.?"
    plain = (
        rf"{year}([-/.]?)(?:0?{other}\1|{other:02d})0?{one}(?!\d)"
        rf"|{month}\s0?{one}\w{{0,2}},?\s{year}|(?<!\d)0?{one}\w{{0,2}}\s{month},?\s{year}"
    )
    figures = rf"(?<!\d)(?:0?{one}([./-])0?{other}|0?{other}([./-])0?{one})[./-](?:{year}|{year % 100:02d})(?!\d)"
    return bool(re.search(figures, page)) and not re.search(plain, page, re.IGNORECASE)


def _readable(words: str) -> bool:
    try:
        parse_date(words)
    except BadInput:
        return False
    return True
