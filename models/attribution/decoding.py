"""From logits to spans: the best tag sequences in which no span goes on that did not begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
CUE_TAGS: Final = ("O", "B", "I")
ROLE_TAGS: Final = ("O", "B-source", "I-source", "B-content", "I-content")
_NEVER: Final = -1e4


@dataclass(frozen=True, slots=True)
class Found:
    """A span of words with its label ("cue", "source", "content") and the mean log-probability of its tags."""

    label: str
    low: int
    high: int
    score: float


def log_softmax(logits: Floats) -> Floats:
    """Log-probabilities over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)


def viterbi(scores: Floats, tags: Sequence[str]) -> NDArray[np.int64]:
    """The best allowed tags for scores of shape (rows, words, tags): `I-x` follows only `B-x` or `I-x`.

    Where the best tag of each word makes an allowed row, as it mostly does, there is nothing to search for.
    """
    steps = _allowed(tags)
    path = np.asarray(scores.argmax(axis=-1), dtype=np.int64)
    begins = np.array([tag.startswith("I") for tag in tags])[path[:, 0]]
    searched = begins | (steps[path[:, :-1], path[:, 1:]] < 0).any(axis=1)
    if searched.any():
        path[searched] = _search(scores[searched], steps, tags)
    return path


def _search(scores: Floats, steps: Floats, tags: Sequence[str]) -> NDArray[np.int64]:
    rows, length, size = scores.shape
    best = scores[:, 0] + np.array([_NEVER if tag.startswith("I") else 0.0 for tag in tags], dtype=np.float32)
    back = np.zeros((rows, length, size), dtype=np.int64)
    for place in range(1, length):
        candidates = best[:, :, None] + steps
        back[:, place] = candidates.argmax(axis=1)
        best = candidates.max(axis=1) + scores[:, place]
    path = np.zeros((rows, length), dtype=np.int64)
    path[:, -1] = best.argmax(axis=1)
    for place in range(length - 1, 0, -1):
        path[:, place - 1] = back[np.arange(rows), place, path[:, place]]
    return path


def _allowed(tags: Sequence[str]) -> Floats:
    steps = np.zeros((len(tags), len(tags)), dtype=np.float32)
    for column, tag in enumerate(tags):
        if tag.startswith("I"):
            steps[:, column] = [0.0 if before[1:] == tag[1:] and before != "O" else _NEVER for before in tags]
    return steps


def spans(path: NDArray[np.int64], scores: Floats, tags: Sequence[str]) -> Iterator[Found]:
    """The spans of one row's tags (words,) with scores (words, tags)."""
    start = 0
    while start < len(path):
        tag = tags[path[start]]
        end = start + 1
        if tag == "O":
            start = end
            continue
        while end < len(path) and tags[path[end]].startswith("I"):
            end += 1
        chosen = scores[np.arange(start, end), path[start:end]]
        yield Found(tag[2:] or "cue", start, end, float(chosen.mean()))
        start = end


def cues_of(logits: Floats, bias: float) -> list[Found]:
    """The cues among words with logits (words, 3); `bias` is added to O: above 0 it finds fewer cues."""
    if not len(logits):
        return []
    scores = log_softmax(logits)
    scores[:, 0] += bias
    return list(spans(viterbi(scores[None], CUE_TAGS)[0], scores, CUE_TAGS))


def roles_of(logits: Floats, mask: NDArray[np.int64]) -> list[list[Found]]:
    """The sources (one at most) and contents for each cue; logits (cues, words, 5), mask (cues, words)."""
    scores = log_softmax(logits)
    scores[..., 1:] += np.where(mask[..., None] == 1, 0.0, _NEVER)
    paths = viterbi(scores, ROLE_TAGS)
    return [_one_source(list(spans(path, row, ROLE_TAGS))) for path, row in zip(paths, scores, strict=True)]


def _one_source(found: list[Found]) -> list[Found]:
    sources = sorted((one for one in found if one.label == "source"), key=lambda one: one.score)
    return [one for one in found if one.label != "source" or one is sources[-1]]
