"""The parts of the main job beside a plain way to do the same."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.measuring import ROOT, Measured, rates, seconds
from crossquote.bootstrap import open_services
from models.attribution.tagger import NeuralTagger
from models.checkpoint import FromCheckpoint
from models.embedder import SentenceEmbedder
from models.nli import CrossEncoderNli
from verifier import pipeline
from verifier.extraction import RuleExtractor, TaggedExtractor
from verifier.pipeline import EXTRACT_BATCH
from verifier.values import Article, Statement

FIRST_AGAIN = 50.0
"""How many times faster than the first a run without news shall be."""


def in_batches(extractor: TaggedExtractor | RuleExtractor, texts: Sequence[Article]) -> list[Statement]:
    """The statements of all texts, so many articles at a time as the main job takes."""
    parts = (texts[start : start + EXTRACT_BATCH] for start in range(0, len(texts), EXTRACT_BATCH))
    return [one for part in parts for found in extractor.extract_all(part) for one in found]


def extraction(texts: Sequence[Article]) -> Measured:
    """Statements of whole articles with the tagger, beside the rules alone."""
    tagged, rules = TaggedExtractor(NeuralTagger()), RuleExtractor()
    tagged.extract(texts[0])
    rate, baseline = rates(len(texts), lambda: in_batches(tagged, texts), lambda: in_batches(rules, texts))
    return Measured("extract", "articles/s", rate, "rules alone", baseline)


def where_it_goes(texts: Sequence[Article]) -> dict[str, float]:
    """Milliseconds of one core for an article by part; what is none of them is "other"."""
    import torch

    from models.attribution import tagger
    from models.attribution.network import AttributionNetwork
    from verifier.extraction import drafts, extractor

    parts = {
        "encoder": (AttributionNetwork, "encode"),
        "role reader": (AttributionNetwork, "role_logits"),
        "pronouns": (AttributionNetwork, "pronoun_logits"),
        "words and pieces": (tagger, "read_words"),
        "names": (extractor, "name_places"),
        "rules": (drafts, "read"),
        "merging": (extractor, "merge"),
        "speakers and claims": (extractor, "_assembled"),
    }
    tagged, threads = TaggedExtractor(NeuralTagger()), torch.get_num_threads()
    tagged.extract(texts[0])
    torch.set_num_threads(1)  # so that the parts are done one after another, and the processor's time is theirs
    try:
        with _timed(parts) as taken:
            began = time.process_time()
            in_batches(tagged, texts)
            taken["other"] = time.process_time() - began - sum(taken.values())
    finally:
        torch.set_num_threads(threads)
    return {part: 1000 * seconds_ / len(texts) for part, seconds_ in taken.items()}


@contextmanager
def _timed(parts: Mapping[str, tuple[Any, str]]) -> Iterator[dict[str, float]]:
    """The processor's time in functions, given by name and owner, while the context is open."""
    taken = dict.fromkeys(parts, 0.0)
    kept = {part: vars(owner)[name] for part, (owner, name) in parts.items()}

    def timed(part: str) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            began = time.process_time()
            try:
                return kept[part](*arguments, **named)
            finally:
                taken[part] += time.process_time() - began

        return call

    for part, (owner, name) in parts.items():
        setattr(owner, name, timed(part))
    try:
        yield taken
    finally:
        for part, (owner, name) in parts.items():
            setattr(owner, name, kept[part])


def embedding(statements: Sequence[Statement]) -> Measured:
    """Claims beside sentence-transformers' own `encode` with the same weights."""
    from sentence_transformers import SentenceTransformer

    claims = [s.claim for s in statements][:256]
    ours = SentenceEmbedder()
    ours.embed(claims[:2])
    plain = SentenceTransformer(ours.checkpoint.location, device="cpu")
    rate, baseline = rates(
        len(claims), lambda: ours.embed(claims), lambda: plain.encode(claims, show_progress_bar=False)
    )
    return Measured("embed", "claims/s", rate, "SentenceTransformer.encode", baseline)


def inference(statements: Sequence[Statement]) -> list[Measured]:
    """Pairs beside sentence-transformers' own `predict` with the same weights in float32."""
    from sentence_transformers import CrossEncoder

    pairs = list(pairwise([s.claim for s in statements][:129]))
    ours = CrossEncoderNli()
    ours.score(pairs[:2])
    plain = CrossEncoder(ours.checkpoint.location, device="cpu")
    rate, baseline = rates(len(pairs), lambda: ours.score(pairs), lambda: plain.predict(pairs, show_progress_bar=False))
    return [Measured("judge", "directions/s", rate, "CrossEncoder.predict", baseline, 4.5)]


def run_again() -> Measured:
    """A run over the sample articles with nothing new, beside the first, whose models are loaded before the clock starts.

    The second has models of its own, and fails where one of them was even loaded.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'bench.db'}"
        first, again = _job(database, load=True), _job(database, load=False)
        return Measured("run without news", "runs/s", 1 / again, "the first run", 1 / first, FIRST_AGAIN)


def _job(database: str, *, load: bool) -> float:
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    tagger, services = NeuralTagger(), open_services(database, "embedded")
    services = replace(services, extractor=TaggedExtractor(tagger))
    models = [one for one in (tagger, services.embedder, services.nli) if isinstance(one, FromCheckpoint)]
    if load:
        services.extractor.extract_all([Article("bench:warm", "Nora Feld said that the dam would hold.")])
        services.embedder.embed(["It holds."])
        services.nli.score([("It holds.", "It breaks.")])
    where = [str(ROOT / "samples" / "articles")]
    taken = seconds(lambda: pipeline.run(services, where, lambda _: pipeline.silent))
    if not load and any({"_loaded", "_model"} & vars(model).keys() for model in models):
        raise RuntimeError("a run without news loaded a model")
    return taken
