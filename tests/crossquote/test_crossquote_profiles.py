"""A small model and a larger verdict model in one profile: which of them looks first, and which reads for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossquote.bootstrap import judge_of
from models.nli import STANCES
from tests.models.conftest import CheckpointMaker, make_checkpoint, make_mpnet, vocabulary
from verifier.errors import BrokenSetup

__all__ = ["make_checkpoint", "make_mpnet", "vocabulary"]
LABELS = ("entailment", "neutral", "contradiction", *STANCES)


def test_a_profile_names_a_verdict_model(
    make_checkpoint: CheckpointMaker, make_mpnet: CheckpointMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nli, knowing, plain = LABELS[:3], make_checkpoint(*LABELS), make_mpnet(*LABELS[:3])
    profiles = {
        "both": (knowing, make_mpnet(*LABELS)), "one": (knowing, ""), "other": (make_checkpoint(*nli), knowing),
        "none": (make_checkpoint(*nli), ""), "wrong": (knowing, plain),
    }  # fmt: skip
    lines = (
        f"[profiles.{name}]\nembedder = 'card:minilm'\nnli = '{a}'\nverdict = '{b}'\n"
        for name, (a, b) in profiles.items()
    )
    (tmp_path / "crossquote.toml").write_text("".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    judges = {name: judge_of(name) for name in profiles if name != "wrong"}
    read = {
        name: tuple(None if one is None else one.model_id for one in (judge.readers.quick, *judge.readers.deciding))
        for name, judge in judges.items()
    }
    named = [*profiles["both"], profiles["other"][0], profiles["none"][0]]
    small, large, other, none = (Path(str(one)).name for one in named)
    assert read["both"] == (small, large, large)
    assert read["one"] == (None, small, small)
    assert read["other"] == (None, other, small)
    assert read["none"] == (None, none, None)
    assert len({judge.policy.version for judge in judges.values()}) == 4
    assert {name for name, judge in judges.items() if judge.policy.calibration.with_stances} == {"both", "one", "other"}
    with pytest.raises(
        BrokenSetup, match=r"verdict model '.*' knows no stances; train one with models\.training\.pairs"
    ):
        judge_of("wrong")
