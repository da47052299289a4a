"""`make docs`: writes docs/cli.md from the commands' own help, so that it cannot go stale (a test compares it)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from crossquote.cli import app

TARGET = Path(__file__).with_name("cli.md")
INTRO = """# Command line

Made by `make docs` from the commands' own help. Results go to stdout, logs and progress to stderr; with `--json` a
result is one JSON object a line. Exit code 0: done, 1: failed, 2: bad input, 130: interrupted.
"""


def commands(command: Any, path: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    """Every leaf command with its full name, sorted."""
    inner = getattr(command, "commands", None)
    if not inner:
        return [(" ".join(path), command)]
    return [found for name in sorted(inner) for found in commands(inner[name], (*path, name))]


def section(name: str, command: Any) -> str:
    """One command: its sentence, its arguments and options."""
    lines = [
        f"## `crossquote {name}`",
        "",
        " ".join((command.help or "").split()),
        "",
        "| parameter | meaning |",
        "|---|---|",
    ]
    lines += [f"| {_names(one)} | {_help(one)} |" for one in command.params if one.name != "help"]
    return "\n".join(lines)


def _names(parameter: Any) -> str:
    metavar = "" if getattr(parameter, "is_flag", False) else parameter.metavar or ""
    if parameter.param_type_name == "argument":
        return _code(metavar or parameter.name.upper())
    opposite = [name for name in parameter.secondary_opts if parameter.default is True]
    shown = [_code(f"{name}{' ' if metavar else ''}{metavar}") for name in [*parameter.opts, *opposite]]
    return ", ".join(shown)


def _code(words: str) -> str:
    return f"`{words}`".replace("|", "\\|")


def _help(parameter: Any) -> str:
    default = parameter.default
    shown = f" Default: {default}." if isinstance(default, (int, str)) and not isinstance(default, bool) else ""
    return (parameter.help or "").replace("|", "\\|") + shown


def page() -> str:
    """The whole page."""
    found = commands(typer.main.get_command(app))
    return "\n\n".join([INTRO.strip(), *(section(name, command) for name, command in found)]) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
