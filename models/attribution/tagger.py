"""The tagger as the extractor uses it: articles in, attributions by offset out, in batches."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from models.attribution.batches import Cue, Ids, Link, encoding_of, first_pieces, links_of, surroundings_of
from models.attribution.decoding import Found, cues_of, roles_of
from models.attribution.sizes import Sizes
from models.attribution.words import Window, Words, read_words, windows_of
from models.checkpoint import FromCheckpoint, loading
from verifier.errors import BrokenSetup
from verifier.ports import TextToTag
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Attribution, Range

OURS: Final = "card:attribution"
PIECES_ON_CPU: Final = 1120
"""Pieces that are read together: few enough to stay in a core's cache. Nothing is padded, so that more would save nothing."""
PIECES_ELSEWHERE: Final = 16384
PRONOUNS: Final = frozenset(("he", "she", "him", "her", "his", "hers"))
MOST_NAMES: Final = 12
"""How many names before a pronoun are taken as candidates."""
SURE: Final = 0.5
"""The probability over which a pronoun is taken to mean a name."""

Part = tuple[Words, Window]


class PronounWithNames(Protocol):
    """A pronoun's place and the places of the names it may mean (each with a label that is not read)."""

    @property
    def place(self) -> Range: ...

    @property
    def names(self) -> Sequence[tuple[Range, object]]: ...


class TextWithPronouns(Protocol):
    """A text and its pronouns."""

    @property
    def text(self) -> str: ...

    @property
    def pronouns(self) -> Sequence[PronounWithNames]: ...


class NeuralTagger(FromCheckpoint):
    """Finds the attributions of articles; weights are loaded at the first call.

    `precision` "fast" computes in int8 or bfloat16 where the device does that well, "full" in float32 everywhere.
    """

    def __init__(self, spec: str = OURS, *, device: str = "cpu", precision: str = "fast") -> None:
        super().__init__(spec, device)
        self._fast = precision == "fast"

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        with loading():
            return self._read()

    def _read(self) -> tuple[Any, Any]:
        """The tokenizer and the network."""
        import torch
        from transformers import AutoConfig, AutoTokenizer

        from models.attribution.network import network_of
        from models.packed import STEP, arithmetic_of

        found = self.checkpoint
        try:
            tokenizer = AutoTokenizer.from_pretrained(found.location, revision=found.hub_revision)
            config = AutoConfig.from_pretrained(found.location, revision=found.hub_revision)
            network: Any = network_of(config.model_type).from_pretrained(
                found.location, revision=found.hub_revision or "main", dtype=torch.float32
            )
        except (OSError, ValueError, KeyError, AttributeError, RuntimeError) as error:
            raise BrokenSetup(
                f"attribution model {self._spec!r} cannot be loaded: {str(error).splitlines()[0]}"
            ) from error
        network = network.to(self._device).eval()
        folder, device = Path(found.location), torch.device(self._device)
        return tokenizer, network.pack(arithmetic_of(folder, self.revision, device, STEP, fast=self._fast))

    def meant(self, texts: Sequence[TextWithPronouns]) -> list[list[list[float]]]:
        """For each text, pronoun and name the probability that the pronoun means the name's person."""
        tokenizer, network = self._loaded
        return score_pronouns(tokenizer, network, texts)

    def tag(self, articles: Sequence[TextToTag]) -> list[list[Attribution]]:
        """The attributions of each text, outside its marked paragraphs, in order of their cues."""
        tokenizer, network = self._loaded
        return tag_articles(tokenizer, network, articles)


def tag_articles(tokenizer: Any, network: Any, articles: Sequence[TextToTag]) -> list[list[Attribution]]:
    """As `NeuralTagger.tag`, with a network at hand."""
    from models.threads import side_by_side

    found: list[list[Attribution]] = [[] for _ in articles]
    groups = _groups(network, [read_words(tokenizer, a.text, a.paragraphs) for a in articles])

    def tagged(group: Sequence[tuple[int, Words, Window]]) -> list[list[Attribution]]:
        batch = _Batch(tokenizer, network, [(words, window) for _, words, window in group])
        return batch.attributions([articles[number] for number, _, _ in group])

    for group, rows in zip(groups, side_by_side(tagged, groups, network.device), strict=True):
        for (number, _, _), attributions in zip(group, rows, strict=True):
            found[number] += attributions
    return [sorted(one, key=lambda attribution: attribution.cue) for one in found]


def score_pronouns(tokenizer: Any, network: Any, texts: Sequence[TextWithPronouns]) -> list[list[list[float]]]:
    """As `NeuralTagger.meant`, with a network at hand; a name too far away to be seen has probability 0."""
    out = [[[0.0] * len(pronoun.names) for pronoun in one.pronouns] for one in texts]
    read = [read_words(tokenizer, one.text, paragraphs_of(one.text)) for one in texts]
    for group in _groups(network, read):
        links: list[Link] = []
        places: list[tuple[int, int, int]] = []
        for row, (number, words, window) in enumerate(group):
            for index, pronoun in enumerate(texts[number].pronouns):
                at = words.at(*pronoun.place)
                if window.core_low <= at[0] < window.core_high and at[1] > at[0]:
                    for which, (name, _) in enumerate(pronoun.names):
                        low, high = words.at(*name)
                        if window.low <= low < high <= window.high:
                            links.append(Link(row, at, (low, high)))
                            places.append((number, index, which))
        if links:
            batch = _Batch(tokenizer, network, [(words, window) for _, words, window in group])
            for (number, index, which), chance in zip(places, batch.chances(links), strict=True):
                out[number][index][which] = chance
    return out


