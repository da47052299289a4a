"""Compact weights: near the whole ones, loaded like any, and refused where they are damaged."""

from __future__ import annotations

import shutil
from dataclasses import astuple
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification

from models import compact
from models.cards import COMPACT, digest
from models.nli import CrossEncoderNli
from models.training.ranges import ranges_of_pairs, write
from tests.models.conftest import CheckpointMaker
from verifier.errors import BrokenSetup

PAIRS = [("the bridge is open", "the bridge is not open"), ("no", "the ministry said yes , it was closed in march")]
LABELS = ("entailment", "neutral", "contradiction")


@pytest.fixture
def small_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compact, "LEAST", 256)


@pytest.fixture
def made(make_mpnet: CheckpointMaker, tmp_path: Path) -> tuple[Path, Path]:
    whole, out = make_mpnet(*LABELS), tmp_path / "compact"
    shutil.copytree(whole, out, ignore=shutil.ignore_patterns("*.safetensors"))
    compact.write_compact(out, AutoModelForSequenceClassification.from_pretrained(whole).state_dict())
    return whole, out


@pytest.mark.usefixtures("small_ones_too")
def test_values_are_a_twentieth_off_at_most_a_step_and_need_few_bits(tmp_path: Path) -> None:
    torch.manual_seed(3)
    state = {"a.weight": torch.randn(400, 300) * torch.rand(400, 1), "b.bias": torch.randn(7)}
    state["a.weight"][5, 5] = 9.0  # an outlier costs no other value anything
    file = compact.write_compact(tmp_path, state)
    found = compact.read_compact(file)
    off = (found["a.weight"] - state["a.weight"]).norm() / state["a.weight"].norm()
    assert off < 0.11
    assert float(found["a.weight"][5, 5]) == pytest.approx(9.0, abs=0.25)
    assert torch.allclose(found["b.bias"], state["b.bias"], atol=2e-3)
    assert file.stat().st_size * 8 < 3.8 * 400 * 300
    assert digest(compact.write_compact(tmp_path / "again", state)) == digest(file)


@pytest.mark.usefixtures("small_ones_too")
def test_a_compact_checkpoint_is_loaded_like_any(made: tuple[Path, Path]) -> None:
    whole, out = (CrossEncoderNli(str(folder), precision="full") for folder in made)
    for one, other in zip(whole.score(PAIRS), out.score(PAIRS), strict=True):
        assert astuple(one) == pytest.approx(astuple(other), abs=0.1)
    assert out.revision != whole.revision
    assert out.checkpoint.labels == LABELS
    assert not (made[1] / "model.safetensors").exists()


def test_its_ranges_are_measured_as_of_any(made: tuple[Path, Path]) -> None:
    write(made[1], ranges_of_pairs(made[1], PAIRS))
    assert CrossEncoderNli(str(made[1])).score(PAIRS)


@pytest.mark.usefixtures("small_ones_too")
@pytest.mark.parametrize("damage", ["cut short", "another file"])
def test_a_damaged_file_is_refused(made: tuple[Path, Path], damage: str) -> None:
    file = made[1] / COMPACT
    file.write_bytes(file.read_bytes()[:-50] if damage == "cut short" else b"{}")
    with pytest.raises(BrokenSetup, match=r"compact\.safetensors: cannot be read .*; reinstall it, or make it anew"):
        CrossEncoderNli(str(made[1])).score(PAIRS)
