"""Fetching one http(s) URL: politely, within limits, redirects one by one, and only from addresses that may be reached."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from crossquote.fetching.addresses import Reachable
from crossquote.fetching.deadline import Deadline
from crossquote.fetching.hosts import Hosts
from crossquote.fetching.robots import ROBOTS, Robots, origin_of
from crossquote.fetching.values import LISTING, Fetched, Outcome, Request
from verifier.errors import BadInput, CrossquoteError, Unavailable
from verifier.fetching import RobotsFile, Trace
from verifier.text.urls import is_url
from verifier.text.words import one_line, one_line_of

if TYPE_CHECKING:
    import httpx

USER_AGENT = "crossquote/0.1 (news verification; reads public articles, obeys robots.txt)"
COME_BACK = frozenset({408, 425, 429})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
UNCHANGED = 304
MOST_RETRY_AFTER = timedelta(days=7)
_HEADER = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often: each step, the whole of a fetch and the longest pause before a retry in seconds."""

    connect_seconds: float = 10.0
    read_seconds: float = 15.0
    whole_seconds: float = 60.0
    retries: int = 0
    backoff: float = 1.0
    longest_pause: float = 60.0
    redirects: int = 5


@dataclass(slots=True)
class _Course:
    """One try as it goes on: what will be its trace, and what the server said of coming back."""

    request: Request
    url: str
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0.0
    wire_bytes: int = 0
    fetched: Fetched | None = None
    status: int | None = None
    headers: httpx.Headers | None = None
    not_before: datetime | None = None

    def trace(self, error: CrossquoteError | None) -> Trace:
        return Trace(
            kind=self.request.want.kind,
            url=self.request.url,
            started_at=self.started_at,
            final_url=self.url,
            status=self.status,
            content_type=self.header("content-type"),
            wire_bytes=self.wire_bytes,
            body_bytes=len(self.fetched.body) if self.fetched else 0,
            seconds=self.seconds,
            etag=self.header("etag"),
            last_modified=self.header("last-modified"),
            error=error.message if error else None,
        )

    def header(self, name: str) -> str | None:
        """A header that can be stored and sent back: printable, and not above 500 characters."""
        value = self.headers.get(name) if self.headers is not None else None
        return value if value and value.isprintable() and len(value) <= _HEADER else None


