"""Files of what a filter finds, and reviews to publish: what is in them, for whom, and that nothing of them is obeyed."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from db.access import Role
from tests.crossquote.web.desks import HIDDEN, PASSWORD, PASSWORDS, client, desk, fill

ALL = "label=all&reviewed=all"


def rows_of(who: TestClient, query: str = ALL) -> list[dict[str, str]]:
    answer = who.get(f"/export/verdicts?format=csv&{query}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="verdicts-')
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_all_that_the_filter_finds_in_every_format(engine: Engine) -> None:
    fill(engine)
    reader = client(desk(engine), "reader")
    rows = rows_of(reader)
    assert [row["pair_id"] for row in rows] == ["1", "2"]
    assert [row["pair_id"] for row in rows_of(reader, "q=bridge")] == ["1"]
    lines = [json.loads(line) for line in reader.get(f"/export/verdicts?format=jsonl&{ALL}").text.splitlines()]
    table = pq.read_table(io.BytesIO(reader.get(f"/export/verdicts?format=parquet&{ALL}").content))
    assert [line["pair_id"] for line in lines] == table.column("pair_id").to_pylist() == [1, 2]
    assert list(rows[0]) == list(lines[0]) == table.column_names
    assert reader.get("/export/verdicts?format=xml").status_code == 422
    page = reader.get("/export?q=bridge").text
    assert "<strong>1</strong> verdict," in page
    assert '<input type="hidden" name="q" value="bridge">' in page


def test_a_hostile_article_is_harmless_in_a_file(engine: Engine) -> None:
    found = fill(engine)
    reviewer = client(desk(engine), "reviewer")
    place = f"/api/v1/verdicts/{found.evil_pair}/judgements"
    body = {"stance": "conflict", "seen": 0, "comment": "=HYPERLINK(1)\u202e"}
    assert reviewer.post(place, json=body).status_code == 201
    answer = reviewer.get(f"/export/verdicts?{ALL}")
    (evil,) = [row for row in rows_of(reviewer) if row["pair_id"] == str(found.evil_pair)]
    assert not set(answer.text) & set(HIDDEN)
    assert evil["comment"] == "'=HYPERLINK(1)"
    lines = reviewer.get(f"/export/verdicts?format=jsonl&{ALL}").text
    assert not set(lines) & set(HIDDEN)
    reviews = reviewer.get("/export/claimreview?publisher=%3Cb%3E&site=https://news.example").text
    assert not set(reviews) & {*HIDDEN, "<", ">"}
    assert "javascript:alert(0)" not in [json.loads(line).get("url") for line in reviews.splitlines()]


def test_reviews_are_of_what_a_person_has_judged(engine: Engine) -> None:
    found = fill(engine)
    reviewer = client(desk(engine), "reviewer")
    address = "/export/claimreview?publisher=The+Newsroom&site=https://news.example/checks"
    assert reviewer.get(address).text == ""
    for pair, stance in ((found.pair, "conflict"), (found.evil_pair, "undecided")):
        body = {"stance": stance, "seen": 0, "comment": "For us alone."}
        assert reviewer.post(f"/api/v1/verdicts/{pair}/judgements", json=body).status_code == 201
    text = reviewer.get(address).text
    assert {json.loads(line)["url"] for line in text.splitlines()} == {
        f"https://news.example/checks/verdicts/{found.pair}#{side}" for side in "ab"
    }
    assert "For us alone" not in text
    assert "reviewer" not in text
    refused = reviewer.get("/export/claimreview?publisher=P&site=ftp://x")
    assert (refused.status_code, "Site &#39;ftp://x&#39;: use the address" in refused.text) == (422, True)


@pytest.mark.parametrize(("role", "told"), [("reader", "conflict"), ("admin", "conflict"), ("reviewer", "")])
def test_what_others_hold_is_in_no_file_before_one_has_judged(engine: Engine, role: str, told: str) -> None:
    found = fill(engine)
    at = desk(engine)
    at.accounts.add("lee", PASSWORDS.hash(PASSWORD), Role.REVIEWER, "tests")
    body = {"stance": "conflict", "seen": 0, "comment": "Read the minutes."}
    assert client(at, "lee").post(f"/api/v1/verdicts/{found.pair}/judgements", json=body).status_code == 201
    who = client(at, role)
    (row,) = rows_of(who, "reviewed=yes")
    assert (row["judgement"], row["judgement_kind"], row["comment"]) == (
        (told, "contradiction", "Read the minutes.") if told else ("", "", "")
    )
    assert row["reviewer"] == "lee"
    reviews = who.get("/export/claimreview?publisher=P&site=https://news.example").text
    assert bool(reviews) is bool(told)
