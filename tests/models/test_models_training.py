"""The recipes, end to end on a tiny base and a few pairs."""

from __future__ import annotations

import gzip
import json
import math
import sys
from pathlib import Path

import pytest
import torch

from models.nli import CrossEncoderNli
from models.training import nli
from models.training.corpus import NliExample, hold_out, mixture, read_examples
from tests.models.conftest import CheckpointMaker

ROWS = [
    {"premise": "the bridge is open", "hypothesis": "it was open", "label": "entailment", "source": "x"},
    {"premise": "the bridge is open", "hypothesis": "it was not open", "label": "contradiction", "source": "x"},
    {"premise": "the bridge is open", "hypothesis": "the ministry said", "label": "neutral", "source": "y"},
    {"premise": "the bridge is open", "hypothesis": "it is closed", "label": "not_entailment", "source": "y"},
]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_reading_names_the_wrong_line(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl.gz", [*ROWS, {"premise": "a", "hypothesis": "b", "label": "maybe"}])
    with pytest.raises(ValueError, match=r"train\.jsonl\.gz:5: unknown label 'maybe'"):
        list(read_examples(file))


def test_the_mixture_repeats_and_samples_by_source() -> None:
    examples = [NliExample(str(i), "h", "neutral", "x" if i < 10 else "y") for i in range(30)]
    chosen = mixture(examples, {"x": 2.5, "y": 0.25}, seed=1)
    assert sum(e.source == "x" for e in chosen) == 25
    assert sum(e.source == "y" for e in chosen) == 5
    assert chosen == mixture(examples, {"x": 2.5, "y": 0.25}, seed=1)


def test_held_out_pairs_are_not_trained_on() -> None:
    examples = [NliExample(str(i), "h", "neutral", "x") for i in range(30)]
    rest, held = hold_out(examples, 5, seed=1)
    assert len(held) == 5
    assert not set(rest) & set(held)


def test_the_two_way_loss_is_minus_log_of_not_entailed() -> None:
    logits = torch.tensor([[2.0, 0.5, -1.0]])
    p = torch.softmax(logits, dim=-1)[0]
    assert float(nli.nli_loss(logits, torch.tensor([nli.NOT_ENTAILMENT_ID]))) == pytest.approx(
        -math.log(1 - float(p[0])), rel=1e-5
    )
    assert float(nli.nli_loss(logits, torch.tensor([2]))) == pytest.approx(-math.log(float(p[2])), rel=1e-5)


def test_batches_keep_every_row_once_and_one_length_a_batch() -> None:
    rows = [nli.Encoded([1] * n, [0] * n, 0) for n in range(3, 80)]
    found = nli.batches(rows, 128, seed=1)
    assert sorted(len(row.ids) for batch in found for row in batch) == list(range(3, 80))
    assert all(
        len(batch) * nli.bucket_length(max(len(r.ids) for r in batch)) <= 128 or len(batch) == 1 for batch in found
    )


def test_the_schedule_warms_up_and_ends_at_zero() -> None:
    values = [nli.schedule(step, 100, 0.1) for step in range(101)]
    assert values[9] == max(values) == 1.0
    assert values[0] == pytest.approx(0.1)
    assert values[100] == 0.0


def test_the_recipe_makes_a_checkpoint_that_the_port_loads(
    make_checkpoint: CheckpointMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path / "train.jsonl.gz",
        [{**row, "premise": f"{row['premise']} {'the ' * (i % 9)}"} for i in range(30) for row in ROWS],
    )
    base = make_checkpoint("entailment", "neutral", "contradiction")
    small = nli.Recipe(held_out=20, tokens_per_batch=256, max_length=64)
    monkeypatch.setattr(nli, "Recipe", lambda: small)
    monkeypatch.setattr(
        sys, "argv", ["nli", "--data", str(tmp_path), "--out", str(tmp_path / "out"), "--base", str(base)]
    )
    nli.main()
    facts = json.loads((tmp_path / "out" / "training.json").read_text())
    assert facts["pairs"] == 100
    (found,) = CrossEncoderNli(str(tmp_path / "out")).score([("the bridge is open", "it was open")])
    assert found.entailment + found.neutral + found.contradiction == pytest.approx(1.0, abs=1e-5)
