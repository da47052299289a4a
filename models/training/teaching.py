"""What a larger verdict model says of pairs nobody labelled: `python -m models.training.teaching --teacher DIR --texts FILE --out FILE`.

Labelled pairs are few and reading is dear; news texts hold any number of pairs. A teacher that is too large to ship
(`models.training.pairs` with `--base`) reads pairs that pass the gates, as a run would meet them, and the packaged model learns
its probabilities (`--taught`; Hinton et al., 2015). Half of the pairs are the nearest in meaning, where verdicts are hard; half are any.
Texts of the months whose labels are held back are left out.

A line is {a, b, p}: sides as places in the texts (`models.training.marked_pairs` reads it), and the probabilities of agree,
conflict, tension and unrelated.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.attribution.tagger import NeuralTagger
from models.embedder import SentenceEmbedder
from models.nli import STANCES
from models.training.candidates import candidates_of
from models.training.corpus import lines_of
from models.training.labelled_pairs import LabelledPair, reported_of
from models.training.nli import bucket_length, padded
from models.training.pairs import Recipe, Row, encode_pairs
from verifier.extraction import TaggedExtractor
from verifier.values import Side

TOKENS: Final = 4096
SEED: Final = 7
TOLD_EVERY: Final = 1000


def months(files: Sequence[Path]) -> set[str]:
    """The months (2016-02) of the articles that the pairs of these files stand in."""
    rows = (json.loads(line) for file in files for _, line in lines_of(file))
    return {month_of(row[side]["article"]) for row in rows for side in ("a", "b")}


def month_of(article: str) -> str:
    """The month in a text's id (outlet_date_title)."""
    return article.split("_")[1][:7]


def chosen(found: Sequence[tuple[Side, Side, float]], count: int, seed: int) -> list[tuple[Side, Side]]:
    """So many pairs, in random order: half the nearest, half any of the others."""
    ranked = sorted(found, key=lambda one: -one[2])
    near, rest = ranked[: count // 2], ranked[count // 2 :]
    rng = random.Random(seed)
    picked = [*near, *rng.sample(rest, min(count - len(near), len(rest)))]
    rng.shuffle(picked)
    return [(a, b) for a, b, _ in picked]


@torch.inference_mode()
def taught(model: Any, rows: Sequence[Row], pad: int) -> Iterator[tuple[int, list[float]]]:
    """The index of a row and its four probabilities, the shortest rows first."""
    model.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    outputs = [model.config.label2id[name] for name in STANCES]
    start = 0
    while start < len(order):
        size = max(1, TOKENS // bucket_length(len(rows[order[start]].ids) + 16))
        part = order[start : start + size]
        with torch.autocast(model.device.type, dtype=torch.bfloat16):
            logits = model(**padded([rows[i] for i in part], pad, model.device)).logits.float()
        yield from zip(part, torch.softmax(logits[:, outputs], dim=-1).tolist(), strict=True)
        start += size


def place(side: Side) -> dict[str, Any]:
    """A side as a place in its text."""
    one = side.statement
    spans = {"source": one.source, "cue": one.cue}
    found = {name: [span.start, span.end] if span else None for name, span in spans.items()}
    return {"article": side.article, **found, "content": [[span.start, span.end] for span in one.content]}


def main() -> None:
    """Choose pairs, have the teacher read them, write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--teacher", type=Path, required=True, help="a verdict model's folder")
    parser.add_argument("--texts", type=Path, required=True, help="news texts (id, text)")
    parser.add_argument("--held", type=Path, nargs="*", default=[], help="marked pairs: their months are left out")
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--out", type=Path, required=True, help="JSON lines, gzipped")
    args = parser.parse_args()
    held = months(args.held)
    rows = [row for _, line in lines_of(args.texts) if month_of((row := json.loads(line))["id"]) not in held]
    found = candidates_of(rows, TaggedExtractor(NeuralTagger()), SentenceEmbedder())
    pairs = chosen(found, args.count, SEED)
    print(f"{len(rows)} texts, {len(found)} pairs pass the gates, {len(pairs)} chosen", flush=True)
    tokenizer = AutoTokenizer.from_pretrained(args.teacher)
    model = AutoModelForSequenceClassification.from_pretrained(args.teacher, dtype=torch.float32)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    shown = [LabelledPair(reported_of(a), reported_of(b), "unrelated") for a, b in pairs]
    encoded = encode_pairs(tokenizer, shown, Recipe(bare=0.0, one_order=True), random.Random(SEED))
    said: dict[int, list[float]] = {}
    began = time.monotonic()
    for index, p in taught(model.to(device), encoded, tokenizer.pad_token_id):
        said[index] = p
        if len(said) % TOLD_EVERY == 0:
            print(f"{len(said)}/{len(pairs)} {len(said) / (time.monotonic() - began):.0f} pairs/s", flush=True)
    with gzip.open(args.out, "wt", encoding="utf-8") as out:
        for index, (a, b) in enumerate(pairs):
            out.write(json.dumps({"a": place(a), "b": place(b), "p": [round(v, 4) for v in said[index]]}) + "\n")
    means = [sum(p[i] for p in said.values()) / max(1, len(said)) for i in range(len(STANCES))]
    print(f"saved {args.out}: mean " + ", ".join(f"{n} {v:.3f}" for n, v in zip(STANCES, means, strict=True)))


if __name__ == "__main__":
    main()
