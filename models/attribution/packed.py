"""A BERT over sequences of unlike length that lie one behind another: nothing is padded.

What is read of a sequence does not depend on the others: every other step is done row by row, and in attention each
sequence is multiplied alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn


def read_packed(encoder: Any, states: Tensor, bounds: Sequence[int]) -> Tensor:
    """The layers of a `BertEncoder` over states (pieces, hidden); sequence i has the rows `bounds[i]` to `bounds[i + 1]`."""
    linear = _fused if _fuses(states) else _plain
    for layer in encoder.layer:
        own, after, behind = layer.attention.self, layer.attention.output, layer.output
        query, key, value = (linear(one, states) for one in (own.query, own.key, own.value))
        read = _attention(query * own.scaling, key, value, bounds, own.num_attention_heads)
        states = after.LayerNorm(linear(after.dense, read) + states)
        wide = linear(layer.intermediate.dense, states, "gelu")
        states = behind.LayerNorm(linear(behind.dense, wide) + states)
    return states


def _attention(query: Tensor, key: Tensor, value: Tensor, bounds: Sequence[int], heads: int) -> Tensor:
    """In two plain products: in bfloat16 faster than torch's fused kernel on processors without AMX."""
    read = torch.empty_like(query)
    queries, keys, values, out = (one.view(len(one), heads, -1).transpose(0, 1) for one in (query, key, value, read))
    for low, high in pairwise(bounds):
        weights = torch.bmm(queries[:, low:high], keys[:, low:high].transpose(1, 2)).softmax(dim=-1)
        out[:, low:high] = torch.bmm(weights, values[:, low:high])
    return read


def _fuses(states: Tensor) -> bool:
    """Whether oneDNN's own form of a linear layer is at hand, with the bias and GELU in the product: a tenth faster."""
    at_hand: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return at_hand and states.device.type == "cpu" and states.dtype == torch.bfloat16


def _fused(layer: nn.Linear, states: Tensor, then: str = "none") -> Tensor:
    made: Tensor = torch.ops.mkldnn._linear_pointwise(states, layer.weight, layer.bias, then, [], "none")
    return made


def _plain(layer: nn.Linear, states: Tensor, then: str = "none") -> Tensor:
    made = layer(states)
    return nn.functional.gelu(made) if then == "gelu" else made
