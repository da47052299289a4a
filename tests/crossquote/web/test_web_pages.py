"""What the pages show and do."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crossquote.web.app import STATIC
from db.access import audit
from tests.crossquote.web.desks import HIDDEN, PASSWORD, client, desk, fill

PAGES = (
    "/?label=all&reviewed=all",
    "/?label=all&reviewed=all&q=script&speaker=<script>&outlet=<script>",
    "/verdicts/{evil_pair}",
    "/articles/{evil_version}",
    "/stories",
    "/stories/1",
    "/stories/1/print",
    "/speakers",
    "/speakers/{speaker}",
    "/speakers/{speaker}?choose=1&find=<script>",
    "/runs",
    "/outlets",
    "/quality",
    "/audit",
    "/team",
    "/bulk?label=all&reviewed=all&q=<script>",
    "/login?next=<script>alert(1)</script>",
)


class Reader(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("address", PAGES)
def test_a_hostile_article_is_harmless_text(engine: Engine, address: str) -> None:
    found = fill(engine)
    admin = client(desk(engine), "admin")
    speaker = re.findall(r'href="/speakers/(\d+)"', admin.get("/speakers").text)[0]
    place = address.format(evil_pair=found.evil_pair, evil_version=found.evil_version, speaker=speaker)
    page = admin.get(place).text
    tags = Reader(page).tags
    assert not set(page) & set(HIDDEN)
    assert {values.get("src") for tag, values in tags if tag == "script"} <= {
        "/static/vendor/htmx.min.js",
        "/static/vendor/uplot.iife.min.js",
        "/static/desk.js",
        "/static/charts.js",
    }
    assert "img" not in {tag for tag, _ in tags}
    for _, values in tags:
        assert not [name for name in values if name.startswith("on") or name in ("style", "srcdoc")]
        for name in ("href", "action", "formaction", "src"):
            assert re.match(r"[/#]", values.get(name) or "/") or name == "href", values
            assert not re.match(r"(?i)\s*(javascript|data):", values.get(name) or "")
    assert " 49 " not in page


@pytest.mark.parametrize("address", [one for one in PAGES if "{" in one or one in ("/stories", "/stories/1")])
def test_an_empty_title_can_be_seen(engine: Engine, address: str) -> None:
    found = fill(engine)
    admin = client(desk(engine), "admin")
    speaker = re.findall(r'href="/speakers/(\d+)"', admin.get("/speakers").text)[0]
    page = admin.get(address.format(evil_pair=found.evil_pair, evil_version=found.evil_version, speaker=speaker)).text
    for inside in re.findall(r"<(?:a|h1|h2|h3|th)\b[^>]*>(.*?)</(?:a|h1|h2|h3|th)>", page, re.DOTALL):
        assert re.sub(r"<[^>]*>", "", inside).strip(), inside


def test_a_day_of_judging(engine: Engine) -> None:
    found = fill(engine)
    reviewer = client(at := desk(engine), "reviewer")

    def judgements(pair: int = found.pair) -> list[tuple[str, bool, bool, bool]]:
        items = reviewer.get(f"/api/v1/verdicts/{pair}/judgements").json()["items"]
        return [(one["label"], one["superseded_at"] is None, one["undone"], one["restored"]) for one in items]

    first = reviewer.get("/start").headers["location"]
    assert first.startswith(f"/verdicts/{found.pair}?")
    address = f"/verdicts/{found.pair}/judgements?label=conflict&reviewed=no"
    after = reviewer.post(address, data={"stance": "conflict", "seen": 0})
    assert after.headers["location"].startswith(f"/verdicts/{found.evil_pair}?")
    (held,) = reviewer.get(f"/api/v1/verdicts/{found.pair}/judgements").json()["items"]
    assert (held["kind"], held["reviewer"]) == ("contradiction", "reviewer")

    stale = reviewer.post(address, data={"stance": "agree", "seen": 0})
    assert stale.status_code == 409
    assert "This pair changed while you were reading: reviewer judged it" in stale.text
    assert reviewer.post(address, data={"stance": "agree", "seen": held["id"]}).status_code == 303
    assert judgements() == [("agree", True, False, False), ("conflict", False, False, False)]

    undone = reviewer.post("/verdicts/undo")
    assert undone.headers["location"].startswith(f"/verdicts/{found.pair}?")
    assert judgements() == [
        ("conflict", True, False, True),
        ("agree", False, True, False),
        ("conflict", False, False, False),
    ]
    assert reviewer.post("/verdicts/undo").status_code == 409
    with at.engine.connect() as connection:
        actions = [entry.action for _, entry in audit(connection, 10)]
    assert actions[:4] == ["undid", "judged", "judged", "logged in"]


def test_undo_of_a_first_judgement_leaves_none(engine: Engine) -> None:
    found = fill(engine)
    reviewer = client(desk(engine), "reviewer")
    reviewer.post(f"/verdicts/{found.pair}/judgements", data={"stance": "agree", "seen": 0})
    reviewer.post("/verdicts/undo")
    page = reviewer.get(f"/verdicts/{found.pair}").text
    assert "Nobody has judged this yet." in page
    assert "undone" in page


def test_a_comment(engine: Engine) -> None:
    found = fill(engine)
    reviewer = client(desk(engine), "reviewer")
    place = f"/verdicts/{found.pair}/comments"
    assert reviewer.post(place, data={"text": "<b>Look</b> at this."}).status_code == 303
    assert "&lt;b&gt;Look&lt;/b&gt; at this." in reviewer.get(f"/verdicts/{found.pair}").text
    for wrong in ("", "  \n", "x" * 10_001, "nul \0 here"):
        assert reviewer.post(place, data={"text": wrong}).status_code == 422
    assert reviewer.post("/verdicts/999999/comments", data={"text": "Where?"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("label=agree", 0),
        ("label=all&reviewed=all", 2),
        ("kind=contradiction", 2),
        ("kind=denial", 0),
        ("least=65", 1),
        ("outlet=North", 1),
        ("between=outlets", 2),
        ("between=articles", 2),
        ("between=one", 0),
        ("story=1", 2),
        ("story=99", 0),
        ("q=bridge", 1),
        ("q=bridge+nowhere", 0),
        ("q=%25", 0),
        ("speaker=Engineers", 1),
        ("since=2026-03-02", 0),
        ("until=2026-03-01", 2),
        ("until=2026-02-28", 0),
        ("reviewed=yes", 0),
        ("reviewed=mine", 0),
        ("run=1", 1),
        ("label=nonsense&kind=x&story=x&since=x&until=9999-12-31&least=x&run=x&page=x", 2),
        ("page=99", 2),
        ("q=%00&speaker=%00&outlet=%00", 0),
    ],
)
def test_filters(engine: Engine, query: str, count: int) -> None:
    fill(engine)
    page = client(desk(engine), "reader").get(f"/?{query}")
    assert f"<strong>{count}</strong> verdict" in page.text


def test_the_list_alone_for_a_change_in_place(engine: Engine) -> None:
    fill(engine)
    reader = client(desk(engine), "reader")
    assert "<html" not in reader.get("/", headers={"hx-request": "true"}).text
    again = {"hx-request": "true", "hx-history-restore-request": "true"}
    assert "<html" in reader.get("/", headers=again).text


def test_a_reader_is_offered_no_judgement(engine: Engine) -> None:
    found = fill(engine)
    page = client(desk(engine), "reader").get(f"/verdicts/{found.pair}").text
    assert 'id="judge"' not in page
    assert "<textarea" not in page


@pytest.mark.parametrize(
    "address", ["/verdicts/999", "/articles/999", "/stories/999", "/stories/999/print", "/speakers/999", "/nothing"]
)
def test_what_is_not_there(engine: Engine, address: str) -> None:
    assert client(desk(engine), "reader").get(address).status_code == 404


def test_an_empty_database(empty_engine: Engine) -> None:
    admin = client(desk(empty_engine), "admin")
    for address in ("/", "/stories", "/speakers", "/runs", "/outlets", "/quality", "/audit"):
        assert admin.get(address).status_code == 200


def test_quality(engine: Engine) -> None:
    found = fill(engine)
    at = desk(engine)
    for role, stance, seen in (("reviewer", "conflict", 0), ("admin", "agree", 1)):
        place = f"/verdicts/{found.pair}/judgements"
        assert client(at, role).post(place, data={"stance": stance, "seen": seen}).status_code == 303
    page = client(at, "reader").get("/quality").text
    assert "admin and reviewer" in page
    assert ">0 %<" in page


def test_vendored_files_are_what_the_table_says() -> None:
    table = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    for file in [*(STATIC / "vendor").glob("*.js"), *(STATIC / "vendor").glob("*.css")]:
        assert hashlib.sha256(file.read_bytes()).hexdigest() in table, file


def test_pages_carry_no_inline_script_or_style() -> None:
    for template in (Path(STATIC).parent / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|\|\s*safe", text), template


def test_log_in_says_no_more_than_it_must(engine: Engine) -> None:
    stranger = client(desk(engine))
    pages = [
        stranger.post("/login", data={"name": name, "password": PASSWORD + "x"}).text.replace(name, "")
        for name in ("reader", "nobody")
    ]
    assert pages[0] == pages[1]
