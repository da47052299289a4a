"""Natural language inference by any sequence classification checkpoint; the model is loaded at the first batch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from models.checkpoint import FromCheckpoint, quiet
from verifier.errors import BrokenSetup
from verifier.verdicts import NliProbabilities

OURS = "card:nli"
TOKENS_PER_BATCH = 8192
MAX_LENGTH = 256


def label_columns(id2label: Mapping[int, str]) -> dict[str, list[int]]:
    """Which output columns mean entailment, neutral and contradiction, read from the labels' names.

    Two-way checkpoints (entailment, not_entailment) give their second column as neutral. BrokenSetup where no label is
    named entailment: an order is never assumed.
    """
    columns: dict[str, list[int]] = {"entailment": [], "neutral": [], "contradiction": []}
    for index, label in id2label.items():
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
    """An NLI cross-encoder with the label order of its own config and, where it has one, its calibration temperature."""

    def __init__(self, spec: str = OURS, *, device: str = "cpu", tokens_per_batch: int = TOKENS_PER_BATCH) -> None:
        super().__init__(spec, device)
        self._tokens_per_batch = tokens_per_batch

    @cached_property
    def _loaded(self) -> tuple[Any, Any, dict[str, list[int]], float]:
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
        temperature = float(getattr(model.config, "calibration_temperature", 1.0))
        return tokenizer, model.to(self._device).eval(), label_columns(model.config.id2label), temperature

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NliProbabilities]:
        """Probabilities for each (premise, hypothesis), in order; rounded to 6 digits, so that a batch's make-up shows nowhere."""
        if not pairs:
            return []
        import torch

        tokenizer, model, columns, temperature = self._loaded
        encoded = tokenizer(
            [a for a, _ in pairs], [b for _, b in pairs], truncation=True, max_length=self._max_length(tokenizer)
        )
        out: list[NliProbabilities | None] = [None] * len(pairs)
        with torch.inference_mode():
            for part in _by_length([len(ids) for ids in encoded["input_ids"]], self._tokens_per_batch):
                batch = tokenizer.pad({k: [v[i] for i in part] for k, v in encoded.items()}, return_tensors="pt").to(
                    self._device
                )
                rows = torch.softmax(model(**batch).logits.float() / temperature, dim=-1).tolist()
                for index, row in zip(part, rows, strict=True):
                    out[index] = _probabilities(row, columns)
        return [one for one in out if one is not None]

    @staticmethod
    def _max_length(tokenizer: Any) -> int:
        return int(min(MAX_LENGTH, tokenizer.model_max_length))


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
