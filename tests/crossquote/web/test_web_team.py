"""The desk of several people: whose item, second opinions, one's own judgement first, all at once, saved filters."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from crossquote.web.desk import Desk
from db.access import Role
from tests.crossquote.web.desks import PASSWORD, PASSWORDS, client, desk, fill

WIDE = "label=all&reviewed=all"


def counted(who: TestClient, query: str = "") -> int:
    found = re.search(r"<strong>(\d+)</strong> verdict", who.get(f"/?{query}").text)
    assert found
    return int(found[1])


def lee(at: Desk) -> TestClient:
    """A second reviewer."""
    at.accounts.add("lee", PASSWORDS.hash(PASSWORD), Role.REVIEWER, "tests")
    return client(at, "lee")


def test_an_item_of_mine(engine: Engine) -> None:
    found = fill(engine)
    reviewer, admin = (client(at := desk(engine), role) for role in ("reviewer", "admin"))
    place = f"/verdicts/{found.pair}/assignment"
    assert admin.post(place, data={"assignee": "reviewer"}).headers["location"].endswith("#team")
    assert admin.post(place, data={"assignee": "reader"}).status_code == 422
    assert [counted(one, "assigned=me") for one in (reviewer, admin)] == [1, 0]
    assert [counted(one, "assigned=free") for one in (reviewer, admin)] == [2, 1]
    assert [counted(admin, f"assigned={whose}") for whose in ("name:reviewer", "name:%00", "nobody", "x")] == [
        1,
        0,
        1,
        2,
    ]
    page = reviewer.get("/").text
    assert "Assigned to you <strong>1</strong>" in page
    assert "for reviewer" in page
    assert at.now()


def test_a_second_opinion_is_ones_own(engine: Engine) -> None:
    found = fill(engine)
    first = client(at := desk(engine), "reviewer")
    second, reader, place = lee(at), client(at, "reader"), f"/verdicts/{found.pair}"
    first.post(f"/api/v1{place}/judgements", json={"stance": "conflict", "seen": 0, "comment": "Read the minutes."})
    assert first.post(f"{place}/second-opinion").status_code == 303
    assert [counted(one) for one in (first, second)] == [1, 2]
    for address in (place, "/", f"/?{WIDE}", "/stories/1"):
        page = second.get(address).text
        assert "has judged this" in page, address
        assert "Read the minutes" not in page
        assert "reviewer: conflict" not in page
        assert 'aria-pressed="true"' not in page
    assert "conflict" in reader.get(place).text.split('id="held"')[1][:200]
    told = second.get(f"/api/v1{place}").json()["judgement"]
    assert (told["label"], told["comment"], told["reviewer"]) == (None, None, "reviewer")
    (past,) = second.get(f"/api/v1{place}/judgements").json()["items"]
    assert (past["label"], past["reviewer"]) == (None, "reviewer")
    stale = second.post(f"{place}/judgements", data={"stance": "agree", "seen": 0})
    assert (stale.status_code, "reviewer judged it" in stale.text) == (409, True)
    assert "Read the minutes" not in stale.text
    assert second.post(f"{place}/judgements", data={"stance": "agree", "seen": past["id"]}).status_code == 303
    assert "Read the minutes" in second.get(place).text
    assert [counted(one) for one in (first, second)] == [1, 1]


def test_all_at_once(engine: Engine) -> None:
    fill(engine)
    reviewer, admin = (client(desk(engine), role) for role in ("reviewer", "admin"))
    page = reviewer.get(f"/bulk?{WIDE}").text
    assert "Decide 2 verdicts at once" in page
    (seal,) = re.findall(r'name="seal" value="(\w+)"', page)
    form = {"stance": "neutral", "seal": seal, "comment": "Not news."}
    done = reviewer.post(f"/bulk?{WIDE}", data=form).headers["location"]
    assert "2 of these judgements hold" in reviewer.get(done).text
    assert counted(reviewer, "reviewed=mine") == 2
    refused = reviewer.post(f"/bulk?{WIDE}", data=form)
    assert (refused.status_code, "Nothing was decided" in refused.text) == (409, True)
    assert "Bulk decision 1" in admin.get("/team").text
    assert reviewer.post("/verdicts/undo").headers["location"] == done
    assert reviewer.post(f"{done}/undo").headers["location"] == done
    assert "Undone by reviewer" in reviewer.get(done).text
    assert counted(reviewer) == 2
    assert reviewer.post(f"{done}/undo").status_code == 422
    assert reviewer.get("/bulk?kind=denial").status_code == 409
    assert [client(desk(engine), "reader").get(done).status_code, reviewer.get("/bulk/9").status_code] == [200, 404]


def test_filters_that_were_saved_and_where_one_left_off(engine: Engine) -> None:
    found = fill(engine)
    reader, admin = (client(desk(engine), role) for role in ("reader", "admin"))
    assert reader.get("/resume").headers["location"] == "/"
    assert reader.post(f"/verdicts/{found.evil_pair}/opened?q=script&label=all").status_code == 204
    assert reader.post("/verdicts/999/opened").status_code == 404
    assert reader.get("/resume").headers["location"] == f"/verdicts/{found.evil_pair}?q=script&label=all&reviewed=no"
    for name in ("<b>Bridge</b>", "<b>Bridge</b>"):
        kept = reader.post("/filters", data={"name": name, "query": "q=bridge&page=7&nonsense=1"})
        assert kept.headers["location"] == "/?q=bridge&label=conflict&reviewed=no"
    page = reader.get("/").text
    assert "&lt;b&gt;Bridge&lt;/b&gt;" in page
    assert 'id="resume"' in page
    (place,) = re.findall(r'"(/filters/\d+/delete)"', page)
    assert admin.post(place).status_code == 404
    assert 'id="resume"' not in admin.get("/").text
    assert reader.post("/filters", data={"name": " ", "query": ""}).status_code == 422
    assert reader.post(place).status_code == 303
    assert "/filters/" not in reader.get("/").text.replace('action="/filters"', "")


def test_the_same_through_the_api(engine: Engine) -> None:
    found = fill(engine)
    reviewer = client(desk(engine), "reviewer")
    api, pair = "/api/v1", f"/api/v1/verdicts/{found.pair}"
    assert reviewer.get(f"{pair}/team").json() == {"assignment": None, "second_opinion": None, "open_by": []}
    assert reviewer.put(f"{pair}/assignment", json={"assignee": "admin"}).json()["assignment"]["assignee"] == "admin"
    assert reviewer.put(f"{pair}/second-opinion").json()["second_opinion"]["pair"] == found.pair
    work = reviewer.get(f"{api}/team").json()
    assert (work["assigned"], [one["pair"] for one in work["second_opinions"]]) == ({"admin": 1}, [found.pair])
    assert reviewer.delete(f"{pair}/second-opinion").status_code == 204
    now = reviewer.get(f"{api}/bulk-scope", params={"filter": WIDE}).json()
    assert (now["count"], now["judged"]) == (2, 0)
    new = {"stance": "conflict", "filter": WIDE, "seal": now["seal"]}
    made = reviewer.post(f"{api}/bulk-decisions", json=new)
    assert (made.status_code, made.json()["holding"]) == (201, 2)
    assert reviewer.post(f"{api}/bulk-decisions", json=new).status_code == 409
    assert reviewer.delete(made.headers["location"]).json()["undone_by"] == "reviewer"
    assert [one["id"] for one in reviewer.get(f"{api}/bulk-decisions").json()["items"]] == [made.json()["id"]]
    kept = reviewer.post(f"{api}/filters", json={"name": "Mine", "query": "assigned=me"}).json()
    assert reviewer.get(f"{api}/filters").json()["items"] == [kept]
    assert reviewer.delete(f"{api}/filters/{kept['id']}").status_code == 204
    assert reviewer.get(f"{api}/place").json() == {"pair": None, "query": None}


@pytest.mark.parametrize(
    ("address", "fields"),
    [("/", ["search-all", "q"]), ("/verdicts/1", ["search-all"]), ("/stories", ["search-all"]), ("/search", ["q"])],
)
def test_search_is_on_every_page(engine: Engine, address: str, fields: list[str]) -> None:
    """The header's leads to all statements and articles, a page's own field to what that page lists."""
    fill(engine)
    text = client(desk(engine), "reader").get(address).text
    assert re.findall(r'<input id="(\S+)" name="q"', text) == fields


def test_two_people_on_one_item_see_each_other(engine: Engine) -> None:
    found = fill(engine)
    first = client(at := desk(engine), "reviewer")
    second, place = lee(at), f"/verdicts/{found.pair}"
    assert second.post(f"{place}/opened").status_code == 204
    page = first.get(place).text
    assert "lee opened this verdict too" in page
    (address,) = re.findall(rf'hx-get="({place}/others[^"]*)"', page)
    address = address.replace("&amp;", "&")
    assert first.get(address).status_code == 204, "nothing is new"
    (there,) = first.get(f"/api/v1{place}/team").json()["open_by"]
    assert there["user"] == "lee"
    assert "opened this verdict too" not in second.get(place).text

    second.post(f"{place}/judgements", data={"stance": "agree", "seen": 0})
    told = first.get(address).text
    assert "lee judged this while you were reading" in told
    assert "agree" not in told
    second.post("/verdicts/undo")
    assert first.get(address).status_code == 204, "as it was"
    assert "The judgement was taken back" in first.get(f"{place}/others?seen=1").text


def test_a_bulk_decision_and_a_change_of_position_tell_no_reviewer_what_others_hold(engine: Engine) -> None:
    fill(engine)
    admin, reviewer, reader = (client(at := desk(engine), role) for role in ("admin", "reviewer", "reader"))
    now = admin.get("/api/v1/bulk-scope", params={"filter": WIDE}).json()
    admin.post("/api/v1/bulk-decisions", json={"stance": "neutral", "filter": WIDE, "seal": now["seal"]})
    for who, stance in ((reviewer, None), (reader, "neutral"), (admin, "neutral")):
        (one,) = who.get("/api/v1/bulk-decisions?limit=1").json()["items"]
        assert one["stance"] == stance
        for page in (who.get("/team").text, who.get("/bulk/1").text):
            assert ("neither" in page) is (stance is not None)
    with engine.begin() as connection:
        connection.execute(text("UPDATE verdicts SET kind = 'position_changed'"))
    assert "admin has judged this" in reviewer.get("/speakers/1").text
    assert "admin: neither" not in reviewer.get("/speakers/1").text
    (change,) = reviewer.get("/api/v1/speakers/1/changes").json()["items"]
    assert (change["kind"], change["judgement"]["label"]) == ("position_changed", None)
    assert at
