"""What the flow is given from outside: how to open the services, whom to tell of progress, what to show at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from verifier.pipeline import Services

OpenServices = Callable[[str | None, str | None], Services]
"""(database URL or None for the configured one, profile or None) to the services of one run."""

StageProgress = Callable[[str, int, int], None]
"""(stage, items done, items in all); called in the thread that runs the flow."""

Row = Mapping[str, object]
TopRows = Callable[[str | None, int], Sequence[Row]]
"""(database URL or None, run id) to the rows of the table artifact, best first: words and numbers only."""


LOCAL = "local"
"""The runner that is this process alone."""


def local() -> str:
    """A run without other processes."""
    return LOCAL


class Announce(Protocol):
    """Tells people what happened, each thing once; never raises, because a run must not fail for a message."""

    def ended(self, db: str | None, run_id: int) -> None:
        """A run has ended: its new conflicts, and what could not be told before."""
        ...

    def failed(self, db: str | None, flow: str, key: str, reason: str) -> None:
        """A flow has failed or crashed; `key` names this one failure."""
        ...


class Silence:
    """Tells nobody."""

    def ended(self, db: str | None, run_id: int) -> None:
        """Nothing."""

    def failed(self, db: str | None, flow: str, key: str, reason: str) -> None:
        """Nothing."""


def unwatched(stage: str, done: int, total: int) -> None:
    """The progress of nobody watching."""


def no_rows(db: str | None, run_id: int) -> Sequence[Row]:  # noqa: ARG001
    """A run without a table of verdicts."""
    return ()


def is_url(item: str) -> bool:
    """Whether an item has to be fetched."""
    return item.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes, retries and time limits of the tasks.

    A task costs about 5 ms and a line in Prefect's database, so a run has tens of them. A limit in seconds is there to
    end what hangs, not what is slow: each stage commits as it goes, and the next run goes on where it stopped.
    """

    files_per_task: int = 200
    urls_per_task: int = 10
    url_retries: int = 3
    url_backoff: float = 2.0
    stage_retries: int = 4  # after 5, 10, 20 and 40 s: a database that is started again is back by then
    stage_backoff: float = 5.0
    ingest_seconds: float = 3600.0
    stage_seconds: float = 6 * 3600.0
    publish_seconds: float = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Wiring:
    """One object instead of globals: `build_verify` closes over it, so no task parameter ever carries a service.

    `runner` says, when a run begins, where parts of it are done: `local`, `dask`, `dask:4`, or a scheduler's address.
    """

    open_services: OpenServices
    progress: StageProgress = unwatched
    top_rows: TopRows = no_rows
    limits: Limits = field(default_factory=Limits)
    runner: Callable[[], str] = local
    announce: Announce = field(default_factory=Silence)

    def __reduce__(self) -> tuple[Any, ...]:
        """A worker's copy has nobody watching and tells nobody: what does either cannot travel."""
        return Wiring, (self.open_services, unwatched, self.top_rows, self.limits, self.runner)


Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What looks after the database: each takes the database's URL, or None for the configured one."""

    forget: Callable[[str | None], Counts]
    vacuum: Callable[[str | None], Counts]
    announce: Announce = field(default_factory=Silence)
