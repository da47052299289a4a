"""The flows beside the main job, and what is told of flows that fail or crash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from db.engine import open_engine
from db.tables import ArticleVersions, Verdicts
from flows.late import late_runs
from flows.upkeep import build_rescore, build_retention, build_vacuum
from flows.verify import build_verify
from flows.wiring import Upkeep
from tests.flows.conftest import PrefectServer
from tests.flows.wired import BrokenExtractor, calibration, wiring
from verifier import pipeline
from verifier.errors import BrokenSetup, Unavailable
from verifier.pipeline import Services
from verifier.policy import Bounds, Policy
from verifier.rescoring import steps

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Told:
    """Keeps what it is told."""

    runs: list[int] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def ended(self, db: str | None, run_id: int) -> None:
        self.runs.append(run_id)

    def failed(self, db: str | None, flow: str, key: str, reason: str) -> None:
        self.failures.append((flow, reason))


def stricter(found: Services) -> Services:
    """Another version of the policy."""
    nli = found.readers.deciding.nli
    policy = Policy(calibration(), nli.model_id, nli.revision, Bounds(conflict=0.5))
    assert policy.version != found.policy.version
    return replace(found, policy=policy)


def judged(database: str, articles: Path) -> None:
    """Three articles a month apart, every pair judged under the usual policy."""
    made = wiring().open_services(database, None)
    run_id = pipeline.start(made, [str(articles)])
    pipeline.ingest(made, run_id, [str(one) for one in sorted(articles.iterdir())])
    engine = open_engine(database)
    with engine.begin() as connection:
        for number in range(3):
            one = update(ArticleVersions).where(ArticleVersions.id == number + 1)
            connection.execute(one.values(published_at=NOON + timedelta(days=number)))
    engine.dispose()
    for stage in (pipeline.extract, pipeline.embed, pipeline.pair, pipeline.judge):
        stage(made, run_id)


def policies(database: str) -> list[str]:
    engine = open_engine(database)
    with engine.connect() as connection:
        found = list(connection.execute(select(Verdicts.policy_version).where(Verdicts.is_current)).scalars())
    engine.dispose()
    return found


def test_rescoring_goes_by_date_and_resumes(prefect_api: PrefectServer, articles: Path, database: str) -> None:
    judged(database, articles)
    pairs, told = len(policies(database)), Told()
    assert pairs == 3
    rescore: Any = build_rescore(replace(wiring(stricter), announce=told))
    usual = wiring().open_services(database, None).policy.version
    rescore(date(2026, 3, 3), None, database)
    assert policies(database).count(usual) == 1, "both pairs with the article of the third day"
    assert prefect_api.last_run()["state"]["message"].startswith("Added 0 articles")
    rescore(None, None, database)
    assert usual not in policies(database)
    assert len(told.runs) == 2
    assert steps(stricter(wiring().open_services(database, None))) == []


def test_steps_are_the_newest_first_and_cover_all(articles: Path, database: str) -> None:
    judged(database, articles)
    made = stricter(wiring().open_services(database, None))
    found = steps(made)
    assert [part.since and part.since.day for part in found] == [3, 2, None]
    assert [part.until and part.until.day for part in found] == [None, 3, 2]
    assert steps(made, until=NOON) == []


def test_runs_may_leave_what_an_earlier_policy_judged(articles: Path, database: str) -> None:
    judged(database, articles)
    made = stricter(wiring().open_services(database, None))
    run_id = pipeline.start(made, [])
    only_new = replace(made, backlog=replace(made.backlog, new_only=True))
    assert pipeline.judge(only_new, run_id).added == 0
    assert pipeline.judge(made, run_id).added == 3


def test_a_run_that_no_worker_takes_up_is_late(prefect_api: PrefectServer) -> None:
    flow = prefect_api.ask("flows/", name="verify")
    due = {"type": "SCHEDULED", "name": "Late", "state_details": {"scheduled_time": "2026-03-01T12:00:00Z"}}
    run = prefect_api.ask("flow_runs/", flow_id=flow["id"], state=due)
    assert dict(late_runs())[run["id"]].endswith("was due at 2026-03-01 12:00 UTC, and no worker has begun it")


def test_a_server_that_does_not_answer_is_late_itself() -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        ((key, words),) = late_runs()
    assert key == "server:http://127.0.0.1:9/api"
    assert "does not answer" in words


def _cleared(db: str | None) -> Mapping[str, int]:
    return {"articles": 2}


def _busy(db: str | None) -> Mapping[str, int]:
    raise Unavailable("another run is at work: let it end")


def test_retention_and_vacuum_say_what_they_did_and_failures_are_told(prefect_api: PrefectServer) -> None:
    told = Told()
    retention: Any = build_retention(Upkeep(_cleared, _cleared, told))
    retention(return_state=True)
    assert prefect_api.last_run()["state"]["message"] == "articles: 2"
    vacuum: Any = build_vacuum(Upkeep(_cleared, _busy, told))
    vacuum(return_state=True)
    assert told.failures == [("vacuum", "another run is at work: let it end")]


@pytest.mark.usefixtures("prefect_api")
def test_a_run_that_fails_is_told_and_one_that_ends_too(articles: Path, database: str) -> None:
    told = Told()
    broken = wiring(lambda found: replace(found, extractor=BrokenExtractor(BrokenSetup("no model"))))
    for made in (replace(broken, announce=told), replace(wiring(), announce=told)):
        verify: Any = build_verify(made)
        verify([str(articles)], database, None, return_state=True)
    assert told.failures == [("verify", "extract: no model")]
    assert told.runs == [1, 2]
