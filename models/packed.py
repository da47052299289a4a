"""BERT and MPNet classifiers on a CPU without padding: the tokens of a batch stand in one column, and only attention sees texts apart.

Three things are saved against a padded batch, none of which changes what is computed: no row is spent on padding; attention needs
no mask, since texts of one length go through it together; and the last layer is computed for the first token alone, which is all
that a classifier reads.

Where the CPU multiplies bytes (VNNI) and the checkpoint's folder holds `ranges.npz`, the layers compute in int8: weights by output,
activations by input of each layer over ranges measured beforehand (`python -m models.training.ranges`). Sums of bytes are exact, so
a pair's scores are the same to the last bit, whatever it is scored with. In floating point they depend on the number of rows, which
is therefore always the same. In int8 there are few such numbers too, since oneDNN keeps code for each that it has met.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Protocol
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import embedding, gelu, layer_norm, linear, scaled_dot_product_attention

from models.checkpoint import fast_bf16
from models.threads import side_by_side
from verifier.errors import BrokenSetup

TOKENS: Final = 1024
STEP: Final = 128
ROWS: Final = 32
"""Texts whose last layer is computed together; a batch is filled up to a multiple."""
COPIES: Final = 16
RANGES: Final = "ranges.npz"
LAYERS: Final = "bert.encoder."
MPNET_PLACES: Final = 2
"""The first two of MPNet's places stand for padding and nothing."""
MPNET_NAMES: Final = (
    (".attention.attn.q.", ".attention.self.query."),
    (".attention.attn.k.", ".attention.self.key."),
    (".attention.attn.v.", ".attention.self.value."),
    (".attention.attn.o.", ".attention.output.dense."),
    (".attention.LayerNorm.", ".attention.output.LayerNorm."),
    ("classifier.dense.", "bert.pooler.dense."),
    ("classifier.out_proj.", "classifier."),
)
Ranges = Mapping[str, NDArray[np.float32]]
"""For each matrix by name the least and the largest value of each of its inputs, shape (2, inputs)."""


class Layer(Protocol):
    """Float32 rows in, float32 rows out."""

    def __call__(self, rows: Tensor) -> Tensor: ...


class Arithmetic(Protocol):
    """In which numbers the matrices of a model are multiplied."""

    @property
    def rows(self) -> int:
        """A batch is filled up to a multiple of so many rows."""
        ...

    def linear(self, name: str, weight: Tensor, bias: Tensor) -> Layer:
        """One linear layer; its name is that of its range."""
        ...

    def forward(self, name: str, up: tuple[Tensor, Tensor], down: tuple[Tensor, Tensor]) -> Layer:
        """Two linear layers with GELU between them."""
        ...


@dataclass(frozen=True, slots=True)
class Float:
    """float32 or bfloat16."""

    dtype: torch.dtype = torch.float32
    rows: int = TOKENS

    def linear(self, name: str, weight: Tensor, bias: Tensor) -> Layer:  # noqa: ARG002
        w, b = weight.to(self.dtype), bias.to(self.dtype)
        return lambda rows: linear(rows.to(self.dtype), w, b).float()

    def forward(self, name: str, up: tuple[Tensor, Tensor], down: tuple[Tensor, Tensor]) -> Layer:
        first, second = self.linear(f"{name}.up", *up), self.linear(f"{name}.down", *down)
        return lambda rows: second(gelu(first(rows)))


@dataclass(frozen=True, slots=True)
class Watched(Float):
    """float32 that remembers the range of each input."""

    seen: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def linear(self, name: str, weight: Tensor, bias: Tensor) -> Layer:
        inner = Float.linear(self, name, weight, bias)

        def watched(rows: Tensor) -> Tensor:
            low, high = rows.amin(0).numpy(), rows.amax(0).numpy()
            if name in self.seen:
                low, high = np.minimum(low, self.seen[name][0]), np.maximum(high, self.seen[name][1])
            self.seen[name] = np.stack([low, high])
            return inner(rows)

        return watched


