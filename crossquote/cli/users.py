"""`crossquote users`: who may log in at the review desk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from crossquote.cli.options import Database, Json

if TYPE_CHECKING:
    from sqlalchemy import Engine

app = typer.Typer(help="Users of the review desk.", no_args_is_help=True)

ACTOR = "command line"
Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
]


@app.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(metavar="R", help="reader, reviewer or admin.")] = "reviewer",
    password_stdin: FromInput = False,
    db: Database = None,
) -> None:
    """Add a user, who may look (reader), judge and comment (reviewer), or see the audit log as well (admin)."""
    from crossquote.web.passwords import Passwords
    from db.access import Accounts, Role
    from verifier.errors import BadInput

    if role not in list(Role):
        raise BadInput(f"--role {role!r}: use one of {', '.join(Role)}")
    with _engine(db) as engine:
        added = Accounts(engine).add(name, Passwords().hash(_password(password_stdin)), Role(role), ACTOR)
    print(f"Added {added.name}, {added.role}.")


@app.command()
def password(name: Name, password_stdin: FromInput = False, db: Database = None) -> None:
    """Give a user a new password; whoever is logged in with the old one is logged out."""
    from crossquote.web.passwords import Passwords
    from db.access import Accounts

    with _engine(db) as engine:
        hashed = Passwords().hash(_password(password_stdin))
        Accounts(engine).change(name, ACTOR, "password changed", password_hash=hashed)
    print(f"{name} has a new password.")


@app.command()
def disable(name: Name, db: Database = None) -> None:
    """Shut a user out; the judgements stay."""
    from datetime import UTC, datetime

    from db.access import Accounts

    with _engine(db) as engine:
        Accounts(engine).change(name, ACTOR, "user disabled", disabled_at=datetime.now(UTC))
    print(f"{name} can no longer log in.")


@app.command()
def enable(name: Name, db: Database = None) -> None:
    """Let a user in again who was shut out."""
    from db.access import Accounts

    with _engine(db) as engine:
        Accounts(engine).change(name, ACTOR, "user enabled", disabled_at=None)
    print(f"{name} can log in again.")


@app.command()
def token(
    name: Name,
    scope: Annotated[
        str | None, typer.Option(metavar="S", help="read, review or admin; default: all that the user may do now.")
    ] = None,
    label: Annotated[str | None, typer.Option(metavar="TEXT", help="What it is for.")] = None,
    db: Database = None,
) -> None:
    """Make a token with which a program can use the API as this user, within a scope; it is shown once."""
    import secrets

    from db.access import Accounts, Scope
    from verifier.errors import BadInput

    if scope is not None and scope not in list(Scope):
        raise BadInput(f"--scope {scope!r}: use one of {', '.join(Scope)}")
    made = f"cq_{secrets.token_urlsafe(32)}"
    with _engine(db) as engine:
        Accounts(engine).add_token(name, made, ACTOR, Scope(scope) if scope is not None else None, label)
    print(made)


@app.command("tokens")
def list_tokens(db: Database = None, json: Json = False) -> None:
    """The tokens there are, by number, with their scopes, and which are revoked; never their words."""
    from crossquote.cli.console import print_json, print_table
    from db.access import tokens

    with _engine(db) as engine, engine.connect() as connection:
        found = tokens(connection)
    if json:
        for one in found:
            times = {
                "created_at": one.created_at.isoformat(),
                "revoked_at": one.revoked_at and one.revoked_at.isoformat(),
            }
            print_json({"id": one.id, "user": one.user, "label": one.label, "scope": one.scope.value, **times})
    else:
        state = [f"revoked {one.revoked_at:%Y-%m-%d %H:%M}" if one.revoked_at else "" for one in found]
        rows = [
            (str(one.id), one.user, one.scope.value, one.label or "", f"{one.created_at:%Y-%m-%d %H:%M}", ended)
            for one, ended in zip(found, state, strict=True)
        ]
        print_table("Tokens", ("number", "user", "scope", "for", "made", ""), rows)


@app.command()
def revoke(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The token's number, as `users tokens` shows it.")],
    db: Database = None,
) -> None:
    """Shut a token out, at once and for good."""
    from db.access import Accounts
    from verifier.errors import BadInput

    with _engine(db) as engine:
        try:
            Accounts(engine).revoke_token(number, ACTOR)
        except KeyError:
            raise BadInput(f"there is no token {number}: see `crossquote users tokens`") from None
    print(f"Token {number} is revoked.")


@app.command("list")
def list_users(db: Database = None, json: Json = False) -> None:
    """Who there is."""
    from crossquote.cli.console import print_json, print_table
    from db.access import users

    with _engine(db) as engine, engine.connect() as connection:
        found = users(connection)
    if json:
        for user in found:
            print_json({"name": user.name, "role": user.role.value, "disabled": user.disabled})
    else:
        rows = [(user.name, user.role.value, "disabled" if user.disabled else "") for user in found]
        print_table("Users", ("name", "role", ""), rows)


@contextmanager
def _engine(db: str | None) -> Iterator[Engine]:
    """The configured database, at its head."""
    from crossquote.settings import read_settings
    from db.engine import open_engine
    from db.migrate import check

    url = read_settings(db).db
    check(url)
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    found: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return found
