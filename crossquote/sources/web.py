"""Fetching one http(s) URL, with limits on time, redirects and size."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossquote.sources.checks import MOST_BYTES, check_size, one_line_of
from verifier.errors import BadInput, Unavailable

if TYPE_CHECKING:
    import httpx

USER_AGENT = "crossquote/0.1 (news verification; reads single public articles)"
ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.9, application/x-ndjson;q=0.9"
MOST_REDIRECTS = 5
COME_BACK = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response: its body, its address after redirects, media type and charset as the server names them."""

    url: str
    media_type: str
    charset: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Web:
    """Fetches URLs, within limits.

    `transport` makes httpx's transport, one a fetch; None takes httpx's own, with the proxies of the environment.
    `timeout` bounds each step (connecting, each read), `patience` the whole fetch, both in seconds.
    """

    transport: Callable[[], httpx.BaseTransport] | None = None
    timeout: float = 15.0
    patience: float = 60.0

    def fetch(self, url: str) -> Fetched:
        """One GET. Unavailable where trying again may help (no answer, 429, 5xx), BadInput where it will not."""
        import httpx

        client = httpx.Client(
            transport=self.transport() if self.transport else None,
            timeout=self.timeout,
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            headers={"user-agent": USER_AGENT, "accept": ACCEPT, "accept-language": "en"},
        )
        with _plain_errors(), client, client.stream("GET", url) as response:
            _check_status(response.status_code, response.headers.get("retry-after"))
            body = self._body(response)
            media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Fetched(str(response.url), media_type, response.charset_encoding, body)

    def _body(self, response: httpx.Response) -> bytes:
        """Counted as it arrives: a server's Content-Length is not believed."""
        deadline = time.monotonic() + self.patience
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                break
            if time.monotonic() > deadline:
                raise Unavailable(f"was not sent within {self.patience:.0f} s; try again later")
        return check_size(bytes(body))


def _check_status(status: int, retry_after: str | None) -> None:
    if status in COME_BACK or status >= 500:
        when = f" after {one_line_of(Exception(retry_after))} s" if (retry_after or "").isdigit() else " later"
        raise Unavailable(f"the server answered {status}; try again{when}")
    if not 200 <= status < 300:
        raise BadInput(f"the server answered {status}; check the address, or save the page and give the file")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """httpx's errors as ours, one line each."""
    import httpx

    try:
        yield
    except httpx.TimeoutException:
        raise Unavailable("did not answer in time; try again later") from None
    except httpx.TooManyRedirects:
        raise BadInput(f"redirects more than {MOST_REDIRECTS} times; give the address it should end at") from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.DecodingError) as error:
        raise BadInput(f"cannot be fetched ({one_line_of(error)}); check the address") from None
    except httpx.TransportError as error:
        raise Unavailable(f"cannot be reached ({one_line_of(error)}); check the address and the network") from None
    except httpx.HTTPError as error:
        raise BadInput(f"cannot be fetched ({one_line_of(error)}); check the address") from None
