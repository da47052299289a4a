from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from db.filters import Between
from db.queries import VerdictFilter, run_rows, totals, verdict_rows
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
from verifier.values import Speaker, SpeakerKind
from verifier.verdicts import Candidate, ReasonCode, Stance, Verdict, VerdictKind

Judged = tuple[Stance, VerdictKind | None, float]
CONFLICT, AGREE, NEUTRAL, UNDECIDED = Stance.CONFLICT, Stance.AGREE, Stance.NEUTRAL, Stance.UNDECIDED

# In the order in which they must come out.
RANKED: list[Judged] = [
    (CONFLICT, VerdictKind.POSITION_CHANGED, 0.99),
    (CONFLICT, VerdictKind.DENIAL, 0.9),
    (CONFLICT, VerdictKind.TENSION, 0.91),  # as sure as the denial, which comes before it by its kind
    (CONFLICT, VerdictKind.CONTRADICTION, 0.8),
    (CONFLICT, VerdictKind.NUMERIC, 0.7),
    (CONFLICT, VerdictKind.TENSION, 0.6),
    (AGREE, VerdictKind.SAME_UTTERANCE, 0.9),
    (AGREE, VerdictKind.CORROBORATION, 0.7),
    (UNDECIDED, None, 0.9),
    (NEUTRAL, None, 0.99),
]


def fill(store: SqlStore, judged: Sequence[Judged]) -> None:
    """A pair, of two articles of its own, for each verdict."""
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        for number, (stance, kind, confidence) in enumerate(judged):
            ids = []
            for words in (TEXT, OTHER):
                one = article(f"https://x.example/{number}/{len(words)}", words)
                version_id, _ = work.add_article(run_id, one)
                found = statement(one, ["he bridge is"])
                work.add_statements(run_id, version_id, EXTRACTOR, [found])
                ids.append(found.id)
            work.add_pairs(run_id, GATES, ids, [Candidate(min(ids), max(ids), 0.5, (GATE,))])
            (pair,) = pairs_to_judge(work, POLICY, 1)
            code = ReasonCode.TOO_SHORT if stance is UNDECIDED else None
            work.add_verdict(run_id, pair.id, verdict(stance, kind, confidence, code))
        work.commit()


def verdict(stance: Stance, kind: VerdictKind | None, confidence: float, code: ReasonCode | None = None) -> Verdict:
    """The samples' verdict with other words."""
    return replace(VERDICT, stance=stance, kind=kind, confidence=confidence, reason_code=code)


def shown(engine: Engine, wanted: VerdictFilter) -> list[Judged]:
    """What the rows say, in their order."""
    verdicts = [row.verdict for row in verdict_rows(engine, wanted)]
    return [(one.stance, one.kind, one.confidence) for one in verdicts]


def test_best_first(store: SqlStore) -> None:
    fill(store, RANKED[::-1])
    assert shown(store.engine, VerdictFilter()) == RANKED


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (VerdictFilter(label=AGREE), RANKED[6:8]),
        (VerdictFilter(kind=VerdictKind.TENSION), [RANKED[2], RANKED[5]]),
        (VerdictFilter(limit=2), RANKED[:2]),
        (VerdictFilter(limit=0), []),
        (VerdictFilter(label=AGREE, kind=VerdictKind.TENSION), []),
        (VerdictFilter(run_id=-1), []),
    ],
    ids=["label", "kind", "limit", "none", "both", "run"],
)
def test_filters(store: SqlStore, wanted: VerdictFilter, expected: list[Judged]) -> None:
    fill(store, RANKED)
    assert shown(store.engine, wanted) == expected


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("North", "North", {Between.ARTICLES}),
        ("North", "South", {Between.ARTICLES, Between.OUTLETS}),
        ("North", None, {Between.ARTICLES}),
        (None, None, {Between.ARTICLES}),
        ("North", "", {Between.ONE}),
    ],
)
def test_between_what(store: SqlStore, one: str | None, other: str | None, found: set[Between]) -> None:
    """Two articles of these outlets; an empty name stands for one article with both statements."""
    first = article("https://x.example/1", TEXT, one)
    second = article("https://x.example/2", TEXT, other) if other != "" else first
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        ids = [statement(first, ["he bridge is"]).id, statement(second, ["would end in May"]).id]
        for of, words in ((first, ["he bridge is", "would end in May"]), (second, ["would end in May"])):
            version_id, _ = work.add_article(run_id, of)
            work.add_statements(run_id, version_id, EXTRACTOR, [statement(of, [one]) for one in words])
        work.add_pairs(run_id, GATES, ids, [Candidate(min(ids), max(ids), 0.5, (GATE,))])
        (pair,) = pairs_to_judge(work, POLICY, 1)
        work.add_verdict(run_id, pair.id, VERDICT)
        work.commit()
    assert {way for way in Between if verdict_rows(store.engine, VerdictFilter(between=way))} == found


