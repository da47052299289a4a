"""The tasks of one run. Each body calls one use case; what comes in are ids and short lists of items, never data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import task_run
from prefect.states import Failed
from prefect.tasks import exponential_backoff

from flows.wiring import Limits, Wiring, is_url
from verifier import pipeline
from verifier.errors import CrossquoteError, Unavailable
from verifier.pipeline import Services, StageReport
from verifier.ports import Backlog, RunSummary

R = TypeVar("R")
MAX_NAMED = 3


def may_come_back(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether another attempt is worth its wait: only where something outside did not answer."""
    return isinstance(state.data, Unavailable)


def batches(items: Sequence[str], limits: Limits) -> Iterator[tuple[str, ...]]:
    """Files in large batches, then URLs in small ones, each in the order given."""
    urls = [item for item in items if is_url(item)]
    files = [item for item in items if not is_url(item)]
    for part, size in ((files, limits.files_per_task), (urls, limits.urls_per_task)):
        yield from (tuple(part[start : start + size]) for start in range(0, len(part), size))


@dataclass(frozen=True, slots=True)
class Stages:
    """The use cases bound to one run's services.

    `done` holds the items whose reading has ended, well or badly: a retry of a batch of URLs leaves them alone.
    """

    services: Services
    run_id: int
    items: int
    wiring: Wiring
    done: set[str] = field(default_factory=set)

    def ingest(self, batch: Sequence[str]) -> StageReport:
        """Read and store a batch; while attempts are left, what may come back fails the task: Prefect tries again."""
        report, again = StageReport("ingest"), list[str]()
        for item in (one for one in batch if one not in self.done):
            part = pipeline.ingest(self.services, self.run_id, [item])
            if any(failure.transient for failure in part.failures) and self._attempts_left(item):
                again.append(part.failures[-1].message)
                continue
            pipeline.keep_failures(self.services, self.run_id, part.failures)
            report += part
            self._ingested(item)
        if again:
            raise Unavailable(f"{len(again)} of {len(batch)} did not answer: {'; '.join(again[:MAX_NAMED])}")
        return report

    def _attempts_left(self, item: str) -> bool:
        return is_url(item) and int(task_run.run_count) <= self.wiring.limits.url_retries

    def _ingested(self, item: str) -> None:
        self.done.add(item)
        self.wiring.progress("ingest", len(self.done), self.items)

    def extract(self) -> StageReport:
        """Statements of every version that has none of this extractor."""
        return pipeline.extract(self.services, self.run_id, self._progress("extract"))

    def embed(self) -> StageReport:
        """Vectors of every claim that has none of this model."""
        return pipeline.embed(self.services, self.run_id, self._progress("embed"))

    def copies(self) -> StageReport:
        """What the articles that have not been compared carry of others' copy."""
        return pipeline.copies(self.services, self.run_id, self._progress("copies"))

    def stories(self) -> StageReport:
        """A story for every article that is in none."""
        return pipeline.stories(self.services, self.run_id, self._progress("stories"))

    def pair(self) -> StageReport:
        """Candidates of every statement that these gates have not seen."""
        return pipeline.pair(self.services, self.run_id, self._progress("pair"))

    def judge(self) -> StageReport:
        """A verdict for every pair that this policy has not judged."""
        return pipeline.judge(self.services, self.run_id, self._progress("judge"))

    def publish(self) -> RunSummary:
        """Close the run and count what it added."""
        return pipeline.publish(self.services, self.run_id)

    def ingest_task(self, batch: Sequence[str]) -> Task[..., StageReport]:
        """Files are read once; URLs are tried again after about 2, 4 and 8 seconds."""
        limits = self.wiring.limits
        if is_url(batch[0]):
            return self.task(self.ingest, "ingest URLs", limits.ingest_seconds, limits.url_retries, limits.url_backoff)
        return self.task(self.ingest, "ingest files", limits.ingest_seconds)

    def whole(self) -> Iterator[Task[..., StageReport]]:
        """The stages that ask the store what is left to do, in order."""
        for body in (self.extract, self.embed, self.copies, self.stories, self.pair, self.judge):
            yield self.task(body, body.__name__, self.wiring.limits.stage_seconds)

    def judge_task(self, part: Backlog, name: str) -> Task[..., StageReport]:
        """A part of the backlog."""

        def body() -> StageReport:  # not a partial: Prefect would fill in the parameters that it sees
            return pipeline.judge(self.services, self.run_id, backlog=part)

        return self.task(body, name, self.wiring.limits.stage_seconds)

    def publish_task(self) -> Task[..., RunSummary]:
        """The last task of every run, also of one whose stage failed."""
        return self.task(self.publish, "publish", self.wiring.limits.publish_seconds)

    def task(
        self,
        body: Callable[..., R],
        name: str,
        seconds: float,
        retries: int | None = None,
        backoff: float | None = None,
    ) -> Task[..., R]:
        """A task of this run: our own errors end it in one line, and what may come back is tried again."""
        limits = self.wiring.limits
        return Task(
            _in_one_line(body),
            name=name,
            retries=limits.stage_retries if retries is None else retries,
            retry_delay_seconds=exponential_backoff(limits.stage_backoff if backoff is None else backoff),
            retry_jitter_factor=0.5,
            retry_condition_fn=may_come_back,
            timeout_seconds=seconds,
            cache_policy=NO_CACHE,
            persist_result=False,
        )

    def _progress(self, stage: str) -> pipeline.Progress:
        return partial(self.wiring.progress, stage)


def _in_one_line(body: Callable[..., R]) -> Callable[..., Any]:
    """Our own errors become a failed state with their message: Prefect would log a raised one with its traceback."""

    @wraps(body)
    def guarded(*args: object) -> R | State[Any]:
        try:
            return body(*args)
        except CrossquoteError as error:
            return Failed(message=error.message, data=error)

    return guarded
