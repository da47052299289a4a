"""`crossquote fetch` as a user types it, without Prefect and models' work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crossquote.commands import Command
from tests.crossquote.fetching.servers import page, rss, running


def sources(folder: Path, feed: str) -> Path:
    file = folder / "my-sources.toml"
    file.write_text(f'[sources.feed]\nkind = "feed"\nat = "{feed}"\n', encoding="utf-8")
    return file


def test_fetch_stores_articles_and_names_what_failed(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSQUOTE_FETCH__ALLOW", '["127.0.0.1"]')
    monkeypatch.setenv("CROSSQUOTE_FETCH__DELAY", "0")
    database = tmp_path / "a.db"
    with running() as site:
        site.routes |= {"/feed": rss("/a", "/b"), "/a": page("A")}
        given = (
            "--sources",
            sources(tmp_path, f"{site.url}/feed"),
            "--db",
            database,
            "--direct",
            "--no-verify",
            "--json",
        )
        code, out, err = command("fetch", *given)
        again = json.loads(command("fetch", *given)[1])
    found = json.loads(out)
    assert code == 0
    counts = {"fetched": 2, "unchanged": 0, "files": 0, "failed": 1, "waiting": 0, "articles": 1, "statements": 0}
    assert {key: found[key] for key in counts} == counts
    assert f"dropped (fetch): {site.url}/b: the server answered 404" in err
    assert (again["fetched"], again["articles"]) == (1, 0)
    code, out, _ = command(
        "query", "SELECT status FROM fetches WHERE kind = 'page' ORDER BY id", "--db", database, "--csv"
    )
    assert out.split() == ["status", "200", "404"]


def test_the_address_that_is_not_allowed(command: Command, tmp_path: Path) -> None:
    file = sources(tmp_path, "http://127.0.0.1:9/feed")
    code, out, err = command("fetch", "--sources", file, "--db", tmp_path / "a.db", "--direct", "--no-verify", "--json")
    assert (code, json.loads(out)["fetched"]) == (0, 0)
    assert "127.0.0.1 is no public address; name it in the setting fetch.allow" in err


@pytest.mark.parametrize("named", ["config/sources.toml", "none.toml"])
def test_nothing_to_fetch_is_bad_input(command: Command, tmp_path: Path, named: str) -> None:
    code, out, err = command("fetch", "--sources", named, "--db", tmp_path / "a.db", "--direct")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "no source is switched on" in err or "no such sources file" in err
