"""A limit on how often somebody may fail to log in."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from threading import Lock


class Limiter:
    """Counts failures by key within a window of seconds, in this process; keys without recent failures are dropped."""

    def __init__(self, most: int = 5, seconds: float = 300.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._failures: dict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def wait(self, *keys: str) -> int:
        """Seconds until another try is allowed; 0 where it is now."""
        with self._lock:
            self._forget()
            full = [self._failures[key][0] for key in keys if len(self._failures.get(key, ())) >= self._most]
            return max((int(at + self._seconds - self._clock()) + 1 for at in full), default=0)

    def failed(self, *keys: str) -> None:
        """Note a failure."""
        with self._lock:
            for key in keys:
                self._failures[key].append(self._clock())

    def succeeded(self, key: str) -> None:
        """Forget the failures of a key."""
        with self._lock:
            self._failures.pop(key, None)

    def _forget(self) -> None:
        oldest = self._clock() - self._seconds
        for key in list(self._failures):
            times = self._failures[key]
            while times and times[0] <= oldest:
                times.popleft()
            if not times:
                del self._failures[key]