class Web:
    """Fetches URLs for the whole program; one object may be used by several threads.

    `robots` None fetches whatever robots.txt says. `delay` is the least pause between two requests to one host.
    """

    def __init__(
        self,
        reachable: Reachable | None = None,
        limits: Limits | None = None,
        robots: Robots | None = None,
        delay: float = 1.0,
        agent: str = USER_AGENT,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._reachable = reachable or Reachable()
        self._limits = limits or Limits()
        self._robots = robots
        self._hosts = Hosts(delay)
        self._agent = agent
        self._trust = trust

    def get(self, request: Request) -> Outcome:
        """Fetch, and try again where that may help; an error is part of the outcome, never raised."""
        traces: list[Trace] = []
        attempt = 0
        while True:
            course, error = self._attempt(request, traces)
            traces.append(course.trace(error))
            if attempt < self._limits.retries and isinstance(error, Unavailable):
                pause = self._pause(course, attempt)
                if pause <= self._limits.longest_pause:
                    attempt += 1
                    time.sleep(pause)
                    continue
            return Outcome(tuple(traces), course.fetched, error, course.not_before)

    def _pause(self, course: _Course, attempt: int) -> float:
        if course.not_before is not None:
            return max(0.0, (course.not_before - datetime.now(UTC)).total_seconds())
        return self._limits.backoff * 2.0**attempt * random.uniform(1.0, 1.5)

    def _attempt(self, request: Request, traces: list[Trace]) -> tuple[_Course, CrossquoteError | None]:
        course = _Course(request, request.url)
        try:
            self._follow(course, traces)
        except CrossquoteError as error:
            return course, error
        return course, None

    def _follow(self, course: _Course, traces: list[Trace]) -> None:
        """From redirect to redirect; each hop is checked like the first."""
        for _ in range(self._limits.redirects + 1):
            if not is_url(course.url):
                raise BadInput(f"cannot be fetched (it redirects to {one_line(course.url)[:200]}); check the address")
            if course.request.want is not ROBOTS:
                self._ask_robots(course.url, traces)
            with self._hosts.turn(course.url):
                target = self._timed_hop(course)
            if target is None:
                return
            course.url = target
        most = self._limits.redirects
        raise BadInput(f"redirects more than {most} times; give the address it should end at")

    def _timed_hop(self, course: _Course) -> str | None:
        begun = time.monotonic()
        try:
            return self._hop(course)
        finally:
            course.seconds += time.monotonic() - begun

    def _hop(self, course: _Course) -> str | None:
        """One request; the address it redirects to, or None with `course` complete."""
        import httpx

        from crossquote.fetching.connections import Connection, trusted

        trust = self._trust or trusted()  # reading the certificates is no part of the fetch's time
        deadline = Deadline(self._limits.whole_seconds - course.seconds)
        client = httpx.Client(
            transport=Connection(self._reachable, deadline, trust),
            timeout=httpx.Timeout(self._limits.read_seconds, connect=self._limits.connect_seconds),
            trust_env=False,
        )
        with _plain_errors(deadline), client, client.stream("GET", course.url, headers=self._headers(course)) as answer:
            course.status, course.headers = answer.status_code, answer.headers
            if answer.status_code in REDIRECTS and answer.next_request is not None:
                return str(answer.next_request.url.copy_with(username=None, password=None))
            if answer.status_code == UNCHANGED and (course.request.etag or course.request.last_modified):
                return None
            course.not_before = _not_before(answer.headers.get("retry-after"))
            _check_status(answer.status_code, answer.headers.get("retry-after"))
            course.fetched = _read(course, answer)
        return None

    def _headers(self, course: _Course) -> dict[str, str]:
        sent = {
            "user-agent": self._agent,
            "accept": course.request.want.accept,
            "accept-encoding": "gzip, deflate",
            "accept-language": "en",
        }
        if course.request.etag:
            sent["if-none-match"] = course.request.etag
        if course.request.last_modified:
            sent["if-modified-since"] = course.request.last_modified
        return sent

    def _ask_robots(self, url: str, traces: list[Trace]) -> None:
        """Raises unless the host's robots.txt allows the address; keeps to the pause that it asks for."""
        if self._robots is None:
            return
        origin = origin_of(url)
        file = self._robots.known(origin) or self._read_robots(origin, traces)
        if not file.reached:
            raise Unavailable(
                f"{origin}/robots.txt answered {file.status}, and without it nothing may be fetched there; try again later"
            )
        self._hosts.slow_down(url, self._robots.delay(file))
        if not self._robots.allows(file, url):
            raise BadInput(
                f"{origin}/robots.txt does not allow it; ask the publisher, or save the page and give the file"
            )

    def _read_robots(self, origin: str, traces: list[Trace]) -> RobotsFile:
        course, error = self._attempt(Request(f"{origin}/robots.txt", ROBOTS), traces)
        body = course.fetched.body.decode("utf-8", "replace") if course.fetched else ""
        file = RobotsFile(origin, course.status or 0, body.replace("\x00", ""), datetime.now(UTC))
        traces.append(course.trace(error if not file.reached or course.status in REDIRECTS else None))
        if error is not None and (course.status is None or course.status in REDIRECTS):
            raise error
        if file.reached and self._robots is not None:
            self._robots.learn(file)
        return file


def _read(course: _Course, answer: httpx.Response) -> Fetched:
    """The body, counted as it arrives: a server's Content-Length is believed only where it says too much."""
    from crossquote.fetching.bodies import Body, too_large

    want = course.request.want
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not want.takes(media_type):
        raise BadInput(_wrong_type(media_type, "a feed or sitemap" if want is LISTING else "an article"))
    length = answer.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > want.most_bytes:
        raise too_large(want.most_bytes)
    body = Body(answer.headers.get("content-encoding", ""), want.most_bytes)
    try:
        data = body.take(answer.iter_raw())
    finally:
        course.wire_bytes += body.wire_bytes
    return Fetched(str(answer.url), media_type, answer.charset_encoding, data)


def _wrong_type(media_type: str, wanted: str) -> str:
    remedy = "give a page, plain text or JSON lines" if wanted == "an article" else "check the address"
    return f"is {one_line(media_type)[:80] or 'of no named type'}, not {wanted}; {remedy}"


def _check_status(status: int, retry_after: str | None) -> None:
    if status in COME_BACK or status >= 500:
        when = f" after {retry_after} s" if _digits(retry_after) else " later"
        raise Unavailable(f"the server answered {status}; try again{when}")
    if not 200 <= status < 300:
        raise BadInput(f"the server answered {status}; check the address, or save the page and give the file")


def _digits(retry_after: str | None) -> bool:
    return retry_after is not None and retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 10


def _not_before(retry_after: str | None) -> datetime | None:
    """When the server wants to be asked again: seconds or a date (RFC 9110, 10.2.3), at most a week ahead."""
    if not retry_after:
        return None
    now = datetime.now(UTC)
    if _digits(retry_after):
        return now + min(timedelta(seconds=int(retry_after)), MOST_RETRY_AFTER)
    try:
        named = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, IndexError):
        return None
    return min(named if named.tzinfo else named.replace(tzinfo=UTC), now + MOST_RETRY_AFTER)


@contextmanager
def _plain_errors(deadline: Deadline) -> Iterator[None]:
    """httpx's errors as ours, one line each."""
    import httpx

    try:
        yield
    except httpx.TimeoutException:
        if deadline.over:
            raise Unavailable(f"was not sent within {deadline.seconds:.2g} s; try again later") from None
        raise Unavailable("did not answer in time; try again later") from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise BadInput(f"cannot be fetched ({one_line_of(error)}); check the address") from None
    except httpx.TransportError as error:
        raise Unavailable(f"cannot be reached ({one_line_of(error)}); check the address and the network") from None
    except (httpx.HTTPError, UnicodeError) as error:
        raise BadInput(f"cannot be fetched ({one_line_of(error)}); check the address") from None


def with_extractor(traces: Sequence[Trace], extractor: str | None, error: str | None = None) -> tuple[Trace, ...]:
    """The traces, the last one with what read its page, and with the page's own trouble."""
    return (*traces[:-1], replace(traces[-1], extractor=extractor, error=error or traces[-1].error))
