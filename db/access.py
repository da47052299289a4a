"""Users, roles, tokens and the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from db.desk_tables import ApiTokens, AuditLog, Users
from db.names import require_short, require_storable, visible
from db.transaction import Transaction
from verifier.errors import BadInput


class Role(StrEnum):
    """What somebody may do, each with all that those before it may: look; judge and comment; see users and the log."""

    READER = "reader"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def may(self, needed: Role) -> bool:
        """Whether this role is enough."""
        return list(Role).index(self) >= list(Role).index(needed)


class Scope(StrEnum):
    """What a token may do at most, whatever its user may."""

    READ = "read"
    REVIEW = "review"
    ADMIN = "admin"

    @property
    def role(self) -> Role:
        """The role that may do the same."""
        return dict(zip(Scope, Role, strict=True))[self]

    @classmethod
    def of(cls, role: Role) -> Scope:
        """All that a role may do."""
        return next(scope for scope in cls if scope.role is role)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is known; `stamp` changes with the password, which ends the sessions that carry the old one."""

    id: int
    name: str
    role: Role
    stamp: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its words, which are kept nowhere; `revoked_at` is None while it holds."""

    id: int
    user: str
    label: str | None
    scope: Scope
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log."""

    at: datetime
    actor: str
    action: str
    item: str
    detail: Mapping[str, Any]


def log(connection: Connection, actor: str, action: str, item: str, detail: Mapping[str, Any] | None = None) -> None:
    """Add a line to the audit log, in the transaction of the change itself."""
    row = {"at": datetime.now(UTC), "actor": visible(actor), "action": action, "item": visible(item)}
    connection.execute(insert(AuditLog).values(row | {"detail": dict(detail or {})}))


class Accounts:
    """Changes of users and tokens, each in a transaction of its own with its line in the audit log."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, password_hash: str, role: Role, actor: str) -> User:
        """A new user; BadInput where the name is empty, too long, or taken."""
        name = " ".join(name.split())
        if not name or not name.isprintable():
            raise BadInput("the user's name is empty or has characters that cannot be seen: choose another")
        require_storable(f"user {name}", {"name": name})
        require_short(f"user {name}", {"name": name})
        work = Transaction(self._engine)
        try:
            connection = work.write
            if find_user(connection, name) is not None:
                raise BadInput(f"there is a user {name!r} already: choose another name")
            values = {"name": name, "password_hash": password_hash, "role": role.value, "created_at": datetime.now(UTC)}
            connection.execute(insert(Users).values(values))
            log(connection, actor, "user added", name, {"role": role.value})
            work.commit()
            found = find_user(work.read, name)
        finally:
            work.close()
        assert found is not None  # noqa: S101 - it was added above
        return found[0]

    def change(self, name: str, actor: str, action: str, **values: object) -> None:
        """Set columns of a user; BadInput if there is none of this name."""
        work = Transaction(self._engine)
        try:
            connection = work.write
            if find_user(connection, name) is None:
                raise BadInput(f"there is no user {name!r}: see `crossquote users list`")
            connection.execute(update(Users).where(Users.name == name).values(**values))
            log(connection, actor, action, name)
            work.commit()
        finally:
            work.close()

    def add_token(
        self, name: str, token: str, actor: str, scope: Scope | None = None, label: str | None = None
    ) -> None:
        """Let a token speak for a user, within a scope (all that the user may now); BadInput: no user of this name."""
        require_storable("token", {"label": label})
        require_short("token", {"label": label})
        work = Transaction(self._engine)
        try:
            connection = work.write
            found = find_user(connection, name)
            if found is None:
                raise BadInput(f"there is no user {name!r}: see `crossquote users list`")
            held = scope or Scope.of(found[0].role)
            row = {"user_id": found[0].id, "token_hash": token_hash(token), "created_at": datetime.now(UTC)}
            row |= {"scope": held.value, "label": label}
            added = connection.execute(insert(ApiTokens).values(row).returning(ApiTokens.id)).scalar_one()
            log(connection, actor, "token added", name, {"token": added, "scope": held.value})
            work.commit()
        finally:
            work.close()

    def revoke_token(self, token_id: int, actor: str) -> None:
        """Shut a token out for good; one that is revoked stays as it is. KeyError: there is none of this id."""
        work = Transaction(self._engine)
        try:
            connection = work.write
            row = connection.execute(_tokens().where(ApiTokens.id == token_id)).first()
            if row is None:
                raise KeyError(token_id)
            if row.revoked_at is None:
                one = update(ApiTokens).where(ApiTokens.id == token_id)
                connection.execute(one.values(revoked_at=datetime.now(UTC)))
                log(connection, actor, "token revoked", row.name, {"token": token_id})
                work.commit()
        finally:
            work.close()

    def note(self, actor: str, action: str, item: str) -> None:
        """A line in the audit log for what changes no table: log-in and log-out."""
        work = Transaction(self._engine)
        try:
            log(work.write, actor, action, item)
            work.commit()
        finally:
            work.close()


def token_hash(token: str) -> str:
    """What is kept of a token: it is long and random, so that a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find_user(connection: Connection, name: str) -> tuple[User, str] | None:
    """A user by name, with the password's hash."""
    if visible(name) != name:
        return None
    row = connection.execute(_users().where(Users.name == name)).first()
    return None if row is None else (_user(row), row.password_hash)


