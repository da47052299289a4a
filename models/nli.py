"""Natural language inference, and stances, by any sequence classification checkpoint; the model is loaded at the first batch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from models.checkpoint import FromCheckpoint, fast_bf16, loading
from verifier.errors import BrokenSetup
from verifier.reading import Reader, Readers
from verifier.verdicts import NliProbabilities, StanceProbabilities

if TYPE_CHECKING:
    from torch import Tensor

OURS = "card:nli"
TOKENS_ON_CPU: Final = 1024
TOKENS_ELSEWHERE: Final = 16384
"""Padded tokens of a batch."""
WIDTH_STEP: Final = 16
MAX_LENGTH: Final = 256
STANCES: Final = ("agree", "conflict", "tension", "unrelated")
"""The labels of a verdict model's outputs, beside those of NLI."""


def label_columns(id2label: Mapping[int, str]) -> dict[str, list[int]]:
    """Which output columns mean entailment, neutral and contradiction, read from the labels' names; stances are passed over.

    Two-way checkpoints (entailment, not_entailment) give their second column as neutral. BrokenSetup where no label is
    named entailment: an order is never assumed.
    """
    columns: dict[str, list[int]] = {"entailment": [], "neutral": [], "contradiction": []}
    for index, label in id2label.items():
        if label in STANCES:
            continue
        columns[_meaning(str(label), id2label)].append(int(index))
    if not columns["entailment"]:
        raise BrokenSetup(
            f"the checkpoint's labels {list(id2label.values())} name no entailment; set id2label in its config.json"
        )
    return columns


def _meaning(label: str, id2label: Mapping[int, str]) -> str:
    word = re.sub(r"[^a-z]", "", label.lower())
    if word.startswith(("not", "non", "neutral")):
        return "neutral"
    if word.startswith("entail"):
        return "entailment"
    if word.startswith(("contradict", "refut")):
        return "contradiction"
    raise BrokenSetup(
        f"label {label!r} of {list(id2label.values())} is none of entailment, neutral, contradiction; set id2label in its config.json"
    )


class CrossEncoderNli(FromCheckpoint):
    """A cross-encoder with the label order of its own config and, where it has one, its calibration temperature.

    It scores NLI and, where its labels name the four stances (a verdict model), also how two reported statements stand.

    `precision` "fast" computes in int8 or bfloat16 where the device does that well, "full" in float32 everywhere. A pair's
    scores are the same to the last bit, whatever it is scored with.
    """

    def __init__(self, spec: str = OURS, *, device: str = "cpu", precision: str = "fast") -> None:
        super().__init__(spec, device)
        self._fast = precision == "fast"

    @property
    def knows_stances(self) -> bool:
        """Whether the checkpoint's labels name all four stances; read without loading the weights."""
        return set(STANCES) <= set(self.checkpoint.labels)

    @cached_property
    def _loaded(self) -> tuple[Any, Engine, Any]:
        """The tokenizer, what computes, and the checkpoint's config."""
        with loading():
            return self._read()

    def _read(self) -> tuple[Any, Engine, Any]:
        import torch
        from transformers import AutoConfig, AutoTokenizer

        from models.compact import load_classifier
        from models.packed import packable

        found = self.checkpoint
        low = self._fast and fast_bf16(torch.device(self._device))
        try:
            config = AutoConfig.from_pretrained(found.location, revision=found.hub_revision)
            packed = self._device == "cpu" and packable(config)
            tokenizer = AutoTokenizer.from_pretrained(found.location, revision=found.hub_revision)
            dtype = torch.bfloat16 if low and not packed else torch.float32
            model = load_classifier(found.location, config, found.hub_revision, dtype)
        except (OSError, ValueError, KeyError) as error:
            raise BrokenSetup(f"NLI model {self._spec!r} cannot be loaded: {str(error).splitlines()[0]}") from error
        model.to(self._device).eval()
        engine = self._packed(model) if packed else Padded(model, tokenizer, self._device)
        return tokenizer, engine, model.config

    def _packed(self, model: Any) -> Engine:
        from models.packed import TOKENS, PackedBert, arithmetic_of

        folder = Path(self.checkpoint.location)
        arithmetic = arithmetic_of(folder, self.revision, model.device, TOKENS, fast=self._fast)
        return PackedBert(model, arithmetic, spent=True)

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NliProbabilities]:
        """Probabilities for each (premise, hypothesis), in order; rounded to 6 digits, so that a batch's make-up shows nowhere."""
        if not pairs:
            return []
        config = self._loaded[2]
        columns = label_columns(config.id2label)
        return [_probabilities(row, columns) for row in self._chances(pairs, columns, _temperature(config))]

    def stances(self, pairs: Sequence[tuple[str, str]], *, both_orders: bool = True) -> list[StanceProbabilities]:
        """How the two reported statements of each pair stand to each other: the mean over both orders, rounded to 6 digits.

        Without `both_orders` the order given alone is read.

        BrokenSetup where the checkpoint knows no stances.
        """
        if not pairs:
            return []
        if not self.knows_stances:
            raise BrokenSetup(f"NLI model {self._spec!r} knows no stances; train one with models.training.pairs")
        id2label = self._loaded[2].id2label
        columns = {name: [int(i) for i, label in id2label.items() if label == name] for name in STANCES}
        order = [columns[name][0] for name in STANCES]
        there = self._chances(pairs, columns, 1.0)
        back = self._chances([(b, a) for a, b in pairs], columns, 1.0) if both_orders else there
        return [
            StanceProbabilities(*(round((one[i] + other[i]) / 2, 6) for i in order))
            for one, other in zip(there, back, strict=True)
        ]

    def _chances(
        self, pairs: Sequence[tuple[str, str]], columns: Mapping[str, Sequence[int]], temperature: float
    ) -> list[list[float]]:
        """Probabilities by output column, over these columns alone; the others are 0."""
        import torch

        tokenizer, engine, _ = self._loaded
        kept = torch.tensor([index for found in columns.values() for index in found])
        encoded = tokenizer(
            [a for a, _ in pairs], [b for _, b in pairs], truncation=True, max_length=self._max_length(tokenizer)
        )
        logits = engine.logits(encoded) / temperature
        rows = torch.zeros_like(logits)
        rows[:, kept] = torch.softmax(logits[:, kept], dim=-1)
        out: list[list[float]] = rows.tolist()
        return out

    @staticmethod
    def _max_length(tokenizer: Any) -> int:
        return int(min(MAX_LENGTH, tokenizer.model_max_length))


