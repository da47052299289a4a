"""From logits to spans."""

from __future__ import annotations

import numpy as np
import pytest

from models.attribution.decoding import CUE_TAGS, ROLE_TAGS, cues_of, roles_of, spans, viterbi


def logits(tags: str, names: tuple[str, ...]) -> np.ndarray:
    out = np.full((len(tags.split()), len(names)), -4.0, dtype=np.float32)
    for row, tag in enumerate(tags.split()):
        out[row, names.index({"s": "I-source", "S": "B-source", "c": "I-content", "C": "B-content"}.get(tag, tag))] = (
            4.0
        )
    return out


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        pytest.param("O B I O", [(1, 3)], id="one"),
        pytest.param("B B I", [(0, 1), (1, 3)], id="beside each other"),
        pytest.param("O O O", [], id="none"),
        pytest.param("I I O", [(0, 2)], id="an I without a B begins a span or is none"),
    ],
)
def test_cues(tags: str, found: list[tuple[int, int]]) -> None:
    assert [(one.low, one.high) for one in cues_of(logits(tags, CUE_TAGS), 0.0)] == found


def test_a_bias_finds_fewer_cues() -> None:
    weak = np.array([[0.0, 0.2, -3.0]], dtype=np.float32)
    assert cues_of(weak, 0.0)
    assert not cues_of(weak, 1.0)
    assert cues_of(np.zeros((0, 3), dtype=np.float32), 0.0) == []


def test_contents_may_be_in_pieces_and_one_source_is_kept() -> None:
    scores = logits("C c O S s O C c S", ROLE_TAGS)
    scores[8] *= 0.1
    found = roles_of(scores[None], np.ones((1, 9), dtype=np.int64))[0]
    assert [(one.label, one.low, one.high) for one in found] == [("content", 0, 2), ("source", 3, 5), ("content", 6, 8)]


def test_nothing_is_found_outside_the_mask() -> None:
    mask = np.array([[1, 1, 0]], dtype=np.int64)
    assert [(one.low, one.high) for one in roles_of(logits("C c c", ROLE_TAGS)[None], mask)[0]] == [(0, 2)]


def test_no_span_goes_on_that_did_not_begin() -> None:
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(20, 30, 5)).astype(np.float32)
    for row, path in enumerate(viterbi(scores, ROLE_TAGS)):
        tags = [ROLE_TAGS[tag] for tag in path]
        for before, tag in zip(["O", *tags], tags, strict=False):
            assert not tag.startswith("I") or before[2:] == tag[2:]
        assert sum(one.high - one.low for one in spans(path, scores[row], ROLE_TAGS)) == sum(tag != "O" for tag in tags)
