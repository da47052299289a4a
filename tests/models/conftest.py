"""Tiny checkpoints, made here: the same files a hub would give, with random weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

WORDS = "the a bridge is not open closed in march ministry said it was no yes . , un ##s ##ed ##ing".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
CheckpointMaker = Callable[..., Path]


@pytest.fixture(scope="session")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("vocabulary") / "vocab.txt"
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    file.write_text("\n".join([*SPECIAL, *WORDS, *letters, *(f"##{c}" for c in letters)]), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def make_checkpoint(vocabulary: Path, tmp_path_factory: pytest.TempPathFactory) -> CheckpointMaker:
    """A tiny BERT classifier with the given labels.

    The same seed gives the same weights, whatever the labels' order.
    """

    def make(*labels: str, order: tuple[int, ...] | None = None) -> Path:
        import torch
        from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

        torch.manual_seed(5)
        config = BertConfig(
            vocab_size=len(vocabulary.read_text().splitlines()),
            hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=64,
            id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)},
        )  # fmt: skip
        model = BertForSequenceClassification(config)
        torch.nn.init.normal_(model.classifier.weight, std=2.0)
        if order:
            model.classifier.weight.data = model.classifier.weight.data[list(order)]
        folder = tmp_path_factory.mktemp("checkpoint")
        model.save_pretrained(folder)
        BertTokenizer(str(vocabulary), model_max_length=64).save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def make_mpnet(vocabulary: Path, tmp_path_factory: pytest.TempPathFactory) -> CheckpointMaker:
    """A tiny MPNet classifier with the given labels: no segments, a position bias that all layers share, another head."""

    def make(*labels: str) -> Path:
        import torch
        from transformers import BertTokenizer, MPNetConfig, MPNetForSequenceClassification

        torch.manual_seed(5)
        config = MPNetConfig(
            vocab_size=len(vocabulary.read_text().splitlines()),
            hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=200,
            pad_token_id=0, initializer_range=0.1,
            id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)},
        )  # fmt: skip
        folder = tmp_path_factory.mktemp("mpnet")
        MPNetForSequenceClassification(config).save_pretrained(folder)
        inputs = ["input_ids", "attention_mask"]
        BertTokenizer(str(vocabulary), model_max_length=120, model_input_names=inputs).save_pretrained(folder)
        return folder

    return make