def _groups(network: Any, texts: Sequence[Words]) -> list[list[tuple[int, Words, Window]]]:
    """The windows of all texts with their text's number, a few at a time."""
    sizes = Sizes(**network.config.role)
    parts = [
        (number, words, window)
        for number, words in enumerate(texts)
        for window in windows_of(words, sizes.window, sizes.left, sizes.right)
    ]
    pieces = PIECES_ON_CPU if network.device.type == "cpu" else PIECES_ELSEWHERE
    size = max(1, pieces // sizes.window)
    return [parts[start : start + size] for start in range(0, len(parts), size)]


class _Batch:
    """Windows encoded together, and what the heads read from their states."""

    def __init__(self, tokenizer: Any, network: Any, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._network = network
        inputs = encoding_of(parts, tokenizer.cls_token_id, tokenizer.sep_token_id, step=1)
        self._length = inputs.ids.shape[1]
        self._states = self._computed(network.encode, inputs.ids, inputs.features, inputs.mask)

    def _computed(self, part: Any, *arrays: Ids, states: Sequence[Any] = ()) -> Any:
        import torch

        device = self._network.device
        tensors = [torch.from_numpy(array).to(device) for array in arrays]
        with torch.inference_mode():
            return part(*states, *tensors)

    def _run(self, head: Any, *arrays: Ids) -> Any:
        return self._computed(head, *arrays, states=[self._states]).float().cpu().numpy()

    def attributions(self, articles: Sequence[TextToTag]) -> list[list[Attribution]]:
        """The attributions whose cues lie in the cores of the windows; `articles` are the windows' own."""
        role = Sizes(**self._network.config.role)
        cues, scores = _cues(
            self._parts, self._run(self._network.cue_logits), float(getattr(self._network.config, "cue_bias", 0.0))
        )
        out: list[list[Attribution]] = [[] for _ in self._parts]
        if not cues:
            return out
        around = surroundings_of(self._parts, cues, self._length, role.before, role.after, step=1)
        logits = self._run(self._network.role_logits, around.at, around.mask, around.marks)
        for cue, score, found in zip(cues, scores, roles_of(logits, around.mask), strict=True):
            attribution = _attribution(self._parts[cue.row][0], cue, score, found, role.before)
            if attribution is not None:
                out[cue.row].append(attribution)
        return self._with_antecedents(articles, out)

    def chances(self, links: Sequence[Link]) -> list[float]:
        """The probability that each pronoun means its name."""
        found = links_of(self._parts, links, self._length)
        logits = self._run(self._network.pronoun_logits, found.at, found.distances)[: len(links)]
        return [float(chance) for chance in 1 / (1 + np.exp(-logits))]

    def _with_antecedents(
        self, articles: Sequence[TextToTag], rows: Sequence[Sequence[Attribution]]
    ) -> list[list[Attribution]]:
        links: list[Link] = []
        names: list[Range] = []
        for row, (article, attributions) in enumerate(zip(articles, rows, strict=True)):
            words, window = self._parts[row]
            for one in attributions:
                if one.source is not None and article.text[slice(*one.source)].lower() in PRONOUNS:
                    near = _near(words, window, one.source, article.names)
                    links += [Link(row, words.at(*one.source), words.at(*name)) for name in near]
                    names += near
        best: dict[tuple[int, Range], tuple[float, Range]] = {}
        for link, name, chance in zip(links, names, self.chances(links) if links else [], strict=True):
            key = (link.row, link.pronoun)
            best[key] = max(best.get(key, (SURE, name)), (chance, name))
        return [
            [
                replace(one, antecedent=found[1])
                if one.source and (found := best.get((row, self._parts[row][0].at(*one.source)))) and found[0] > SURE
                else one
                for one in attributions
            ]
            for row, attributions in enumerate(rows)
        ]


def _near(words: Words, window: Window, pronoun: Range, names: Sequence[Range]) -> list[Range]:
    """The names in the window, the last ones before the pronoun and the first behind it."""
    low, high = words.starts[window.low], words.ends[window.high - 1]
    start, middle = bisect_left(names, (low, 0)), bisect_left(names, pronoun)
    near = [*names[max(start, middle - MOST_NAMES) : middle], *names[middle : middle + 2]]
    return [name for name in near if low <= name[0] and name[1] <= high and words.at(*name)[0] < words.at(*name)[1]]


def _cues(parts: Sequence[Part], logits: Any, bias: float) -> tuple[list[Cue], list[float]]:
    cues: list[Cue] = []
    scores: list[float] = []
    for row, (words, window) in enumerate(parts):
        places = first_pieces(words, window)[window.core_low - window.low : window.core_high - window.low]
        for found in cues_of(logits[row][places], bias):
            cues.append(Cue(row, window.core_low + found.low, window.core_low + found.high))
            scores.append(found.score)
    return cues, scores


def _attribution(words: Words, cue: Cue, score: float, found: Sequence[Found], before: int) -> Attribution | None:
    shift = cue.low - before
    ranges = [(one.label, (words.starts[one.low + shift], words.ends[one.high - 1 + shift])) for one in found]
    content = tuple(place for label, place in ranges if label == "content")
    if not content:
        return None
    sources = [place for label, place in ranges if label == "source"]
    certainty = score + float(np.mean([one.score for one in found]))
    return Attribution(
        cue=(words.starts[cue.low], words.ends[cue.high - 1]),
        source=sources[0] if sources else None,
        content=content,
        confidence=math.exp(min(0.0, certainty)),
    )
