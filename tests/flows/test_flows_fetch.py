"""The flow that collects from sources, on a real Prefect server."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossquote.collecting import Collector, Source, SourceKind
from crossquote.fetching import Web
from db.engine import open_engine
from db.migrate import upgrade
from db.store import SqlStore
from flows.runner import run_fetch
from tests.flows.conftest import PrefectServer
from tests.flows.wired import wiring
from verifier.errors import BadInput
from verifier.verdicts import Stance

pytestmark = [pytest.mark.prefect, pytest.mark.slow]


def inbox(db: str | None, sources: str | None) -> Collector:
    """The collector of the one folder that the sources file stands for here."""
    if db is None or sources is None:
        raise BadInput("no sources file: name one")
    upgrade(db)
    folder = Source(name="inbox", kind=SourceKind.FOLDER, at=(sources,))
    return Collector(SqlStore(open_engine(db)).unit_of_work, [folder], Web())


def test_what_was_collected_gets_its_verdicts(prefect_api: PrefectServer, articles: Path, database: str) -> None:
    stored = run_fetch(wiring(), inbox, str(articles), database, verify=False)
    assert (stored.articles, stored.statements) == (3, 0)
    judged = run_fetch(wiring(), inbox, str(articles), database)
    assert (judged.articles, judged.statements) == (0, 3)
    assert judged.verdicts[Stance.CONFLICT] >= 1
    run = prefect_api.last_run()
    assert (run["state_type"], run["parameters"]["sources"]) == ("COMPLETED", str(articles))
    tasks = {
        one["name"].rpartition("-")[0] for one in prefect_api.ask("task_runs/filter", sort="EXPECTED_START_TIME_DESC")
    }
    assert tasks >= {"poll", "fetch", "read files", "extract", "judge", "publish"}


@pytest.mark.usefixtures("prefect_api")
def test_a_wrong_sources_file_is_the_reason(database: str) -> None:
    with pytest.raises(BadInput, match="no sources file: name one"):
        run_fetch(wiring(), inbox, None, database)
