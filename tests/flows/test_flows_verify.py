"""The flow against a real Prefect server and a real store."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.runner import run_flow
from tests.flows.wired import wiring
from verifier.verdicts import Stance

pytestmark = [pytest.mark.prefect, pytest.mark.slow]


@pytest.mark.usefixtures("prefect_api")
def test_run_counts_what_it_added(articles: Path, database: str) -> None:
    summary = run_flow(wiring(), [str(articles)], database)
    assert (summary.articles, summary.statements, summary.failures) == (3, 3, ())
    assert summary.verdicts[Stance.CONFLICT] >= 1
    assert summary.verdicts[Stance.AGREE] >= 1
