"""A tiny tagger, made here with random weights: the same files that a training run saves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def tokenizer(vocabulary: Path) -> Any:
    from transformers import BertTokenizer

    return BertTokenizer(str(vocabulary), model_max_length=512)


@pytest.fixture(scope="session")
def tiny_base(vocabulary: Path, tokenizer: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(vocabulary.read_text().splitlines()),
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=512,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("base")
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def make_tagger(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """A tagger whose cue head fires often: random, but with attributions to look at."""

    def make() -> Path:
        import torch

        from models.training.attribution import Recipe, load_base
        from models.training.nli import save

        torch.manual_seed(3)
        tokenizer, network = load_base(str(tiny_base), Recipe(), torch.device("cpu"))
        torch.nn.init.normal_(network.cue.weight, std=2.0)
        torch.nn.init.normal_(network.role.weight, std=2.0)
        folder = tmp_path_factory.mktemp("tagger")
        save(network, tokenizer, folder, {})
        return folder

    return make
