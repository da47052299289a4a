"""The recipe, end to end on a tiny base and a few texts."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from models.attribution.tagger import NeuralTagger
from models.packed import Float
from models.training import attribution
from models.training.attributions import read_labelled
from models.training.coreference import read_corenlp, read_gap
from verifier.ports import TextToTag
from verifier.text.paragraphs import paragraphs_of

TEXT = "Ann Lee met Tom Ray. He said it was open."
ROW = {
    "id": "a1",
    "text": TEXT,
    "annotations": [{"attributions": [{"source": [[21, 23]], "cue": [[24, 28]], "content": [[29, 40]]}]}],
}
PARSE = {
    "id": "a1",
    "sents": [
        {"t": [["Ann", 0, 3, "NNP", "PERSON", "Ann"], ["Lee", 4, 7, "NNP", "PERSON", "Lee"], ["met", 8, 11, "V", "O", "meet"],
               ["Tom", 12, 15, "NNP", "PERSON", "Tom"], ["Ray", 16, 19, "NNP", "PERSON", "Ray"], [".", 19, 20, ".", "O", "."]]},
        {"t": [["He", 21, 23, "PRP", "O", "he"], ["said", 24, 28, "V", "O", "say"]]},
    ],
    "coref": [[[1, 4, 6, 5], [2, 1, 2, 1]]],
}  # fmt: skip
GAP = "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL\n" + "\t".join(
    ["development-1", TEXT, "He", "21", "Ann Lee", "0", "FALSE", "Tom Ray", "12", "TRUE", "x"]
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for part in ("train", "dev"):
        for name, row in ((f"{part}.jsonl.gz", ROW), (f"{part}.corenlp.jsonl.gz", PARSE)):
            with gzip.open(tmp_path / name, "wt", encoding="utf-8") as out:
                out.write(json.dumps(row) + "\n")
    for part in ("development", "validation"):
        (tmp_path / f"gap-{part}.tsv").write_text(GAP, encoding="utf-8")
    return tmp_path


def test_readers_agree_on_the_pronoun(data: Path) -> None:
    silver = next(read_corenlp(data / "train.jsonl.gz", data / "train.corenlp.jsonl.gz"))
    gold = next(read_gap(data / "gap-development.tsv"))
    assert [(TEXT[slice(*place)], meant) for place, meant in gold.pronouns[0].names] == [
        ("Ann Lee", False),
        ("Tom Ray", True),
    ]
    assert silver.pronouns == gold.pronouns


def test_it_trains_and_saves_what_the_tagger_loads(
    data: Path, tiny_base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = data / "out"
    options = ["--polnear", str(data), "--gap", str(data), "--out", str(out), "--base", str(tiny_base), "--passes", "2"]
    monkeypatch.setattr(sys, "argv", ["attribution", *options])
    attribution.main()
    assert "pass 2, dev exact/overlap F1: source" in capsys.readouterr().out
    found = NeuralTagger(str(out)).tag([TextToTag(TEXT, paragraphs_of(TEXT))])
    assert len(found) == 1


def test_a_tagger_over_mpnet_teaches_another(
    data: Path, tiny_base: Path, make_mpnet: Callable[..., Path], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    files = ["--polnear", str(data), "--gap", str(data), "--passes", "1"]
    teacher, out = data / "teacher", data / "out"
    for options in (
        ["--base", str(make_mpnet("yes", "no")), "--out", str(teacher), "--rate", "5e-5"],
        ["--base", str(tiny_base), "--out", str(out), "--teacher", str(teacher), "--taught", "0.7"],
    ):
        monkeypatch.setattr(sys, "argv", ["attribution", *files, *options])
        attribution.main()
    assert json.loads((out / "training.json").read_text())["recipe"]["taught"] == 0.7
    for folder in (teacher, out):
        assert len(NeuralTagger(str(folder)).tag([TextToTag(TEXT, paragraphs_of(TEXT))])) == 1
    assert capsys.readouterr().out.count("pass 1, dev exact/overlap F1: source") == 2


def test_outside_training_a_tagger_over_mpnet_computes_the_same(make_mpnet: Callable[..., Path]) -> None:
    _, network = attribution.load_base(
        str(make_mpnet("yes", "no")), attribution.Recipe(dropout=0.0), torch.device("cpu")
    )
    ids = torch.tensor([[2, 7, 8, 9, 3], [2, 9, 8, 3, 0]])
    mask, features = (ids > 0).long(), torch.zeros(2, 5, 3, dtype=torch.long)
    with torch.no_grad():
        trained = network.train().encode(ids, features, mask)
        packed = network.eval().pack(Float(torch.float32)).encode(ids, features, mask)
    assert torch.allclose(trained[mask == 1], packed[mask == 1], atol=1e-5)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"id": "x", "text": "y"}, id="no annotations"),
        pytest.param({**ROW, "text": "short"}, id="a span outside the text"),
        pytest.param([1], id="no object"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: object) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps(ROW) + "\n" + json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.jsonl:2: not an article"):
        list(read_labelled(file))


def test_a_wrong_row_of_gap_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gap.tsv"
    file.write_text(GAP.replace("\t12\t", "\t13\t"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"gap\.tsv:2: not a row of GAP \(ValueError: B is not at its offset\)"):
        list(read_gap(file))
