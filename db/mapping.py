"""Between the rows and the frozen values of the domain, in both directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from db.names import name_key
from verifier.values import CueClass, Span, Speaker, SpeakerKind, Statement, StatementKind
from verifier.verdicts import (
    BothWays,
    Deciding,
    Gate,
    Judgement,
    NliProbabilities,
    ReasonCode,
    Scores,
    Stance,
    StanceProbabilities,
    Verdict,
    VerdictKind,
)

Row = Mapping[str, Any]


def statement_row(statement: Statement, position: int, speaker_id: int | None) -> dict[str, Any]:
    """The columns of a statement that are its own."""
    speaker = statement.speaker
    return {
        "id": statement.id,
        "position": position,
        "kind": statement.kind.value,
        "speaker_id": speaker_id,
        "speaker_name": speaker.name if speaker else None,
        "speaker_aliases": list(speaker.aliases) if speaker else None,
        "speaker_reason": statement.speaker_reason,
        "source": _span_json(statement.source),
        "cue": _span_json(statement.cue),
        "cue_class": statement.cue_class.value if statement.cue_class else None,
        "content": [[span.start, span.end] for span in statement.content],
        "text": statement.text,
        "start_char": statement.start,
        "end_char": statement.end,
        "claim": statement.claim,
        "claim_hash": statement.claim_hash,
        "confidence": float(statement.confidence),
        "nested_in": statement.nested_in,
    }


def statement_of(row: Row) -> Statement:
    """The statement of a row that also carries its speaker's `speaker_kind`, `held_id`, `held_key`, `held_name`, `told_apart`."""
    return Statement(
        id=row["id"],
        kind=StatementKind(row["kind"]),
        speaker=_speaker_of(row),
        source=_span_of(row["source"]),
        cue=_span_of(row["cue"]),
        cue_class=CueClass(row["cue_class"]) if row["cue_class"] else None,
        content=_content_of(row["content"], row["text"]),
        claim=row["claim"],
        confidence=row["confidence"],
        nested_in=row["nested_in"],
        speaker_reason=row["speaker_reason"],
    )


def _speaker_of(row: Row) -> Speaker | None:
    """Under the name that the article has, unless people decided that it is another's."""
    if row["speaker_kind"] is None:
        return None
    own = row["speaker_name"] is not None and name_key(row["speaker_name"]) == row["held_key"]
    name, apart = row["speaker_name"] if own else row["held_name"], row["held_id"] if row["told_apart"] else None
    return Speaker(name, SpeakerKind(row["speaker_kind"]), tuple(row["speaker_aliases"] or ()), apart)


def _span_json(span: Span | None) -> list[Any] | None:
    return None if span is None else [int(span.start), int(span.end), span.text]


def _span_of(stored: Sequence[Any] | None) -> Span | None:
    return None if stored is None else Span(*stored)


def _content_of(places: Sequence[Sequence[int]], text: str) -> tuple[Span, ...]:
    """The pieces of a content whose words are joined by one space."""
    spans, at = [], 0
    for start, end in places:
        spans.append(Span(start, end, text[at : at + end - start]))
        at += end - start + 1
    return tuple(spans)


def gates_json(gates: Sequence[Gate]) -> list[dict[str, str]]:
    """Gates as they are stored and shown."""
    return [{"name": gate.name, "detail": gate.detail} for gate in gates]


def gates_of(stored: Sequence[Mapping[str, str]]) -> tuple[Gate, ...]:
    """Gates as the domain has them."""
    return tuple(Gate(gate["name"], gate["detail"]) for gate in stored)


def nli_row(scores: NliProbabilities, prefix: str = "") -> dict[str, float]:
    """Three columns; plain floats, because SQLite would store numpy's own as bytes."""
    return {
        f"{prefix}entailment": float(scores.entailment),
        f"{prefix}neutral": float(scores.neutral),
        f"{prefix}contradiction": float(scores.contradiction),
    }


def nli_of(row: Row, prefix: str = "") -> NliProbabilities:
    """One direction's probabilities."""
    return NliProbabilities(row[f"{prefix}entailment"], row[f"{prefix}neutral"], row[f"{prefix}contradiction"])


def stances_row(stances: StanceProbabilities) -> dict[str, float]:
    """Four columns; plain floats, as in `nli_row`."""
    return {name: float(getattr(stances, name)) for name in ("agree", "conflict", "tension", "unrelated")}


def stances_of(row: Row) -> StanceProbabilities:
    """What a verdict model says of a pair."""
    return StanceProbabilities(row["agree"], row["conflict"], row["tension"], row["unrelated"])


def deciding_json(deciding: Deciding | None) -> dict[str, Any] | None:
    """The deciding words as JSON."""
    return None if deciding is None else asdict(deciding)


def deciding_of(found: Mapping[str, Any] | None) -> Deciding | None:
    """The deciding words of their JSON."""
    if found is None:
        return None
    a, b = (tuple((low, high) for low, high in found[name]) for name in ("a", "b"))
    return Deciding(a, b, found["whole"], found["without"])


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """The columns of a verdict that are its own."""
    return {
        "policy_version": verdict.policy_version,
        "stance": verdict.stance.value,
        "kind": verdict.kind.value if verdict.kind else None,
        "confidence": float(verdict.confidence),
        "agree": float(verdict.scores.agree),
        "conflict": float(verdict.scores.conflict),
        "neutral": float(verdict.scores.neutral),
        **nli_row(verdict.probabilities.a_to_b, "a_to_b_"),
        **nli_row(verdict.probabilities.b_to_a, "b_to_a_"),
        "reasons": list(verdict.reasons),
        "reason_code": verdict.reason_code.value if verdict.reason_code else None,
        "deciding": deciding_json(verdict.deciding),
        "nli_model": verdict.nli_model,
        "nli_revision": verdict.nli_revision,
    }


def verdict_of(row: Row) -> Verdict:
    """The verdict of a row."""
    return Verdict(
        stance=Stance(row["stance"]),
        kind=VerdictKind(row["kind"]) if row["kind"] else None,
        confidence=row["confidence"],
        scores=Scores(row["agree"], row["conflict"], row["neutral"]),
        probabilities=BothWays(nli_of(row, "a_to_b_"), nli_of(row, "b_to_a_")),
        reasons=tuple(row["reasons"]),
        reason_code=ReasonCode(row["reason_code"]) if row["reason_code"] else None,
        deciding=deciding_of(row["deciding"]),
        policy_version=row["policy_version"],
        nli_model=row["nli_model"],
        nli_revision=row["nli_revision"],
    )


def judgement_row(judgement: Judgement) -> dict[str, Any]:
    """The columns of a judgement that are its own."""
    return {
        "stance": judgement.stance.value,
        "kind": judgement.kind.value if judgement.kind else None,
        "reviewer": judgement.reviewer,
        "decided_at": judgement.decided_at,
        "comment": judgement.comment,
    }


def judgement_of(row: Row) -> Judgement:
    """The judgement of a row."""
    kind = VerdictKind(row["kind"]) if row["kind"] else None
    return Judgement(Stance(row["stance"]), kind, row["reviewer"], row["decided_at"], row["comment"])
