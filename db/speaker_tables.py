"""The tables of what people decided about speakers: which are one, which are two, and what that changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.tables import Id

SpeakerKey = Annotated[int, mapped_column(ForeignKey("speakers.id"), index=True)]


class SpeakerDecisions(Base):
    """A merge, a split, or the undo of one: `source_id` gives its statements to `target_id`. Rows are only added.

    A split by an alias has `alias` and its folded form; a split by statements has them in `speaker_choices`.
    """

    __tablename__ = "speaker_decisions"
    __table_args__ = (
        CheckConstraint("action IN ('merge', 'split', 'undo')", name="action"),
        CheckConstraint("source_id <> target_id", name="two"),
    )
    id: Mapped[Id]
    action: Mapped[str]
    source_id: Mapped[SpeakerKey]
    target_id: Mapped[SpeakerKey]
    alias: Mapped[str | None]
    alias_key: Mapped[str | None]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("speaker_decisions.id"), unique=True)
    actor: Mapped[str]
    comment: Mapped[str | None]
    at: Mapped[datetime]


class SpeakerChoices(Base):
    """A statement that somebody chose in a split, or that a later extraction made of the same words."""

    __tablename__ = "speaker_choices"
    decision_id: Mapped[int] = mapped_column(ForeignKey("speaker_decisions.id"), primary_key=True)
    statement_id: Mapped[str] = mapped_column(String(16), ForeignKey("statements.id"), primary_key=True, index=True)


class SpeakerMoves(Base):
    """A statement whose speaker people decided: whom the extractor meant, and the last decision that changed it."""

    __tablename__ = "speaker_moves"
    statement_id: Mapped[str] = mapped_column(String(16), ForeignKey("statements.id"), primary_key=True)
    extracted_id: Mapped[SpeakerKey]
    decision_id: Mapped[int] = mapped_column(ForeignKey("speaker_decisions.id"))
