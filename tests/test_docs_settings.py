"""Every setting is documented, and every default is a setting."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from crossquote.settings import read_settings

ROOT = Path(__file__).parent.parent
DEFAULTS = tomllib.loads((ROOT / "config" / "default.toml").read_text(encoding="utf-8"))
KEYS = [
    (section, key)
    for section, values in DEFAULTS.items()
    for key in (values if section in ("gates", "bounds") else (section,))
]


@pytest.mark.parametrize(("section", "key"), KEYS, ids=lambda part: part)
def test_every_setting_is_documented(section: str, key: str) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    names = (f"`{key}`", f"`{key}.") if section == key else (f"`{section}.{key}`", f"`.{key}`")
    assert any(name in row and (section in row) for name in names for row in rows)


def test_the_environment_overrides_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSQUOTE_GATES__TOP_K", "3")
    monkeypatch.setenv("CROSSQUOTE_PROFILE", "accurate")
    found = read_settings(db="other.db")
    assert (found.gates.top_k, found.profile, found.db) == (3, "accurate", "sqlite:///other.db")
    assert found.gates.min_similarity == DEFAULTS["gates"]["min_similarity"]
