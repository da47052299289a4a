"""Verdicts and statements as flat rows with typed columns, streamed: what `crossquote export` writes in every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func

from db.filters import VerdictFilter, named
from db.queries import STREAMED, VerdictRow, stream_verdicts
from db.sides import Place, side_of
from verifier.values import Side, StatementKind


@dataclass(frozen=True, slots=True)
class StatementFilter:
    """Which statements to export; None leaves a condition out. `speaker` and `since` are met as in `VerdictFilter`."""

    kind: StatementKind | None = None
    speaker: str | None = None
    since: datetime | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A current statement in its place. Offsets are code points into the article's text."""

    statement: str
    kind: str
    article: str
    outlet: str | None
    title: str | None
    published_at: datetime | None
    speaker: str | None
    speaker_kind: str | None
    source: str | None
    cue: str | None
    cue_class: str | None
    text: str
    start: int
    end: int
    claim: str
    confidence: float
    nested_in: str | None


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """A current verdict with both sides and the judgement that holds, named as in the views."""

    pair_id: int
    stance: str
    kind: str | None
    confidence: float
    agree: float
    conflict: float
    neutral: float
    a_to_b_entailment: float
    a_to_b_neutral: float
    a_to_b_contradiction: float
    b_to_a_entailment: float
    b_to_a_neutral: float
    b_to_a_contradiction: float
    reasons: list[str]
    reason_code: str | None
    similarity: float
    policy_version: str
    nli_model: str
    nli_revision: str
    run_id: int
    decided_at: datetime
    a_statement: str
    a_kind: str
    a_article: str
    a_outlet: str | None
    a_published_at: datetime | None
    a_speaker: str | None
    a_text: str
    a_start: int
    a_end: int
    a_claim: str
    b_statement: str
    b_kind: str
    b_article: str
    b_outlet: str | None
    b_published_at: datetime | None
    b_speaker: str | None
    b_text: str
    b_start: int
    b_end: int
    b_claim: str
    judgement: str | None
    judgement_kind: str | None
    reviewer: str | None
    judged_at: datetime | None
    comment: str | None


def verdict_lines(connection: Connection, wanted: VerdictFilter) -> Iterator[VerdictLine]:
    """Current verdicts of current statements, in the order of `db.queries.verdict_rows`."""
    for row in stream_verdicts(connection, wanted):
        yield VerdictLine(**_verdict(row), **_judgement(row), **_side("a", row.a), **_side("b", row.b))


def statement_lines(connection: Connection, wanted: StatementFilter) -> Iterator[StatementLine]:
    """Current statements by article, each article's in the order of its text."""
    place = Place("one")
    query = place.current(place.version.title, *place.columns()).where(*_conditions(wanted, place))
    query = _ordered(query, place).limit(wanted.limit)
    for title, *values in connection.execution_options(yield_per=STREAMED).execute(query):
        yield _statement(side_of(values), title)


def _conditions(wanted: StatementFilter, place: Place) -> Iterator[ColumnElement[bool]]:
    if wanted.kind is not None:
        yield place.statement.kind == wanted.kind.value
    if wanted.speaker is not None:
        yield named(place, wanted.speaker)
    if wanted.since is not None:
        yield func.coalesce(place.version.published_at, place.version.stored_at) >= wanted.since


def _ordered(query: Select[Any], place: Place) -> Select[Any]:
    return query.order_by(place.version.article_id, place.statement.start_char, place.statement.id)


def _verdict(row: VerdictRow) -> dict[str, Any]:
    held, ways = row.verdict, row.verdict.probabilities
    return {
        "pair_id": row.pair_id,
        "stance": held.stance.value,
        "kind": held.kind and held.kind.value,
        "confidence": held.confidence,
        "agree": held.scores.agree,
        "conflict": held.scores.conflict,
        "neutral": held.scores.neutral,
        "a_to_b_entailment": ways.a_to_b.entailment,
        "a_to_b_neutral": ways.a_to_b.neutral,
        "a_to_b_contradiction": ways.a_to_b.contradiction,
        "b_to_a_entailment": ways.b_to_a.entailment,
        "b_to_a_neutral": ways.b_to_a.neutral,
        "b_to_a_contradiction": ways.b_to_a.contradiction,
        "reasons": list(held.reasons),
        "reason_code": held.reason_code and held.reason_code.value,
        "similarity": row.similarity,
        "policy_version": held.policy_version,
        "nli_model": held.nli_model,
        "nli_revision": held.nli_revision,
        "run_id": row.run_id,
        "decided_at": row.decided_at,
    }


def _judgement(row: VerdictRow) -> dict[str, Any]:
    held = row.judgement
    return {
        "judgement": held and held.stance.value,
        "judgement_kind": held and held.kind and held.kind.value,
        "reviewer": held and held.reviewer,
        "judged_at": held and held.decided_at,
        "comment": held and held.comment,
    }


def _side(name: str, side: Side) -> dict[str, Any]:
    statement = side.statement
    found = {
        "statement": statement.id,
        "kind": statement.kind.value,
        "article": side.article,
        "outlet": side.outlet,
        "published_at": side.published_at,
        "speaker": statement.speaker.name if statement.speaker else None,
        "text": statement.text,
        "start": statement.start,
        "end": statement.end,
        "claim": statement.claim,
    }
    return {f"{name}_{key}": value for key, value in found.items()}


def _statement(side: Side, title: str | None) -> StatementLine:
    one = side.statement
    return StatementLine(
        statement=one.id,
        kind=one.kind.value,
        article=side.article,
        outlet=side.outlet,
        title=title,
        published_at=side.published_at,
        speaker=one.speaker.name if one.speaker else None,
        speaker_kind=one.speaker.kind.value if one.speaker else None,
        source=one.source.text if one.source else None,
        cue=one.cue.text if one.cue else None,
        cue_class=one.cue_class and one.cue_class.value,
        text=one.text,
        start=one.start,
        end=one.end,
        claim=one.claim,
        confidence=one.confidence,
        nested_in=one.nested_in,
    )
