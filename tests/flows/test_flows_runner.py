"""Single runs in a process of their own, with Prefect's own server and without: what a user sees at the end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.runner import without_password
from tests.flows.conftest import ROOT, clean_environ

STARTING = "Starting Prefect for this run"


def command(articles: Path, database: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "tests.flows.one_run", str(articles), database, *words]


@pytest.mark.prefect
@pytest.mark.slow
def test_own_server_leaves_nothing_behind_but_its_folder(articles: Path, database: str, tmp_path: Path) -> None:
    """Twice: the first makes the server's database, the second finds it."""
    home = tmp_path / "home"
    home.mkdir()
    environ = clean_environ(home)
    del environ["PREFECT_HOME"]
    for added in (3, 0):
        done = subprocess.run(
            command(articles, database), cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120
        )
        assert (done.returncode, done.stdout) == (0, f"articles {added}\n")
        lines = done.stderr.splitlines()
        assert len(lines) == 1, done.stderr
        assert lines[0].startswith(STARTING)
    assert [one.name for one in home.iterdir()] == [".local"]
    assert (home / ".local/state/crossquote/prefect/server.log").read_text() == ""


@pytest.mark.prefect
@pytest.mark.slow
def test_ctrl_c_ends_cleanly_and_the_next_run_finishes_the_work(
    articles: Path, tmp_path: Path, prefect_environ: dict[str, str]
) -> None:
    database = f"sqlite:///{tmp_path / 'interrupted.db'}"
    running = subprocess.Popen(
        command(articles, database, "hang"),
        cwd=ROOT,
        env=prefect_environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "extracting\n"
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (130, "")
    done = subprocess.run(
        command(articles, database), cwd=ROOT, env=prefect_environ, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "articles 0\n", "")


def test_api_that_does_not_answer_is_one_line_with_the_remedy(articles: Path, database: str, tmp_path: Path) -> None:
    environ = clean_environ(tmp_path) | {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    done = subprocess.run(
        command(articles, database), cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "prefect server start" in done.stderr
    assert "--direct" in done.stderr


@pytest.mark.parametrize("module", ["environment", "report", "runner", "schedule", "wiring"])
def test_prefect_is_imported_only_after_its_environment_is_set(module: str) -> None:
    """Its usage events and its notice are decided at import."""
    check = f"import sys, flows.{module}; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param(None, None, id="configured"),
        pytest.param("sqlite:////tmp/a.db", "sqlite:////tmp/a.db", id="file"),
        pytest.param("postgresql://desk@host/news", "postgresql://desk@host/news", id="no-password"),
        pytest.param("postgresql://desk:p%40ss@host:5/n", "postgresql://desk:***@host:5/n", id="password"),
        pytest.param(
            "postgresql://host/n?user=desk&password=x", "postgresql://host/n?user=desk&password=***", id="query"
        ),
    ],
)
def test_passwords_stay_here(url: str | None, shown: str | None) -> None:
    assert without_password(url) == shown
