"""The process of the server for one run: Prefect's API on a free loopback port until its standard input ends.

Prints the port when it answers. Standard input is the leash: the parent closes it to end the server in order, and the
system closes it when the parent is killed, so no server is ever left behind. (Prefect's own temporary server shares the
terminal's signals and stderr, and is terminated while it still writes: that is where the tracebacks at exit come from.)
"""

from __future__ import annotations

import socket
import sys
import threading

import uvicorn
from prefect.server.api.server import create_app


class Server(uvicorn.Server):
    """A server that says where it listens once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the port; nothing is printed if the start failed."""
        await super().startup(sockets=sockets)
        if self.started and sockets:
            print(sockets[0].getsockname()[1], flush=True)

    def stop_at_end_of_input(self) -> None:
        """Block until the parent lets go, then let `run` finish what it is doing."""
        sys.stdin.buffer.read()
        self.should_exit = True


def main() -> None:
    """Serve until standard input ends."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = Server(uvicorn.Config(create_app(ephemeral=True, final=True), log_level="error", lifespan="on"))
    threading.Thread(target=server.stop_at_end_of_input, daemon=True).start()
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
