"""The API, for programs with a token."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from crossquote.web.desk import Desk
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
