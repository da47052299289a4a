"""Natural language inference, and stances, by any sequence classification checkpoint; the model is loaded at the first batch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from models.checkpoint import FromCheckpoint, quiet
from verifier.errors import BrokenSetup
from verifier.verdicts import NliProbabilities, StanceProbabilities

OURS = "card:nli"
TOKENS_PER_BATCH = 8192
MAX_LENGTH = 256
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
    """

    def __init__(self, spec: str = OURS, *, device: str = "cpu", tokens_per_batch: int = TOKENS_PER_BATCH) -> None:
        super().__init__(spec, device)
        self._tokens_per_batch = tokens_per_batch

    @property
    def knows_stances(self) -> bool:
        """Whether the checkpoint's labels name all four stances; read without loading the weights."""
        return set(STANCES) <= set(self.checkpoint.labels)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        found = self.checkpoint
        quiet()
        try:
            tokenizer = AutoTokenizer.from_pretrained(found.location, revision=found.hub_revision)
            model = AutoModelForSequenceClassification.from_pretrained(
                found.location, revision=found.hub_revision, dtype=torch.float32
            )
        except (OSError, ValueError, KeyError) as error:
            raise BrokenSetup(f"NLI model {self._spec!r} cannot be loaded: {str(error).splitlines()[0]}") from error
        return tokenizer, model.to(self._device).eval()

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NliProbabilities]:
        """Probabilities for each (premise, hypothesis), in order; rounded to 6 digits, so that a batch's make-up shows nowhere."""
        if not pairs:
            return []
        config = self._loaded[1].config
        columns = label_columns(config.id2label)
        return [_probabilities(row, columns) for row in self._chances(pairs, columns, _temperature(config))]

    def stances(self, pairs: Sequence[tuple[str, str]]) -> list[StanceProbabilities]:
        """How the two reported statements of each pair stand to each other: the mean over both orders, rounded to 6 digits.

        BrokenSetup where the checkpoint knows no stances.
        """
        if not pairs:
            return []
        if not self.knows_stances:
            raise BrokenSetup(f"NLI model {self._spec!r} knows no stances; train one with models.training.pairs")
        id2label = self._loaded[1].config.id2label
        columns = {name: [int(i) for i, label in id2label.items() if label == name] for name in STANCES}
        rows = self._chances([way for a, b in pairs for way in ((a, b), (b, a))], columns, 1.0)
        order = [columns[name][0] for name in STANCES]
        return [
            StanceProbabilities(*(round((there[i] + back[i]) / 2, 6) for i in order))
            for there, back in zip(rows[::2], rows[1::2], strict=True)
        ]

    def _chances(
        self, pairs: Sequence[tuple[str, str]], columns: Mapping[str, Sequence[int]], temperature: float
    ) -> list[list[float]]:
        """Probabilities by output column, over these columns alone; the others are 0."""
        import torch

        tokenizer, model = self._loaded
        kept = torch.tensor([index for found in columns.values() for index in found], device=self._device)
        encoded = tokenizer(
            [a for a, _ in pairs], [b for _, b in pairs], truncation=True, max_length=self._max_length(tokenizer)
        )
        out: list[list[float]] = [[] for _ in pairs]
        with torch.inference_mode():
            for part in _by_length([len(ids) for ids in encoded["input_ids"]], self._tokens_per_batch):
                batch = tokenizer.pad({k: [v[i] for i in part] for k, v in encoded.items()}, return_tensors="pt")
                logits = model(**batch.to(self._device)).logits.float() / temperature
                rows = torch.zeros_like(logits)
                rows[:, kept] = torch.softmax(logits[:, kept], dim=-1)
                for index, row in zip(part, rows.tolist(), strict=True):
                    out[index] = row
        return out

    @staticmethod
    def _max_length(tokenizer: Any) -> int:
        return int(min(MAX_LENGTH, tokenizer.model_max_length))


def _temperature(config: Any) -> float:
    return float(getattr(config, "calibration_temperature", 1.0))


def _by_length(lengths: Sequence[int], tokens_per_batch: int) -> list[list[int]]:
    """Indices in batches of like length, each of at most so many padded tokens (at least one row)."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], i))
    batches: list[list[int]] = []
    current: list[int] = []
    for index in order:
        if current and (len(current) + 1) * lengths[index] > tokens_per_batch:
            batches.append(current)
            current = []
        current.append(index)
    return [*batches, current] if current else batches


def _probabilities(row: Sequence[float], columns: Mapping[str, Sequence[int]]) -> NliProbabilities:
    entailment, neutral, contradiction = (
        round(sum(row[i] for i in columns[label]), 6) for label in ("entailment", "neutral", "contradiction")
    )
    return NliProbabilities(entailment, neutral, contradiction)
