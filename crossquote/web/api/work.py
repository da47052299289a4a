"""The API of the desk's work: runs, outlets, quality; and for administrators users, tokens and the audit log."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import APIRouter, Response

from crossquote.web.api.lists import Cursor, Limit, listed, number
from crossquote.web.api.models import (
    AuditAnswer,
    Listed,
    OutletsAnswer,
    QualityAnswer,
    RunAnswer,
    TokenAnswer,
    UserAnswer,
)
from crossquote.web.desk import Key, TheDesk, TheUser
from crossquote.web.gate import Admin
from crossquote.web.pages.quality import kappas, precision
from crossquote.web.problems import found
from db.access import Entry, Token, User, audit, tokens, users
from db.quality import decisions, judged, outlet_pairs
from db.queries import RunRow, run_rows

router = APIRouter(prefix="/api/v1", tags=["work"])


@router.get("/runs", response_model=Listed[RunAnswer])
def runs(desk: TheDesk, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Runs, the latest first."""
    with desk.engine.connect() as connection:
        rows = run_rows(connection, limit, number(cursor))
    return listed(rows, limit, lambda row: row.summary.run_id, _run)


@router.get("/outlets", response_model=Listed[OutletsAnswer])
def outlets(desk: TheDesk, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Outlets that agree or conflict, two by two, by name; a claim in the same wire copy counts once."""
    start = number(cursor) or 0
    with desk.engine.connect() as connection:
        rows = list(enumerate(outlet_pairs(connection), 1))[start : start + limit]
    shown = listed(rows, limit, lambda row: row[0], lambda row: row[1])
    shown["items"] = [{"a": one.a, "b": one.b, "agree": one.agree, "conflict": one.conflict} for one in shown["items"]]
    return shown


@router.get("/quality", response_model=QualityAnswer)
def quality(desk: TheDesk) -> dict[str, Any]:
    """Precision by confidence, agreement between reviewers, judgements a day."""
    with desk.engine.connect() as connection:
        right, decided = judged(connection), list(decisions(connection))
    days = sorted(Counter(day for *_, day in decided).items())
    return {
        "precision": [dict(zip(("low", "high", "judged", "right"), one, strict=True)) for one in precision(right)],
        "kappas": [dict(zip(("one", "other", "pairs", "kappa"), one, strict=True)) for one in kappas(decided)],
        "days": [{"day": day.isoformat(), "judgements": count} for day, count in days],
    }


@router.get("/users", response_model=Listed[UserAnswer])
def known_users(desk: TheDesk, _: Admin, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Who may log in, by id."""
    last = number(cursor) or 0
    with desk.engine.connect() as connection:
        rows = sorted((one for one in users(connection) if one.id > last), key=lambda one: one.id)[:limit]
    return listed(rows, limit, lambda row: row.id, _user)


@router.get("/tokens", response_model=Listed[TokenAnswer])
def known_tokens(desk: TheDesk, _: Admin, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Tokens, revoked ones among them, the newest first."""
    with desk.engine.connect() as connection:
        rows = tokens(connection, limit, number(cursor))
    return listed(rows, limit, lambda row: row.id, _token)


@router.delete("/tokens/{token_id}", status_code=204, response_class=Response)
def revoke(desk: TheDesk, user: TheUser, _: Admin, token_id: Key) -> None:
    """Revoke a token, at once and for good; one that is revoked stays so."""
    with found():
        desk.accounts.revoke_token(token_id, user.name)


@router.get("/audit", response_model=Listed[AuditAnswer])
def changes(desk: TheDesk, _: Admin, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """The audit log, the newest change first."""
    with desk.engine.connect() as connection:
        rows = audit(connection, limit, number(cursor))
    return listed(rows, limit, lambda row: row[0], lambda row: _entry(*row))


def _run(row: RunRow) -> dict[str, Any]:
    one = row.summary
    return {
        "id": one.run_id,
        "started_at": row.started_at.isoformat(),
        "finished_at": row.finished_at and row.finished_at.isoformat(),
        "profile": row.profile,
        "locations": list(row.locations),
        "articles": one.articles,
        "statements": one.statements,
        "pairs": one.pairs,
        "verdicts": {stance.value: count for stance, count in one.verdicts.items()},
        "failures": [{"stage": f.stage, "item": f.item, "message": f.message} for f in one.failures],
    }


def _user(one: User) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "role": one.role.value, "disabled": one.disabled}


def _token(one: Token) -> dict[str, Any]:
    times = {"created_at": one.created_at.isoformat(), "revoked_at": one.revoked_at and one.revoked_at.isoformat()}
    return {"id": one.id, "user": one.user, "label": one.label, "scope": one.scope.value, **times}


def _entry(id_: int, one: Entry) -> dict[str, Any]:
    what = {"actor": one.actor, "action": one.action, "item": one.item, "detail": dict(one.detail)}
    return {"id": id_, "at": one.at.isoformat(), **what}
