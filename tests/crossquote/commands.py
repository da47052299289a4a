"""A command as a user types it, run in this process: exit code, standard output and standard error."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crossquote.cli import main


class Command:
    """Runs `crossquote` with what a test captures."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capture = capture

    def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "argv", ["crossquote", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        found = self._capture.readouterr()
        return code, found.out, found.err
