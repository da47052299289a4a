"""The embedder port: one contract for the fake and the real one, and the packaged weights' digest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.cards import Card, card, digest, read_cards, verified, weights_of
from models.embedder import SentenceEmbedder
from models.fakes import FakeEmbedder, FakeNli
from verifier.errors import BrokenSetup
from verifier.ports import Embedder

TEXTS = ["The bridge was closed in March.", "They shut the bridge in March.", "Rice prices rose.", "Rice prices rose."]


@pytest.mark.parametrize(
    "make",
    [pytest.param(FakeEmbedder, id="fake"), pytest.param(SentenceEmbedder, id="packaged", marks=pytest.mark.slow)],
)
def test_embedders_give_unit_vectors_in_order(make: Callable[[], Embedder]) -> None:
    vectors = make().embed(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.allclose(vectors[2], vectors[3], atol=1e-6)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert np.allclose(make().embed(TEXTS[1:2])[0], vectors[1], atol=1e-5)
    assert len(make().embed([])) == 0


def test_the_packaged_weights_have_the_published_digest() -> None:
    expected = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert card("minilm").sha256 == expected
    assert digest(verified(card("minilm")) / "model.safetensors") == expected


@pytest.mark.parametrize("name", sorted(read_cards()))
def test_every_card_is_complete_and_its_weights_are_there(name: str) -> None:
    one = card(name)
    assert one.licence
    assert one.training
    assert one.package or all(0 < score <= 100 for score in one.scores.values())
    assert one.package or one.scores
    assert verified(one).is_dir()
    assert weights_of(one.path).stat().st_size < (95_000_000 if one.package else 50_000_000)


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.cards.WEIGHTS", tmp_path)
    (tmp_path / "x").mkdir()
    one = Card("x", "nli", "ours/x", "", "x", "0" * 64, "Apache-2.0", (), "none", {})
    with pytest.raises(BrokenSetup, match="missing"):
        verified(one)
    (tmp_path / "x" / "model.safetensors").write_bytes(b"altered")
    with pytest.raises(BrokenSetup, match="sha256"):
        verified(one)


def test_a_sentence_encoder_from_a_folder(vocabulary: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    size = len(vocabulary.read_text().splitlines())
    config = BertConfig(
        vocab_size=size,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(tmp_path / "encoder")
    BertTokenizer(str(vocabulary), model_max_length=64).save_pretrained(tmp_path / "encoder")
    encoder = Transformer(str(tmp_path / "encoder"))
    SentenceTransformer(modules=[encoder, Pooling(16)]).save(str(tmp_path / "model"))
    found = SentenceEmbedder(str(tmp_path / "model"))
    assert found.embed(["the bridge is open", "no"]).shape == (2, 16)
    assert found.model_id == "model"
    assert len(found.revision) >= 12


def test_the_fake_nli_sees_overlap_and_negation() -> None:
    same, opposite, other = FakeNli().score(
        [
            ("the bridge is open", "bridge open"),
            ("the bridge is open", "the bridge is not open"),
            ("a bridge", "rice prices"),
        ]
    )
    assert same.entailment > 0.5
    assert opposite.contradiction > 0.5
    assert other.neutral == 1.0


def test_altered_weights_are_refused_when_they_are_loaded_and_not_read_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.cards.WEIGHTS", tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "model.safetensors").write_bytes(b"altered")
    one = Card("x", "nli", "ours/x", "", "x", "0" * 64, "Apache-2.0", (), "none", {})
    monkeypatch.setattr("models.checkpoint.card", lambda _: one)
    model = SentenceEmbedder("card:x")
    assert (model.model_id, model.revision) == ("ours/x", "0" * 12)
    with pytest.raises(BrokenSetup, match="sha256"):
        model.embed(["The bridge is open."])
