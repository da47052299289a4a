"""The time limit of a whole fetch, to which every step of it is held."""

from __future__ import annotations

import time


class Deadline:
    """The moment at which a fetch must be over, counted from now."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left, not above those of a step and never 0, which would mean no waiting at all."""
        return max(self._end - time.monotonic(), 0.001)

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._end

    def limit(self, timeout: float | None) -> float:
        """The time limit of one step."""
        return self.left if timeout is None else min(timeout, self.left)
