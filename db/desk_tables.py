"""The tables of the review desk: who may come in, what they wrote, and a record of every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.tables import Id, Sha256, one_current


class Users(Base):
    """Somebody with a password; `disabled_at` is set for one who may not come in any more."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role IN ('reader', 'reviewer', 'admin')", name="role"),)
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class ApiTokens(Base):
    """A bearer token by its SHA-256; the token itself is shown once and kept nowhere. `scope` bounds what it may do."""

    __tablename__ = "api_tokens"
    __table_args__ = (CheckConstraint("scope IN ('read', 'review', 'admin')", name="scope"),)
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[Sha256] = mapped_column(unique=True)
    label: Mapped[str | None]
    scope: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AuditLog(Base):
    """One change: who, what, on which item. Rows are only added."""

    __tablename__ = "audit_log"
    id: Mapped[Id]
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    item: Mapped[str]
    detail: Mapped[dict[str, Any]]


class Comments(Base):
    """What somebody wrote about a pair."""

    __tablename__ = "comments"
    id: Mapped[Id]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), index=True)
    author: Mapped[str]
    text: Mapped[str]
    entered_at: Mapped[datetime]


class Undos(Base):
    """A judgement that was taken back, and the entry that restores what held before (NULL where nothing did)."""

    __tablename__ = "undos"
    judgement_id: Mapped[int] = mapped_column(ForeignKey("judgements.id"), primary_key=True, autoincrement=False)
    restored_id: Mapped[int | None] = mapped_column(ForeignKey("judgements.id"), unique=True)
    actor: Mapped[str]
    at: Mapped[datetime]


class Assignments(Base):
    """Whose item a pair is. Rows are only added; `ended_at` is NULL for the one that holds."""

    __tablename__ = "assignments"
    __table_args__ = (one_current("assignments", "pair_id", "ended_at IS NULL"),)
    id: Mapped[Id]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"))
    assignee: Mapped[str] = mapped_column(index=True)
    assigned_by: Mapped[str]
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SecondOpinions(Base):
    """A wish that one more person judges a pair: it is met as soon as `needed` different people have.

    `ended_at` is set for one that was withdrawn, or that a later one took the place of.
    """

    __tablename__ = "second_opinions"
    __table_args__ = (one_current("second_opinions", "pair_id", "ended_at IS NULL"),)
    id: Mapped[Id]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"))
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    needed: Mapped[int]
    ended_at: Mapped[datetime | None]


class BulkDecisions(Base):
    """One decision on all that a filter found; `filter` is the address line that said so."""

    __tablename__ = "bulk_decisions"
    id: Mapped[Id]
    actor: Mapped[str]
    stance: Mapped[str]
    filter: Mapped[str]
    pairs: Mapped[int]
    at: Mapped[datetime]
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]


class BulkJudgements(Base):
    """Which judgements a bulk decision entered, and which later ones restored one of them."""

    __tablename__ = "bulk_judgements"
    judgement_id: Mapped[int] = mapped_column(ForeignKey("judgements.id"), primary_key=True, autoincrement=False)
    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_decisions.id"), index=True)


class SavedFilters(Base):
    """A filter of the queue that somebody gave a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("owner", "name"),)
    id: Mapped[Id]
    owner: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    saved_at: Mapped[datetime]


class LastPlaces(Base):
    """The verdict that somebody opened last, and the filter it was opened in."""

    __tablename__ = "last_places"
    owner: Mapped[str] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"))
    query: Mapped[str]
    opened_at: Mapped[datetime]
