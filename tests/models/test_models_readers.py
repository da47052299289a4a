"""Two verdict models, one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from crossquote.bootstrap import judge_of
from models import readers
from models.nli import STANCES, CrossEncoderNli
from models.readers import TwoReaders
from tests.models.conftest import CheckpointMaker
from verifier.errors import BrokenSetup
from verifier.verdicts import NliProbabilities, StanceProbabilities

LABELS = ("entailment", "neutral", "contradiction", *STANCES)
PAIRS = [("the bridge is open", "it was closed"), ("no", "yes"), ("the ministry said no", "the bridge , in march")]


class Seen:
    """A verdict model, and what it was asked."""

    def __init__(self, inner: CrossEncoderNli) -> None:
        self.inner = inner
        self.asked: list[tuple[str, str]] = []
        self.model_id, self.revision = inner.model_id, inner.revision

    @property
    def quick(self) -> CrossEncoderNli:
        return self.inner

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NliProbabilities]:
        self.asked += pairs
        return self.inner.score(pairs)

    def stances(self, pairs: Sequence[tuple[str, str]], *, both_orders: bool = True) -> list[StanceProbabilities]:
        self.asked += pairs
        return self.inner.stances(pairs, both_orders=both_orders)


@pytest.fixture(scope="module")
def models(make_checkpoint: CheckpointMaker, make_mpnet: CheckpointMaker) -> tuple[CrossEncoderNli, CrossEncoderNli]:
    return CrossEncoderNli(str(make_checkpoint(*LABELS))), CrossEncoderNli(str(make_mpnet(*LABELS)))


@pytest.mark.parametrize("both_orders", [True, False])
def test_the_second_reads_what_the_first_does_not_pass_by(
    models: tuple[CrossEncoderNli, CrossEncoderNli], monkeypatch: pytest.MonkeyPatch, both_orders: bool
) -> None:
    small, large = (one.stances(PAIRS, both_orders=both_orders) for one in models)
    bound = sorted(one.unrelated for one in small)[1]
    monkeypatch.setattr(readers, "PASSED_BY", bound)
    second = Seen(models[1])
    found = TwoReaders(models[0], second).stances(PAIRS, both_orders=both_orders)
    passed = [one.unrelated >= bound for one in small]
    assert sorted(passed) == [False, True, True]
    assert found == [a if by else b for a, b, by in zip(small, large, passed, strict=True)]
    assert second.asked == [pair for pair, by in zip(PAIRS, passed, strict=True) if not by]


def test_the_second_scores_what_the_first_does_not_find_neutral(
    models: tuple[CrossEncoderNli, CrossEncoderNli], monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = (one.score(PAIRS) for one in models)
    bound = sorted(one.neutral for one in small)[1]
    monkeypatch.setattr(readers, "PASSED_BY", bound)
    second = Seen(models[1])
    both = TwoReaders(models[0], second)
    assert both.score(PAIRS) == [a if a.neutral >= bound else b for a, b in zip(small, large, strict=True)]
    assert second.asked == [pair for pair, one in zip(PAIRS, small, strict=True) if one.neutral < bound]
    assert both.quick is models[0]


def test_both_models_and_the_bound_are_its_key(
    models: tuple[CrossEncoderNli, CrossEncoderNli], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = TwoReaders(*models)
    before = both.revision
    assert all(one.revision in before and one.model_id in both.model_id for one in models)
    monkeypatch.setattr(readers, "PASSED_BY", 0.5)
    assert both.revision != before
    assert both.stances([]) == []


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
    assert isinstance(judges["both"].nli, TwoReaders)
    assert isinstance(judges["other"].nli, CrossEncoderNli)
    kinds = {name: type(judge.stances) for name, judge in judges.items()}
    assert kinds == {"both": TwoReaders, "one": CrossEncoderNli, "other": CrossEncoderNli, "none": type(None)}
    assert len({judge.policy.version for judge in judges.values()}) == 4
    assert {name for name, judge in judges.items() if judge.policy.calibration.with_stances} == {"both", "one", "other"}
    with pytest.raises(
        BrokenSetup, match=r"verdict model '.*' knows no stances; train one with models\.training\.pairs"
    ):
        judge_of("wrong")
