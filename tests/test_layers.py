"""The direction of imports: crossquote -> flows -> (models | db) -> verifier -> standard library."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("verifier", "models", "db", "flows", "crossquote")
MAY_IMPORT = {
    "verifier": {"verifier"},
    "models": {"models", "verifier"},
    "db": {"db", "verifier"},
    "flows": {"flows", "models", "db", "verifier"},
    "crossquote": set(PACKAGES),
}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_from_its_layer_or_below(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {name.split(".")[0] for name in imported(path)} & set(PACKAGES)
    assert ours <= MAY_IMPORT[package]


@pytest.mark.parametrize("path", [p for p in MODULES if "verifier" in p.parts], ids=lambda path: path.name)
def test_the_domain_imports_the_standard_library_and_numpy_only(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)} - {"verifier", "numpy"}
    assert roots <= sys.stdlib_module_names


def test_only_bootstrap_and_its_front_ends_read_settings() -> None:
    readers = {str(path.relative_to(ROOT)) for path in MODULES if "crossquote.settings" in set(imported(path))}
    assert all(name.startswith("crossquote/") for name in readers)


def modules_of_ours(path: Path) -> set[str]:
    return {name for name in imported_at_top(path) if name.split(".")[0] in PACKAGES}


def imported_at_top(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_are_no_import_cycles() -> None:
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}
    graph = {name: modules_of_ours(path) & names.keys() - {name} for name, path in names.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in sorted(graph[name]):
                if not name.startswith(f"{other}."):
                    visit(other, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())
