"""The sources file."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossquote.collecting import SourceKind, read_sources
from verifier.errors import BadInput

EXAMPLE = Path(__file__).parents[3] / "config" / "sources.toml"


def test_the_example_shows_every_kind_and_switches_nothing_on(tmp_path: Path) -> None:
    assert read_sources(EXAMPLE) == []
    switched = tmp_path / "sources.toml"
    switched.write_text(EXAMPLE.read_text(encoding="utf-8").replace("enabled = false", "enabled = true"))
    found = read_sources(switched)
    assert {source.kind for source in found} == set(SourceKind)
    assert found[2].at == ("https://record.example/live/bridge", "https://record.example/live/budget")


FEED = '[sources.a]\nkind = "feed"\nat = "https://a.example/feed"\n'
WRONG = {
    "no table": ("sources = 1", "holds tables"),
    "another table": ("[feeds.a]\n", "not feeds"),
    "no kind": ('[sources.a]\nat = "x"', "sources.a.kind"),
    "kind": (FEED.replace('"feed"', '"mail"'), "sources.a.kind"),
    "address": (FEED.replace("https", "ftp"), "not an http(s) URL"),
    "nothing": ('[sources.a]\nkind = "folder"\nat = []', "sources.a.at"),
    "unknown key": (FEED + "often = 1", "sources.a.often"),
    "pattern": (FEED + 'only = "("', "sources.a.only"),
    "toml": ("[sources", "cannot be read"),
}


@pytest.mark.parametrize(("words", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_one_line_with_its_place(tmp_path: Path, words: str, message: str) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(words)
    with pytest.raises(BadInput) as caught:
        read_sources(file)
    assert message in caught.value.message
    assert str(file) in caught.value.message
    assert "\n" not in caught.value.message


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such sources file"):
        read_sources(tmp_path / "none.toml")
