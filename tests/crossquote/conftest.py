"""Commands run in this process, for tests that need no real one."""

from __future__ import annotations

import pytest

from tests.crossquote.commands import Command


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`crossquote`."""
    return Command(monkeypatch, capsys)