@dataclass(frozen=True, slots=True)
class Int8:
    """Bytes, by oneDNN."""

    ranges: Ranges
    rows: int = STEP

    def linear(self, name: str, weight: Tensor, bias: Tensor) -> Layer:
        return Bytes.evened(weight, bias, *self._range(name))

    def forward(self, name: str, up: tuple[Tensor, Tensor], down: tuple[Tensor, Tensor]) -> Layer:
        """GELU's few inputs of unusual size would make the steps of all the others coarse: they are split into copies."""
        low, high = self._range(f"{name}.down")
        top = _top(high)
        source, shift = _copies(high, top)
        first = Bytes.evened(
            torch.cat([up[0], up[0][source]]), torch.cat([up[1], up[1][source] - shift]), *self._range(f"{name}.up")
        )
        wide = torch.cat([down[0], down[0][:, source]], 1)
        second = Bytes(wide, down[1], float(low.min()), top)
        return lambda rows: second.of_bytes(first.to_gelu(rows, second))

    def _range(self, name: str) -> tuple[Tensor, Tensor]:
        low, high = torch.from_numpy(np.asarray(self.ranges[name], dtype=np.float32))
        return low, high


def _top(high: Tensor) -> float:
    """The least bound that needs no more than COPIES copies of inputs above it."""
    largest = high.topk(min(4 * COPIES, len(high))).values.clamp(
        min=1e-6
    )  # were more above a bound, it needed more copies
    bounds = torch.cat([largest / parts for parts in range(1, 7)]).sort().values
    enough = _needed(largest, bounds[:, None]).sum(1) <= COPIES
    return float(bounds[enough][0])


def _needed(high: Tensor, top: float | Tensor) -> Tensor:
    return (torch.ceil(high / top - 1e-4) - 1).clamp(min=0)


def _copies(high: Tensor, top: float) -> tuple[Tensor, Tensor]:
    """Which inputs are repeated, and by how much each copy is shifted: gelu(x) = min(gelu(x), t) + min(gelu(x - t), t) + …"""
    found = [
        (index, step * top)
        for index, count in enumerate(_needed(high, top).int().tolist())
        for step in range(1, count + 1)
    ]
    return torch.tensor([index for index, _ in found], dtype=torch.long), torch.tensor([by for _, by in found])


class Bytes:
    """A linear layer on unsigned bytes: `low` to `high` are the values that 0 to 255 stand for."""

    def __init__(self, weight: Tensor, bias: Tensor, low: float, high: float) -> None:
        low, high = min(low, 0.0), max(high, 1e-6)
        self.step = (high - low) / 255
        self.zero = round(-low / self.step)
        self._scales = weight.abs().amax(1).clamp(min=1e-8) / 127
        whole = (weight / self._scales[:, None]).round().clamp(-127, 127).to(torch.int8)
        self._packed = torch.ops.onednn.qlinear_prepack(whole, None)
        self._zeros = torch.zeros(len(weight), dtype=torch.int32)
        self._bias = bias
        self._offset = torch.tensor(self.zero + 0.5)
        self._by = torch.tensor(1 / self.step)

    @classmethod
    def evened(cls, weight: Tensor, bias: Tensor, low: Tensor, high: Tensor) -> Bytes:
        """Large inputs made smaller and their weights larger by as much, halfway (SmoothQuant, Xiao and others, 2023)."""
        inputs = torch.maximum(low.abs(), high.abs()).clamp(min=1e-3)
        by = (inputs / weight.abs().amax(0).clamp(min=1e-5)).sqrt()
        layer = cls(weight * by, bias, float((low / by).min()), float((high / by).max()))
        layer._by = 1 / (layer.step * by)
        return layer

    def __call__(self, rows: Tensor) -> Tensor:
        return self.of_bytes(self._bytes(rows))

    def to_gelu(self, rows: Tensor, following: Bytes) -> Tensor:
        """GELU of the outputs, as the bytes that the following layer reads."""
        return self._multiplied(self._bytes(rows), following.step, following.zero, torch.uint8, "gelu")

    def of_bytes(self, rows: Tensor) -> Tensor:
        """Float32 outputs from bytes."""
        return self._multiplied(rows, 1.0, 0, torch.float32, "none")

    def _bytes(self, rows: Tensor) -> Tensor:
        return torch.addcmul(self._offset, rows, self._by).clamp_(0, 255).to(torch.uint8)

    def _multiplied(self, rows: Tensor, step: float, zero: int, dtype: torch.dtype, after: str) -> Tensor:
        out: Tensor = torch.ops.onednn.qlinear_pointwise(
            rows, self.step, self.zero, self._packed, self._scales, self._zeros, self._bias, step, zero, dtype, after, [], "none"
        )  # fmt: skip
        return out


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalisation."""

    weight: Tensor
    bias: Tensor
    epsilon: float

    def __call__(self, rows: Tensor) -> Tensor:
        return layer_norm(rows, rows.shape[-1:], self.weight, self.bias, self.epsilon)


@dataclass(frozen=True, slots=True)
class Block:
    """One layer of the encoder."""

    qkv: Layer
    out: Layer
    norm: Norm
    forward: Layer
    last: Norm

    def after(self, rows: Tensor, context: Tensor) -> Tensor:
        """What follows attention, row by row."""
        rows = self.norm(rows + self.out(context))
        return self.last(rows + self.forward(rows))


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours of one length: where their rows begin, how many they are, how long each is."""

    start: int
    count: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.count * self.length

    @property
    def firsts(self) -> Tensor:
        return torch.arange(self.start, self.end, self.length)


