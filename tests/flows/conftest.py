"""A real Prefect server for the session, in a process, with a home and a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]

ARTICLES = {
    "herald-1.txt": "Mayor Ada Lind: The bridge will open to traffic before the winter begins.\n",
    "post-1.txt": "Council leader Tom Berg: The bridge will not open to traffic before the winter begins.\n",
    "times-1.txt": "Engineer Ruth Hall: Before the winter begins, traffic will cross: the bridge will open.\n",
}


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """A standing server: where its API is, and the environment of processes that use it."""

    url: str
    home: Path

    @property
    def environ(self) -> dict[str, str]:
        """As a user's shell would have it, who exported PREFECT_API_URL."""
        return clean_environ(self.home) | {"PREFECT_API_URL": self.url}

    def ask(self, path: str, **body: object) -> Any:
        """One POST to the API."""
        return httpx.post(f"{self.url}/{path}", json=body, timeout=30).raise_for_status().json()

    def last_run(self) -> dict[str, Any]:
        """The latest flow run as the server knows it."""
        runs: list[dict[str, Any]] = self.ask("flow_runs/filter", sort="START_TIME_DESC", limit=1)
        return runs[0]


def clean_environ(home: Path) -> dict[str, str]:
    """This environment without any setting of Prefect's, with another home for everything."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "XDG", "CROSSQUOTE")) and k != "CI"}
    return kept | {"HOME": str(home), "PREFECT_HOME": str(home / "prefect")}


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """Started once, about 10 s, with all its services; it ends with this process whatever happens to that."""
    from flows.api import own_server

    home = tmp_path_factory.mktemp("prefect-home")
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environ:
            for name in set(os.environ) - set(clean_environ(home)):
                environ.delenv(name)  # a developer's own Prefect, and its database, stay out of this
            url = stack.enter_context(own_server(home / "prefect", "schedule"))
        yield PrefectServer(url, home)


@pytest.fixture(autouse=True)
def _same_environment() -> Iterator[None]:
    """A command sets what Prefect reads from the environment; the next test starts without it."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def prefect_api(prefect_server: PrefectServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrefectServer]:
    """The server as the configured API of this process."""
    for name, value in prefect_server.environ.items():
        if name.startswith("PREFECT"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    with temporary_settings({PREFECT_API_URL: prefect_server.url, PREFECT_HOME: prefect_server.home / "prefect"}):
        yield prefect_server


@pytest.fixture
def prefect_environ(prefect_server: PrefectServer) -> dict[str, str]:
    """The environment of a process that uses the session's server."""
    return prefect_server.environ


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of three articles: two agree, one says the opposite."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The URL of a database that is not there yet."""
    return f"sqlite:///{tmp_path / 'store.db'}"
