"""The process of a server of our own: Prefect's API on a free loopback port until its standard input ends.

`python -m flows.server run` serves one run; `python -m flows.server schedule` has the scheduler and all services too.

Prints the port when it answers. Standard input is the leash: the parent closes it to end the server in order, and the
system closes it when the parent is killed, so no server is ever left behind. (Prefect's own temporary server shares the
terminal's signals and stderr, and is terminated while it still writes: that is where the tracebacks at exit come from.)
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import MutableMapping

import uvicorn


class Server(uvicorn.Server):
    """A server that says where it listens once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the port; nothing is printed if the start failed."""
        await super().startup(sockets=sockets)
        if self.started and sockets:
            print(sockets[0].getsockname()[1], flush=True)


class Leash(threading.Thread):
    """Waits for the parent to let go: at once out while there is no server yet, in order once there is."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.server: Server | None = None

    def run(self) -> None:
        """Block until standard input ends."""
        sys.stdin.buffer.read()
        if self.server is None:
            os._exit(0)
        self.server.should_exit = True


def let_scheduler_insert() -> None:
    """Let Prefect 3.8's scheduler work on SQLAlchemy 2.1.

    It inserts flow runs in bulk with a key `state`, which is a hybrid property, not a column. SQLAlchemy 2.0 passed
    over such keys; 2.1 refuses them unless the property says what to do, so every loop of the scheduler fails. There is
    nothing to do: Prefect stores the state in a statement of its own right after.
    """
    from prefect.server.database import orm_models

    orm_models.FlowRun.__dict__["state"].inplace.bulk_dml(_nothing)


def _nothing(model: type[object], mapping: MutableMapping[str, object], value: object) -> None:
    """The bulk setter of a property that no column stands for."""


def main(purpose: str) -> None:
    """Serve until standard input ends."""
    leash = Leash()
    leash.start()
    from prefect.server.api.server import create_app  # seconds: the leash holds meanwhile

    let_scheduler_insert()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    app = create_app(ephemeral=purpose == "run", final=True)
    leash.server = Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    leash.server.run(sockets=[listener])


if __name__ == "__main__":
    main(sys.argv[1])
