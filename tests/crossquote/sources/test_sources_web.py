"""Fetching, against a real server on this machine."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crossquote.fetching import Limits, Web
from crossquote.fetching.addresses import Reachable
from crossquote.sources import SourceReader
from verifier.ports import ItemFailure
from verifier.values import Article

STORY = (
    "The ferry stopped on Monday after the crew refused to sail, the operator said in a statement.\n"
    "“We will sail when the engine is safe,” said Ines Vale, who speaks for the crew of the ship.\n"
    "The operator denied that the engine was unsafe, and called for talks with the union this week."
)
PAGE = "<html><head><title>Ferry</title></head><body><article>{}</article></body></html>".format(
    "".join(f"<p>{line}</p>" for line in STORY.split("\n"))
)
LINES = '{"url": "https://gazette.example/a", "text": "The ferry stopped."}\n{\n'
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>
<item><title>The ferry</title><link>/text?1</link><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>
<item><title>Gone</title><link>/gone</link></item>
<item><title>Later</title><link>/error</link></item>
<item><title>Itself</title><link>/feed</link></item>
<item><title>Another title</title><link>/page?2</link></item></channel></rss>"""
INDEX = """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>/map.xml</loc></sitemap></sitemapindex>"""

# path: (status, headers, body)
ROUTES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"content-type": "text/html; charset=utf-8"}, PAGE.encode()),
    "/latin": (
        200,
        {"content-type": "text/html; charset=iso-8859-1"},
        PAGE.replace("Ines", "Inès").encode("cp1252", "replace"),
    ),
    "/zipped": (200, {"content-type": "text/html", "content-encoding": "gzip"}, gzip.compress(PAGE.encode())),
    "/broken-zip": (200, {"content-type": "text/html", "content-encoding": "gzip"}, b"no gzip at all"),
    "/text": (200, {"content-type": "text/plain"}, f"---\noutlet: Gazette\n---\n{STORY}".encode()),
    "/lines": (200, {"content-type": "application/x-ndjson"}, LINES.encode()),
    "/lines.jsonl": (200, {"content-type": "text/plain"}, LINES.encode()),
    "/feed": (200, {"content-type": "application/rss+xml"}, FEED.encode()),
    "/cut": (200, {"content-type": "application/xml"}, FEED.partition("<item><title>Gone")[0].encode()),
    "/index": (200, {"content-type": "text/xml"}, INDEX.encode()),
    "/no-feed": (200, {"content-type": "text/xml"}, b"<note/>"),
    "/moved": (302, {"location": "/page"}, b""),
    "/loop": (302, {"location": "/loop"}, b""),
    "/elsewhere": (302, {"location": "ftp://gazette.example/a"}, b""),
    "/gone": (404, {}, b"gone"),
    "/forbidden": (403, {}, b"no"),
    "/wait": (429, {"retry-after": "30"}, b"wait"),
    "/error": (503, {}, b"later"),
    "/image": (200, {"content-type": "image/png"}, b"\x89PNG"),
    "/nothing": (200, {"content-type": "text/html"}, b""),
    "/huge": (200, {"content-type": "text/plain"}, b"word " * 1_200_000),
    "/bomb": (200, {"content-type": "text/plain", "content-encoding": "gzip"}, gzip.compress(b"word " * 3_000_000)),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/slow":
            time.sleep(1.5)
        if path == "/drip":
            self._drip()
            return
        status, headers, body = ROUTES.get(path, (200, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._send(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        for _ in range(60):
            self._send(b"word ")
            time.sleep(0.05)

    def _send(self, body: bytes) -> None:
        try:
            self.wfile.write(body)
        except OSError:  # the reader has gone, as it should
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.fixture
def reader() -> SourceReader:
    limits = Limits(read_seconds=1.0, whole_seconds=1.4)
    return SourceReader(Web(Reachable(["127.0.0.0/8"]), limits, delay=0))


def test_a_page(server: str, reader: SourceReader) -> None:
    (found,) = reader.read(f"{server}/page?utm_source=x&id=1")
    assert isinstance(found, Article)
    assert found.text == STORY
    assert (found.url, found.outlet) == (f"{server}/page?id=1", "127.0.0.1")


@pytest.mark.parametrize(("path", "words"), [("/latin", "Inès"), ("/zipped", "“We will"), ("/moved", "“We will")])
def test_encodings_and_redirects(server: str, reader: SourceReader, path: str, words: str) -> None:
    (found,) = reader.read(server + path)
    assert isinstance(found, Article)
    assert words in found.text
    assert found.url == server + ("/page" if path == "/moved" else path)


def test_plain_text(server: str, reader: SourceReader) -> None:
    (found,) = reader.read(f"{server}/text")
    assert isinstance(found, Article)
    assert (found.text, found.outlet, found.url) == (STORY, "Gazette", f"{server}/text")


@pytest.mark.parametrize("path", ["/lines", "/lines.jsonl"])
def test_json_lines(server: str, reader: SourceReader, path: str) -> None:
    good, wrong = reader.read(server + path)
    assert isinstance(good, Article)
    assert isinstance(wrong, ItemFailure)
    assert wrong.item == f"{server}{path}:2"


def test_a_feed_gives_its_pages_with_what_it_says_of_them(server: str, reader: SourceReader) -> None:
    first, gone, later, itself, last = reader.read(f"{server}/feed")
    assert isinstance(first, Article)
    assert first.published_at is not None
    assert (first.title, first.outlet, first.published_at.isoformat()[:10]) == ("The ferry", "Gazette", "2026-03-02")
    assert isinstance(last, Article)
    assert (last.title, last.url) == ("Ferry", f"{server}/page?2")
    assert isinstance(gone, ItemFailure)
    assert isinstance(later, ItemFailure)
    assert isinstance(itself, ItemFailure)
    assert [one.item for one in (gone, later, itself)] == [f"{server}/{path}" for path in ("gone", "error", "feed")]
    assert (gone.transient, later.transient) == (False, True)
    assert "not an article" in itself.message


def test_a_damaged_feed_is_read_as_far_as_it_goes(server: str, reader: SourceReader) -> None:
    trouble, article = reader.read(f"{server}/cut")
    assert isinstance(trouble, ItemFailure)
    assert "is damaged" in trouble.message
    assert isinstance(article, Article)


FAILURES = {
    "/gone": (False, "answered 404"),
    "/forbidden": (False, "answered 403"),
    "/wait": (True, "answered 429; try again after 30 s"),
    "/error": (True, "answered 503; try again later"),
    "/slow": (True, "did not answer in time"),
    "/drip": (True, "was not sent within"),
    "/loop": (False, "redirects more than 5 times"),
    "/elsewhere": (False, "cannot be fetched"),
    "/broken-zip": (False, "cannot be fetched"),
    "/image": (False, "is image/png, not an article"),
    "/untyped": (False, "is of no named type"),
    "/nothing": (False, "no article text"),
    "/huge": (False, "larger than 5 MB"),
    "/index": (False, "is an index of sitemaps; name it in a sources file"),
    "/no-feed": (False, "not a feed or sitemap"),
    "/bomb": (False, "larger than 5 MB"),
}


@pytest.mark.parametrize(("path", "expected"), FAILURES.items())
def test_failures(server: str, reader: SourceReader, path: str, expected: tuple[bool, str]) -> None:
    (found,) = reader.read(server + path)
    assert isinstance(found, ItemFailure)
    assert found.item == server + path
    assert found.transient is expected[0]
    assert expected[1] in found.message
    assert "\n" not in found.message


def test_nobody_answers(reader: SourceReader) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        (found,) = reader.read(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert isinstance(found, ItemFailure)
    assert found.transient
    assert "cannot be reached" in found.message
