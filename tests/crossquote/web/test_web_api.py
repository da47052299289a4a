"""The API, for programs with a token."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from sqlalchemy import Engine

from crossquote.web.desk import Desk
from db.access import Scope
from tests.crossquote.web.desks import client, desk, fill


def program(at: Desk, role: str) -> Any:
    """A program that speaks for the user of a role; it sends no origin."""
    at.accounts.add_token(role, f"token of {role}", "tests")
    made = client(at)
    made.headers = {"authorization": f"Bearer token of {role}"}
    return made


def test_tokens(engine: Engine) -> None:
    fill(engine)
    at = desk(engine)
    assert program(at, "reader").get("/api/v1/verdicts").status_code == 200
    assert program(at, "admin").get("/audit").status_code == 303, "a token opens the API only"
    wrong = client(at)
    wrong.headers = {"authorization": "Bearer nonsense"}
    assert wrong.get("/api/v1/verdicts").status_code == 401
    at.accounts.change("reader", "tests", "user disabled", disabled_at=at.now())
    again = client(at)
    again.headers = {"authorization": "Bearer token of reader"}
    assert again.get("/api/v1/verdicts").status_code == 401


@pytest.mark.parametrize("listed", ["verdicts", "statements"])
def test_a_list_page_by_page(engine: Engine, listed: str) -> None:
    fill(engine)
    reader = program(desk(engine), "reader")
    whole = reader.get(f"/api/v1/{listed}?limit=200").json()
    assert whole["next"] is None
    pages, cursor = [], ""
    while cursor is not None:
        page = reader.get(f"/api/v1/{listed}", params={"limit": 1, "cursor": cursor}).json()
        pages += page["items"]
        cursor = page["next"]
    assert pages == whole["items"]
    assert len(pages) >= 2
    first = whole["items"][0]
    key = first["pair"] if listed == "verdicts" else first["id"]
    assert reader.get(f"/api/v1/{listed}/{key}").json() == first


def test_judging(engine: Engine) -> None:
    found = fill(engine)
    reviewer = program(desk(engine), "reviewer")
    place = f"/api/v1/verdicts/{found.pair}/judgements"
    made = reviewer.post(place, json={"stance": "conflict", "seen": 0, "comment": "Both are wrong."})
    assert made.status_code == 201
    assert made.json()["comment"] == "Both are wrong."
    assert reviewer.post(place, json={"stance": "agree", "seen": 0}).status_code == 409
    assert reviewer.get("/api/v1/verdicts?reviewed=yes").json()["items"][0]["judgement"]["label"] == "conflict"


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("GET", "verdicts/999", None, 404),
        ("GET", "verdicts/x", None, 422),
        ("GET", "verdicts/99999999999999999999999", None, 422),
        ("GET", "verdicts?limit=0", None, 422),
        ("GET", "verdicts?cursor=%00", None, 422),
        ("GET", "verdicts?cursor=OTk5", None, 404),
        ("GET", "verdicts?cursor=YWJj", None, 422),
        ("GET", "statements/%00", None, 404),
        ("GET", "nothing", None, 404),
        ("POST", "verdicts/1/judgements", {"stance": "maybe", "seen": 0}, 422),
        ("POST", "verdicts/1/judgements", {"stance": "agree", "seen": 0, "comment": "\0"}, 422),
        ("POST", "verdicts/999/judgements", {"stance": "agree", "seen": 0}, 404),
        ("GET", "statements?format=xml", None, 422),
        ("GET", "articles?cursor=YWJj", None, 422),
        ("GET", "tokens", None, 403),
        ("DELETE", "tokens/1", None, 403),
        ("DELETE", "verdicts/1", None, 405),
    ],
)
def test_problems(engine: Engine, method: str, address: str, body: Any, status: int) -> None:
    fill(engine)
    answer = program(desk(engine), "reviewer").request(method, f"/api/v1/{address}", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert (found["status"], bool(found["title"]), bool(found["detail"])) == (status, True, True)


LISTS = (
    *("verdicts", "statements", "articles", "stories", "runs", "outlets", "users", "tokens", "audit"),
    *("speakers", "speakers/1/statements", "bulk-decisions"),
)


def test_every_list_page_by_page_in_both_forms(engine: Engine) -> None:
    fill(engine)
    at = desk(engine)
    admin = program(at, "admin")
    for number in ("1", "2"):
        kept = {"filter": f"q={'bridge' if number == '1' else 'script'}"}
        new = {"stance": "agree", **kept, "seal": admin.get("/api/v1/bulk-scope", params=kept).json()["seal"]}
        assert admin.post("/api/v1/bulk-decisions", json=new).status_code == 201
        assert admin.delete(f"/api/v1/bulk-decisions/{number}").status_code == 200
    for listed in LISTS:
        whole = admin.get(f"/api/v1/{listed}?limit=200").json()["items"]
        pages, address = [], f"/api/v1/{listed}?limit=1"
        while address:
            answer = admin.get(address)
            pages += answer.json()["items"]
            address = answer.links.get("next", {}).get("url", "")
        assert pages == whole, listed
        assert whole, listed
        table = list(csv.DictReader(io.StringIO(admin.get(f"/api/v1/{listed}?format=csv&limit=200").text)))
        assert len(table) == len(whole), listed
        assert set(table[0]) == set(
            csv.DictReader(io.StringIO(admin.get(f"/api/v1/{listed}?format=csv&limit=1").text)).fieldnames or ()
        )


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("application/json;q=0.5, text/csv", "text/csv"),
        ("text/html;q=x, text/csv;q=oops", "application/json"),
    ],
)
def test_the_form_that_was_asked_for(engine: Engine, accept: str, form: str) -> None:
    answer = program(desk(engine), "reader").get("/api/v1/statements", headers={"accept": accept})
    assert answer.headers["content-type"].startswith(form)


def test_a_table_is_safe_in_a_spreadsheet(engine: Engine) -> None:
    found = fill(engine)
    at = desk(engine)
    reviewer = program(at, "reviewer")
    reviewer.post(f"/api/v1/verdicts/{found.pair}/comments", json={"text": "=HYPERLINK(1)\u202e"})
    table = reviewer.get(f"/api/v1/verdicts/{found.pair}/comments?format=csv").text
    assert table.splitlines()[1].startswith("reviewer,'=HYPERLINK(1),")


def test_what_is_known_is_not_sent_again(engine: Engine) -> None:
    found = fill(engine)
    reviewer = program(desk(engine), "reviewer")
    place = f"/api/v1/verdicts/{found.pair}"
    first = reviewer.get(place)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (etag, f'"other", W/{etag}', "*"):
        again = reviewer.get(place, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert reviewer.get(f"{place}?format=csv", headers={"if-none-match": etag}).status_code == 200
    reviewer.post(f"{place}/judgements", json={"stance": "agree", "seen": 0})
    assert reviewer.get(place, headers={"if-none-match": etag}).status_code == 200


def test_scopes_and_revoking(engine: Engine) -> None:
    found = fill(engine)
    at = desk(engine)
    at.accounts.add_token("admin", "to read", "tests", Scope.READ)
    at.accounts.add_token("admin", "to review", "tests", Scope.REVIEW)
    at.accounts.add_token("reader", "too much", "tests", Scope.ADMIN)
    place, body = f"/api/v1/verdicts/{found.pair}/judgements", {"stance": "agree", "seen": 0}

    def status(token: str, method: str, address: str) -> int:
        made = client(at)
        made.headers = {"authorization": f"Bearer {token}"}
        return made.request(method, address, json=body if method == "POST" else None).status_code

    assert [status(one, "GET", place) for one in ("to read", "to review", "too much")] == [200, 200, 200]
    assert [status(one, "POST", place) for one in ("to read", "too much", "to review")] == [403, 403, 201]
    assert [status(one, "GET", "/api/v1/tokens") for one in ("to review", "too much")] == [403, 403]
    admin = client(at, "admin")
    shown = admin.post("/tokens", data={"scope": "admin", "label": "mine <b>"})
    assert shown.status_code == 201
    mine = re.findall(r'id="made">(cq_[^<]+)<', shown.text)[0]
    assert "mine &lt;b&gt;" in shown.text
    assert "cq_" not in admin.get("/tokens").text
    number = {one["label"]: one["id"] for one in admin.get("/api/v1/tokens").json()["items"]}["mine <b>"]
    assert status(mine, "GET", "/api/v1/tokens") == 200
    assert admin.post(f"/tokens/{number}/revoke").status_code == 303
    assert status(mine, "GET", "/api/v1/verdicts") == 401
    assert admin.delete("/api/v1/tokens/1").status_code == 204
    assert status("to read", "GET", "/api/v1/verdicts") == 401


def test_search(engine: Engine) -> None:
    fill(engine)
    reader = program(desk(engine), "reader")
    found = reader.get("/api/v1/statements", params={"q": "bridges"}).json()["items"]
    assert {one["text"] for one in found} == {"The bridge is safe", "the bridge is not safe"}
    assert [one["outlet"] for one in reader.get("/api/v1/articles?q=engineers").json()["items"]] == ["South"]
    assert reader.get("/api/v1/statements?q=%22%00%27)(").json()["items"] == []
    page = client(desk(engine), "reader").get("/search?q=engineers").text
    assert '<mark class="content">Engineers</mark>' in page


def test_what_stands_behind_a_verdict_and_an_article(engine: Engine) -> None:
    found = fill(engine)
    reader = program(desk(engine), "reader")
    sides = reader.get(f"/api/v1/verdicts/{found.pair}/sides").json()
    assert (sides["story"], sides["a"]["outlets"], sides["b"]["independent"]) == (1, 1, 1)
    assert {side["statements"][0]["text"] for side in (sides["a"], sides["b"])} == {
        "The bridge is safe",
        "the bridge is not safe",
    }
    (one,) = reader.get(f"/api/v1/articles/{found.version}/verdicts").json()["items"]
    assert (one["pair"], one["label"], one["kind"]) == (found.pair, "conflict", "contradiction")
    assert reader.get("/api/v1/counts?label=all&reviewed=all").json() == {"count": 2, "reviewed": 0}
    (said,) = reader.get("/api/v1/speakers/1/statements").json()["items"]
    assert (said["story"], said["known_as"]) == (1, "Ana Ortiz")


def test_every_answer_is_described(engine: Engine) -> None:
    """A program can be made from the description alone: no answer is "some object"."""
    document = program(desk(engine), "admin").get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema")
                assert schema is None or "$ref" in schema, (method, path, status)
            assert {"401", "403", "404", "413", "422"} <= set(operation["responses"]), path
