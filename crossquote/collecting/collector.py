"""The use case behind `crossquote fetch`: poll what lists and folders offer, fetch the pages, read the files.

Each step takes its work from the queue in the database and commits item by item, so a run that was ended anywhere is
finished by the next one. One bad item is one line; the rest goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from crossquote.collecting.offers import STAGE, Offered, of_addresses, of_files, of_listing
from crossquote.collecting.sources_file import Source
from crossquote.collecting.storing import store
from crossquote.collecting.workers import Found, Left, fetch_each
from crossquote.fetching import LISTING, Fetched, Outcome, Web
from crossquote.fetching.bodies import unzipped
from crossquote.fetching.robots import Robots
from crossquote.fetching.web import with_extractor
from crossquote.sources import SourceReader
from crossquote.sources.listings import listing_of
from crossquote.sources.reader import extractor_of, extractor_of_file, read_fetched
from db.store import SqlUnitOfWork
from verifier.errors import CrossquoteError, Unavailable
from verifier.fetching import FetchItem, ItemKind, Trace
from verifier.pipeline import Progress, StageReport, silent
from verifier.ports import ItemFailure

MOST_TRIES = 5
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(days=1)
DEEPEST = 4
"""Sitemap indexes in each other; the protocol allows two."""
BATCH = 64


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many hosts are asked at once, how many pages of one in a run, and whether pages are kept as they came."""

    hosts_at_once: int = 8
    most_per_host: int = 500
    keep_pages: bool = False


