"""The parts of the main job beside a plain way to do the same."""

from __future__ import annotations

import cProfile
import os
import pstats
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

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

PARTS = {
    ("network", "encode"): "encoder",
    ("network", "role_logits"): "role reader",
    ("network", "pronoun_logits"): "pronouns",
    ("words", "read_words"): "words and pieces",
    ("people", "of"): "people",
    ("people", "name_places"): "people",
    ("drafts", "read"): "rules",
    ("merging", "merge"): "merging",
    ("extractor", "_assembled"): "speakers and claims",
}
"""The functions, by file, whose time is told apart; the rest of the tagger and of the extractor is "other"."""
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
    """Milliseconds of one core for an article by part, under the profiler, which makes Python's own share larger."""
    import torch

    extractor = TaggedExtractor(NeuralTagger())
    extractor.extract(texts[0])
    profile = cProfile.Profile(time.process_time)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        profile.runcall(in_batches, extractor, texts)
    finally:
        torch.set_num_threads(threads)
    return {part: 1000 * taken / len(texts) for part, taken in _by_part(pstats.Stats(profile)).items()}


def _by_part(found: pstats.Stats) -> dict[str, float]:
    taken: dict[str, float] = dict.fromkeys([*PARTS.values(), "other"], 0.0)
    stats: Mapping[tuple[str, int, str], tuple[int, int, float, float, object]] = found.stats  # type: ignore[attr-defined]
    for (file, _, name), (_, _, _, cumulative, _) in stats.items():
        key = (Path(file).stem, name)
        if key in PARTS:
            taken[PARTS[key]] += cumulative
        elif key == ("parts", "in_batches"):
            taken["other"] += cumulative
    taken["other"] -= sum(taken[part] for part in set(PARTS.values()))
    return taken


def embedding(statements: Sequence[Statement]) -> Measured:
    """Claims beside sentence-transformers' own `encode` with the same weights."""
    from sentence_transformers import SentenceTransformer

    claims = [s.claim for s in statements][:256]
    ours = SentenceEmbedder()
    plain = SentenceTransformer(ours.checkpoint.location, device="cpu")
    ours.embed(claims[:2])
    rate, baseline = rates(
        len(claims), lambda: ours.embed(claims), lambda: plain.encode(claims, show_progress_bar=False)
    )
    return Measured("embed", "claims/s", rate, "SentenceTransformer.encode", baseline)


def inference(statements: Sequence[Statement]) -> list[Measured]:
    """Pairs beside sentence-transformers' own `predict` with the same weights in float32."""
    from sentence_transformers import CrossEncoder

    pairs = list(pairwise([s.claim for s in statements][:129]))
    ours = CrossEncoderNli()
    plain = CrossEncoder(ours.checkpoint.location, device="cpu")
    ours.score(pairs[:2])
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