def packable(config: Any) -> bool:
    """Whether a checkpoint's config is that of a BERT classifier of the plain form, or of an MPNet classifier."""
    known = {"BertForSequenceClassification", "MPNetForSequenceClassification"} & set(config.architectures or ())
    plain = getattr(config, "position_embedding_type", "absolute") == "absolute"
    return bool(known) and config.hidden_act == "gelu" and plain


def fast_int8() -> bool:
    """Whether this CPU multiplies bytes without overflow, and torch can ask it to."""
    found = torch.cpu.get_capabilities()
    able = found.get("avx512_vnni") or found.get("amx_int8")
    built = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return bool(able and built) and hasattr(torch.ops.onednn, "qlinear_pointwise")


def read_ranges(folder: Path, revision: str) -> Ranges | None:
    """The ranges beside a checkpoint's weights, None where there are none; BrokenSetup if they are damaged or of other weights."""
    file = folder / RANGES
    if not file.is_file():
        return None
    remedy = "make it anew with `python -m models.training.ranges`, or delete it"
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
            ranges = {name: found[name] for name in found.files}
    except (OSError, ValueError, EOFError, BadZipFile, zlib.error) as error:
        raise BrokenSetup(f"{file}: cannot be read ({error}); {remedy}") from error
    if not str(ranges.pop("sha256", "")).startswith(revision):
        raise BrokenSetup(f"{file}: was made for other weights; {remedy}")
    return ranges


def arithmetic_of(folder: Path, revision: str, device: torch.device, rows: int, *, fast: bool) -> Arithmetic:
    """float32; where it is to be fast, int8 if the CPU does that well and the checkpoint's ranges are there, or bfloat16."""
    if fast and device.type == "cpu" and fast_int8() and (ranges := read_ranges(folder, revision)):
        return Int8(ranges)
    return Float(torch.bfloat16 if fast and fast_bf16(device) else torch.float32, rows)