def user_by_id(connection: Connection, user_id: int) -> User | None:
    """A user who may come in, by id."""
    row = connection.execute(_users().where(Users.id == user_id, Users.disabled_at.is_(None))).first()
    return None if row is None else _user(row)


def user_by_token(connection: Connection, token: str) -> User | None:
    """The user whom a token speaks for, with no more of a role than its scope; None where either was shut out."""
    query = _users().add_columns(ApiTokens.scope).join(ApiTokens, ApiTokens.user_id == Users.id)
    valid = (ApiTokens.token_hash == token_hash(token), ApiTokens.revoked_at.is_(None), Users.disabled_at.is_(None))
    row = connection.execute(query.where(*valid)).first()
    if row is None:
        return None
    user, bound = _user(row), Scope(row.scope).role
    return replace(user, role=bound) if user.role.may(bound) else user


def tokens(connection: Connection, limit: int | None = None, before: int | None = None) -> list[Token]:
    """Tokens, the newest first, those before an id."""
    query = _tokens().order_by(ApiTokens.id.desc()).limit(limit)
    if before is not None:
        query = query.where(ApiTokens.id < before)
    return [
        Token(row.id, row.name, row.label, Scope(row.scope), row.created_at, row.revoked_at)
        for row in connection.execute(query)
    ]


def users(connection: Connection) -> list[User]:
    """All of them, by name."""
    return [_user(row) for row in connection.execute(_users().order_by(Users.name))]


def audit(connection: Connection, limit: int, before: int | None = None) -> list[tuple[int, Entry]]:
    """Lines of the log with their ids, the newest first."""
    query = select(AuditLog.__table__).order_by(AuditLog.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditLog.id < before)
    return [
        (row.id, Entry(row.at, row.actor, row.action, row.item, row.detail)) for row in connection.execute(query).all()
    ]


@cache
def _users() -> Any:
    return select(Users.id, Users.name, Users.role, Users.password_hash, Users.disabled_at)


def _tokens() -> Any:
    own = (ApiTokens.id, ApiTokens.label, ApiTokens.scope, ApiTokens.created_at, ApiTokens.revoked_at)
    return select(*own, Users.name).join(Users, Users.id == ApiTokens.user_id)


def _user(row: Row[Any]) -> User:
    stamp = hashlib.sha256(row.password_hash.encode()).hexdigest()[:16]
    return User(row.id, row.name, Role(row.role), stamp, row.disabled_at is not None)
