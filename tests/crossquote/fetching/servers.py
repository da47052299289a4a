"""A server on this machine that answers as each test says, and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

Answer = tuple[int, dict[str, str], bytes]
Route = Answer | Callable[["Handler"], None]

STORY = (
    "The ferry stopped on Monday after the crew refused to sail, the operator said in a statement.",
    "“We will sail when the engine is safe,” said Ines Vale, who speaks for the crew of the ship.",
    "The operator denied that the engine was unsafe, and called for talks with the union this week.",
)


def page(title: str = "Ferry stops", charset: str = "utf-8") -> Answer:
    body = "".join(f"<p>{line} {title}.</p>" for line in STORY)
    html = f"<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
    return 200, {"content-type": f"text/html; charset={charset}"}, html.encode(charset, "replace")


def rss(*links: str, more: str = "") -> Answer:
    items = "".join(f"<item><title>T</title><link>{link}</link>{more}</item>" for link in links)
    xml = f"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
    return 200, {"content-type": "application/rss+xml"}, xml.encode()


@dataclass
class Site:
    """The routes of a running server; `asked` holds (time, path, headers) of every request."""

    port: int
    routes: dict[str, Route] = field(default_factory=dict)
    asked: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked if path != "/robots.txt"]


class Handler(BaseHTTPRequestHandler):
    """Answers by the routes of its server's site; an unknown path is 404."""

    site: Site

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.asked.append((time.monotonic(), self.path, headers))
        route = self.site.routes.get(self.path, (404, {}, b"no"))
        if callable(route):
            route(self)
            return
        status, sent, body = route
        if "etag" in sent and headers.get("if-none-match") == sent["etag"]:
            status, body = 304, b""
        self.begin(status, sent)
        self.write(body)

    def begin(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def write(self, body: bytes) -> bool:
        """False where the reader has gone, as it should from what is too much."""
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            self.close_connection = True
            return False
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that goes early is what many tests are about."""


@contextmanager
def running(wrap: Callable[[Any], Any] | None = None) -> Iterator[Site]:
    """A server for the block; `wrap` makes its socket a secure one."""
    handler = cast("type[Handler]", type("OneHandler", (Handler,), {}))
    with _Server(("127.0.0.1", 0), handler) as server:
        if wrap is not None:
            server.socket = wrap(server.socket)
        site = Site(server.server_port)
        handler.site = site
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
