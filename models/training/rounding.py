"""Make a compact checkpoint (`models.compact`) of a pair classifier, with little change to what it says.

    python -m models.training.rounding --model DIR --out DIR --nli FILE --pairs FILE [--megabytes N]

Two things are measured over some hundred pairs of texts: how far each output of each matrix moves the loss, and which inputs come
together. Then the columns of a matrix are rounded one after the other, and what rounding one has changed is taken up by those that
are left (GPTQ, Frantar and others, 2023). The steps are such that every value does equal harm: finer for outputs that matter and for
inputs that the others cannot make up for. One factor over all steps sets the size of the file.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import AutoConfig, AutoTokenizer

from models.compact import LARGEST, Rounded, is_compact, load_classifier, write_compact
from models.nli import MAX_LENGTH, STANCES
from models.training.corpus import LABELS
from models.training.ranges import texts_of

BESIDE: Final = ("config.json", "tokenizer.json", "tokenizer_config.json", "training.json")
EACH: Final = 300
"""Pairs of each kind that are read."""
BATCH: Final = 16
DAMPING: Final = 0.01
"""Of the mean, added to every input's square."""
FLOOR: Final = 0.1
"""Of the mean, the least weight of an output."""
TRIES: Final = 24
HEADER: Final = 300
"""Bytes that the file needs for each value of a state, beside the numbers."""
NEAR: Final = 0.004
ALMOST: Final = 0.996
"""Of the room, what is aimed at: made up for each other, columns need a little more than rounded to the nearest."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one matrix: the inputs' squares, shape (inputs, inputs), weighted by what their outputs do to the loss; each output's share.

    Of the word embeddings: the squares of what the loss says of their values, and those of each value.
    """

    inputs: Tensor
    outputs: Tensor

    @property
    def shares(self) -> Tensor:
        """The outputs' weights, one in the mean."""
        mean = self.outputs.mean().clamp(min=1e-30)
        return (self.outputs / mean).clamp(min=FLOOR)


def moments_of(model: Any, tokenizer: Any, texts: Sequence[tuple[str, str]], seed: int = 7) -> dict[str, Moments]:
    """The moments of every linear layer of a classifier over these pairs, and of its word embeddings."""
    torch.manual_seed(seed)
    model.eval()
    for weight in model.parameters():
        weight.requires_grad_(True)
    found: dict[str, Moments] = {}
    hooks = [
        module.register_forward_hook(_watching(f"{name}.weight", found))
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) or module is model.get_input_embeddings()
    ]
    for batch in _batches(tokenizer, texts):
        _sampled_loss(model(**batch).logits.float()).backward()  # type: ignore[no-untyped-call]
        model.zero_grad(set_to_none=True)
    for hook in hooks:
        hook.remove()
    return found


def _watching(name: str, found: dict[str, Moments]) -> Any:
    def watch(module: Any, given: tuple[Tensor, ...], output: Tensor) -> None:
        inputs = given[0].detach().flatten(0, -2) if isinstance(module, torch.nn.Linear) else None
        output.register_hook(partial(_add, found, name, inputs))  # type: ignore[no-untyped-call]

    return watch


def _add(found: dict[str, Moments], name: str, inputs: Tensor | None, gradient: Tensor) -> None:
    rows = gradient.flatten(0, -2)
    squares = rows.square()
    if inputs is not None:
        rows = inputs * squares.sum(1, keepdim=True).sqrt()
    own = Moments(rows.T @ rows, squares.sum(0))
    if before := found.get(name):
        own = Moments(before.inputs + own.inputs, before.outputs + own.outputs)
    found[name] = own


def _batches(tokenizer: Any, texts: Sequence[tuple[str, str]]) -> Iterator[Any]:
    ordered = sorted(texts, key=lambda pair: len(pair[0]) + len(pair[1]))
    for start in range(0, len(ordered), BATCH):
        part = ordered[start : start + BATCH]
        yield tokenizer(
            [a for a, _ in part],
            [b for _, b in part],
            truncation=True,
            max_length=MAX_LENGTH,
            padding=True,
            return_tensors="pt",
        )


