"""ClaimReview: the fields that schema.org and search engines ask for, only of what a person has judged, and harmless."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crossquote.exports.claimreview import BEST, WORST, rating
from db.store import SqlStore
from tests.crossquote.commands import Command
from tests.crossquote.hostile import hostile
from tests.db.samples import JUDGEMENT, VERDICT, with_pair
from verifier.verdicts import Judgement, Stance, VerdictKind

TEXT = {"type": "string", "minLength": 1, "pattern": "\\S"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
URL = {"type": "string", "pattern": "^https?://"}


def thing(*types: str, recommended: bool = True, **properties: Any) -> dict[str, Any]:
    """An object of one of these types that has all of these properties and no other."""
    known = {"@type": {"enum": list(types)}, **properties}
    required = list(known) if recommended else ["@type"]
    return {"type": "object", "properties": known, "required": required, "additionalProperties": False}


# https://developers.google.com/search/docs/appearance/structured-data/factcheck: required are claimReviewed, reviewRating
# and url, and alternateName of the rating; the others are recommended.
RATING = thing(
    "Rating",
    ratingValue={"type": "integer", "minimum": WORST, "maximum": BEST},
    worstRating={"const": WORST},
    bestRating={"const": BEST},
    alternateName=TEXT,
    ratingExplanation=TEXT,
)
ARTICLE = thing(
    "NewsArticle", url=URL, headline=TEXT, datePublished=TEXT, publisher=thing("Organization", name=TEXT)
)  # fmt: skip


def schema(*, recommended: bool) -> dict[str, Any]:
    """With all that is recommended, or with the least that a review may have."""
    claim = thing(
        "Claim",
        recommended=recommended,
        author=thing("Person", "Organization", name=TEXT),
        datePublished=DAY,
        appearance=ARTICLE if recommended else {**ARTICLE, "required": ["@type", "url"]},
    )
    review: dict[str, Any] = {
        "@context": {"const": "https://schema.org"},
        "url": URL,
        "claimReviewed": TEXT,
        "datePublished": DAY,
        "author": thing("Organization", name=TEXT, url=URL),
        "reviewRating": RATING,
        "itemReviewed": claim,
    }
    return thing("ClaimReview", **review)


def reviews(command: Command, url: str, *more: str) -> list[dict[str, Any]]:
    site = ("--site", "https://news.example/checks/", "--publisher", "The Desk")
    code, out, _ = command("export", "claimreview", *site, "--db", url, *more)
    assert code == 0
    return [json.loads(line) for line in out.splitlines()]


def judge(store: SqlStore, stance: Stance, kind: VerdictKind | None = None) -> int:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        work.add_judgement(stored.pair.id, replace(JUDGEMENT, stance=stance, kind=kind))
        work.commit()
    return stored.pair.id


def test_each_claim_of_a_judged_pair_is_reviewed_beside_the_other(
    store: SqlStore, database_url: str, command: Command
) -> None:
    pair = judge(store, Stance.CONFLICT)
    found = reviews(command, database_url)
    for one in found:
        Draft202012Validator(schema(recommended=True)).validate(one)
    assert {one["url"] for one in found} == {f"https://news.example/checks/verdicts/{pair}#{side}" for side in "ab"}
    by_claim = {one["claimReviewed"]: one for one in found}
    safe, unsafe = by_claim["The bridge is safe"], by_claim["the bridge is not safe"]
    assert safe["itemReviewed"]["author"] == {"@type": "Person", "name": "Ana Ortiz"}
    assert unsafe["itemReviewed"]["author"] == {"@type": "Organization", "name": "Engineers"}
    assert safe["reviewRating"]["alternateName"] == "Contradicted by another source"
    assert "Engineers (South, 2026-03-01) says: the bridge is not safe" in safe["reviewRating"]["ratingExplanation"]
    assert safe["itemReviewed"]["appearance"]["url"] == "https://north.example/bridge"
    assert "two bridges" not in json.dumps(found)
    assert "two bridges" in json.dumps(reviews(command, database_url, "--comments"))


@pytest.mark.parametrize("stance", [None, Stance.NEUTRAL, Stance.UNDECIDED])
def test_what_nobody_has_found_to_agree_or_conflict_is_not_published(
    store: SqlStore, database_url: str, command: Command, stance: Stance | None
) -> None:
    if stance is None:
        with_pair(store, VERDICT)
    else:
        judge(store, stance)
    assert reviews(command, database_url) == []


def test_a_superseded_judgement_is_not_published(store: SqlStore, database_url: str, command: Command) -> None:
    pair = judge(store, Stance.CONFLICT)
    with store.unit_of_work() as work:
        work.add_judgement(pair, replace(JUDGEMENT, stance=Stance.AGREE))
        work.commit()
    assert {one["reviewRating"]["ratingValue"] for one in reviews(command, database_url)} == {BEST}


def test_a_hostile_article_is_plain_text_and_may_stand_in_a_page(
    store: SqlStore, database_url: str, command: Command
) -> None:
    hostile(store)
    site = ("--site", "https://news.example", "--publisher", "P")
    _, out, _ = command("export", "claimreview", *site, "--db", database_url)
    assert not {"<", ">", "\x1b", "\x9b", "‮"} & set(out)
    found = [json.loads(line) for line in out.splitlines()]
    assert "javascript:" not in out
    for one in found:
        Draft202012Validator(schema(recommended=False)).validate(one)
        assert one["claimReviewed"].isprintable()


@pytest.mark.parametrize("stance", [Stance.CONFLICT, Stance.AGREE])
@pytest.mark.parametrize("kind", [None, *VerdictKind])
def test_every_judgement_has_a_rating_on_the_scale(stance: Stance, kind: VerdictKind | None) -> None:
    value, words = rating(Judgement(stance, kind, "Kim", JUDGEMENT.decided_at))
    assert WORST <= value <= BEST
    assert words
    assert (value == BEST) <= (stance is Stance.AGREE)
