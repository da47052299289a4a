"""Times between runs and parameters of a schedule."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows.schedule import interval, parameters
from verifier.errors import BadInput


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("90s", timedelta(seconds=90), id="seconds"),
        pytest.param("15m", timedelta(minutes=15), id="minutes"),
        pytest.param("1h", timedelta(hours=1), id="hours"),
        pytest.param("1h30m", timedelta(minutes=90), id="both"),
        pytest.param(" 1D ", timedelta(days=1), id="spaces-and-case"),
        pytest.param("2w", timedelta(weeks=2), id="weeks"),
    ],
)
def test_interval(text: str, expected: timedelta) -> None:
    assert interval(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("15", id="no-unit"),
        pytest.param("m", id="no-number"),
        pytest.param("15 minutes", id="words"),
        pytest.param("-5m", id="negative"),
        pytest.param("1.5h", id="fraction"),
        pytest.param("0m", id="zero"),
        pytest.param("5s", id="too-often"),
        pytest.param("999999d", id="too-rare"),
        pytest.param("１５m", id="other-digits"),
        pytest.param("9999999999999999999d", id="huge"),
    ],
)
def test_bad_interval_names_itself_and_the_way_to_write_it(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        interval(text)
    assert repr(text) in caught.value.message
    assert "m" in caught.value.message


def test_parameters_do_not_depend_on_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    found = parameters(["feeds/today", "https://example.org/a"], None, "embedded")
    assert found == {
        "locations": [str(tmp_path / "feeds" / "today"), "https://example.org/a"],
        "db": None,
        "profile": "embedded",
    }


@pytest.mark.parametrize(
    ("locations", "db", "message"),
    [
        pytest.param([], None, "nothing to read", id="nothing"),
        pytest.param(["a"], "postgresql://desk:secret@host/news", "password", id="password"),
    ],
)
def test_bad_parameters(locations: list[str], db: str | None, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        parameters(locations, db)
    assert "secret" not in caught.value.message
