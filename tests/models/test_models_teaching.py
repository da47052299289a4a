"""A larger encoder as a teacher: trained on labelled pairs, it says what it makes of pairs of news texts, and a small model learns that."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from models.nli import STANCES, CrossEncoderNli
from models.training import pairs as recipe
from models.training import teaching
from models.training.marked_pairs import read_taught, read_texts
from tests.models.conftest import CheckpointMaker
from tests.models.test_models_pairs import ROWS, write

HELD = {"source": None, "cue": None, "content": [[0, 6]]}
SAYS = "Mayor Ann Orr said the new bridge over the river {} on Monday.\n\nThe ministry denied that the bridge over the river {}."


@pytest.fixture(scope="module")
def larger(make_mpnet: CheckpointMaker) -> Path:
    """A base of another family, which knows no labels yet."""
    return make_mpnet("LABEL_0", "LABEL_1")


def test_the_lower_layers_stay_as_they_are(larger: Path) -> None:
    _, model = recipe.load_base(str(larger), 0.0, torch.device("cpu"), frozen=1)
    learning = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert {name.split(".")[0] for name in learning} == {"mpnet", "classifier"}
    assert all(name.startswith("mpnet.encoder.layer.1.") for name in learning if name.startswith("mpnet"))


def test_what_a_teacher_says_of_news_texts_is_learnt(
    larger: Path, make_checkpoint: CheckpointMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(module: Any, *arguments: object) -> None:
        monkeypatch.setattr(sys, "argv", ["recipe", *map(str, arguments)])
        module.main()

    labelled, texts, out = write(tmp_path / "pairs.jsonl", ROWS), tmp_path / "texts.jsonl", tmp_path / "taught.jsonl.gz"
    ends = ("opened", "did not open", "is closed", "will open")
    days = ("2016-02-03", "2016-02-04", "2016-02-05", "2016-03-05")
    write(texts, [{"id": f"north-{d}_{d}_bridge", "text": SAYS.format(e, e)} for d, e in zip(days, ends, strict=True)])
    held = write(tmp_path / "held.jsonl", [{side: {**HELD, "article": "x_2016-03-09_y"} for side in ("a", "b")}])

    size = ("--passes", 1, "--tokens-per-batch", 512, "--max-length", 60)
    call(recipe, "--pairs", labelled, "--base", larger, "--out", tmp_path / "teacher", "--frozen", 1, *size)
    call(teaching, "--teacher", tmp_path / "teacher", "--texts", texts, "--held", held, "--count", 5, "--out", out)
    found = list(read_taught(out, read_texts([texts])))
    assert len(found) == 5
    assert {one.a.date for one in found} | {one.b.date for one in found} == set(days[:3])
    assert all(sum(one.target or ()) == pytest.approx(1.0, abs=1e-3) for one in found)

    base = make_checkpoint("entailment", "neutral", "contradiction")
    call(
        recipe, "--taught", out, "--texts", texts, "--neutrals", 0, "--base", base, "--out", tmp_path / "learnt", *size
    )  # fmt: skip
    assert json.loads((tmp_path / "learnt" / "training.json").read_text())["pairs"] == 5
    assert CrossEncoderNli(str(tmp_path / "learnt")).knows_stances
    assert len(STANCES) == len(found[0].target or ())