class PackedLayers:
    """The layers of a `BertEncoder`, from its state, which is used up on the way; `name` begins the names of their ranges.

    `bias`, of shape (heads, length, length), is added to the attention of all layers.
    """

    def __init__(
        self,
        state: dict[str, Tensor],
        config: Any,
        arithmetic: Arithmetic,
        name: str = "",
        bias: Tensor | None = None,
    ) -> None:
        self._bias = bias
        self._state = state
        self._heads = config.num_attention_heads
        self._epsilon = config.layer_norm_eps
        self._rows = arithmetic.rows
        self.blocks = [self._block(f"layer.{i}", f"{name}{i}", arithmetic) for i in range(config.num_hidden_layers)]
        del self._state

    def read(self, rows: Tensor, groups: Sequence[Group]) -> Tensor:
        """All layers over rows of shape (tokens, hidden), float32."""
        count = len(rows)
        rows = torch.cat([rows, rows.new_zeros(-count % self._rows, rows.shape[1])])
        for block in self.blocks:
            rows = self.through(block, rows, groups)
        return rows[:count]

    def through(self, block: Block, rows: Tensor, groups: Sequence[Group]) -> Tensor:
        """One layer."""
        return block.after(rows, self.attended(block.qkv(rows), groups))

    def attended(self, qkv: Tensor, groups: Sequence[Group], *, first_only: bool = False) -> Tensor:
        """The context of every row, or of the first row of every text; rows that fill the batch up get none."""
        width = qkv.shape[1] // 3
        found = []
        for group in groups:
            own = qkv[group.start : group.end].view(group.count, group.length, 3, self._heads, -1)
            query, key, value = own.permute(2, 0, 3, 1, 4).unbind(0)
            asked = query[:, :, :1] if first_only else query
            bias = None if self._bias is None else self._bias[:, : asked.shape[2], : group.length].to(qkv.dtype)
            context = scaled_dot_product_attention(asked, key, value, attn_mask=bias)
            found.append(context.transpose(1, 2).reshape(-1, width))
        if not first_only:
            found.append(qkv.new_zeros(len(qkv) - groups[-1].end, width))
        return torch.cat(found)

    def _block(self, prefix: str, name: str, arithmetic: Arithmetic) -> Block:
        parts = [self._of(f"{prefix}.attention.self.{part}") for part in ("query", "key", "value")]
        weight, bias = (torch.cat([part[i] for part in parts]) for i in (0, 1))
        return Block(
            arithmetic.linear(f"{name}.qkv", weight, bias),
            arithmetic.linear(f"{name}.out", *self._of(f"{prefix}.attention.output.dense")),
            self._norm_of(f"{prefix}.attention.output.LayerNorm"),
            arithmetic.forward(name, self._of(f"{prefix}.intermediate.dense"), self._of(f"{prefix}.output.dense")),
            self._norm_of(f"{prefix}.output.LayerNorm"),
        )

    def _norm_of(self, name: str) -> Norm:
        return Norm(*self._of(name), self._epsilon)

    def _of(self, name: str) -> tuple[Tensor, Tensor]:
        weight, bias = (self._state.pop(f"{name}.{part}").detach().float() for part in ("weight", "bias"))
        return weight, bias


