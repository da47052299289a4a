"""The files that deploy crossquote: they parse, name commands and settings that are there, pin what they run, expose nothing."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
import yaml  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator
from prefect.flows import load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL, get_current_settings

from crossquote.cli import app
from crossquote.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PREFECT: dict[str, Any] = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
STAYING = {"database", "prefect", "worker", "desk"}


def _object(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


DURATION = {"type": "string", "pattern": r"^(\d+(us|ms|s|m|h))+$"}
STRINGS = {"type": "array", "items": {"type": "string"}}
ENVIRONMENT = {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}
CONDITION = {"enum": ["service_started", "service_healthy", "service_completed_successfully"]}
HEALTH = {
    "test": STRINGS,
    "interval": DURATION,
    "timeout": DURATION,
    "retries": {"type": "integer"},
    "start_period": DURATION,
}
SERVICE = _object(
    {
        "image": {"type": "string"},
        "build": _object({"context": {"type": "string"}, "dockerfile": {"type": "string"}}),
        "command": STRINGS,
        "environment": ENVIRONMENT,
        "env_file": STRINGS,
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "tmpfs": STRINGS,
        "volumes": {"type": "array", "items": {"type": "string", "pattern": r"^[\w./-]+:/[\w./-]+(:ro)?$"}},
        "ports": {"type": "array", "items": {"type": "string", "pattern": r"^[\d.]+:\d+:\d+$"}},
        "healthcheck": _object(HEALTH, required=["test"]),
        "depends_on": {
            "type": "object",
            "additionalProperties": _object({"condition": CONDITION}, required=["condition"]),
        },
        "stop_grace_period": DURATION,
    },
    required=["image"],
)
SPECIFICATION = _object(
    {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "volumes": {"type": "object"},
    },
    patternProperties={"^x-": {}},
)
"""The part of the Compose specification that the file uses; a word that is none of it is a mistake."""

HELP = """
import contextlib, json, sys
from prefect.cli import app
for words in json.loads(sys.argv.pop()):
    print("\\f", flush=True)
    with contextlib.suppress(SystemExit):
        sys.argv[1:] = words
        app()
"""


class Unit(configparser.RawConfigParser):
    """A systemd unit: names keep their case and may repeat."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False)
        self.lines = path.read_text("utf-8").splitlines()
        self.read_string(path.read_text("utf-8"))

    def optionxform(self, optionstr: str) -> str:
        return optionstr

    def values_of(self, name: str) -> list[str]:
        return [line.partition("=")[2] for line in self.lines if line.startswith(f"{name}=")]


