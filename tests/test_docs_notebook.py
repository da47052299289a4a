"""The notebook: plain, without outputs, its code parses, and its queries run on both dialects."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

NOTEBOOK = json.loads((Path(__file__).parents[1] / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))
CELLS: list[dict[str, Any]] = NOTEBOOK["cells"]
CODE = ["".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "code"]
CALLS = [node for source in CODE for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
QUERIES = [
    call.args[0].value
    for call in CALLS
    if isinstance(call.func, ast.Name) and call.func.id == "read" and isinstance(call.args[0], ast.Constant)
]


def test_it_is_a_notebook_without_outputs() -> None:
    assert (NOTEBOOK["nbformat"], NOTEBOOK["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in CELLS}) == len(CELLS)
    for cell in CELLS:
        assert cell["cell_type"] in ("markdown", "code")
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_it_names_no_path_of_a_machine() -> None:
    assert not [word for word in ("/home/", "/root", "/Users/", "/work/", "/tmp/") if word in json.dumps(NOTEBOOK)]  # noqa: S108


def test_it_needs_only_what_the_extra_brings() -> None:
    roots = {
        name.split(".")[0]
        for source in CODE
        for node in ast.walk(ast.parse(source))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else _names(node))
    }
    assert roots - set(sys.stdlib_module_names) == {"db", "matplotlib", "pandas"}


def _names(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(query).split("FROM ")[1].split()[0])
def test_a_query_runs_and_is_empty_without_rows(engine: Engine, query: str) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql(query).all() == []


def test_it_plots_from_the_views() -> None:
    asked = {str(query).split("FROM ")[1].split()[0] for query in QUERIES}
    assert asked == {"v_outlet_matrix", "v_review_queue", "v_calibration", "v_speaker_timeline"}
