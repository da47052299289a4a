"""Sequences one behind another, read as if each were alone."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import BertConfig, BertModel

from models.attribution.packed import read_packed
from models.threads import side_by_side

SIZES = (5, 1, 9)


@pytest.fixture(scope="module")
def bert() -> Any:
    torch.manual_seed(7)
    config = BertConfig(vocab_size=10, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)
    made: Any = BertModel(config, add_pooling_layer=False)
    return made.eval()


def bounds_of(sizes: tuple[int, ...]) -> list[int]:
    return [sum(sizes[:count]) for count in range(len(sizes) + 1)]


def test_without_padding_as_with_it(bert: Any) -> None:
    states = torch.randn(sum(SIZES), 32)
    padded = torch.nn.utils.rnn.pad_sequence(list(torch.split(states, list(SIZES))), batch_first=True)
    mask = torch.tensor([[1] * size + [0] * (max(SIZES) - size) for size in SIZES])
    with torch.inference_mode():
        hidden = (1.0 - mask[:, None, None, :].float()) * -1e4
        expected = bert.encoder(padded, attention_mask=hidden).last_hidden_state
        read = read_packed(bert.encoder, states, bounds_of(SIZES))
    torch.testing.assert_close(read, expected[mask.bool()], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_a_sequence_is_read_alike_alone_and_among_others(bert: Any, dtype: torch.dtype) -> None:
    states = torch.randn(40, 32).to(dtype)
    with torch.inference_mode():
        encoder = bert.to(dtype).encoder
        among = read_packed(encoder, states, [0, 11, 27, 40])
        alone = read_packed(encoder, states[11:27], [0, 16])
    assert torch.equal(among[11:27], alone)
    bert.to(torch.float32)


def test_side_by_side_keeps_the_order_and_the_number_of_threads() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        assert side_by_side(lambda n: (n, torch.get_num_threads()), range(9), torch.device("cpu")) == [
            (n, 1) for n in range(9)
        ]
        assert torch.get_num_threads() == 2
        with pytest.raises(ZeroDivisionError):
            side_by_side(lambda n: 1 // n, range(3), torch.device("cpu"))
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
