"""What is deployed is this installation's flow."""

from __future__ import annotations

from typing import Any

import yaml  # type: ignore[import-untyped]
from prefect import Flow
from prefect.flows import load_flow_from_entrypoint

from crossquote.bootstrap import ENTRYPOINT
from tests.flows.conftest import ROOT


def entrypoint_of_file() -> str:
    deployed: list[dict[str, Any]] = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    return str(deployed[0]["entrypoint"])


def test_deployment_file_and_schedule_name_the_same_flow() -> None:
    path, _, name = entrypoint_of_file().partition(":")
    assert f"{path.removesuffix('.py').replace('/', '.')}.{name}" == ENTRYPOINT


def test_entrypoint_loads_and_takes_the_documented_parameters() -> None:
    flow: Flow[..., Any] = load_flow_from_entrypoint(ENTRYPOINT)
    assert flow.name == "verify"
    assert list(flow.parameters.properties) == ["locations", "db", "profile"]
    assert flow.parameters.required == ["locations"]
