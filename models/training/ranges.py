"""Measure the ranges of a model's activations, for int8.

    python -m models.training.ranges --nli FILE --pairs FILE [--model DIR]
    python -m models.training.ranges --texts FILE [--model DIR]

The first form is for the NLI model, the second for the tagger. Writes `ranges.npz` beside the model's weights. It holds no weights:
for each input of each layer its least and largest value over some hundred pairs or some articles, and the digest of the weights that
it belongs to. Make it anew after each training.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from transformers import AutoConfig, AutoTokenizer

from models.attribution.network import network_of
from models.attribution.tagger import tag_articles
from models.cards import WEIGHTS, digest, weights_of
from models.compact import load_classifier
from models.nli import MAX_LENGTH
from models.packed import RANGES, Ranges, Watched, measured
from models.training.attributions import read_labelled
from models.training.corpus import read_examples
from models.training.labelled_pairs import read_pairs
from verifier.ports import TextToTag
from verifier.text.paragraphs import paragraphs_of

EACH: Final = 128
READ: Final = 20_000
ARTICLES: Final = 40


def texts_of(nli: Path, pairs: Path, each: int = EACH) -> list[tuple[str, str]]:
    """Pairs of both kinds that the model reads, so many of each: NLI pairs, and statements with and without who said them."""
    chosen = random.Random(7)
    general = [(one.premise, one.hypothesis) for one in islice(read_examples(nli), READ)]
    found = [(one.a, one.b) for one in read_pairs(pairs)]
    plain = [(a.content, b.content) for a, b in found]
    shown = [(a.shown(), b.shown()) for a, b in found]
    return [one for kind in (general, plain, shown) for one in chosen.sample(kind, min(each, len(kind)))]


def ranges_of_pairs(folder: Path, texts: list[tuple[str, str]]) -> Ranges:
    """The ranges of an NLI checkpoint over these pairs of texts."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = load_classifier(str(folder), AutoConfig.from_pretrained(folder), None, torch.float32).eval()
    encoded = tokenizer([a for a, _ in texts], [b for _, b in texts], truncation=True, max_length=MAX_LENGTH)
    return measured(model, encoded)


def ranges_of_articles(folder: Path, articles: Sequence[str]) -> Ranges:
    """The ranges of a tagger's checkpoint over these articles."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network: Any = network_of(AutoConfig.from_pretrained(folder).model_type).from_pretrained(
        folder, dtype=torch.float32
    )
    watched = Watched(rows=1)
    tag_articles(tokenizer, network.eval().pack(watched), [TextToTag(text, paragraphs_of(text)) for text in articles])
    return watched.seen


def write(folder: Path, found: Ranges) -> Path:
    """Write what was measured of a checkpoint beside it."""
    file = folder / RANGES
    halves: dict[str, Any] = {name: values.astype(np.float16) for name, values in found.items()}
    np.savez_compressed(file, sha256=np.array(digest(weights_of(folder))), **halves)
    return file


def main() -> None:
    """Measure one checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nli", type=Path, help="NLI pairs as JSON lines, gzipped or not")
    parser.add_argument("--pairs", type=Path, help="labelled pairs of reported statements")
    parser.add_argument("--texts", type=Path, help="labelled articles (PolNeAR's form): measure a tagger")
    parser.add_argument("--model", type=Path, help="the checkpoint's folder; without it the packaged one")
    args = parser.parse_args()
    if args.texts:
        folder = args.model or WEIGHTS / "attribution"
        articles = [one.text for one in read_labelled(args.texts)]
        chosen = random.Random(7).sample(articles, min(ARTICLES, len(articles)))
        print(write(folder, ranges_of_articles(folder, chosen)))
    elif args.nli and args.pairs:
        folder = args.model or WEIGHTS / "nli"
        print(write(folder, ranges_of_pairs(folder, texts_of(args.nli, args.pairs))))
    else:
        parser.error("give --texts, or --nli and --pairs")


if __name__ == "__main__":
    main()
