"""What stands behind a verdict, on both dialects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.queries import VerdictFilter, verdict_rows
from db.standing import disputes, standings
from db.store import SqlStore
from tests.db.samples import (
    ENGINEERS,
    EXTRACTOR,
    GATE,
    GATES,
    JUDGEMENT,
    NOON,
    ORTIZ,
    OTHER,
    POLICY,
    TEXT,
    VERDICT,
    article,
    pairs_to_judge,
    statement,
    with_pair,
)
from verifier.credits import Credit
from verifier.independence import WireCluster, WireMember
from verifier.stories import Placement
from verifier.verdicts import Candidate, Stance, VerdictKind

SAFE = "The bridge is safe"


def told(store: SqlStore, *, stories: bool = True) -> None:
    """North and its reprint East say that the bridge is safe; South and West, who credit one agency, that it is not.

    Compared were North with South and North with West, both in conflict, and South with West, which agree.
    """
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        ids, versions = [], []
        for number, (outlet, words) in enumerate([("North", TEXT), ("East", TEXT), ("South", OTHER), ("West", OTHER)]):
            one = replace(
                article(f"https://{outlet}.example/", words, outlet), published_at=NOON + timedelta(hours=number)
            )
            version, _ = work.add_article(run_id, one)
            speaker = ORTIZ if words == TEXT else ENGINEERS
            found = statement(one, [SAFE if words == TEXT else "the bridge is not safe"], speaker)
            work.add_statements(run_id, version, EXTRACTOR, [found])
            ids.append(found.id)
            versions.append(version)
        story = None
        for version in versions if stories else []:
            story = work.add_to_story(run_id, version, Placement(story))
        work.add_wire_clusters(run_id, "wire-1", versions, [cluster((versions[0], 0), (versions[1], 0))])
        for version in versions[2:]:
            work.add_credits(version, [Credit("AP", "(AP)", 0)])
        pairs = [sorted((ids[0], ids[2])), sorted((ids[0], ids[3])), sorted((ids[2], ids[3]))]
        work.add_pairs(run_id, GATES, ids, [Candidate(a, b, 0.9, (GATE,)) for a, b in pairs])
        for pair in pairs_to_judge(work, POLICY, 10):
            agree = {pair.a.outlet, pair.b.outlet} == {"South", "West"}
            kind = VerdictKind.CORROBORATION if agree else VerdictKind.CONTRADICTION
            verdict = replace(VERDICT, stance=Stance.AGREE if agree else Stance.CONFLICT, kind=kind)
            work.add_verdict(run_id, pair.id, verdict)
        work.commit()


def cluster(*places: tuple[int, int]) -> WireCluster:
    return WireCluster(tuple(WireMember(place, 1.0) for place in places))


def shown(store: SqlStore) -> list[dict[str, Any]]:
    with store.engine.connect() as connection:
        rows = verdict_rows(connection, VerdictFilter(label=Stance.CONFLICT))
        return [found.to_dict() for found in disputes(connection, rows)]


def test_a_conflict_is_shown_once_with_all_who_are_on_each_side(store: SqlStore) -> None:
    told(store)
    (found,) = shown(store)
    sides = sorted((found["a"], found["b"]), key=lambda side: sorted(one["outlet"] for one in side["statements"]))
    assert [sorted(one["outlet"] for one in side["statements"]) for side in sides] == [
        ["East", "North"],
        ["South", "West"],
    ]
    assert [(side["outlets"], side["independent"]) for side in sides] == [(2, 1), (2, 1)]
    assert [side["merged"] for side in sides] == [
        ["East and North carry the same copy"],
        ["South and West credit AP"],
    ]
    assert len(found["pairs"]) == 2
    assert found["story"]["title"] == "Bridge"
    assert (found["label"], found["kind"], found["judgement"]) == ("conflict", "contradiction", None)


def test_every_verdict_says_how_many_are_behind_it(store: SqlStore) -> None:
    told(store)
    with store.engine.connect() as connection:
        rows = verdict_rows(connection, VerdictFilter())
        found = [standing.to_dict() for standing in standings(connection, rows)]
    assert len(found) == 3
    for one in found:
        assert one["story"]["title"] == "Bridge"
        assert {name: side["outlets"] for name, side in one["independent"].items()} == {"a": 2, "b": 2}


def test_a_judgement_counts_at_once(store: SqlStore) -> None:
    told(store)
    (before,) = shown(store)
    with store.unit_of_work() as work:
        for pair in before["pairs"]:
            work.add_judgement(pair, replace(JUDGEMENT, stance=Stance.AGREE))
        work.commit()
    assert shown(store) == []


def test_before_the_first_grouping_each_side_stands_alone(store: SqlStore) -> None:
    told(store, stories=False)
    found = shown(store)
    assert len(found) == 2
    assert all(one["story"] is None for one in found)
    assert all(one[side]["outlets"] == one[side]["independent"] == 1 for one in found for side in "ab")


def test_sides_in_two_stories_are_each_weighed_in_their_own(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        first = work.add_to_story(stored.run_id, stored.versions[0], Placement(None))
        second = work.add_to_story(stored.run_id, stored.versions[1], Placement(None))
        work.commit()
    (found,) = shown(store)
    assert found["story"]["id"] in (first, second)
    assert [found[side]["outlets"] for side in "ab"] == [1, 1]


def test_the_views(store: SqlStore) -> None:
    told(store)
    with store.engine.connect() as connection:
        (story,) = connection.execute(text("SELECT title, articles, outlets, conflicts FROM v_stories")).all()
        copies = connection.execute(
            text("SELECT outlet, is_first, text, agency FROM v_wire_copies ORDER BY published_at")
        ).all()
    assert tuple(story) == ("Bridge", 4, 4, 2)
    assert [(row.outlet, bool(row.is_first), row.agency) for row in copies] == [
        ("North", True, None),
        ("East", False, None),
    ]
    assert {row.text for row in copies} == {TEXT.split("\n")[0]}


@pytest.mark.parametrize("limit", [0, 1])
def test_no_rows_need_no_story(store: SqlStore, limit: int) -> None:
    with store.engine.connect() as connection:
        assert disputes(connection, verdict_rows(connection, VerdictFilter(limit=limit))) == []
