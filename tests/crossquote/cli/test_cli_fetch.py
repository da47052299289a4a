"""`crossquote fetch` as a user types it, without Prefect and models' work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crossquote.commands import Command
from tests.crossquote.fetching.servers import page, rss, running
from tests.crossquote.fetching.test_fetching_web import BOMB, dripping_body, gigabyte, zipped


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


def test_each_hostile_answer_is_one_line_and_the_run_goes_on(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"ALLOW": '["127.0.0.1"]', "DELAY": "0", "RETRIES": "0", "WHOLE_SECONDS": "0.8", "MOST_PER_HOST": "7"}
    for name, value in limits.items():
        monkeypatch.setenv(f"CROSSQUOTE_FETCH__{name}", value)
    file, database = tmp_path / "sources.toml", tmp_path / "a.db"
    html = {"content-type": "text/html; charset=utf-8"}
    with running() as site:
        hostile = ("/inside", "/gigabyte", "/drip", "/bomb", "/charset", "/good")
        site.routes |= {
            "/damaged": (200, {"content-type": "text/xml"}, b"<rss><channel><item><link>/other</link></item><item><ti"),
            "/other": page("Other"),
            "/hostile": rss(*hostile),
            "/inside": (302, {"location": "http://192.168.1.1/admin"}, b""),
            "/gigabyte": gigabyte,
            "/drip": dripping_body,
            "/bomb": zipped(BOMB),
            "/charset": (200, html, page("Café", "cp1252")[2].replace(b"ferry", b"f\xe9rr\xff" * 9)),
            "/good": page("Good"),
            "/many": rss(*(f"/{number}" for number in range(10_000))),
        }
        feeds = [
            f'[sources.{name}]\nkind = "feed"\nat = "{site.url}/{name}"\n' for name in ("damaged", "hostile", "many")
        ]
        file.write_text("".join(feeds), encoding="utf-8")
        code, out, err = command("fetch", "--sources", file, "--db", database, "--direct", "--no-verify", "--json")
    expected = {
        "/damaged": "is damaged",
        "/inside": "192.168.1.1 is no public address",
        "/gigabyte": "larger than 5 MB",
        "/drip": "was not sent within 0.8 s",
        "/bomb": "larger than 5 MB",
        "/charset": "not in the encoding it declares",
        "127.0.0.1": "10000 of its items stay queued for the next run",
    }
    lines = [line for line in err.splitlines() if "(fetch)" in line]
    assert len(lines) == len(expected), err
    for place, words in expected.items():
        assert sum(place in line and words in line for line in lines) == 1, (place, err)
    assert (code, json.loads(out)["articles"]) == (0, 2)


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
