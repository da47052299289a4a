"""BERT without padding: the same logits as transformers', near ones in int8, and ranges that do not fit are refused."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest
import torch

from models.nli import CrossEncoderNli, Padded
from models.packed import (
    RANGES,
    Arithmetic,
    Float,
    Int8,
    PackedBert,
    Ranges,
    Watched,
    fast_int8,
    measured,
    packable,
    read_ranges,
)
from models.training.ranges import ranges_of_pairs, write
from tests.models.conftest import CheckpointMaker
from verifier.errors import BrokenSetup

LABELS = ("entailment", "neutral", "contradiction")
TEXTS = [
    "the bridge is open", "it was closed in march .", "no", "the ministry said it was not open , yes", "a bridge",
    "the bridge said no , the ministry said yes , it was open in march , not closed", "march",
]  # fmt: skip
PAIRS = [(a, b) for a in TEXTS for b in TEXTS]


@pytest.fixture(scope="module", params=["bert", "mpnet"])
def loaded(
    make_checkpoint: CheckpointMaker, make_mpnet: CheckpointMaker, request: pytest.FixtureRequest
) -> tuple[Path, Any, Any]:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = (make_checkpoint if request.param == "bert" else make_mpnet)(*LABELS)
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
    return folder, AutoTokenizer.from_pretrained(folder), model


def encode(tokenizer: Any, pairs: list[tuple[str, str]]) -> Any:
    return tokenizer([a for a, _ in pairs], [b for _, b in pairs])


def fast(ranges: Ranges) -> Arithmetic:
    """int8; bfloat16 on a processor whose bytes overflow, as in the program."""
    return Int8(ranges) if fast_int8() else Float(torch.bfloat16)


def test_without_padding_the_logits_are_those_of_transformers(loaded: tuple[Path, Any, Any]) -> None:
    _, tokenizer, model = loaded
    encoded = encode(tokenizer, PAIRS)
    assert packable(model.config)
    packed = PackedBert(model, Float()).logits(encoded)
    assert torch.allclose(packed, Padded(model, tokenizer, "cpu").logits(encoded), atol=1e-4)


def test_in_int8_the_logits_are_near(loaded: tuple[Path, Any, Any]) -> None:
    _, tokenizer, model = loaded
    encoded = encode(tokenizer, PAIRS)
    exact = PackedBert(model, Float()).logits(encoded)
    near = PackedBert(model, fast(measured(model, encoded))).logits(encoded)
    assert (near - exact).abs().mean() < 0.05 * exact.std()


def test_unusual_inputs_are_split_over_copies(loaded: tuple[Path, Any, Any]) -> None:
    """One input of the second matrix ten times the others': without copies it would take nine tenths of the steps."""
    torch.manual_seed(3)
    up, down = (torch.randn(32, 16), torch.randn(32)), (torch.randn(16, 32), torch.randn(16))
    up[0][5] *= 10
    rows = torch.randn(200, 16)
    watched = Watched(rows=1)
    exact = watched.forward("0", up, down)(rows)
    near = fast(watched.seen).forward("0", up, down)(rows)
    assert (near - exact).abs().mean() < 0.02 * exact.std()


@pytest.mark.parametrize(("spec", "precision"), [("card:nli", "fast"), ("card:nli", "full"), ("card:verdict", "fast")])
def test_scores_do_not_depend_on_what_is_scored_beside(spec: str, precision: str) -> None:
    claims = ["The bridge is open.", "The old bridge was closed in March, the ministry said on Tuesday.", "No."]
    long = " ".join(claims * 9)
    pairs = [(a, b) for a in [*claims, long] for b in claims]
    model = CrossEncoderNli(spec, precision=precision)
    together = model.score([*pairs, *pairs[::-1]])
    assert together == [*together[: len(pairs)], *together[: len(pairs)][::-1]]
    assert together[: len(pairs) : 5] == [model.score([pair])[0] for pair in pairs[::5]]


def test_the_ranges_beside_the_weights_are_used(loaded: tuple[Path, Any, Any], tmp_path: Path) -> None:
    folder = copytree(loaded[0], tmp_path / "model")
    file = write(folder, ranges_of_pairs(folder, PAIRS))
    fast, full = CrossEncoderNli(str(folder)), CrossEncoderNli(str(folder), precision="full")
    assert (fast.score(PAIRS) != full.score(PAIRS)) == fast_int8()
    assert fast.revision == full.revision
    assert file.name == RANGES


@pytest.mark.parametrize("damage", ["other weights", "no archive", "cut short"])
def test_ranges_that_do_not_fit_are_refused(damage: str, loaded: tuple[Path, Any, Any], tmp_path: Path) -> None:
    file = tmp_path / RANGES
    np.savez_compressed(file, sha256=np.array("0" * 64), values=np.arange(4096, dtype=np.float32))
    if damage == "no archive":
        file.write_bytes(b"not an archive")
    elif damage == "cut short":
        file.write_bytes(file.read_bytes()[:300])
    with pytest.raises(BrokenSetup, match=r"ranges\.npz: (was made for other weights|cannot be read).*or delete it"):
        read_ranges(tmp_path, "1" * 12)
