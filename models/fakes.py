"""Deterministic stand-ins for the learned ports: for tests and for trying the pipeline without weights."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from verifier.ports import TextToTag, Vectors
from verifier.values import Attribution
from verifier.verdicts import NliProbabilities, StanceProbabilities

NEGATIONS = frozenset({"no", "not", "never", "denies", "denied", "without", "untrue", "false"})


def words_of(text: str) -> list[str]:
    """Lower-case words and numbers."""
    return re.findall(r"\w+", text.lower())


class FakeEmbedder:
    """Hashed bags of words: texts with common words are near each other."""

    model_id = "fake-embedder"
    revision = "1"

    def __init__(self, dimensions: int = 64) -> None:
        self._dimensions = dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions)."""
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words_of(text) or [""]:
                vectors[row, zlib.crc32(word.encode("utf-8", "surrogatepass")) % self._dimensions] += 1.0
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


class FakeNli:
    """Word overlap says entailment; overlap with a negation on one side only says contradiction."""

    model_id = "fake-nli"
    revision = "1"

    def __init__(self) -> None:
        self.scored = 0

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NliProbabilities]:
        """One result a pair, in order; `scored` counts all pairs ever asked for."""
        self.scored += len(pairs)
        return [_compare(set(words_of(premise)), set(words_of(hypothesis))) for premise, hypothesis in pairs]


def _compare(premise: set[str], hypothesis: set[str]) -> NliProbabilities:
    negated = bool(premise & NEGATIONS) != bool(hypothesis & NEGATIONS)
    content = hypothesis - NEGATIONS
    overlap = round(0.9 * len(content & premise) / max(1, len(content)), 6)
    rest = round(1.0 - overlap, 6)
    return NliProbabilities(0.0, rest, overlap) if negated else NliProbabilities(overlap, rest, 0.0)


class FakeStances:
    """As `FakeNli`, of both orders: contradiction is a conflict, entailment agreement; `asked` counts all pairs."""

    model_id = "fake-stances"
    revision = "1"

    def __init__(self) -> None:
        self.asked = 0

    def stances(self, pairs: Sequence[tuple[str, str]], *, both_orders: bool = True) -> list[StanceProbabilities]:  # noqa: ARG002
        """One result a pair, in order."""
        self.asked += len(pairs)
        ways = FakeNli().score([way for a, b in pairs for way in ((a, b), (b, a))])
        return [
            StanceProbabilities(
                round((there.entailment + back.entailment) / 2, 6),
                round((there.contradiction + back.contradiction) / 2, 6),
                0.0,
                round((there.neutral + back.neutral) / 2, 6),
            )
            for there, back in zip(ways[::2], ways[1::2], strict=True)
        ]


class FakeBoth(FakeStances):
    """Both in one, under a name of its own: a model that looks first."""

    model_id = "fake-both"

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NliProbabilities]:
        """As `FakeNli`."""
        return FakeNli().score(pairs)


class FakeTagger:
    """Finds "Name said …." and nothing else; a pronoun means the last name before it."""

    model_id = "fake-tagger"
    revision = "1"
    _SAID = re.compile(r"(?P<source>[A-Z]\w+(?: [A-Z]\w+)*) (?P<cue>said) (?P<content>[^.\n]+)")

    def tag(self, articles: Sequence[TextToTag]) -> list[list[Attribution]]:
        """The attributions of each text."""
        return [[self._attribution(one, match) for match in self._SAID.finditer(one.text)] for one in articles]

    @staticmethod
    def _attribution(article: TextToTag, match: re.Match[str]) -> Attribution:
        before = [name for name in article.names if name[1] <= match.start()]
        meant = before[-1] if before and match["source"].lower() in ("he", "she") else None
        return Attribution(match.span("cue"), match.span("source"), (match.span("content"),), 0.9, meant)