class PackedBert:
    """A BERT or MPNet classifier over texts of any length; `model` is transformers' own, in float32.

    A `spent` model gives its weights away, so that they are not held twice: nothing can be computed with it any more.
    """

    def __init__(self, model: Any, arithmetic: Arithmetic, *, spent: bool = False) -> None:
        state = {key: value.detach().float() for key, value in model.state_dict().items()}
        bias = None
        if model.config.model_type == "mpnet":
            bias = relative_bias(model.mpnet.encoder, model.config.max_position_embeddings - MPNET_PLACES)
            state = mpnet_as_bert(state)
        self._rows = arithmetic.rows
        self._words, self._places, self._sides = (
            state[f"bert.embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        self._norm, self._pooler, self._classifier = (
            (state[f"{name}.weight"], state[f"{name}.bias"])
            for name in ("bert.embeddings.LayerNorm", "bert.pooler.dense", "classifier")
        )
        self._epsilon = model.config.layer_norm_eps
        if spent:
            model.to("meta")
        layers = {key.removeprefix(LAYERS): state.pop(key) for key in list(state) if key.startswith(LAYERS)}
        self._layers = PackedLayers(layers, model.config, arithmetic, bias=bias)

    def logits(self, encoded: Mapping[str, Sequence[Sequence[int]]]) -> Tensor:
        """Shape (texts, labels), from `input_ids` and, where the encoder tells sides apart, `token_type_ids` of each text."""
        texts, sides = encoded["input_ids"], sides_of(encoded)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = torch.empty(len(texts), len(self._classifier[1]))

        def read(part: list[int]) -> Tensor:
            flat = [[token for i in part for token in of[i]] for of in (texts, sides)]
            with torch.inference_mode():
                return self._batch(flat[0], flat[1], groups_of([len(texts[i]) for i in part]))

        parts = list(_parts(order, [len(text) for text in texts]))
        for part, found in zip(parts, side_by_side(read, parts, torch.device("cpu")), strict=True):
            out[part] = found
        return out

    def _batch(self, tokens: list[int], sides: list[int], groups: Sequence[Group]) -> Tensor:
        spare = -len(tokens) % self._rows
        places = torch.cat(
            [*(torch.arange(g.length).repeat(g.count) for g in groups), torch.zeros(spare, dtype=torch.long)]
        )
        filled = [torch.tensor([*ids, *[0] * spare]) for ids in (tokens, sides)]
        rows = layer_norm(
            embedding(filled[0], self._words) + embedding(places, self._places) + embedding(filled[1], self._sides),
            self._norm[0].shape,
            *self._norm,
            self._epsilon,
        )
        *earlier, last = self._layers.blocks
        for block in earlier:
            rows = self._layers.through(block, rows, groups)
        context = self._layers.attended(last.qkv(rows), groups, first_only=True)
        firsts = torch.cat([g.firsts for g in groups])
        return self._classified(last, rows[firsts], context[: len(firsts)])

    def _classified(self, last: Block, rows: Tensor, context: Tensor) -> Tensor:
        """The logits of texts from their first rows, so many at a time that sums are always over the same shape."""
        count, spare = len(rows), -len(rows) % ROWS
        rows, context = (torch.cat([t, t.new_zeros(spare, t.shape[1])]) for t in (rows, context))
        logits = [
            linear(torch.tanh(linear(last.after(some, its), *self._pooler)), *self._classifier)
            for some, its in zip(torch.split(rows, ROWS), torch.split(context, ROWS), strict=True)
        ]
        return torch.cat(logits)[:count]


def sides_of(encoded: Mapping[str, Any]) -> list[list[int]]:
    """Which of the two texts each token is of; all zeros of an encoder that does not tell them apart."""
    found: list[list[int]] = encoded.get("token_type_ids") or [[0] * len(text) for text in encoded["input_ids"]]
    return found


def _parts(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Texts in this order, so many as TOKENS hold; one at least."""
    part: list[int] = []
    tokens = 0
    for i in order:
        if part and tokens + lengths[i] > TOKENS:
            yield part
            part, tokens = [], 0
        part.append(i)
        tokens += lengths[i]
    if part:
        yield part


def groups_of(lengths: Sequence[int]) -> list[Group]:
    """Texts that follow each other, those of one length together."""
    groups: list[Group] = []
    start = 0
    for length, same in groupby(lengths):
        groups.append(Group(start, len(list(same)), length))
        start = groups[-1].end
    return groups


def mpnet_as_bert(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """An MPNet classifier's state under BERT's names: what its layers compute is the same, but for the bias of attention."""
    out = named_as_bert(state)
    places = "bert.embeddings.position_embeddings.weight"
    out[places] = out[places][MPNET_PLACES:]
    out["bert.embeddings.token_type_embeddings.weight"] = torch.zeros(1, out[places].shape[1])
    return out


def named_as_bert(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state of an encoder under BERT's names; one that has them already is left as it is."""
    out = {}
    for key, value in state.items():
        name = key.replace("mpnet.", "bert.", 1)
        for theirs, ours in MPNET_NAMES:
            name = name.replace(theirs, ours)
        out[name] = value
    return out


def relative_bias(encoder: Any, length: int) -> Tensor:
    """What MPNet adds to attention by the distance of two tokens, shape (heads, length, length)."""
    with torch.inference_mode():
        found: Tensor = encoder.compute_position_bias(torch.empty(1, length, 1))[0].float().clone()
    return found


def measured(model: Any, encoded: Mapping[str, Sequence[Sequence[int]]]) -> Ranges:
    """The ranges of a classifier's activations over these texts."""
    watched = Watched(rows=1)
    PackedBert(model, watched).logits(encoded)
    return watched.seen
