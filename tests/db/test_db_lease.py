from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from db.lease import alone, is_running
from verifier.errors import Unavailable

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from db.lease import alone
with alone(sys.argv[1], 0, print):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_waits_for_the_first(database_url: str) -> None:
    said: list[str] = []
    ends = threading.Event()

    def first() -> None:
        with alone(database_url, 0, said.append):
            begun.set()
            ends.wait(10)

    begun = threading.Event()
    thread = threading.Thread(target=first)
    thread.start()
    begun.wait(10)
    assert is_running(database_url)
    threading.Timer(0.4, ends.set).start()
    with alone(database_url, 20, said.append):
        assert ends.is_set()
    thread.join()
    assert len(said) == 1
    assert "Another run is at work" in said[0]
    assert not is_running(database_url)


def test_one_that_waits_too_long_is_told_what_to_do(database_url: str) -> None:
    with (
        alone(database_url, 0, print),
        pytest.raises(Unavailable, match=r"runs\.wait_seconds"),
        alone(database_url, 0.3, print),
    ):
        raise AssertionError("two at once")


def test_a_killed_run_holds_nothing(database_url: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert is_running(database_url)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    deadline = time.monotonic() + 20
    while is_running(database_url):
        assert time.monotonic() < deadline
        time.sleep(0.05)
