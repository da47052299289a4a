"""Politeness: one request a host at a time, with a pause between two, and none before the host wants one again."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def authority(url: str) -> str:
    """Host and port of a URL: what one connection is counted for."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}:{parts.port or _PORTS.get(parts.scheme, 0)}"


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    delay: float = 0.0


class Hosts:
    """What each host is owed, shared by all threads. `delay` is the least pause, in seconds."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, url: str) -> Iterator[None]:
        """Wait for this host's turn; the pause begins when the block ends."""
        with self._guard:
            host = self._hosts[authority(url)]
        with host.lock:
            time.sleep(max(0.0, host.free_at - time.monotonic()))
            try:
                yield
            finally:
                host.free_at = time.monotonic() + max(self._delay, host.delay)

    def slow_down(self, url: str, delay: float) -> None:
        """The pause that a host's robots.txt asks for."""
        with self._guard:
            host = self._hosts[authority(url)]
            host.delay = max(host.delay, delay)
