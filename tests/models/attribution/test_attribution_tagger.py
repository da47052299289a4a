"""The tagger on a tiny checkpoint: offsets, batches, antecedents, errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from models.attribution.tagger import NeuralTagger
from models.packed import Float, fast_int8
from models.training.coreference import LinkedText, Pronoun
from models.training.ranges import ranges_of_articles, write
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


def test_without_padding_as_with_it(tagger: NeuralTagger) -> None:
    network = tagger._loaded[1]
    mask = torch.tensor([[1] * size + [0] * (9 - size) for size in (5, 1, 9)])
    embedded = torch.randn(3, 9, 16)
    with torch.inference_mode():
        expected = network.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        read = network.pack(Float())._read("bert", embedded, mask)
    torch.testing.assert_close(read[mask.bool()], expected[mask.bool()], atol=1e-5, rtol=1e-4)
    assert not read[~mask.bool()].any()


def test_with_ranges_beside_the_weights_it_computes_in_int8(make_tagger: Callable[[], Path]) -> None:
    folder = make_tagger()
    full = NeuralTagger(str(folder), precision="full").tag(inputs(TEXTS))
    write(folder, ranges_of_articles(folder, TEXTS))
    fast = NeuralTagger(str(folder)).tag(inputs(TEXTS))
    assert NeuralTagger(str(folder)).revision == NeuralTagger(str(folder), precision="full").revision
    places = [{one.cue for found in some for one in found} for some in (full, fast)]
    assert len(places[0] & places[1]) > 0.8 * len(places[0] | places[1])
    assert (full != fast) == fast_int8()


def test_a_folder_without_a_tagger_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match="no such folder"):
        NeuralTagger("/no/such/folder").tag(inputs(["x"]))
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(BrokenSetup, match="cannot be loaded"):
        NeuralTagger(str(tmp_path)).tag(inputs(["x"]))
