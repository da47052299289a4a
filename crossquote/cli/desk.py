"""`crossquote review` and `crossquote serve`: the review desk, for one person or for a newsroom."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crossquote.cli.options import Database

if TYPE_CHECKING:
    import socket

    from crossquote.web.desk import Desk

LOOPBACK = "127.0.0.1"

Port = Annotated[int | None, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes any free port.")]


def review(
    db: Database = None,
    port: Port = 0,
    reviewer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose judgements these are; default: your name on this machine.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Open the review desk on this machine, in your browser, for you alone; until Ctrl-C."""
    import secrets
    import threading
    import webbrowser

    from crossquote.bootstrap import open_own_desk

    token = secrets.token_urlsafe(32)
    desk = open_own_desk(reviewer or _own_name(), token, db)
    with _listening(LOOPBACK, port or 0) as listener:
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}/open?token={token}"
        print(f"The review desk is at {address}\nThe link works once. Ctrl-C ends the desk.", file=sys.stderr)
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        _serve(desk, listener)


def serve(
    db: Database = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="H", help="Address to listen on; default: the configured one.")
    ] = None,
    port: Port = None,
) -> None:
    """Run the review desk for a newsroom, behind a log-in (see `crossquote users`); until Ctrl-C."""
    from crossquote.bootstrap import desk_address, open_desk
    from db.access import users

    desk = open_desk(db)
    with desk.engine.connect() as connection:
        if not users(connection):
            print("crossquote: nobody can log in yet: `crossquote users add NAME --role admin`", file=sys.stderr)
    with _listening(*desk_address(host, port)) as listener:
        where = listener.getsockname()
        print(f"The review desk listens on http://{where[0]}:{where[1]}", file=sys.stderr)
        _serve(desk, listener)


def _own_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reviewer"


def _listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on, so that a browser may come before the server is ready."""
    import socket

    from verifier.errors import BrokenSetup

    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, proto)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(128)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise BrokenSetup(f"cannot listen on {host} port {port} ({error.strerror}): choose another --port") from error
    return listener


def _serve(desk: Desk, listener: socket.socket) -> None:
    import gc

    import uvicorn

    from crossquote.web.app import create_app

    try:
        config = uvicorn.Config(create_app(desk), log_level="warning", server_header=False, lifespan="off")
        config.load()
        gc.collect()
        gc.freeze()  # the modules stay: to look through them again takes 150 ms each time, while every request waits
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        desk.engine.dispose()
