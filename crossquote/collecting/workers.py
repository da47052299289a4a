"""Fetching many items at once: several hosts at a time, each host by one worker, item after item."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, Full, SimpleQueue
from queue import Queue as BoundedQueue

from crossquote.fetching import LISTING, PAGE, Outcome, Request, Web
from crossquote.fetching.hosts import authority
from verifier.errors import Unavailable
from verifier.fetching import FetchItem, ItemKind

AHEAD = 32
"""Pages that wait in memory to be stored; of 5 MB at most each."""
SILENT = 3
"""So many items of a host without an answer, and the rest of it waits for the next run."""


@dataclass(frozen=True, slots=True)
class Left:
    """Items of a host that were not tried in this run, why, and when the host wants to be asked again, if it says."""

    host: str
    items: tuple[FetchItem, ...]
    reason: str
    not_before: datetime | None = None


Found = tuple[FetchItem, Outcome] | Left


def fetch_each(web: Web, items: Sequence[FetchItem], hosts_at_once: int, most_per_host: int) -> Iterator[Found]:
    """The items with how fetching them ended, as it comes; what a host has too much of is left."""
    waiting: SimpleQueue[tuple[str, list[FetchItem]]] = SimpleQueue()
    by_host: dict[str, list[FetchItem]] = {}
    for item in items:
        by_host.setdefault(authority(item.address), []).append(item)
    for host, own in by_host.items():
        waiting.put((host, own[:most_per_host]))
        if len(own) > most_per_host:
            yield Left(host, tuple(own[most_per_host:]), f"has more than {most_per_host} new items")
    yield from _Crew(web, waiting, min(hosts_at_once, len(by_host))).results()


class _Crew:
    """Threads that take host after host; they end with their work, or when nobody takes the results any more."""

    def __init__(self, web: Web, waiting: SimpleQueue[tuple[str, list[FetchItem]]], workers: int) -> None:
        self._web = web
        self._waiting = waiting
        self._workers = workers
        self._found: BoundedQueue[Found | BaseException | None] = BoundedQueue(AHEAD)
        self._stopped = threading.Event()

    def results(self) -> Iterator[Found]:
        for _ in range(self._workers):
            threading.Thread(target=self._work, daemon=True).start()
        busy = self._workers
        try:
            while busy:
                found = self._found.get()
                if isinstance(found, BaseException):
                    raise found
                if found is None:
                    busy -= 1
                else:
                    yield found
        finally:
            self._stopped.set()

    def _work(self) -> None:
        try:
            while not self._stopped.is_set():
                self._host(*self._waiting.get_nowait())
        except Empty:
            self._give(None)
        except BaseException as error:  # a defect: it ends the run in the thread that has the run
            self._give(error)

    def _host(self, host: str, items: list[FetchItem]) -> None:
        silent = 0
        for number, item in enumerate(items, 1):
            if self._stopped.is_set():
                return
            outcome = self._web.get(_request(item))
            self._give((item, outcome))
            silent = silent + 1 if isinstance(outcome.error, Unavailable) else 0
            asked_to_wait = silent > 0 and outcome.not_before is not None
            if (asked_to_wait or silent == SILENT) and number < len(items):
                reason = "asks to wait" if asked_to_wait else "does not answer"
                self._give(Left(host, tuple(items[number:]), reason, outcome.not_before))
                return

    def _give(self, found: Found | BaseException | None) -> None:
        while not self._stopped.is_set():
            try:
                self._found.put(found, timeout=0.5)
            except Full:
                continue
            return


def _request(item: FetchItem) -> Request:
    want = PAGE if item.kind is ItemKind.PAGE else LISTING
    return Request(item.address, want, item.etag, item.last_modified)
