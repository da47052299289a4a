"""Words, their features and windows."""

from __future__ import annotations

from typing import Any

import pytest

from models.attribution.batches import Cue, encoding_of, first_pieces, surroundings_of
from models.attribution.words import FEATURES, Words, read_words, windows_of
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Mark, Paragraph

TEXT = 'Bridge Open\n\n"The bridge is OPEN," McKay said in 2014.\n\nIt was closed.'


def words_of(tokenizer: Any, text: str) -> Words:
    return read_words(tokenizer, text, paragraphs_of(text))


def test_words_stand_at_their_offsets(tokenizer: Any) -> None:
    words = words_of(tokenizer, TEXT)
    found = [TEXT[start:end] for start, end in zip(words.starts, words.ends, strict=True)]
    assert found[:6] == ["Bridge", "Open", '"', "The", "bridge", "is"]
    assert "McKay" in found
    assert words.firsts[-1] == len(words.ids)
    assert [found[i] for i in words.breaks[:-1]] == ["Bridge", '"', "It"]


@pytest.mark.parametrize(
    ("word", "case", "quotation", "place"),
    [
        pytest.param(0, 1, 6, 13, id="first word of a line without a stop"),
        pytest.param(1, 1, 6, 12, id="capital in a line without a stop"),
        pytest.param(2, 5, 8, 11, id="opening mark at a paragraph's start"),
        pytest.param(3, 1, 7, 10, id="inside"),
        pytest.param(6, 2, 7, 10, id="capitals"),
        pytest.param(8, 5, 9, 10, id="closing mark"),
        pytest.param(9, 3, 6, 10, id="mixed case"),
        pytest.param(10, 0, 6, 10, id="lower case"),
        pytest.param(12, 4, 6, 10, id="digits"),
    ],
)
def test_features_say_what_the_encoder_cannot_see(
    tokenizer: Any, word: int, case: int, quotation: int, place: int
) -> None:
    assert words_of(tokenizer, TEXT).features[word] == (case, quotation, place)


def test_marked_paragraphs_are_not_read(tokenizer: Any) -> None:
    paragraphs = [Paragraph(0, 11, Mark.FURNITURE), *paragraphs_of(TEXT)[1:]]
    assert TEXT[read_words(tokenizer, TEXT, paragraphs).starts[0]] == '"'
    assert len(read_words(tokenizer, TEXT, [Paragraph(0, len(TEXT), Mark.FURNITURE)])) == 0


@pytest.mark.parametrize(
    "text", ["", " \n\n ", "\u200b", "a" * 3000, "x\n\n" * 300, "\ud800 said", "é" * 50, "0 " * 900]
)
def test_every_word_is_in_one_core(tokenizer: Any, text: str) -> None:
    words = words_of(tokenizer, text)
    windows = list(windows_of(words, 64, 12, 8))
    cores = [index for window in windows for index in range(window.core_low, window.core_high)]
    assert cores == list(range(len(words)))
    for window in windows:
        assert window.low <= window.core_low < window.core_high <= window.high
        single = window.core_high - window.core_low == 1
        assert single or words.pieces(window.low, window.high) <= 64


def test_windows_hold_whole_paragraphs(tokenizer: Any) -> None:
    text = "\n\n".join(["the bridge is open ."] * 30)
    words = words_of(tokenizer, text)
    assert all(window.core_low in words.breaks for window in windows_of(words, 64, 12, 8))


def test_batches_point_at_first_pieces(tokenizer: Any) -> None:
    words = words_of(tokenizer, TEXT)
    window = next(windows_of(words, 384, 64, 48))
    encoding = encoding_of([(words, window)], 2, 3)
    assert encoding.ids.shape == (1, 32)
    assert encoding.features.max() < FEATURES
    assert [encoding.ids[0, place] for place in first_pieces(words, window)] == [
        words.ids[i] for i in words.firsts[:-1]
    ]
    around = surroundings_of([(words, window)], [Cue(0, 10, 11)], 32, 4, 6)
    assert around.at.shape == (16, 10)
    assert around.marks[0].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert around.at[0].tolist() == first_pieces(words, window)[6:16].tolist()


def test_surroundings_end_with_the_window(tokenizer: Any) -> None:
    words = words_of(tokenizer, TEXT)
    window = next(windows_of(words, 384, 64, 48))
    around = surroundings_of([(words, window)], [Cue(0, 1, 2)], 32, 4, 100)
    assert around.mask[0].tolist() == [0, 0, 0] + [1] * len(words) + [0] * (101 - len(words))
