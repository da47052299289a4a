"""The views for analysts: who said what when, outlets against outlets, the queue, calibration. On both dialects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.queries import VerdictFilter, verdict_rows
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
from tests.db.test_db_queries import RANKED, fill
from tests.db.test_db_standing import cluster
from verifier.stories import Placement
from verifier.verdicts import Candidate, Stance, VerdictKind


def rows(store: SqlStore, query: str) -> list[dict[str, Any]]:
    with store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def judge(store: SqlStore, pair_id: int, stance: Stance, kind: VerdictKind | None = None) -> None:
    with store.unit_of_work() as work:
        work.add_judgement(pair_id, replace(JUDGEMENT, stance=stance, kind=kind))
        work.commit()


def reprinted(store: SqlStore, *, clusters: bool) -> None:
    """North prints a passage twice, East reprints it, South says the opposite; North agrees with East."""
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        ids, versions = [], []
        for number, outlet in enumerate(["North", "North", "East", "South"]):
            words = OTHER if outlet == "South" else f"{TEXT}\n\nEdition {number}."
            one = article(f"https://{outlet}.example/{number}", words, outlet)
            one = replace(one, published_at=NOON + timedelta(days=number))
            version, _ = work.add_article(run_id, one)
            piece = "the bridge is not safe" if outlet == "South" else "The bridge is safe"
            found = statement(one, [piece], ENGINEERS if outlet == "South" else ORTIZ, claim=f"{piece} {number}")
            work.add_statements(run_id, version, EXTRACTOR, [found])
            ids.append(found.id)
            versions.append(version)
        if clusters:
            work.add_wire_clusters(run_id, "wire-1", versions, [cluster(*((one, 0) for one in versions[:3]))])
        pairs = [sorted((ids[a], ids[b])) for a, b in ((0, 3), (1, 3), (0, 2), (1, 2))]
        work.add_pairs(run_id, GATES, ids, [Candidate(a, b, 0.9, (GATE,)) for a, b in pairs])
        for pair in pairs_to_judge(work, POLICY, 10):
            stance = Stance.CONFLICT if "South" in (pair.a.outlet, pair.b.outlet) else Stance.AGREE
            work.add_verdict(run_id, pair.id, replace(VERDICT, stance=stance, kind=None))
        work.commit()


@pytest.mark.parametrize(("clusters", "counted"), [(True, 1), (False, 2)], ids=["one passage", "two claims"])
def test_reprints_count_once_between_outlets(store: SqlStore, clusters: bool, counted: int) -> None:
    reprinted(store, clusters=clusters)
    found = {frozenset((row["one"], row["other"])): row for row in rows(store, "SELECT * FROM v_outlet_matrix")}
    assert set(found) == {frozenset(("North", "South")), frozenset(("North", "East"))}
    against, beside = found[frozenset(("North", "South"))], found[frozenset(("North", "East"))]
    counts = ("compared", "agreements", "reprints", "conflicts", "pairs", "agreeing_pairs", "conflicting_pairs")
    assert [against[name] for name in counts] == [counted, 0, 0, counted, 2, 0, 2]
    assert [beside[name] for name in counts] == [counted, counted, 1 if clusters else 0, 0, 2, 2, 0]
    assert {row["judged_pairs"] for row in found.values()} == {0}


def test_copies_of_one_claim_count_once_between_outlets(store: SqlStore) -> None:
    fill(store, RANKED[:3])
    (row,) = rows(store, "SELECT * FROM v_outlet_matrix")
    assert (row["one"], row["other"], row["pairs"], row["conflicts"]) == ("North", "North", 3, 1)


def test_a_judgement_counts_before_the_verdict(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    (held,) = rows(store, "SELECT * FROM v_held_pairs")
    assert (held["stance"], held["kind"], bool(held["is_judged"])) == ("conflict", "contradiction", False)
    judge(store, stored.pair.id, Stance.AGREE)
    (held,) = rows(store, "SELECT * FROM v_held_pairs")
    assert (held["stance"], held["kind"], held["verdict"], bool(held["is_judged"])) == ("agree", None, "conflict", True)
    (row,) = rows(store, "SELECT * FROM v_outlet_matrix")
    assert (row["agreements"], row["conflicts"], row["judged_pairs"]) == (1, 0, 1)


def test_what_a_speaker_said_in_order_of_time(store: SqlStore) -> None:
    reprinted(store, clusters=False)
    query = "SELECT * FROM v_speaker_timeline WHERE known_as = 'Ana Ortiz' ORDER BY nth"
    found = rows(store, query)
    assert [row["nth"] for row in found] == [1, 2, 3]
    assert [row["days_since_last"] for row in found] == [None, 1.0, 1.0]
    assert [row["outlet"] for row in found] == ["North", "North", "East"]
    assert [(row["agreements"], row["conflicts"], row["changes"]) for row in found] == [(1, 1, 0), (1, 1, 0), (2, 0, 0)]
    assert {row["text"] for row in found} == {"The bridge is safe"}


def test_a_change_of_position_and_the_story_stand_on_the_timeline(store: SqlStore) -> None:
    stored = with_pair(store, replace(VERDICT, kind=VerdictKind.POSITION_CHANGED))
    with store.unit_of_work() as work:
        work.add_to_story(stored.run_id, stored.versions[0], Placement(None))
        work.commit()
    found = rows(store, "SELECT * FROM v_speaker_timeline ORDER BY story_id NULLS LAST")
    assert [(row["story"], row["changes"], row["nth"]) for row in found] == [("Bridge", 1, 1), (None, 1, 1)]


def test_an_undated_statement_comes_last(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        for number, date in enumerate([None, NOON]):
            one = replace(article(f"https://x.example/{number}"), published_at=date)
            version, _ = work.add_article(run_id, one)
            work.add_statements(run_id, version, EXTRACTOR, [statement(one, ["The bridge is safe"])])
        work.commit()
    found = rows(store, "SELECT article, days_since_last FROM v_speaker_timeline ORDER BY nth")
    assert [row["article"][-1] for row in found] == ["1", "0"]
    assert [row["days_since_last"] for row in found] == [None, None]


def test_the_queue_is_in_the_order_of_the_verdicts(store: SqlStore) -> None:
    fill(store, RANKED[::-1])
    listed = [row.pair_id for row in verdict_rows(store.engine, VerdictFilter(label=Stance.CONFLICT))]
    queue = rows(store, "SELECT * FROM v_review_queue ORDER BY place")
    assert [row["pair_id"] for row in queue] == listed
    assert [row["place"] for row in queue] == [1, 2, 3, 4, 5, 6]
    assert not any(row["is_judged"] for row in queue)
    judge(store, listed[2], Stance.NEUTRAL)
    judged = [row for row in rows(store, "SELECT * FROM v_review_queue") if row["is_judged"]]
    assert [(row["place"], row["judgement"], row["reviewer"]) for row in judged] == [(3, "neutral", "Kim")]


def test_confidence_against_what_reviewers_held(store: SqlStore) -> None:
    fill(store, RANKED)
    listed = [row.pair_id for row in verdict_rows(store.engine, VerdictFilter())]
    for place, stance in ((0, Stance.CONFLICT), (1, Stance.AGREE), (2, Stance.UNDECIDED), (9, Stance.NEUTRAL)):
        judge(store, listed[place], stance)
    found = {(row["stance"], row["low"]): row for row in rows(store, "SELECT * FROM v_calibration")}
    top = found["conflict", 0.9]
    counts = ("verdicts", "judged", "correct", "held_agree", "held_conflict", "held_neutral", "unsure")
    assert [top[name] for name in counts] == [3, 2, 1, 1, 1, 0, 1]
    assert (top["high"], top["share_correct"], top["mean_confidence"]) == (1.0, 0.5, pytest.approx((0.9 + 0.99) / 2))
    assert [found["neutral", 0.9][name] for name in counts] == [1, 1, 1, 0, 0, 1, 0]
    assert [found["conflict", 0.7][name] for name in ("verdicts", "judged", "share_correct")] == [1, 0, None]
    assert "undecided" not in {stance for stance, _ in found}


@pytest.mark.parametrize(
    ("confidence", "low"), [(0.0, 0.0), (0.3, 0.3), (0.29999, 0.2), (0.7, 0.7), (1.0, 0.9), (1.0005, 0.9)]
)
def test_bins(store: SqlStore, confidence: float, low: float) -> None:
    fill(store, [(Stance.CONFLICT, None, confidence)])
    assert [row["low"] for row in rows(store, "SELECT * FROM v_calibration")] == [low]
