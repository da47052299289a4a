"""Run the flow from a command: the API that is configured or one of its own, one error line, no noise."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.environment import CALLER_REPORTS, NO_SERVER_OF_PREFECTS_OWN, keep_out_of_home, quieten
from flows.wiring import Wiring
from verifier.errors import CrossquoteError, Unavailable
from verifier.ports import RunSummary

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from flows.fetch import OpenCollector

_PASSWORD = re.compile(r"(^[\w+]+://[^:@/]*:).*(?=@)|([?&]password=)[^&]+", re.IGNORECASE)


def run_flow(
    wiring: Wiring,
    locations: Sequence[str],
    db: str | None = None,
    profile: str | None = None,
    *,
    say: Callable[[str], None] | None = None,
    home: Path | None = None,
) -> RunSummary:
    """Run `verify` once and return what it added; Prefect is imported here, after its environment is set.

    Without a configured API a server is started for this run (`say` is told once, stderr if None) with its database in
    `home` (a private folder if None). Raises the stage's own error, Unavailable if Prefect's API does not answer,
    BrokenSetup if it does not start. KeyboardInterrupt passes through once the run is closed and Prefect is stopped.
    """

    def build() -> Any:
        from flows.verify import build_verify

        return build_verify(_at(wiring, db))

    return _through_prefect(build, (list(locations), without_password(db), profile), say, home)


def run_fetch(
    wiring: Wiring,
    open_collector: OpenCollector,
    sources: str | None = None,
    db: str | None = None,
    profile: str | None = None,
    *,
    verify: bool = True,
    say: Callable[[str], None] | None = None,
    home: Path | None = None,
) -> RunSummary:
    """Run `fetch` once, as `run_flow` runs `verify`."""

    def build() -> Any:
        from flows.fetch import build_fetch

        return build_fetch(_at(wiring, db), lambda _, chosen: open_collector(db, chosen))

    return _through_prefect(build, (sources, without_password(db), profile, verify), say, home)


def _at(wiring: Wiring, db: str | None) -> Wiring:
    """The wiring with this database: what the flow's parameter says of it goes to the server without its password."""
    here = replace(wiring, open_services=lambda _, chosen: wiring.open_services(db, chosen))
    return replace(here, top_rows=lambda _, run_id: wiring.top_rows(db, run_id))


def _through_prefect(
    build: Callable[[], Any], parameters: tuple[object, ...], say: Callable[[str], None] | None, home: Path | None
) -> RunSummary:
    quieten(os.environ, NO_SERVER_OF_PREFECTS_OWN, CALLER_REPORTS)
    keep_out_of_home(os.environ)
    from flows.api import prefect_api, to_stderr

    with prefect_api("run", say or to_stderr, home) as url:
        state = _run(build(), url, parameters)
    return _summary(state)


def _run(flow: Any, url: str, parameters: tuple[object, ...]) -> State[Any]:
    import httpx
    from prefect.exceptions import PrefectException

    try:
        state: State[Any] = flow(*parameters, return_state=True)
    except (httpx.HTTPError, PrefectException) as error:
        raise Unavailable(
            f"Prefect's API at {url} stopped answering ({type(error).__name__}: {error}); run the same command again: "
            "what is stored is not done twice"
        ) from error
    return state


def _summary(state: State[Any]) -> RunSummary:
    """The run's counts, or the error that ended it with the stage before its message."""
    found = state.result(raise_on_failure=False)
    if isinstance(found, RunSummary):
        return found
    kind = type(found) if isinstance(found, CrossquoteError) else CrossquoteError
    raise kind(state.message or str(found)) from (found if isinstance(found, BaseException) else None)


def without_password(db: str | None) -> str | None:
    """A database URL as Prefect's server may keep it: flow parameters are stored and shown there in the clear."""
    return _PASSWORD.sub(r"\1\2***", db) if db else db