UNITS = {path.name: Unit(path) for path in sorted((DEPLOY / "systemd").iterdir())}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command line of the deployment files, from the program on."""
    for name, service in SERVICES.items():
        words = service.get("command", [])
        for line in " ".join(words[2:]).split("&&") if words[:1] == ["sh"] else [shlex.join(words)]:
            yield name, shlex.split(line)
    for name, unit in UNITS.items():
        for line in [*unit.values_of("ExecStart"), *unit.values_of("ExecStartPre")]:
            words = shlex.split(line)
            yield (
                name,
                shlex.split(words[2].removeprefix("exec ").replace("$$(", "").replace(")", ""))
                if words[0] == "/bin/sh"
                else words,
            )


def calls(program: str) -> list[tuple[str, ...]]:
    return sorted({tuple(words[1:]) for _, words in commands() if words and Path(words[0]).name == program})


@pytest.mark.parametrize("words", calls("crossquote"), ids=" ".join)
def test_a_command_of_ours_is_there_with_its_options(words: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while isinstance(command, click.Group) or hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    options = {name for one in command.params for name in one.opts}
    assert {word for word in rest if word.startswith("--")} <= options


@pytest.mark.slow
def test_the_commands_of_prefect_are_there_with_their_options(tmp_path: Path) -> None:
    """In one process: it takes Prefect seconds to start."""
    wanted = [tuple(word for word in words if word != "--no-prompt") for words in calls("prefect")]
    helped = [[*words[: 1 if words[0] == "deploy" else 2], "--help"] for words in wanted]
    environ = {"PREFECT_HOME": str(tmp_path), "DO_NOT_TRACK": "1", "PATH": "/usr/bin", "COLUMNS": "200"}
    command = [sys.executable, "-c", HELP, json.dumps(helped)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=280)
    pages = done.stdout.split("\f")[1:]
    assert len(pages) == len(wanted), done.stderr
    for words, page in zip(wanted, pages, strict=True):
        assert {word for word in words if word.startswith("--")} <= set(re.findall(r"--[a-z-]+", page)), words


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_and_no_port_is_open_to_the_network(name: str) -> None:
    image = SERVICES[name]["image"]
    assert re.fullmatch(r"[\w./-]+:[\w.-]*\d+\.\d+[\w.-]*", image), image
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_the_image_of_ours_starts_from_a_pinned_one() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    assert re.fullmatch(r"FROM python:\d+\.\d+\.\d+-[\w-]+", next(line for line in lines if line.startswith("FROM")))
    assert "USER crossquote" in lines


@pytest.mark.parametrize("name", sorted(STAYING))
def test_what_stays_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_the_compose_file_keeps_to_the_specification() -> None:
    assert [f"{one.json_path}: {one.message}" for one in Draft202012Validator(SPECIFICATION).iter_errors(COMPOSE)] == []


def test_variables_are_in_the_example_and_known_to_what_reads_them() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    example = (DEPLOY / "environment.example").read_text("utf-8")
    for name in re.findall(r"\$\{(\w+)", text):
        assert f"\n{name}=" in example
    settings = {PREFECT_API_URL.name, *get_current_settings().to_environment_variables()}
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}
    given |= {line.partition("=")[0] for unit in UNITS.values() for line in unit.values_of("Environment")}
    assert {name for name in given if name.startswith("PREFECT_")} <= settings


def test_every_documented_call_of_compose_can_read_the_file() -> None:
    """The password is wanted of each, also of `exec`; the services that are named are there."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8") + (DEPLOY / "compose.yaml").read_text("utf-8")
    calls_of_it = re.findall(
        r"docker compose ([^\n`]+ -f|-f|--[^\n`]+) deploy/compose.yaml(?: exec(?: -T)? (\w+))?", page
    )
    assert len(calls_of_it) >= 4
    assert {options for options, _ in calls_of_it} == {"--env-file deploy/environment -f"}
    assert {service for _, service in calls_of_it} - {""} <= set(SERVICES)


def test_volumes_are_declared_and_dependencies_can_be_met() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"]
        for other, condition in service.get("depends_on", {}).items():
            healthy = condition["condition"] == "service_healthy"
            assert "healthcheck" in SERVICES[other] if healthy else SERVICES[other]["restart"] == "no"


def test_the_health_checks_ask_where_the_services_listen() -> None:
    for name, port in (("prefect", "4200"), ("desk", "8642")):
        assert port in SERVICES[name]["command"]
        assert f":{port}/" in SERVICES[name]["healthcheck"]["test"][-1]


def test_the_example_environment_names_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (DEPLOY / "environment.example").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert read_settings().notify.late_hours == 2
    known = {name.lower() for name in Settings.model_fields}
    assert all(name[11:].split("__")[0].lower() in known for name in given if name.startswith("CROSSQUOTE_"))


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_units_are_confined_and_run_as_nobody_special(name: str) -> None:
    service = UNITS[name]["Service"]
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("crossquote", "yes", "strict")
    assert service["EnvironmentFile"] == "/etc/crossquote/environment"
    assert ("Restart" in service) == (service["Type"] != "oneshot")


def test_the_timer_has_its_service() -> None:
    assert "OnCalendar" in UNITS["crossquote-backup.timer"]["Timer"]
    assert "crossquote-backup.service" in UNITS


@pytest.mark.parametrize("deployment", PREFECT["deployments"], ids=lambda one: one["name"])
def test_a_deployment_names_a_flow_and_its_parameters(
    deployment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    flow: Any = load_flow_from_entrypoint(deployment["entrypoint"])
    assert set(deployment["parameters"]) == set(flow.parameters.properties)
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    assert deployment["work_pool"] == {"name": "crossquote"}
    assert not any(schedule["active"] for schedule in deployment["schedules"])


def test_every_flow_of_ours_is_deployed() -> None:
    import crossquote.deployment as ours

    flows = {name for name in vars(ours) if hasattr(getattr(ours, name), "serve")}
    assert {one["entrypoint"].partition(":")[2] for one in PREFECT["deployments"]} == flows
