"""Collecting from the newsroom's sources as a Prefect flow: poll, fetch, read files, then the main job's own stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol

from prefect import Flow, Task, flow
from prefect.client.schemas.objects import State
from prefect.states import Failed

from flows.hooks import telling
from flows.stages import Stages
from flows.verify import carry_out, failure, whole
from flows.wiring import Wiring
from verifier import pipeline
from verifier.errors import CrossquoteError
from verifier.pipeline import Progress, StageReport


class Collects(Protocol):
    """What gathers articles from sources; each step commits as it goes and does nothing the second time."""

    @property
    def locations(self) -> list[str]:
        """What the sources name."""
        ...

    def poll(self, run_id: int, progress: Progress = ...) -> StageReport:
        """Queue what lists and folders offer."""
        ...

    def fetch(self, run_id: int, progress: Progress = ...) -> StageReport:
        """Fetch the queued pages."""
        ...

    def read_files(self, run_id: int, progress: Progress = ...) -> StageReport:
        """Read the queued files."""
        ...


OpenCollector = Callable[[str | None, str | None], Collects]
"""(database URL or None for the configured one, sources file or None) to the collector of one run."""


def build_fetch(wiring: Wiring, open_collector: OpenCollector) -> Flow[[str | None, str | None, str | None, bool], Any]:
    """The flow `fetch`, closed over its wiring; it ends as `verify` does."""

    @flow(name="fetch", persist_result=False, validate_parameters=True, **telling(wiring.announce))
    def fetch(
        sources: str | None = None, db: str | None = None, profile: str | None = None, verify: bool = True
    ) -> State[Any]:
        """Fetch what is new at the sources, and compare what it says.

        Args:
            sources: the sources file; the configured one where it is left out.
            db: the database's URL; the configured one where it is left out.
            profile: the model profile; the configured one where it is left out.
            verify: go on to statements, pairs and verdicts; false leaves that to the next run that does.
        """
        try:
            collector = open_collector(db, sources)
            services = wiring.open_services(db, profile)
            with services.alone():
                stages = Stages(services, pipeline.start(services, collector.locations), 0, wiring)
                collected = _tasks(stages, collector)
                return carry_out(
                    stages,
                    db,
                    lambda: _first_failure(collected) or (whole(stages, db, profile) if verify else None),
                )
        except CrossquoteError as error:
            return Failed(message=error.message, data=error)

    return fetch


def _first_failure(tasks: Iterator[Task[..., StageReport]]) -> State[Any] | None:
    """Run tasks in order until one fails as a whole; the flow's last state then."""
    return next((problem for one in tasks if (problem := failure(one)) is not None), None)


def _tasks(stages: Stages, collector: Collects) -> Iterator[Task[..., StageReport]]:
    steps = (("poll", collector.poll), ("fetch", collector.fetch), ("read files", collector.read_files))
    for name, step in steps:
        body = _bound(step, stages.run_id, partial(stages.wiring.progress, name))
        yield stages.task(body, name, stages.wiring.limits.stage_seconds)


def _bound(step: Callable[[int, Progress], StageReport], run_id: int, progress: Progress) -> Callable[[], StageReport]:
    """A task's body: what it needs does not travel as parameters, which Prefect would keep."""

    def body() -> StageReport:
        return step(run_id, progress)

    return body
