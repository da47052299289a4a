"""The main job as a Prefect flow: ingest, extract, embed, copies, stories, pair, judge, publish."""

from __future__ import annotations

from typing import Any

from prefect import Flow, Task, flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.hooks import telling
from flows.report import outcome, summary_markdown, table
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
                return _run(wiring, services, pipeline.start(services, locations), locations, db)
        except CrossquoteError as error:
            return Failed(message=error.message, data=error)

    return verify


def _run(wiring: Wiring, services: pipeline.Services, run_id: int, locations: list[str], db: str | None) -> State[Any]:
    try:
        problem = _stages(wiring, services, run_id, locations)
    except BaseException:
        pipeline.publish(services, run_id)  # an interrupted run is closed too; the next one goes on from there
        raise
    closed = state_of(Stages(services, run_id, 0, wiring).publish_task())
    if not closed.is_completed():
        return problem or failed("publish", closed)
    summary = closed.result()
    _artifacts(wiring, summary, problem, db)
    wiring.announce.ended(db, run_id)
    return problem or Completed(message=outcome(summary), data=summary)


def _stages(wiring: Wiring, services: pipeline.Services, run_id: int, locations: list[str]) -> State[Any] | None:
    """Run every stage; the first that fails as a whole ends the run, because what follows needs it."""
    try:
        items = pipeline.expand(services, run_id, locations)
    except CrossquoteError as error:
        return Failed(message=f"ingest: {error.message}", data=error)
    stages = Stages(services, run_id, len(items), wiring)
    for batch in batches(items, wiring.limits):
        if problem := _failure(stages.ingest_task(batch), batch):
            return problem
    for one in stages.whole():
        if problem := _failure(one):
            return problem
    return None


def _failure(one: Task[..., Any], *args: object) -> State[Any] | None:
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
