"""The verdict model's recipe: reading labelled pairs, what follows from them, targets, and a run on a tiny base."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models import compact
from models.nli import STANCES, CrossEncoderNli
from models.training import pairs as recipe
from models.training.labelled_pairs import LabelledPair, Reported, derived, read_pairs
from tests.models.conftest import CheckpointMaker


def side(content: str, source: str = "Ann Orr", cue: str = "said", article: str = "one") -> dict[str, Any]:
    return {
        "article": article,
        "outlet": "North",
        "date": "2026-01-05",
        "source": source,
        "cue": cue,
        "content": content,
    }


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


ROWS = [
    {"a": side("the bridge is open"), "b": side("it is open", "", "", "two"), "label": "agree"},
    {"a": side("the bridge is open"), "b": side("the bridge is not open", article="two"), "label": "conflict"},
    {"a": side("the bridge is open"), "b": side("it is no bridge", article="two"), "label": "tension"},
    {"a": side("the bridge is open"), "b": side("the ministry said yes", article="two"), "label": "neutral"},
]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param({**ROWS[0], "label": "maybe"}, "pairs.jsonl:2: unknown label 'maybe'; use agree", id="label"),
        pytest.param({"a": side("x"), "label": "agree"}, "pairs.jsonl:2: not a pair with a, b and label", id="side"),
    ],
)
def test_reading_names_the_wrong_line(tmp_path: Path, row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(read_pairs(write(tmp_path / "pairs.jsonl", [ROWS[0], row])))


def test_a_side_is_shown_with_what_is_known_of_it() -> None:
    one = Reported(
        "one", "North", "2026-01-05", "Ann Orr", "said", "it is open", 90, "Bridge", "A lot. He came. It is open"
    )
    assert one.shown() == "Ann Orr said: it is open"
    assert one.shown(bare=True) == "it is open"
    assert one.shown(lead="title") == "Bridge | Ann Orr said: it is open"
    found = one.side()
    assert (found.statement.text, found.outlet, found.published_at and found.published_at.day) == (
        "it is open",
        "North",
        5,
    )
    assert found.statement.id != Reported("one", "North", "", "Ann Orr", "said", "it is open", 91).side().statement.id


def test_what_follows_from_two_pairs_is_added_once() -> None:
    a, b, c, d = (Reported(name, "", "", "", "", name, 0) for name in "abcd")
    found = derived(
        [
            LabelledPair(a, b, "agree"),
            LabelledPair(b, c, "conflict"),
            LabelledPair(c, d, "unrelated"),
            LabelledPair(a, d, "tension"),
        ]
    )
    assert {(frozenset((one.a.content, one.b.content)), one.label) for one in found} == {
        (frozenset("ac"), "conflict"),
        (frozenset("bd"), "tension"),
    }
    assert all(one.weight < 1 for one in found)


def test_targets_sum_to_one_and_conflict_and_tension_lend_each_other_a_share() -> None:
    settings = recipe.Recipe(smoothing=0.04, ordered=0.1)
    assert recipe.target_of("agree", settings) == pytest.approx((0.97, 0.01, 0.01, 0.01))
    assert recipe.target_of("conflict", settings) == pytest.approx((0.01, 0.87, 0.11, 0.01))
    assert recipe.target_of("tension", settings) == pytest.approx((0.01, 0.11, 0.87, 0.01))


def test_stances_and_nli_have_losses_of_their_own() -> None:
    logits = torch.zeros(2, 7)
    stance = recipe.Row([1], [0], (1.0, 0.0, 0.0, 0.0), -1, 1.0)
    nli = recipe.Row([1], [0], None, 2, 1.0)
    assert float(recipe.loss_of(logits, [stance, stance])) == pytest.approx(torch.tensor(4.0).log().item())
    assert float(recipe.loss_of(logits, [nli, nli])) == pytest.approx(torch.tensor(3.0).log().item())


def test_a_base_gives_its_nli_outputs_whatever_their_order(make_checkpoint: CheckpointMaker) -> None:
    base = make_checkpoint("contradiction", "entailment", "neutral")
    _, model = recipe.load_base(str(base), 0.0, torch.device("cpu"))
    assert list(model.config.id2label.values()) == ["entailment", "neutral", "contradiction", *STANCES]
    pairs = [("the bridge is open", "it was open")]
    model.save_pretrained(base / "seven")
    for file in base.glob("tokenizer*"):
        (base / "seven" / file.name).write_bytes(file.read_bytes())
    assert CrossEncoderNli(str(base / "seven")).score(pairs) == CrossEncoderNli(str(base)).score(pairs)


def test_a_compact_base_is_trained_on(
    make_mpnet: CheckpointMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, out = make_mpnet("entailment", "neutral", "contradiction", *STANCES), tmp_path / "base"
    monkeypatch.setattr(compact, "LEAST", 256)
    shutil.copytree(whole, out, ignore=shutil.ignore_patterns("*.safetensors"))
    compact.write_compact(out, AutoModelForSequenceClassification.from_pretrained(whole).state_dict())
    before, after = (recipe.load_base(str(folder), 0.0, torch.device("cpu"), frozen=1)[1] for folder in (whole, out))
    for one, other in zip(before.parameters(), after.parameters(), strict=True):
        assert one.requires_grad == other.requires_grad
        assert float((one - other).detach().norm()) <= 0.12 * float(one.detach().norm()) + 1e-3


def test_nli_pairs_are_drawn_from_the_sources_that_a_mixture_names(
    make_checkpoint: CheckpointMaker, tmp_path: Path
) -> None:
    sources = ["rte_train"] * 3000 + ["snli_sub_train"] * 3000 + ["help"] * 3000
    with gzip.open(tmp_path / "train.jsonl.gz", "wt", encoding="utf-8") as out:
        for i, source in enumerate(sources):
            row = {"premise": f"the bridge is open {i}", "hypothesis": "yes", "label": "neutral", "source": source}
            out.write(json.dumps(row) + "\n")
    tokenizer = AutoTokenizer.from_pretrained(make_checkpoint("entailment", "neutral", "contradiction"))
    settings, file = recipe.Recipe(replay=9000), tmp_path / "train.jsonl.gz"
    every, half = (len(recipe.replay_rows(tokenizer, file, settings, mixed)) for mixed in ({}, {"snli_sub_train": 0.0}))
    assert every > half > 0


def test_the_recipe_makes_a_verdict_model_that_the_port_loads(
    make_checkpoint: CheckpointMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nli = [
        {
            "premise": f"the bridge is open {i}",
            "hypothesis": "it was open",
            "label": "entailment",
            "source": "rte_train",
        }
        for i in range(4200)
    ]
    with gzip.open(tmp_path / "train.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in nli)
    base = make_checkpoint("entailment", "neutral", "contradiction")
    labelled = write(tmp_path / "pairs.jsonl", ROWS * 3)
    for seed, name in ((1, "first"), (2, "second")):
        arguments = [
            "--pairs",
            labelled,
            "--dev",
            labelled,
            "--nli",
            tmp_path,
            "--base",
            base,
            "--out",
            tmp_path / name,
        ]
        settings = [
            "--passes",
            2,
            "--replay",
            8,
            "--seed",
            seed,
            "--tokens-per-batch",
            512,
            "--max-length",
            60,
            "--derived",
        ]
        monkeypatch.setattr(sys, "argv", ["pairs", *map(str, [*arguments, *settings])])
        recipe.main()
    runs = [tmp_path / "first", tmp_path / "second"]
    monkeypatch.setattr(
        sys, "argv",
        ["pairs", "--pairs", str(labelled), "--out", str(tmp_path / "mean"), "--average", *map(str, runs)],
    )  # fmt: skip
    recipe.main()
    assert json.loads((tmp_path / "mean" / "training.json").read_text()) == {"average": ["first", "second"]}
    (found,) = CrossEncoderNli(str(tmp_path / "mean")).stances([("Ann Orr said: the bridge is open", "it is open")])
    assert found.agree + found.conflict + found.tension + found.unrelated == pytest.approx(1.0, abs=1e-5)