def _sampled_loss(logits: Tensor) -> Tensor:
    """The surprise at labels drawn from what the model itself says, of NLI and of the stances: its Fisher information."""
    heads = torch.split(logits, [len(LABELS), len(STANCES)] if logits.shape[1] > len(LABELS) else logits.shape[1], 1)
    total = logits.new_zeros(())
    for head in heads:
        drawn = torch.multinomial(torch.softmax(head.detach(), 1), 1)
        total = total - torch.log_softmax(head, 1).gather(1, drawn).sum()
    return total


@dataclass(frozen=True, slots=True)
class Plan:
    """How one matrix is rounded: its values, its steps before the common factor, and how one input makes up for another."""

    values: Tensor
    rows: Tensor
    columns: Tensor
    factor: Tensor

    def plain(self, scale: float) -> Rounded:
        """To the nearest, which is quick and nearly as large as what `made` gives."""
        rows, columns = self._steps(scale)
        return _stored((self.values / (rows[:, None] * columns)).round(), rows, columns)

    def made(self, scale: float) -> Rounded:
        """With the error of each column taken up by those before it."""
        rows, columns = self._steps(scale)
        codes = successive(self.values, rows, columns, self.factor)
        return _stored(codes, rows, columns)

    def _steps(self, scale: float) -> tuple[Tensor, Tensor]:
        """As they are stored; no code may exceed what a byte holds."""
        rows, columns = (self.rows * scale).half().float(), self.columns.half().float()
        least = (self.values.abs() / columns).amax(1) / (LARGEST - 2)
        return torch.maximum(rows, (least * 1.001).half().float()).clamp(min=1e-7), columns


def _stored(codes: Tensor, rows: Tensor, columns: Tensor) -> Rounded:
    whole = codes.clamp(-LARGEST, LARGEST).to(torch.int8).numpy()
    return Rounded(whole, rows.numpy().astype(np.float16), columns.numpy().astype(np.float16))


def successive(values: Tensor, rows: Tensor, columns: Tensor, factor: Tensor, block: int = 64) -> Tensor:
    """Whole numbers for `values`, shape (outputs, inputs), rounded from the last column to the first.

    `factor` is the lower Cholesky factor of the inputs' squares: what is wrong in column i, times factor[i, j] / factor[j, j], is
    what column j can make good.
    """
    share = factor / factor.diagonal()
    wanted, codes = values.clone(), torch.empty_like(values)
    wrong = torch.zeros_like(values)
    for end in range(values.shape[1], 0, -block):
        start = max(0, end - block)
        for j in range(end - 1, start - 1, -1):
            aim = wanted[:, j] + wrong[:, j + 1 : end] @ share[j + 1 : end, j]
            step = rows * columns[j]
            codes[:, j] = (aim / step).round().clamp(-LARGEST, LARGEST)
            wrong[:, j] = values[:, j] - codes[:, j] * step
        wanted[:, :start] += wrong[:, start:end] @ share[start:end, :start]
    return codes


def plans_of(model: Any, moments: Mapping[str, Moments], words: NDArray[np.float64]) -> dict[str, Plan]:
    """How each large matrix is rounded; `words` says how often each word comes, in the texts that the moments are of."""
    table = next(name for name, module in model.named_modules() if module is model.get_input_embeddings())
    return {
        name: _words_plan(value, moments[name], words) if name == f"{table}.weight" else _plan(value, moments[name])
        for name, value in ((name, value.detach().float()) for name, value in model.state_dict().items())
        if is_compact(name, value.shape) and name in moments
    }


def _plan(values: Tensor, moments: Moments) -> Plan:
    return _planned(values, moments.inputs / len(moments.outputs), moments.shares)


