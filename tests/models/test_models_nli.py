"""The NLI port on tiny checkpoints: label order, batching, two-way models, errors."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import pytest

from models.nli import CrossEncoderNli, label_columns
from tests.models.conftest import CheckpointMaker
from verifier.errors import BrokenSetup

PAIRS = [
    ("the bridge is open", "the bridge is closed"),
    ("it was open in march .", "no"),
    ("a", "the ministry said it was not open"),
]


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        pytest.param(("contradiction", "entailment", "neutral"), (2, 0, 1), id="cross-encoder order"),
        pytest.param(("NEUTRAL", "CONTRADICTION", "ENTAILMENT"), (1, 2, 0), id="upper case"),
    ],
)
def test_the_label_order_is_read_from_the_config(
    make_checkpoint: CheckpointMaker, labels: tuple[str, ...], order: tuple[int, ...]
) -> None:
    plain = CrossEncoderNli(str(make_checkpoint("entailment", "neutral", "contradiction"))).score(PAIRS)
    other = CrossEncoderNli(str(make_checkpoint(*labels, order=order))).score(PAIRS)
    assert plain == other
    assert all(p.entailment + p.neutral + p.contradiction == pytest.approx(1.0, abs=1e-5) for p in plain)


def test_batching_changes_nothing(make_checkpoint: CheckpointMaker) -> None:
    folder = str(make_checkpoint("entailment", "neutral", "contradiction"))
    together = CrossEncoderNli(folder).score(PAIRS)
    assert together == [CrossEncoderNli(folder).score([pair])[0] for pair in PAIRS]
    assert CrossEncoderNli(folder).score([]) == []


def test_a_two_way_checkpoint_gives_no_contradiction(make_checkpoint: CheckpointMaker) -> None:
    found = CrossEncoderNli(str(make_checkpoint("entailment", "not_entailment"))).score(PAIRS)
    assert all(p.contradiction == 0.0 for p in found)


SEVEN = ("tension", "entailment", "agree", "neutral", "contradiction", "unrelated", "conflict")


def test_a_verdict_model_scores_nli_and_stances_with_one_set_of_weights(make_checkpoint: CheckpointMaker) -> None:
    model = CrossEncoderNli(str(make_checkpoint(*SEVEN)))
    assert model.knows_stances
    found, turned = model.stances(PAIRS), model.stances([(b, a) for a, b in PAIRS])
    assert found == turned
    assert all(p.agree + p.conflict + p.tension + p.unrelated == pytest.approx(1.0, abs=1e-5) for p in found)
    assert all(p.entailment + p.neutral + p.contradiction == pytest.approx(1.0, abs=1e-5) for p in model.score(PAIRS))
    assert model.stances([]) == []


def test_the_stances_order_is_read_from_the_config(make_checkpoint: CheckpointMaker) -> None:
    order = (6, 1, 2, 3, 4, 5, 0)
    other = [SEVEN[i] for i in order]
    plain = CrossEncoderNli(str(make_checkpoint(*SEVEN))).stances(PAIRS)
    found = CrossEncoderNli(str(make_checkpoint(*other, order=order))).stances(PAIRS)
    assert [astuple(one) for one in found] == [pytest.approx(astuple(one), abs=1e-5) for one in plain]


def test_an_nli_model_knows_no_stances(make_checkpoint: CheckpointMaker) -> None:
    model = CrossEncoderNli(str(make_checkpoint("entailment", "neutral", "contradiction")))
    assert not model.knows_stances
    with pytest.raises(BrokenSetup, match=r"knows no stances; train one"):
        model.stances(PAIRS)


@pytest.mark.parametrize(
    "labels", [("LABEL_0", "LABEL_1", "LABEL_2"), ("neutral", "contradiction"), ("positive", "entailment", "neutral")]
)
def test_labels_that_do_not_say_what_they_mean_are_refused(labels: tuple[str, ...]) -> None:
    with pytest.raises(BrokenSetup, match="id2label"):
        label_columns(dict(enumerate(labels)))


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        pytest.param("/no/such/folder", "no such folder", id="folder"),
        pytest.param("card:nothing", "no model card", id="card"),
        pytest.param("nobody/has-this-model", "hub", id="hub"),
    ],
)
def test_a_model_that_is_not_there_is_one_clear_line(spec: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(BrokenSetup, match=message) as caught:
        CrossEncoderNli(spec).score(PAIRS)
    assert "\n" not in caught.value.message


def test_a_folder_without_weights(tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match="safetensors"):
        _ = CrossEncoderNli(str(tmp_path)).revision


def test_a_changed_weight_is_another_revision(make_checkpoint: CheckpointMaker) -> None:
    first = make_checkpoint("entailment", "neutral", "contradiction")
    second = make_checkpoint("entailment", "neutral", "contradiction", order=(1, 0, 2))
    assert CrossEncoderNli(str(first)).revision != CrossEncoderNli(str(second)).revision


@pytest.mark.slow
def test_the_packaged_model_knows_open_from_not_open() -> None:
    model = CrossEncoderNli()
    opposite, same = model.score(
        [
            ("The bridge is open.", "The bridge is not open."),
            ("The old bridge was closed in March.", "The bridge was closed."),
        ]
    )
    assert opposite.contradiction > 0.8
    assert same.entailment > 0.6
