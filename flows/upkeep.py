"""The flows beside the main job: judge again under a new model or policy, forget what is old, give its room back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from prefect import Flow, flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.hooks import telling
from flows.report import outcome
from flows.stages import Stages
from flows.verify import failed, state_of
from flows.wiring import Counts, Upkeep, Wiring
from verifier import pipeline
from verifier.errors import CrossquoteError
from verifier.ports import Backlog
from verifier.rescoring import steps


def build_rescore(wiring: Wiring) -> Flow[[date | None, date | None, str | None, str | None], Any]:
    """The flow `rescore`, closed over its wiring: one task a step of days, the newest first."""

    @flow(name="rescore", persist_result=False, validate_parameters=True, **telling(wiring.announce))
    def rescore(
        since: date | None = None, until: date | None = None, db: str | None = None, profile: str | None = None
    ) -> State[Any]:
        """Judge the stored pairs that the current model and policy have not judged; run it again where it stopped.

        Args:
            since: only pairs whose later article was published on this day or after.
            until: only pairs whose articles were published before this day.
            db: the database's URL; the configured one where it is left out.
            profile: the model profile; the configured one where it is left out.
        """
        try:
            services = wiring.open_services(db, profile)
            with services.alone():
                return _rescore(wiring, services, since, until, db)
        except CrossquoteError as error:
            return Failed(message=error.message, data=error)

    return rescore


def _rescore(
    wiring: Wiring, services: pipeline.Services, since: date | None, until: date | None, db: str | None
) -> State[Any]:
    run_id = pipeline.start(services, [f"rescore {since or ''}..{until or ''}"])
    stages = Stages(services, run_id, 0, wiring)
    problem: State[Any] | None = None
    try:
        for part in steps(services, midnight(since), midnight(until)):
            state = state_of(stages.judge_task(part, _name(part)))
            if not state.is_completed():
                problem = failed("rescore", state)
                break
    finally:
        summary = pipeline.publish(services, run_id)
    wiring.announce.ended(db, run_id)
    return problem or Completed(message=outcome(summary), data=summary)


def _name(part: Backlog) -> str:
    ends = (f"{end:%Y-%m-%d}" if end else "" for end in (part.since, part.until))
    return f"judge {'..'.join(ends)}"


def midnight(day: date | None) -> datetime | None:
    """The beginning of a day, UTC."""
    return datetime.combine(day, time(), UTC) if day else None


def build_retention(upkeep: Upkeep) -> Flow[[str | None], Any]:
    """The flow `retention`."""

    @flow(name="retention", persist_result=False, **telling(upkeep.announce))
    def retention(db: str | None = None) -> State[Any]:
        """Forget what is older than the settings allow."""
        return _told(upkeep.forget, db)

    return retention


def build_vacuum(upkeep: Upkeep) -> Flow[[str | None], Any]:
    """The flow `vacuum`."""

    @flow(name="vacuum", persist_result=False, **telling(upkeep.announce))
    def vacuum(db: str | None = None) -> State[Any]:
        """Give the room of what was deleted back, and renew the planner's statistics."""
        return _told(upkeep.vacuum, db)

    return vacuum


def _told(act: Callable[[str | None], Counts], db: str | None) -> State[Any]:
    try:
        counts = act(db)
    except CrossquoteError as error:
        return Failed(message=error.message, data=error)
    return Completed(message=", ".join(f"{name}: {count}" for name, count in counts.items()), data=dict(counts))
