"""The tables of the review desk: who may come in, what they wrote, and a record of every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.tables import Id, Sha256


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
