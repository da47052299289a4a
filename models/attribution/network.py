"""The tagger's network: an encoder that sees letter case and quotation marks, and heads for cues, roles and pronouns.

The role reader is given the words around one cue, marked, and says which are its source and its content: a cue is linked to
both by what it reads and not by nearness, contents may be in pieces, and attributions may nest. The pronoun head scores
how likely a pronoun means the person of a name.
"""

from __future__ import annotations

from typing import Any, Self

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel, BertPreTrainedModel, MPNetModel, MPNetPreTrainedModel

from models.attribution.batches import DISTANCES
from models.attribution.decoding import CUE_TAGS, ROLE_TAGS
from models.attribution.sizes import Sizes
from models.attribution.words import FEATURES
from models.checkpoint import fast_bf16
from models.packed import (
    MPNET_PLACES,
    STEP,
    Arithmetic,
    Float,
    PackedLayers,
    groups_of,
    named_as_bert,
    relative_bias,
)


class TaggingHeads(nn.Module):
    """Cue tags for each piece, and role tags for the words around each cue, over the encoder `bert`.

    `config.role` holds the `Sizes`.
    """

    bert: Any
    config: Any

    def add_heads(self, config: Any) -> None:
        """Put the heads over the encoder."""
        role = Sizes(**config.role)
        self.features = nn.Embedding(FEATURES, config.hidden_size)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.cue = nn.Linear(config.hidden_size, len(CUE_TAGS))
        self.word = nn.Linear(config.hidden_size, role.size)
        self.marked = nn.Linear(config.hidden_size, role.size)
        self.reader = BertModel(_reader_config(config, role), add_pooling_layer=False)
        self.role = nn.Linear(role.size, len(ROLE_TAGS))
        self.distance = nn.Embedding(DISTANCES, role.size)
        self.mention = nn.Linear(3 * config.hidden_size, role.size)
        self.meant = nn.Linear(role.size, 1)
        self._layers: dict[str, PackedLayers] | None = None

    def train(self, mode: bool = True) -> Self:
        """Outside training the layers are packed; they are packed anew when the weights may have changed."""
        self._layers = None
        super().train(mode)
        return self

    def pack(self, arithmetic: Arithmetic) -> Self:
        """Outside training, how the layers of encoder and role reader compute; ranges are named `bert.0.qkv`, `reader.1.down`."""
        self._packed(arithmetic)
        return self

    def _packed(self, arithmetic: Arithmetic) -> dict[str, PackedLayers]:
        self._layers = {
            name: PackedLayers(
                named_as_bert(bert.encoder.state_dict()), bert.config, arithmetic, f"{name}.", _bias_of(bert)
            )
            for name, bert in (("bert", self.bert), ("reader", self.reader))
        }
        return self._layers

    def encode(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """States of shape (batch, pieces, hidden) from ids and mask (batch, pieces) and features (batch, pieces, 3)."""
        embedded = self.bert.embeddings.word_embeddings(ids) + self.features(features).sum(dim=2)
        states: Tensor = self.dropout(self._read("bert", embedded, mask))
        return states

    def _read(self, name: str, embedded: Tensor, mask: Tensor, types: Tensor | None = None) -> Tensor:
        """What a BERT reads of padded rows; outside training, without the padding, where the states are left at 0."""
        bert: Any = getattr(self, name)
        kinds = {} if types is None else {"token_type_ids": types}
        if self.training:
            read: Tensor = bert(inputs_embeds=embedded, attention_mask=mask, **kinds).last_hidden_state
            return read
        low = fast_bf16(embedded.device)
        layers = self._layers or self._packed(Float(torch.bfloat16 if low else torch.float32, STEP))
        _, places = kept = mask.nonzero(as_tuple=True)
        states = bert.embeddings(
            inputs_embeds=embedded[kept][None],
            position_ids=places[None] + (MPNET_PLACES if _is_mpnet(bert) else 0),
            **{name: value[kept][None] for name, value in kinds.items()},
        )[0]
        read = states.new_zeros(embedded.shape)
        read[kept] = layers[name].read(states, groups_of(mask.sum(dim=1).tolist()))
        return read

    def cue_logits(self, states: Tensor) -> Tensor:
        """Logits of shape (…, 3) over `CUE_TAGS`."""
        logits: Tensor = self.cue(states)
        return logits

    def role_logits(self, states: Tensor, at: Tensor, mask: Tensor, marks: Tensor) -> Tensor:
        """Logits of shape (cues, words, 5) over `ROLE_TAGS`.

        `at` (cues, words) are places in the states flattened to (batch · pieces, hidden); `mask` is 1 where there is a
        word; `marks` is 1 on the words of the cue.
        """
        flat = states.reshape(-1, states.shape[-1])
        rows, slots = marks.nonzero(as_tuple=True)
        cue = flat.new_zeros(len(at), flat.shape[-1], dtype=torch.float32)
        cue = cue.index_add(0, rows, flat[at[rows, slots]].float()) / marks.sum(dim=1, keepdim=True).clamp(min=1)
        embedded = self.word(flat)[at] + self.marked(cue.to(flat.dtype)).unsqueeze(1)
        logits: Tensor = self.role(self._read("reader", embedded, mask, marks))
        return logits

    def pronoun_logits(self, states: Tensor, at: Tensor, distances: Tensor) -> Tensor:
        """Logits of shape (pairs,) that a pronoun means a name.

        `at` (pairs, 4) are places as in `role_logits`: the pronoun's first and last word, the name's first and last word;
        `distances` (pairs,) are buckets.
        """
        flat = states.reshape(-1, states.shape[-1])
        pronoun = (flat[at[:, 0]] + flat[at[:, 1]]) / 2
        name = (flat[at[:, 2]] + flat[at[:, 3]]) / 2
        both = self.mention(torch.cat([pronoun, name, pronoun * name], dim=-1)) + self.distance(distances)
        logits: Tensor = self.meant(self.dropout(nn.functional.gelu(both))).squeeze(-1)
        return logits


class AttributionNetwork(TaggingHeads, BertPreTrainedModel):  # type: ignore[no-untyped-call]
    """Over a BERT encoder."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        self.add_heads(config)
        self.post_init()  # type: ignore[no-untyped-call]


class MpnetAttributionNetwork(TaggingHeads, MPNetPreTrainedModel):  # type: ignore[no-untyped-call]
    """Over an MPNet encoder: four times slower, and the teacher of the other."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.bert = MPNetModel(config, add_pooling_layer=False)
        self.add_heads(config)
        self.post_init()  # type: ignore[no-untyped-call]


def network_of(model_type: str) -> type[AttributionNetwork | MpnetAttributionNetwork]:
    """The network over encoders of this type."""
    return MpnetAttributionNetwork if model_type == "mpnet" else AttributionNetwork


def _is_mpnet(bert: Any) -> bool:
    return bool(bert.config.model_type == "mpnet")


def _bias_of(bert: Any) -> Tensor | None:
    if not _is_mpnet(bert):
        return None
    return relative_bias(bert.encoder, bert.config.max_position_embeddings - MPNET_PLACES)


def _reader_config(config: Any, role: Sizes) -> BertConfig:
    reader = BertConfig(
        vocab_size=1,
        pad_token_id=0,
        hidden_size=role.size,
        num_hidden_layers=role.layers,
        num_attention_heads=role.heads,
        intermediate_size=4 * role.size,
        max_position_embeddings=role.words,
        type_vocab_size=2,
        hidden_dropout_prob=config.hidden_dropout_prob,
        attention_probs_dropout_prob=0.0,
    )
    reader._attn_implementation = config._attn_implementation
    return reader
