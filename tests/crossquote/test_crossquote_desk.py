"""The commands of the review desk, as processes of their own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

COMMAND = [sys.executable, "-c", "from crossquote.cli import main; main()"]
WAIT = 120


def crossquote(*arguments: str, words: str = "") -> subprocess.CompletedProcess[str]:
    """A command, run to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], input=words, capture_output=True, text=True, timeout=WAIT, check=False
    )


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """A desk that serves: its address, from what the command says."""
    process = subprocess.Popen([*COMMAND, *arguments], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"http://\S+", line):
                yield found[0]
                break
        else:
            pytest.fail("the command ended before it named its address")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(WAIT)
        process.stderr.close()


@pytest.mark.slow
def test_users_and_serve(sqlite_url: str) -> None:
    database = ("--db", sqlite_url)
    password = "a long password\n"  # noqa: S105
    assert crossquote("users", "add", "kim", "--password-stdin", *database, words=password).returncode == 0
    again = crossquote("users", "add", "kim", "--password-stdin", *database, words=password)
    assert (again.returncode, "there is a user 'kim' already" in again.stderr) == (2, True)
    assert crossquote("users", "add", "lee", "--password-stdin", *database, words="short\n").returncode == 2
    assert crossquote("users", "add", "lee", "--role", "king", *database).returncode == 2
    assert crossquote("users", "list", "--json", *database).stdout.startswith('{"name": "kim", "role": "reviewer"')
    token = crossquote("users", "token", "kim", *database).stdout.strip()
    with (
        serving("serve", "--port", "0", *database) as site,
        httpx.Client(base_url=site, trust_env=False, timeout=WAIT) as program,
    ):
        assert program.get("/healthz").json() == {"status": "ok"}
        assert program.get("/api/v1/verdicts").status_code == 401
        headers = {"Authorization": f"Bearer {token}"}
        assert program.get("/api/v1/verdicts", headers=headers).json() == {"items": [], "next": None}


@pytest.mark.slow
def test_review_opens_by_its_link(sqlite_url: str) -> None:
    with serving("review", "--no-browser", "--db", sqlite_url) as link:
        site = link.partition("/open")[0]
        with httpx.Client(base_url=site, trust_env=False, timeout=WAIT) as me:
            assert me.get("/").status_code == 303
            assert me.get(link).status_code == 303
            assert me.get("/").status_code == 200
        assert httpx.get(link, trust_env=False, timeout=WAIT).status_code == 401


def test_a_port_that_is_taken(sqlite_url: str) -> None:
    from crossquote.cli.desk import _listening
    from verifier.errors import BrokenSetup

    with _listening("127.0.0.1", 0) as listener, pytest.raises(BrokenSetup, match="choose another --port"):
        _listening("127.0.0.1", listener.getsockname()[1])
