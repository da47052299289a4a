"""The long run of random kills, short: `python -m bench.kills --count 200` is the same with more of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_random_kills_lose_and_double_nothing() -> None:
    command = [sys.executable, "-m", "bench.kills", "--count", "5", "--seed", "3", "--articles", "border-*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("5 kills (")
