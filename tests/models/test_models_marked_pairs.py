"""Labelled pairs given as places in texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.training.marked_pairs import read_marked, read_taught, read_texts

TEXT = "Ann Orr said the bridge is open 🚧 and safe. Critics disagree."
ARTICLE = "north_2026-01-05_the-bridge"


def side(content: list[list[int]], source: list[int] | None = None, cue: list[int] | None = None) -> dict[str, Any]:
    return {"article": ARTICLE, "source": source, "cue": cue, "content": content}


ROW: dict[str, Any] = {
    "id": "one",
    "label": "tension",
    "sure": 3,
    "a": side([[13, 31], [38, 42]], [0, 7], [8, 12]),
    "b": side([[52, 60]]),
}


def write(folder: Path, *rows: dict[str, Any]) -> tuple[Path, dict[str, str]]:
    texts, marked = folder / "texts.jsonl", folder / "marked.jsonl"
    texts.write_text(json.dumps({"id": ARTICLE, "text": TEXT}) + "\n", encoding="utf-8")
    marked.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return marked, read_texts([texts])


def test_places_become_statements(tmp_path: Path) -> None:
    (found,) = read_marked(*write(tmp_path, ROW, {**ROW, "sure": 1}))
    assert found.a.shown() == "Ann Orr said: the bridge is open safe"
    assert (found.a.outlet, found.a.date, found.a.start) == ("north", "2026-01-05", 13)
    assert (found.b.shown(), found.label, found.id) == ("disagree", "tension", "one")


def test_a_side_that_was_written(tmp_path: Path) -> None:
    written = {"article": ARTICLE, "source": None, "cue": "denied", "content": "that it is safe"}
    (found,) = read_marked(*write(tmp_path, {**ROW, "b": written}))
    assert (found.b.shown(), found.b.outlet) == ("denied: that it is safe", "north")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param({**ROW, "label": "maybe"}, "marked.jsonl:2: unknown label 'maybe'", id="label"),
        pytest.param({**ROW, "a": {**side([]), "article": "?"}}, r"marked.jsonl:2: not a pair .*'\?'", id="no text"),
        pytest.param({**ROW, "b": side([])}, "marked.jsonl:2: not a pair", id="no content"),
    ],
)
def test_the_wrong_line_is_named(tmp_path: Path, row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(read_marked(*write(tmp_path, ROW, row)))


def test_the_packaged_labels_can_be_read() -> None:
    folder = Path("models/training/labels")
    for name in sorted(path.name for path in folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        assert {row["label"] for row in rows} == {"agree", "conflict", "tension", "neutral"}
        months = {row[at]["article"].split("_")[1][:7] for row in rows for at in "ab"}
        assert rows
        assert months.isdisjoint({"2016-01", "2016-05", "2016-09"}) is name.endswith("_train.jsonl")


TAUGHT: dict[str, Any] = {"a": ROW["a"], "b": ROW["b"], "p": [0.1, 0.2, 0.6, 0.1]}


def test_what_a_teacher_says_is_the_target(tmp_path: Path) -> None:
    (found,) = read_taught(*write(tmp_path, TAUGHT))
    assert (found.b.shown(), found.label, found.target) == ("disagree", "tension", (0.1, 0.2, 0.6, 0.1))


@pytest.mark.parametrize("p", [[0.5, 0.5], ["a"] * 4, None])
def test_a_teacher_says_four_probabilities(tmp_path: Path, p: object) -> None:
    with pytest.raises(ValueError, match=r"marked.jsonl:2: not a pair with places .* and probabilities"):
        list(read_taught(*write(tmp_path, TAUGHT, {**TAUGHT, "p": p})))
