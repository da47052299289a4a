"""What every model behind a port holds to: the fakes and checkpoints of both sorts."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import pytest

from models.fakes import FakeNli, FakeStances, FakeTagger
from models.nli import STANCES, CrossEncoderNli
from tests.models.conftest import CheckpointMaker, make_checkpoint, make_mpnet, vocabulary
from verifier.ports import NliModel, StanceModel, TextToTag
from verifier.text.paragraphs import paragraphs_of

__all__ = ["make_checkpoint", "make_mpnet", "vocabulary"]
LABELS = ("entailment", "neutral", "contradiction", *STANCES)
PAIRS = [
    ("the bridge is open", "the bridge is not open"),
    ("the ministry said yes", "it was closed in march ."),
    ("no", "yes"),
    ("the bridge was open in march , the ministry said", "the bridge is open"),
]


@pytest.fixture(scope="module")
def made(make_checkpoint: CheckpointMaker, make_mpnet: CheckpointMaker) -> dict[str, Any]:
    small, large = CrossEncoderNli(str(make_checkpoint(*LABELS))), CrossEncoderNli(str(make_mpnet(*LABELS)))
    return {
        "checkpoint": small,
        "mpnet": large,
        "fake": FakeNli(),
        "stances": FakeStances(),
    }


@pytest.mark.parametrize("name", ["fake", "checkpoint", "mpnet"])
def test_an_nli_model(made: dict[str, Any], name: str) -> None:
    model: NliModel = made[name]
    assert model.model_id
    assert model.revision
    assert model.score([]) == []
    found = model.score(PAIRS)
    assert len(found) == len(PAIRS)
    assert found == [model.score([pair])[0] for pair in PAIRS]
    assert found[::-1] == model.score(PAIRS[::-1])
    for one in found:
        assert sum(astuple(one)) == pytest.approx(1.0, abs=1e-5)
        assert min(astuple(one)) >= 0.0


@pytest.mark.parametrize("name", ["stances", "checkpoint", "mpnet"])
def test_a_stance_model(made: dict[str, Any], name: str) -> None:
    model: StanceModel = made[name]
    assert model.model_id
    assert model.revision
    assert model.stances([]) == []
    found = model.stances(PAIRS)
    assert found == model.stances([(b, a) for a, b in PAIRS])
    assert found == [model.stances([pair])[0] for pair in PAIRS]
    assert len(model.stances(PAIRS, both_orders=False)) == len(PAIRS)
    for one in found:
        assert sum(astuple(one)) == pytest.approx(1.0, abs=1e-5)
        assert min(astuple(one)) >= 0.0


@pytest.mark.parametrize("name", ["fake", "packaged"])
def test_a_tagger_gives_places_in_the_text(name: str) -> None:
    from models.attribution.tagger import NeuralTagger

    model = FakeTagger() if name == "fake" else NeuralTagger()
    texts = ["Ann Orr said the bridge is open.\nIt rained.", "Nobody spoke here on that day."]
    articles = [TextToTag(text, paragraphs_of(text)) for text in texts]
    found = model.tag(articles)
    assert len(found) == len(texts)
    assert found == [model.tag([one])[0] for one in articles]
    (first, *_), _ = found
    assert texts[0][slice(*first.cue)] == "said"
    for article, attributions in zip(articles, found, strict=True):
        places = [place for one in attributions for place in (one.cue, one.source, *one.content) if place]
        assert all(0 <= low < high <= len(article.text) for low, high in places)
