"""Many ranges of one text, asked which of them touch a given one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from verifier.values import Range

T = TypeVar("T")


def within(inner: Range, outer: Range) -> bool:
    """Whether a range lies in another."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def overlap(a: Range, b: Range) -> bool:
    """Whether two ranges share a character."""
    return a[0] < b[1] and b[0] < a[1]


class Ranges(Generic[T]):
    """Values by the range they stand at; a question costs what it finds, as long as the ranges are of like length."""

    def __init__(self, items: Iterable[tuple[Range, T]]) -> None:
        self._items = sorted(items, key=lambda item: item[0])
        self._starts = [place[0] for place, _ in self._items]
        self._longest = max((place[1] - place[0] for place, _ in self._items), default=0)

    def touching(self, place: Range) -> Iterator[tuple[Range, T]]:
        """The ranges that share a character with `place`, in order."""
        low = bisect_left(self._starts, place[0] - self._longest)
        for item in self._items[low : bisect_left(self._starts, place[1])]:
            if item[0][1] > place[0]:
                yield item

    def last_before(self, offset: int) -> T | None:
        """The value of the last range that begins at the offset or before it."""
        index = bisect_right(self._starts, offset)
        return self._items[index - 1][1] if index else None
