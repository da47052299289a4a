"""Rounding with the error made up for: nearer than to the nearest, in the room asked for, and the same each time."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

from models import compact
from models.cards import COMPACT, digest
from models.compact import is_compact, load_classifier
from models.nli import STANCES, CrossEncoderNli
from models.training import rounding
from tests.models.conftest import CheckpointMaker

LABELS = ("entailment", "neutral", "contradiction")
PAIRS = [
    ("the bridge is open", "it was closed in march"),
    ("no", "yes"),
    ("the ministry said no", "the bridge , in march"),
]


@pytest.fixture
def small_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compact, "LEAST", 256)


def made(seed: int = 3) -> tuple[torch.Tensor, torch.Tensor, rounding.Plan]:
    """Values, the squares of inputs that go together, and the plan of both."""
    torch.manual_seed(seed)
    inputs = torch.randn(2000, 8) @ torch.randn(8, 40) + 0.3 * torch.randn(2000, 40)
    values = torch.randn(64, 40)
    moments = rounding.Moments(inputs.T @ inputs, torch.rand(64))
    return values, moments.inputs, rounding._plan(values, moments)


def harm(values: torch.Tensor, squares: torch.Tensor, found: compact.Rounded) -> float:
    wrong = values - torch.from_numpy(found.values)
    return float(torch.einsum("ri,ij,rj->", wrong, squares, wrong))


def test_what_one_column_has_wrong_the_others_make_good() -> None:
    values, squares, plan = made()
    room = len(compact.rounded(values.numpy()).packed())
    scale = rounding.scale_for({"one": plan}, room)
    best = plan.made(scale)
    nearest = compact.rounded(values.numpy())
    assert 0.75 * room < len(best.packed()) < 1.02 * room
    assert harm(values, squares, best) < 0.5 * harm(values, squares, nearest)
    assert harm(values, squares, best) < harm(values, squares, plan.plain(scale))


def test_blocks_change_nothing() -> None:
    values, _, plan = made()
    rows, columns = plan._steps(0.01)
    whole, parts = (rounding.successive(values, rows, columns, plan.factor, block=block) for block in (len(columns), 7))
    assert float((whole != parts).float().mean()) < 0.01  # sums in another order, and then a code beside


def test_independent_inputs_are_rounded_to_the_nearest() -> None:
    values = torch.randn(5, 300)
    plan = rounding._plan(values, rounding.Moments(torch.eye(300), torch.ones(5)))
    scale = 0.3
    assert (plan.made(scale).codes == plan.plain(scale).codes).all()


def test_a_finer_step_needs_more_room_and_no_code_leaves_its_byte() -> None:
    values, _, plan = made()
    coarse, fine, finest = (plan.made(scale) for scale in (1.0, 0.1, 1e-9))
    assert len(coarse.packed()) < len(fine.packed())
    assert np.abs(finest.codes.astype(int)).max() <= compact.LARGEST
    assert np.abs(finest.values - values.numpy()).max() < 0.2


def test_moments_are_those_of_the_gradients(make_checkpoint: CheckpointMaker) -> None:
    folder = make_checkpoint(*LABELS, *STANCES)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model: Any = load_classifier(str(folder), AutoConfig.from_pretrained(folder), None, torch.float32)
    found = rounding.moments_of(model, tokenizer, PAIRS)
    layers = [name for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)]
    assert {f"{name}.weight" for name in layers} < set(found)
    assert len(found) == len(layers) + 1
    for name, moments in found.items():
        outputs, inputs = model.state_dict()[name].shape
        assert moments.inputs.shape == (inputs, inputs)
        assert len(moments.outputs) == (inputs if "embeddings" in name else outputs)
        assert float(moments.inputs.diagonal().min()) >= 0
    assert all(not module._forward_hooks for module in model.modules())


@pytest.mark.usefixtures("small_ones_too")
@pytest.mark.parametrize("labels", [LABELS, (*LABELS, *STANCES)])
def test_a_checkpoint_is_made_in_the_room_asked_for_and_twice_the_same(
    make_mpnet: CheckpointMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, labels: tuple[str, ...]
) -> None:
    whole = make_mpnet(*labels)
    nli, pairs = tmp_path / "nli.jsonl.gz", tmp_path / "pairs.jsonl"
    rows = [{"premise": a, "hypothesis": b, "label": "neutral", "source": "s"} for a, b in PAIRS]
    nli.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    sides = [{"source": "the ministry", "cue": "said", "content": text} for text in PAIRS[0]]
    pairs.write_text(json.dumps({"id": "1", "a": sides[0], "b": sides[1], "label": "agree"}) + "\n")
    state = AutoModelForSequenceClassification.from_pretrained(whole).state_dict()
    room = sum(value.numel() if is_compact(name, value.shape) else 2 * value.numel() for name, value in state.items())
    asked = (room + rounding.HEADER * len(state)) / 1e6
    for name in ("one", "two"):
        argv = ["rounding", "--model", str(whole), "--out", str(tmp_path / name), "--nli", str(nli)]
        monkeypatch.setattr(sys, "argv", [*argv, "--pairs", str(pairs), "--megabytes", str(asked)])
        rounding.main()
    files = [tmp_path / name / COMPACT for name in ("one", "two")]
    assert digest(files[0]) == digest(files[1])
    assert 0.7 * asked < files[0].stat().st_size / 1e6 <= asked
    monkeypatch.setattr(sys, "argv", [*argv, "--pairs", str(pairs), "--megabytes", "0.001"])
    with pytest.raises(ValueError, match=r"no steps are coarse enough .* give more --megabytes"):
        rounding.main()
    assert CrossEncoderNli(str(tmp_path / "one"), precision="full").score(PAIRS)
