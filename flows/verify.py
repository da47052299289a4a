"""The main job as a Prefect flow: ingest, extract, embed, copies, stories, pair, judge, publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prefect import Flow, Task, flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.hooks import telling
from flows.report import outcome, summary_markdown, table
from flows.spreading import workers
from flows.stages import Stages, batches
from flows.wiring import Wiring
from verifier import pipeline
from verifier.errors import CrossquoteError
from verifier.ports import RunSummary

SUMMARY_KEY = "verify-summary"
VERDICTS_KEY = "verify-verdicts"


def build_verify(wiring: Wiring) -> Flow[[list[str], str | None, str | None], Any]:
    """The flow `verify`, closed over its wiring.

    It ends in a state whose message says what the run added and dropped, with the `RunSummary` as its data; where a
    stage failed as a whole, in a failed state with the reason in one line and the error as its data.
    """

    @flow(name="verify", persist_result=False, validate_parameters=True, **telling(wiring.announce))
    def verify(locations: list[str], db: str | None = None, profile: str | None = None) -> State[Any]:
        """Read articles from files, folders, URLs and feeds, and compare what their sources say.

        Args:
            locations: files, folders, http(s) URLs or feeds.
            db: the database's URL; the configured one where it is left out.
            profile: the model profile; the configured one where it is left out.
        """
        try:
            services = wiring.open_services(db, profile)
            with services.alone():
                stages = Stages(services, pipeline.start(services, locations), 0, wiring)
                return carry_out(stages, db, lambda: _ingest(stages, locations) or whole(stages, db, profile))
        except CrossquoteError as error:
            return Failed(message=error.message, data=error)

    return verify


def carry_out(stages: Stages, db: str | None, body: Callable[[], State[Any] | None]) -> State[Any]:
    """A run from its stages (`body` gives the state of the one that failed as a whole) to its last state and artifacts."""
    try:
        problem = body()
    except BaseException:
        pipeline.publish(stages.services, stages.run_id)  # an interrupted run is closed too; the next one goes on
        raise
    closed = state_of(stages.publish_task())
    if not closed.is_completed():
        return problem or failed("publish", closed)
    summary = closed.result()
    _artifacts(stages.wiring, summary, problem, db)
    stages.wiring.announce.ended(db, stages.run_id)
    return problem or Completed(message=outcome(summary), data=summary)


def _ingest(before: Stages, locations: list[str]) -> State[Any] | None:
    """Read all; the first stage that fails as a whole ends the run, because what follows needs it."""
    try:
        items = pipeline.expand(before.services, before.run_id, locations)
    except CrossquoteError as error:
        return Failed(message=f"ingest: {error.message}", data=error)
    stages = Stages(before.services, before.run_id, len(items), before.wiring)
    for batch in batches(items, stages.wiring.limits):
        if problem := failure(stages.ingest_task(batch), batch):
            return problem
    return None


def whole(stages: Stages, db: str | None, profile: str | None) -> State[Any] | None:
    """The stages that follow reading, with the help of workers where there are any; the flow's last state if one fails."""
    try:
        with workers(stages.wiring, db, profile) as others:
            for one in stages.whole():
                others.help(stages.services, stages.run_id, one.name)
                if problem := failure(one):
                    return problem
    except CrossquoteError as error:
        return Failed(message=error.message, data=error)
    return None


def failure(one: Task[..., Any], *args: object) -> State[Any] | None:
    """Run a task; the flow's last state if it failed as a whole."""
    state = state_of(one, *args)
    return None if state.is_completed() else failed(one.name, state)


def state_of(one: Task[..., Any], *args: object) -> State[Any]:
    """The state in which a task ended, without raising."""
    state: State[Any] = one(*args, return_state=True)  # type: ignore[assignment]  # the bodies are not coroutines
    return state


def failed(stage: str, state: State[Any]) -> State[Any]:
    """The flow's last state, from that of the task: the reason in one line, the error itself for a caller."""
    error = state.result(raise_on_failure=False)
    if isinstance(error, CrossquoteError):
        reason = error.message
    elif state.name == "TimedOut" or not isinstance(error, Exception):
        reason = state.message or repr(error)
    else:
        reason = f"{type(error).__name__}: {error}"
    return Failed(message=f"{stage}: {' '.join(reason.split())}", data=error)


def _artifacts(wiring: Wiring, summary: RunSummary, problem: State[Any] | None, db: str | None) -> None:
    reason = problem.message if problem else None
    create_markdown_artifact(summary_markdown(summary, reason), key=SUMMARY_KEY, description=outcome(summary))
    create_table_artifact(
        table(wiring.top_rows(db, summary.run_id)),
        key=VERDICTS_KEY,
        description="The strongest conflicts and agreements",
    )
