"""Statements in place, for tests of pairing and policy."""

from __future__ import annotations

from datetime import UTC, datetime

from verifier.values import (
    CueClass,
    Side,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
    statement_id,
)


def side(
    text: str,
    speaker: str | None = None,
    *,
    article: str = "one",
    version: int = 1,
    day: int | None = 1,
    kind: StatementKind = StatementKind.INDIRECT,
    cue: str | None = None,
    cue_class: CueClass | None = CueClass.SPEECH,
    start: int = 0,
    outlet: str | None = None,
) -> Side:
    span = Span(start, start + len(text), text)
    statement = Statement(
        id=statement_id(article, str(version), "test", (span,)),
        kind=kind,
        speaker=Speaker(speaker, SpeakerKind.PERSON) if speaker else None,
        source=Span(0, len(speaker), speaker) if speaker else None,
        cue=Span(0, len(cue), cue) if cue else None,
        cue_class=cue_class,
        content=(span,),
        claim=text,
        confidence=0.9,
    )
    published = datetime(2026, 1, day, tzinfo=UTC) if day else None
    return Side(statement, article, version, outlet or article, published)
