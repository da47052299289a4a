"""Packaged weights are loaded only as they were shipped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.cards import card, verified
from verifier.errors import BrokenSetup


def test_a_model_file_with_one_other_bit_is_refused_with_the_remedy(tmp_path: Path) -> None:
    one = card("nli")
    weights = bytearray((one.path / "model.safetensors").read_bytes())
    weights[len(weights) // 2] ^= 1
    (tmp_path / "model.safetensors").write_bytes(bytes(weights))
    with pytest.raises(BrokenSetup, match="has not the sha256 of its card; reinstall it"):
        verified(replace(one, package="", folder=str(tmp_path)))


def test_a_missing_model_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match=r"model\.safetensors is missing"):
        verified(replace(card("nli"), package="", folder=str(tmp_path)))