class Collector:
    """Collects the articles of `sources` into the database of `unit_of_work`."""

    def __init__(
        self,
        unit_of_work: Callable[[], SqlUnitOfWork],
        sources: Sequence[Source],
        web: Web,
        robots: Robots | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._sources = {source.name: source for source in sources}
        self._web = web
        self._robots = robots
        self._bounds = bounds or Bounds()

    @property
    def locations(self) -> list[str]:
        """What the sources name, as a run records it."""
        return [at for source in self._sources.values() for at in source.at]

    def poll(self, run_id: int, progress: Progress = silent) -> StageReport:
        """Queue what lists and folders offer that is new; `seen` counts lists and folders, `added` the new items."""
        report = StageReport("poll")
        for source in self._sources.values():
            report += self._offer_own(run_id, source)
        done: set[int] = set()
        for _ in range(DEEPEST):
            lists = [one for one in self._waiting(ItemKind.FEED, ItemKind.SITEMAP) if one.id not in done]
            if not lists:
                break
            done |= {item.id for item in lists}
            for found in self._fetched(lists):
                report += self._polled(run_id, found)
                progress(report.seen, max(report.seen, len(done)))
        return report

    def fetch(self, run_id: int, progress: Progress = silent) -> StageReport:
        """Fetch the queued pages and store their articles; `seen` counts pages, `added` new articles."""
        report, pages = StageReport("fetch"), self._waiting(ItemKind.PAGE)
        for found in self._fetched(pages):
            report += self._stored(run_id, found)
            progress(report.seen, len(pages))
        return report

    def read_files(self, run_id: int, progress: Progress = silent) -> StageReport:
        """Read the queued files and store their articles; `seen` counts files, `added` new articles."""
        report, files = StageReport("files"), self._waiting(ItemKind.FILE)
        for number, item in enumerate(files, 1):
            report += self._file(run_id, item)
            progress(number, len(files))
        return report

    def _waiting(self, *kinds: ItemKind) -> list[FetchItem]:
        with self._unit_of_work() as work:
            return work.fetches.waiting(self._sources, kinds)

    def _fetched(self, items: Sequence[FetchItem]) -> Iterable[Found]:
        return fetch_each(self._web, items, self._bounds.hosts_at_once, self._bounds.most_per_host)

    def _offer_own(self, run_id: int, source: Source) -> StageReport:
        """The source's own addresses are asked in each run; its files are looked at here."""
        if source.kind.on_the_web:
            offers = of_addresses(source)
            with self._unit_of_work() as work:
                work.fetches.offer(source.name, offers)
                work.fetches.queue_again([(one.kind, one.key) for one in offers])
                work.commit()
            return StageReport("poll")
        offered = of_files(source)
        with self._unit_of_work() as work:
            added = work.fetches.offer(source.name, offered.offers)
            work.add_failures(run_id, offered.failures)
            work.commit()
        return StageReport("poll", 1, added, offered.failures)

    def _polled(self, run_id: int, found: Found) -> StageReport:
        if isinstance(found, Left):
            return self._left(run_id, "poll", found)
        item, outcome = found
        source = self._sources[item.source]
        try:
            offered = self._listed(source, item, outcome)
        except CrossquoteError as error:
            return self._failed(run_id, "poll", item, outcome, error)
        with self._unit_of_work() as work:
            added = work.fetches.offer(source.name, offered.offers)
            stampless = [one for one in offered.offers if one.kind is ItemKind.SITEMAP and one.fingerprint is None]
            work.fetches.queue_again([(one.kind, one.key) for one in stampless])
            self._close(work, run_id, item, outcome, offered.failures, unchanging=not stampless)
            work.commit()
        return StageReport("poll", 1, added, offered.failures)

    def _listed(self, source: Source, item: FetchItem, outcome: Outcome) -> Offered:
        fetched = _page_of(outcome)
        if fetched is None:
            return Offered(())
        listing = listing_of(unzipped(fetched.body, LISTING.most_bytes), fetched.url)
        return of_listing(source, listing, item.address)

    def _stored(self, run_id: int, found: Found) -> StageReport:
        if isinstance(found, Left):
            return self._left(run_id, "fetch", found)
        item, outcome = found
        try:
            fetched = _page_of(outcome)
            articles = list(read_fetched(fetched, item.address)) if fetched else []
        except CrossquoteError as error:
            return self._failed(run_id, "fetch", item, outcome, error)
        with self._unit_of_work() as work:
            report = store(work, run_id, "fetch", item, articles)
            self._close(work, run_id, item, outcome, report.failures)
            work.commit()
        return replace(report, seen=1)

    def _close(
        self,
        work: SqlUnitOfWork,
        run_id: int,
        item: FetchItem,
        outcome: Outcome,
        failures: Sequence[ItemFailure],
        unchanging: bool = True,
    ) -> None:
        """An item that came: its requests, its trouble, and where it stands.

        An index that does not say when its lists changed is read whole in each run: unchanged itself, it would hide that
        they are not.
        """
        work.add_failures(run_id, failures)
        fetched = outcome.fetched
        extractor = extractor_of(fetched) if fetched and item.kind is ItemKind.PAGE else None
        traces = with_extractor(outcome.traces, extractor, failures[0].message if failures else None)
        self._record(work, run_id, item, traces, fetched)
        work.fetches.done(item, traces[-1] if unchanging else None)

    def _record(
        self, work: SqlUnitOfWork, run_id: int, item: FetchItem, traces: Sequence[Trace], fetched: Fetched | None
    ) -> None:
        keeps = self._bounds.keep_pages and item.kind is ItemKind.PAGE
        work.fetches.add(traces, run_id, item.source, fetched.body if fetched and keeps else None)
        if self._robots is not None:
            work.fetches.keep_robots(self._robots.take_learned())

    def _failed(
        self, run_id: int, stage: str, item: FetchItem, outcome: Outcome, error: CrossquoteError
    ) -> StageReport:
        """An item that cannot be used is dropped; one that did not come is tried in later runs, five times."""
        transient = isinstance(error, Unavailable)
        gives_up = transient and item.tries + 1 >= MOST_TRIES
        message = f"{error.message}; given up after {MOST_TRIES} tries" if gives_up else error.message
        failure = ItemFailure(STAGE, item.address, message, transient and not gives_up)
        extractor = extractor_of(outcome.fetched) if outcome.fetched and item.kind is ItemKind.PAGE else None
        with self._unit_of_work() as work:
            traces = with_extractor(outcome.traces, extractor, message)
            self._record(work, run_id, item, traces, outcome.fetched)
            if failure.transient:
                work.fetches.later(item, message, _next_try(item, outcome))
            else:
                work.fetches.dropped(item, message)
            work.add_failures(run_id, [failure])
            work.commit()
        return StageReport(stage, 1, 0, (failure,))

    def _left(self, run_id: int, stage: str, left: Left) -> StageReport:
        words = f"{left.reason}; {len(left.items)} of its items stay queued for the next run"
        failure = ItemFailure(STAGE, left.host, words, transient=True)
        with self._unit_of_work() as work:
            if left.not_before is not None:
                work.fetches.postpone(left.items, left.not_before)
            work.add_failures(run_id, [failure])
            work.commit()
        return StageReport(stage, 0, 0, (failure,))

    def _file(self, run_id: int, item: FetchItem) -> StageReport:
        """Read in batches, each with how far it reached: an archive goes on there after an interrupted run."""
        source, started, begun = self._sources[item.source], datetime.now(UTC), time.monotonic()
        wanted: Callable[[str], object] = source.only.search if source.only else bool
        found = SourceReader(self._web).read_from(item.address, item.position, wanted)
        report, position = StageReport("files"), item.position
        while part := list(islice(found, BATCH)):
            position = max(position, *(offset for offset, _ in part))
            with self._unit_of_work() as work:
                batch = store(work, run_id, "files", item, [one for _, one in part])
                work.add_failures(run_id, batch.failures)
                work.fetches.reached(item, position)
                work.commit()
            report += batch
        trace = _file_trace(item, started, time.monotonic() - begun, report)
        with self._unit_of_work() as work:
            work.fetches.add([trace], run_id, item.source)
            work.fetches.done(item)
            work.commit()
        return replace(report, seen=1)


def _page_of(outcome: Outcome) -> Fetched | None:
    """The page that came, None for one that is unchanged; raises what went wrong."""
    if outcome.error is not None:
        raise outcome.error
    return outcome.fetched


def _next_try(item: FetchItem, outcome: Outcome) -> datetime:
    pause = min(FIRST_PAUSE * 2.0**item.tries, LONGEST_PAUSE)
    return max(datetime.now(UTC) + pause, outcome.not_before or datetime.now(UTC))


def _file_trace(item: FetchItem, started: datetime, seconds: float, report: StageReport) -> Trace:
    size = int((item.fingerprint or "0").partition(":")[0])
    return Trace(
        kind="file",
        url=item.address,
        started_at=started,
        wire_bytes=size,
        body_bytes=size,
        seconds=seconds,
        extractor=extractor_of_file(item.address),
        error=report.failures[0].message if report.failures else None,
    )
