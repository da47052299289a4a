"""The parts of the main job beside a plain way to do the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.measuring import Measured, rates
from crossquote.bootstrap import judge_of
from models.attribution.tagger import NeuralTagger
from models.training.candidates import candidate_pairs
from verifier.extraction import RuleExtractor, TaggedExtractor
from verifier.pipeline import EXTRACT_BATCH
from verifier.reading import Readers
from verifier.values import Article, Statement

PAIRS = 256
SEED = 3


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


def judging(texts: Path, most: int = PAIRS) -> Measured:
    """Candidate pairs of news texts looked at by the quick model first, beside the larger models reading them all."""
    judge = judge_of("embedded")
    pairs = candidate_pairs(texts, judge.embedder, SEED, most)
    alone = replace(judge, readers=Readers(judge.readers.deciding))
    bodies = [partial(one.looked, pairs) for one in (judge, alone)]
    for body in bodies:
        body()  # loads the models
    rate, baseline = rates(len(pairs), *bodies, rounds=2)
    return Measured("read pairs, in two looks", "pairs/s", rate, "larger model alone", baseline)


def where_it_goes(texts: Sequence[Article]) -> dict[str, float]:
    """Milliseconds of one core for an article by part; what is none of them is "other"."""
    import torch

    from models.attribution import tagger
    from models.attribution.network import TaggingHeads
    from verifier.extraction import drafts, extractor

    parts = {
        "encoder": (TaggingHeads, "encode"),
        "role reader": (TaggingHeads, "role_logits"),
        "pronouns": (TaggingHeads, "pronoun_logits"),
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
