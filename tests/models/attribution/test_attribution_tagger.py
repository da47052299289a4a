"""The tagger on a tiny checkpoint: offsets, batches, antecedents, errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.attribution.tagger import NeuralTagger
from models.training.coreference import LinkedText, Pronoun
from verifier.errors import BrokenSetup
from verifier.ports import TextToTag
from verifier.text.paragraphs import paragraphs_of

TEXTS = [
    'The ministry said the bridge is open. "It was closed in march," it said.\n\nNo, said the ministry.',
    "",
    "x",
    "it was not open . " * 300,
]


def inputs(texts: list[str]) -> list[TextToTag]:
    return [TextToTag(text, paragraphs_of(text)) for text in texts]


@pytest.fixture(scope="module")
def tagger(make_tagger: Callable[[], Path]) -> NeuralTagger:
    return NeuralTagger(str(make_tagger()))


def test_every_range_lies_in_its_text_at_word_edges(tagger: NeuralTagger) -> None:
    found = tagger.tag(inputs(TEXTS))
    assert len(found) == len(TEXTS)
    assert found[0]
    assert found[3]
    for text, attributions in zip(TEXTS, found, strict=True):
        for one in attributions:
            for start, end in (one.cue, *one.content, *([one.source] if one.source else [])):
                assert 0 <= start < end <= len(text)
                assert not text[start].isspace()
                assert not text[end - 1].isspace()
            assert 0.0 <= one.confidence <= 1.0
            assert list(one.content) == sorted(one.content)


def test_a_text_alone_and_among_others_gives_the_same(tagger: NeuralTagger) -> None:
    together = tagger.tag(inputs(TEXTS))
    for text, found in zip(TEXTS, together, strict=True):
        alone = tagger.tag(inputs([text]))[0]
        assert [(one.cue, one.source, one.content) for one in alone] == [(o.cue, o.source, o.content) for o in found]
    assert tagger.tag([]) == []


def test_each_pronoun_gets_a_probability_a_name(tagger: NeuralTagger) -> None:
    text = "Ann Lee met Tom Ray. He said it was open."
    linked = LinkedText("1", text, (Pronoun((21, 23), (((0, 7), False), ((12, 19), True))),))
    scores = tagger.meant([linked, LinkedText("2", "", ())])
    assert len(scores) == 2
    assert scores[1] == []
    assert all(0.0 < chance < 1.0 for chance in scores[0][0])


def test_a_name_too_far_away_has_no_chance(tagger: NeuralTagger) -> None:
    text = "Ann Lee was here.\n\n" + "the bridge is open .\n\n" * 200 + "She said no."
    start = text.index("She said")
    linked = LinkedText("1", text, (Pronoun((start, start + 3), (((0, 7), True),)),))
    assert tagger.meant([linked]) == [[[0.0]]]


def test_a_folder_without_a_tagger_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match="no such folder"):
        NeuralTagger("/no/such/folder").tag(inputs(["x"]))
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(BrokenSetup, match="cannot be loaded"):
        NeuralTagger(str(tmp_path)).tag(inputs(["x"]))
