"""Speakers at the desk: merging, splitting and undoing, by forms and by the API; stories on the screen and on paper."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.crossquote.web.desks import client, desk, fill

ORTIZ, ENGINEERS = 1, 2


def at_the_desk(engine: Engine) -> Any:
    fill(engine)
    return client(desk(engine), "reviewer")


def test_merge_split_and_undo_by_forms(engine: Engine) -> None:
    me = at_the_desk(engine)
    found = me.get(f"/speakers/{ORTIZ}?find=engineers").text
    assert f'value="{ENGINEERS}.0"' in found
    merged = me.post(f"/speakers/{ORTIZ}/merges", data={"seen": 0, "other": f"{ENGINEERS}.0", "comment": "One."})
    assert merged.headers["location"] == f"/speakers/{ORTIZ}?done=merged"
    assert me.get(f"/speakers/{ENGINEERS}").headers["location"] == f"/speakers/{ORTIZ}"
    page = me.get(merged.headers["location"]).text
    assert "The two are one speaker now." in page
    assert "there “<bdi>Engineers</bdi>”" in page
    assert ">One.<" in page

    stale = me.post(f"/speakers/{ORTIZ}/splits", data={"seen": 0, "alias": "Engineers", "name": "Some engineers"})
    assert (stale.status_code, "changed while you were reading" in stale.text) == (409, True)
    form = {"seen": 1, "alias": "Engineers", "name": "Some engineers"}
    assert me.post(f"/speakers/{ORTIZ}/splits", data=form).headers["location"] == f"/speakers/{ORTIZ}?done=split"
    blocked = me.post("/speakers/decisions/1/undo")
    assert (blocked.status_code, "undo decision 2 first" in blocked.text) == (409, True)
    assert me.post("/speakers/decisions/2/undo").headers["location"] == f"/speakers/{ORTIZ}?done=undone"
    assert me.post("/speakers/decisions/2/undo").status_code == 409

    words = me.get(f"/api/v1/speakers/{ORTIZ}?").json()
    chosen = [one["id"] for one in me.get("/api/v1/statements").json()["items"] if one["speaker"] == "Ana Ortiz"]
    assert (words["statements"], len(chosen)) == (2, 2)
    data = {"seen": words["seen"], "statements": chosen[:1], "name": "Another Ortiz"}
    assert me.post(f"/speakers/{ORTIZ}/splits", data=data).status_code == 303
    assert "Another Ortiz" in me.get("/speakers?q=another").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"other": "0.0"}, "Choose a speaker to merge"),
        ({"other": f"{ORTIZ}.0"}, "merged with itself"),
        ({"other": f"{ENGINEERS}.0", "comment": "\0"}, "cannot be stored"),
        ({"other": "2"}, "other"),
    ],
)
def test_a_form_that_is_refused_says_why(engine: Engine, form: dict[str, str], words: str) -> None:
    answer = at_the_desk(engine).post(f"/speakers/{ORTIZ}/merges", data={"seen": 0, **form})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_reader_is_offered_no_change(engine: Engine) -> None:
    fill(engine)
    page = client(desk(engine), "reader").get(f"/speakers/{ORTIZ}?find=engineers").text
    assert "<form" not in page.split("<main")[1].split("</main")[0]


def test_the_api(engine: Engine) -> None:
    me = at_the_desk(engine)
    listed = me.get("/api/v1/speakers?limit=1").json()
    assert listed["items"] == [{"id": ORTIZ, "name": "Ana Ortiz", "kind": "person", "statements": 1, "seen": 0}]
    rest = me.get("/api/v1/speakers", params={"cursor": listed["next"]}).json()
    assert rest["items"][0]["name"] == "Engineers"
    assert [one["id"] for one in me.get("/api/v1/speakers?q=engineers").json()["items"]] == [ENGINEERS]
    made = me.post(f"/api/v1/speakers/{ORTIZ}/merges", json={"other": ENGINEERS, "seen": 0, "other_seen": 0})
    assert made.status_code == 201
    assert (made.json()["action"], made.json()["source"]["name"]) == ("merge", "Engineers")
    away = me.get(f"/api/v1/speakers/{ENGINEERS}").json()
    assert (away["merged_into"], away["statements"], away["seen"]) == (ORTIZ, 0, made.json()["id"])
    body = {"alias": "Engineers", "name": "The engineers", "seen": made.json()["id"]}
    split = me.post(f"/api/v1/speakers/{ORTIZ}/splits", json=body).json()
    assert split["target"]["name"] == "The engineers"
    assert me.post(f"/api/v1/speakers/decisions/{split['id']}/undo").json()["undone"]["by"] == "reviewer"
    items = me.get(f"/api/v1/speakers/{ORTIZ}/decisions").json()["items"]
    assert [(one["action"], bool(one["undone"])) for one in items] == [("split", True), ("merge", False)]


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("GET", "999", None, 404),
        ("GET", "x", None, 422),
        ("GET", "999/decisions", None, 404),
        ("GET", "?cursor=YWJj", None, 422),
        ("GET", "?q=%00", None, 200),
        ("POST", "1/merges", {"other": 1, "seen": 0, "other_seen": 0}, 422),
        ("POST", "1/merges", {"other": 2, "seen": 5, "other_seen": 0}, 409),
        ("POST", "1/merges", {"other": 999, "seen": 0, "other_seen": 0}, 404),
        ("POST", "999/merges", {"other": 1, "seen": 0, "other_seen": 0}, 404),
        ("POST", "1/splits", {"name": "A", "seen": 0}, 422),
        ("POST", "1/splits", {"name": "A", "seen": 0, "alias": "a", "statements": ["b"]}, 422),
        ("POST", "1/splits", {"name": "A", "seen": 0, "alias": "nobody"}, 422),
        ("POST", "1/splits", {"name": "A\0", "seen": 0, "alias": "Ortiz"}, 422),
        ("POST", "1/splits", {"name": "A", "seen": 0, "statements": ["\0"]}, 422),
        ("POST", "decisions/999/undo", None, 404),
    ],
)
def test_problems(engine: Engine, method: str, address: str, body: Any, status: int) -> None:
    place = f"/api/v1/speakers{'' if address[0] == '?' else '/'}{address}"
    answer = at_the_desk(engine).request(method, place, json=body)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


def test_a_story_on_the_screen_and_on_paper(engine: Engine) -> None:
    me = at_the_desk(engine)
    screen, paper = me.get("/stories/1").text, me.get("/stories/1/print").text
    assert 'href="#claim-1"' in screen
    assert "1 outlet, 1 independent" in screen
    assert "South</bdi>, 1 March 2026 [" in paper
    assert "https://south.example/bridge" in paper
    assert "<details" not in paper
    assert "<nav" not in paper


def test_a_link_of_an_earlier_export_leads_to_the_verdict(engine: Engine) -> None:
    assert at_the_desk(engine).get("/pairs/1").headers["location"] == "/verdicts/1"