def _words_plan(values: Tensor, moments: Moments, words: NDArray[np.float64]) -> Plan:
    """A word's weight is the square root of how often it comes: halfway between what the texts ask and all words alike."""
    often = np.sqrt(words * words.mean())
    return _planned(values, moments.inputs / words.sum(), torch.from_numpy(often).float())


def _planned(values: Tensor, inputs: Tensor, weights: Tensor) -> Plan:
    """Steps that make every value do equal harm; `weights` are the rows'."""
    squares = inputs.double()
    squares.diagonal().add_(DAMPING * squares.diagonal().mean().clamp(min=1e-30))
    factor = torch.linalg.cholesky(squares).float()
    columns = 1 / factor.diagonal()
    mean = columns.log().mean().exp()
    return Plan(values, mean / weights.sqrt(), columns / mean, factor)


def word_counts(tokenizer: Any, texts: Sequence[tuple[str, str]], total: int, size: int) -> NDArray[np.float64]:
    """How often each of `size` words is to be expected among `total` tokens (add-one smoothing)."""
    counts = Counter(token for pair in texts for ids in tokenizer(list(pair))["input_ids"] for token in ids)
    found = np.array([counts[index] + 1.0 for index in range(size)])
    return np.asarray(found * (total / found.sum()))


def scale_for(plans: Mapping[str, Plan], room: int) -> float:
    """The common factor at which the matrices need about `room` bytes."""
    low, high = -30.0, 30.0
    for _ in range(TRIES):
        middle = (low + high) / 2
        if bytes_of({name: plan.plain(2.0**middle) for name, plan in plans.items()}) > room:
            low = middle
        else:
            high = middle
        if high - low < NEAR:
            break
    return float(2.0**high)


def bytes_of(found: Mapping[str, Rounded]) -> int:
    """What these matrices need as they are stored."""
    return sum(_bytes(one) for one in found.values())


def _bytes(one: Rounded) -> int:
    return len(one.packed()) + 2 * (len(one.rows) + len(one.columns))


def compacted(plans: Mapping[str, Plan], room: int) -> dict[str, Rounded]:
    """All matrices, in no more than `room` bytes; a ValueError where that cannot be."""
    scale = scale_for(plans, round(room * ALMOST))
    if bytes_of({name: plan.plain(scale) for name, plan in plans.items()}) > room:
        raise ValueError(f"no steps are coarse enough for {room} bytes; give more --megabytes")
    while True:
        found = {name: plan.made(scale) for name, plan in plans.items()}
        size = bytes_of(found)
        print(f"factor {scale:.4g}: {size / 1e6:.2f} MB", flush=True)
        if size <= room:
            return found
        scale *= 2 ** (4 * (size / room - 1) + 0.002)


def main() -> None:
    """Make a compact checkpoint of another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="a classifier's folder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--nli", type=Path, required=True, help="NLI pairs as JSON lines, gzipped or not")
    parser.add_argument("--pairs", type=Path, required=True, help="labelled pairs of reported statements")
    parser.add_argument("--megabytes", type=float, default=49.5)
    args = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    config = AutoConfig.from_pretrained(args.model, attn_implementation="eager")
    model = load_classifier(str(args.model), config, None, torch.float32)
    known = texts_of(args.nli, args.pairs, 8 * EACH)
    texts = random.Random(7).sample(known, min(3 * EACH, len(known)))
    moments = moments_of(model, tokenizer, texts)
    total = sum(len(ids) for pair in texts for ids in tokenizer(list(pair))["input_ids"])
    state = model.state_dict()
    plans = plans_of(model, moments, word_counts(tokenizer, known, total, len(model.get_input_embeddings().weight)))
    rest = sum(HEADER + 2 * value.numel() * (name not in plans) for name, value in state.items())
    file = write_compact(args.out, state, compacted(plans, int(args.megabytes * 1e6) - rest))
    for name in BESIDE:
        if (args.model / name).is_file():
            shutil.copyfile(args.model / name, args.out / name)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
