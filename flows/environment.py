"""Prefect's surroundings, kept quiet and apart: settings of this process and its children, never the user's profile.

Nothing here imports Prefect: it is called before the first import, which is when Prefect reads its environment.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

QUIET = {
    "DO_NOT_TRACK": "1",  # the client's usage events and its notice on a terminal
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # the server's own
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_CLI_PROMPT": "false",
}

NO_SERVER_OF_PREFECTS_OWN = {"PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false"}
"""Prefect would start a second server, with its log on the terminal, wherever a thread of it finds no URL."""

CALLER_REPORTS = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}
"""For a command that says itself how its run ended: Prefect's server still gets the log."""

SERVING = {"PREFECT_LOGGING_LEVEL": "INFO"}
"""For a process that stays: each run's outcome is a line of its log."""

SERVER = {
    "PREFECT_UI_ENABLED": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_COLORS": "false",
}


def quieten(environ: MutableMapping[str, str], *settings: dict[str, str]) -> None:
    """Set what is not set: whoever has set a variable means it, and `settings` come before the common ones."""
    for values in (*settings, QUIET):
        for name, value in values.items():
            environ.setdefault(name, value)


def keep_out_of_home(environ: MutableMapping[str, str]) -> None:
    """Prefect makes `~/.prefect` when it is imported: where there is none, nobody asked for one."""
    if "PREFECT_HOME" not in environ and not (Path.home() / ".prefect").exists():
        private_home().mkdir(parents=True, exist_ok=True, mode=0o700)
        environ["PREFECT_HOME"] = str(private_home())


def private_home() -> Path:
    """Where the server of single runs keeps its database: the user's PREFECT_HOME if set, else a folder of our own."""
    if chosen := os.environ.get("PREFECT_HOME"):
        return Path(chosen).expanduser()
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "crossquote" / "prefect"