@pytest.mark.parametrize(
    ("speaker", "count"),
    [
        ("Ana Ortiz", 1),
        ("ORTIZ", 1),
        ("mayor  ana ortiz", 1),
        ("engineers", 1),
        ("Ort", 0),
        ("%", 0),
        ("_na Ortiz", 0),
        ("", 0),
        ("\0", 0),
    ],
)
def test_speaker_by_whole_words_of_name_or_alias_on_either_side(store: SqlStore, speaker: str, count: int) -> None:
    with_pair(store, VERDICT)
    assert len(verdict_rows(store.engine, VerdictFilter(speaker=speaker))) == count


def test_names_beyond_ascii_fold_alike(store: SqlStore) -> None:
    one = article(text="ŞAHİN said ÉCOLE is open. Şahin said it.")
    other = Speaker("ÉCOLE ŞAHİN", SpeakerKind.PERSON)
    found = [statement(one, ["ŞAHİN said"], other), statement(one, ["Şahin said"], other)]
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        version_id, _ = work.add_article(run_id, one)
        work.add_statements(run_id, version_id, EXTRACTOR, found)
        ids = sorted(each.id for each in found)
        work.add_pairs(run_id, GATES, ids, [Candidate(ids[0], ids[1], 0.5, ())])
        work.add_verdict(run_id, pairs_to_judge(work, POLICY, 1)[0].id, VERDICT)
        work.commit()
    assert len(verdict_rows(store.engine, VerdictFilter(speaker="école"))) == 1


@pytest.mark.parametrize(
    ("dated", "since", "count"),
    [
        (NOON, NOON, 1),
        (NOON, NOON + timedelta(microseconds=1), 0),
        (None, datetime.now(UTC) - timedelta(hours=1), 1),
        (None, datetime.now(UTC) + timedelta(hours=1), 0),
    ],
    ids=["published then", "published before", "undated: stored then", "undated: stored before"],
)
def test_since(store: SqlStore, dated: datetime | None, since: datetime, count: int) -> None:
    one = replace(article(), published_at=dated)
    found = [statement(one, ["The bridge is safe"]), statement(one, ["would end in May"])]
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        version_id, _ = work.add_article(run_id, one)
        work.add_statements(run_id, version_id, EXTRACTOR, found)
        ids = sorted(each.id for each in found)
        work.add_pairs(run_id, GATES, ids, [Candidate(ids[0], ids[1], 0.5, ())])
        work.add_verdict(run_id, pairs_to_judge(work, POLICY, 1)[0].id, VERDICT)
        work.commit()
    assert len(verdict_rows(store.engine, VerdictFilter(since=since))) == count