def readers(nli: CrossEncoderNli, verdict: CrossEncoderNli | None) -> Readers:
    """Of a profile's NLI checkpoint and its verdict model, which does NLI too where the other knows stances and looks first."""
    if verdict is None:
        return Readers(Reader(nli, nli if nli.knows_stances else None))
    return Readers(Reader(verdict, verdict), nli) if nli.knows_stances else Readers(Reader(nli, verdict))


def _temperature(config: Any) -> float:
    return float(getattr(config, "calibration_temperature", 1.0))


class Engine(Protocol):
    """What computes the logits of encoded texts."""

    def logits(self, encoded: Mapping[str, Sequence[Sequence[int]]]) -> Tensor:
        """Float32 on the CPU, shape (texts, labels), in order."""
        ...


class Padded:
    """Any model of transformers. Sums depend on a batch's shape, so every batch has one of a few fixed shapes."""

    def __init__(self, model: Any, tokenizer: Any, device: str) -> None:
        self._model, self._tokenizer, self._device = model, tokenizer, device
        self._tokens = TOKENS_ON_CPU if device == "cpu" else TOKENS_ELSEWHERE

    def logits(self, encoded: Mapping[str, Sequence[Sequence[int]]]) -> Tensor:
        import torch

        texts = encoded["input_ids"]
        out = torch.empty(len(texts), self._model.config.num_labels)
        with torch.inference_mode():
            for shape, part in _batches([len(ids) for ids in texts], self._tokens):
                filled = [*part, *part[:1] * (shape.rows - len(part))]
                batch = self._tokenizer.pad(
                    {k: [v[i] for i in filled] for k, v in encoded.items()},
                    padding="max_length",
                    max_length=shape.width,
                    return_tensors="pt",
                )
                out[part] = self._model(**batch.to(self._device)).logits[: len(part)].float().cpu()
        return out


class Shape(NamedTuple):
    """Rows of a batch and the padded tokens of each."""

    rows: int
    width: int


def _batches(lengths: Sequence[int], tokens: int) -> list[tuple[Shape, list[int]]]:
    """Indices in batches of one shape for each width; the last of a width need not be full."""
    by_width: dict[int, list[int]] = {}
    for index, length in enumerate(lengths):
        by_width.setdefault(-(-length // WIDTH_STEP) * WIDTH_STEP, []).append(index)
    shapes = {width: Shape(max(1, tokens // width), width) for width in sorted(by_width)}
    return [
        (shape, by_width[width][start : start + shape.rows])
        for width, shape in shapes.items()
        for start in range(0, len(by_width[width]), shape.rows)
    ]


def _probabilities(row: Sequence[float], columns: Mapping[str, Sequence[int]]) -> NliProbabilities:
    entailment, neutral, contradiction = (
        round(sum(row[i] for i in columns[label]), 6) for label in ("entailment", "neutral", "contradiction")
    )
    return NliProbabilities(entailment, neutral, contradiction)
