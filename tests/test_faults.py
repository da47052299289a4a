"""A full disk: one line that says so, nothing lost; when there is room again, the next run finishes the work."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db.checking import examine
from tests.dumps import dump
from tests.services import SAMPLES

ROOT = Path(__file__).parent.parent
RUN = """
import resource, sys
from tests.services import services
from verifier import pipeline
from verifier.errors import CrossquoteError
url, place, room = sys.argv[1], sys.argv[2], int(sys.argv[3])
made = services(url)
if room:
    list(made.reader.read(made.reader.expand([place])[0][0]))  # what reading unpacks for itself is there before
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    pipeline.run(made, [place], lambda _: pipeline.silent)
except CrossquoteError as error:
    sys.exit(error.message)
"""


def run(url: str, place: Path, room: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, url, str(place), str(room)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
def test_a_full_disk_ends_the_run_in_one_line_and_the_next_finishes_it(
    sqlite_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    place = tmp_path / "articles"
    place.mkdir()
    for name in ("water-1-estmere-record.txt", "water-2-harbour-gazette.txt", "border-1-talmyra-today.txt"):
        shutil.copy(SAMPLES / name, place)
    full = run(sqlite_url, place, 120_000)
    assert full.returncode == 1
    assert len(full.stderr.splitlines()) == 1, full.stderr
    assert "make room on its disk, and run again" in full.stderr
    assert not [str(one) for one in examine(sqlite_url) if one.broken]
    assert run(sqlite_url, place).returncode == 0
    other = tmp_path / "undisturbed.db"
    shutil.copy(sqlite_template, other)
    assert run(f"sqlite:///{other}", place).returncode == 0
    assert dump(sqlite_url) == dump(f"sqlite:///{other}")
