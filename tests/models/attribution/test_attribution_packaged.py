"""The packaged tagger in the extractor, on sentences of our own."""

from __future__ import annotations

import pytest

from models.attribution.tagger import NeuralTagger
from verifier.extraction import TaggedExtractor
from verifier.values import Article, CueClass, Statement, StatementKind


@pytest.fixture(scope="module")
def extractor() -> TaggedExtractor:
    return TaggedExtractor(NeuralTagger())


def spoken(extractor: TaggedExtractor, text: str) -> list[Statement]:
    return [one for one in extractor.extract(Article("file:///case", text)) if one.kind is not StatementKind.NARRATED]


@pytest.mark.parametrize(
    ("text", "kind", "speaker", "cue", "content"),
    [
        pytest.param(
            "“The dam will hold,” said Nora Feld, who runs the river board.",
            StatementKind.DIRECT, "Nora Feld", "said", "“The dam will hold,”",
            id="cue before the source",
        ),
        pytest.param(
            "Mayor Nora Feld said on Monday that the dam would hold until spring.",
            StatementKind.INDIRECT, "Nora Feld", "said", "that the dam would hold until spring",
            id="indirect",
        ),
        pytest.param(
            "The governor, Piers Quill, called the plan “a gift to the rich” and left.",
            StatementKind.MIXED, "Piers Quill", "called", "the plan “a gift to the rich”",
            id="mixed",
        ),
        pytest.param(
            "According to the ministry, the dam was inspected in May.",
            StatementKind.INDIRECT, "ministry", "According to", "the dam was inspected in May",
            id="according to",
        ),
        pytest.param(
            "Ms. Feld denied that the gates had failed.",
            StatementKind.INDIRECT, "Feld", "denied", "that the gates had failed",
            id="denial",
        ),
    ],
)  # fmt: skip
def test_who_said_what(
    extractor: TaggedExtractor, text: str, kind: StatementKind, speaker: str, cue: str, content: str
) -> None:
    found = [(s.kind, s.speaker and s.speaker.name, s.cue and s.cue.text, s.text) for s in spoken(extractor, text)]
    assert (kind, speaker, cue, content) in found


def test_a_denial_has_its_class(extractor: TaggedExtractor) -> None:
    (only,) = spoken(extractor, "Nora Feld denied that the gates had failed.")
    assert only.cue_class is CueClass.DENIAL


def test_a_transcript_is_read_by_its_turns(extractor: TaggedExtractor) -> None:
    found = spoken(extractor, "Q: Will the dam hold?\n\nA: It will not.\n\nQ: Why is that?\n\nA: It is old.")
    assert [(s.source.text, s.text) for s in found if s.source] == [
        ("Q", "Will the dam hold?"), ("A", "It will not."), ("Q", "Why is that?"), ("A", "It is old."),
    ]  # fmt: skip


def test_a_pronoun_finds_its_name_and_no_one_of_the_other_gender(extractor: TaggedExtractor) -> None:
    text = "Nora Feld met Piers Quill at the dam.\n\nShe said it would hold. He said it would not."
    found = {s.source.text: s.speaker.name for s in spoken(extractor, text) if s.source and s.speaker}
    assert found["She"] == "Nora Feld"
    assert found.get("He") != "Nora Feld"
