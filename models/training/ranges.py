"""Measure the ranges of an NLI model's activations, for int8: `python -m models.training.ranges --nli FILE --pairs FILE [--model DIR]`.

Writes `ranges.npz` beside the model's weights. It holds no weights: for each input of each layer its least and largest value over
some hundred pairs, and the digest of the weights that it belongs to. Make it anew after each training.
"""

from __future__ import annotations

import argparse
import random
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.cards import WEIGHTS, digest
from models.nli import MAX_LENGTH
from models.packed import RANGES, measured
from models.training.corpus import read_examples
from models.training.labelled_pairs import read_pairs

EACH: Final = 128
READ: Final = 20_000


def texts_of(nli: Path, pairs: Path) -> list[tuple[str, str]]:
    """Pairs of both kinds that the model reads: NLI pairs, and statements with and without who said them."""
    chosen = random.Random(7)
    general = [(one.premise, one.hypothesis) for one in islice(read_examples(nli), READ)]
    found = [(one.a, one.b) for one in read_pairs(pairs)]
    plain = [(a.content, b.content) for a, b in found]
    shown = [(a.shown(), b.shown()) for a, b in found]
    return [one for kind in (general, plain, shown) for one in chosen.sample(kind, min(EACH, len(kind)))]


def write(folder: Path, texts: list[tuple[str, str]]) -> Path:
    """Measure a checkpoint on these pairs of texts and write what was found beside it."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
    encoded = tokenizer([a for a, _ in texts], [b for _, b in texts], truncation=True, max_length=MAX_LENGTH)
    found = measured(model, encoded)
    file = folder / RANGES
    halves: dict[str, Any] = {name: values.astype(np.float16) for name, values in found.items()}
    np.savez_compressed(file, sha256=np.array(digest(folder / "model.safetensors")), **halves)
    return file


def main() -> None:
    """Measure one checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nli", type=Path, required=True, help="NLI pairs as JSON lines, gzipped or not")
    parser.add_argument("--pairs", type=Path, required=True, help="labelled pairs of reported statements")
    parser.add_argument("--model", type=Path, default=WEIGHTS / "nli", help="the checkpoint's folder")
    args = parser.parse_args()
    print(write(args.model, texts_of(args.nli, args.pairs)))


if __name__ == "__main__":
    main()