def test_only_what_is_current(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        work.add_article(stored.run_id, article(text="Removed."))
        work.commit()
    assert verdict_rows(store.engine, VerdictFilter()) == []
    assert view(store.engine, "v_conflicts") == []


def test_a_row_is_one_line_of_json(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        work.add_judgement(stored.pair.id, JUDGEMENT)
        work.commit()
    (row,) = verdict_rows(store.engine, VerdictFilter())
    line = json.loads(json.dumps(row.to_dict()))
    sides = {side["outlet"]: side for side in (line["a"], line["b"])}
    assert sides["North"] | {"id": "", "kind": ""} == {
        "article": "https://north.example/bridge",
        "outlet": "North",
        "published_at": "2026-03-01T12:00:00+00:00",
        "speaker": "Ana Ortiz",
        "text": "The bridge is safe",
        "start": 1,
        "end": 19,
        "claim": "The bridge is safe",
        "id": "",
        "kind": "",
    }
    assert {name: line[name] for name in ("label", "kind", "confidence", "scores", "reasons", "gates")} == {
        "label": "conflict",
        "kind": "contradiction",
        "confidence": 0.7,
        "scores": {"agree": 0.1, "conflict": 0.7, "neutral": 0.2},
        "reasons": list(VERDICT.reasons),
        "gates": [{"name": "subject", "detail": "bridge"}],
    }
    assert line["probabilities"]["b_to_a"] == {"entailment": 0.25, "neutral": 0.25, "contradiction": 0.5}
    assert line["judgement"] == {
        "label": "neutral",
        "kind": None,
        "reviewer": "Kim",
        "decided_at": "2026-03-01T12:00:00+00:00",
        "comment": "two bridges",
    }


def view(engine: Engine, name: str) -> list[dict[str, Any]]:
    """All rows of a view."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]  # noqa: S608


def test_the_views_show_pairs_with_both_sides_and_the_judgement_that_holds(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        for judgement in (replace(JUDGEMENT, stance=Stance.AGREE), JUDGEMENT):
            work.add_judgement(stored.pair.id, judgement)
        work.commit()
    (row,) = view(store.engine, "v_conflicts")
    assert view(store.engine, "v_agreements") == []
    assert (row["pair_id"], row["stance"], row["kind"], row["confidence"]) == (
        stored.pair.id,
        "conflict",
        "contradiction",
        0.7,
    )
    assert {row["a_outlet"], row["b_outlet"]} == {"North", "South"}
    assert {row["a_speaker"], row["b_speaker"]} == {ORTIZ.name, ENGINEERS.name}
    north = "a" if row["a_outlet"] == "North" else "b"
    assert TEXT[row[f"{north}_start"] : row[f"{north}_end"]] == row[f"{north}_text"] == row[f"{north}_claim"]
    assert (row["judgement"], row["reviewer"], row["comment"]) == ("neutral", "Kim", "two bridges")


def test_a_newer_verdict_moves_the_pair_to_the_other_view(store: SqlStore) -> None:
    with_pair(store, VERDICT, replace(VERDICT, stance=AGREE, kind=VerdictKind.CORROBORATION, policy_version="policy-2"))
    assert view(store.engine, "v_conflicts") == []
    assert [row["policy_version"] for row in view(store.engine, "v_agreements")] == ["policy-2"]


def test_the_views_of_speakers_and_runs(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        work.finish_run(stored.run_id)
        work.commit()
    assert {row["known_as"] for row in view(store.engine, "v_speaker_statements")} == {"Ana Ortiz", "Engineers"}
    (run,) = view(store.engine, "v_runs")
    counted = ("articles", "statements", "pairs", "agree", "conflict", "neutral", "undecided", "failures")
    assert [run[name] for name in counted] == [2, 2, 1, 0, 1, 0, 0, 0]
    assert 0 <= float(run["seconds"]) < 60


def test_runs_latest_first(store: SqlStore) -> None:
    first = with_pair(store, VERDICT).run_id
    with store.unit_of_work() as work:
        finished = work.finish_run(first)
        second = work.start_run(["a", "b"], "accurate")
        work.commit()
    latest, earliest = run_rows(store.engine)
    assert (latest.summary.run_id, latest.finished_at, latest.locations) == (second, None, ("a", "b"))
    assert (earliest.summary, earliest.profile) == (finished, "embedded")
    assert [row.summary.run_id for row in run_rows(store.engine, limit=1)] == [second]


def test_totals_name_every_table(store: SqlStore) -> None:
    with_pair(store, VERDICT)
    found = totals(store.engine)
    assert (found["articles"], found["statements"], found["pairs"], found["judgements"]) == (2, 2, 1, 0)
