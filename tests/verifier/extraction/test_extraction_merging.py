"""The tagger's attributions in the rules' reading."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.fakes import FakeTagger
from verifier.extraction import TaggedExtractor
from verifier.ports import TextToTag
from verifier.values import Article, Attribution, CueClass, Statement, StatementKind


class Told:
    """A tagger that finds what a test tells it: source, cue and pieces as words of the text."""

    model_id = "told"
    revision = "1"

    def __init__(self, *rows: tuple[str | None, str, tuple[str, ...]], antecedent: str | None = None) -> None:
        self._rows = rows
        self._antecedent = antecedent

    def tag(self, articles: Sequence[TextToTag]) -> list[list[Attribution]]:
        text = articles[0].text

        def at(words: str) -> tuple[int, int]:
            return text.index(words), text.index(words) + len(words)

        return [
            [
                Attribution(
                    at(cue),
                    at(source) if source else None,
                    tuple(map(at, pieces)),
                    0.7,
                    at(self._antecedent) if self._antecedent and source and source.lower() in ("he", "she") else None,
                )
                for source, cue, pieces in self._rows
            ]
        ]


def extract(
    text: str, *rows: tuple[str | None, str, tuple[str, ...]], antecedent: str | None = None
) -> list[Statement]:
    found = TaggedExtractor(Told(*rows, antecedent=antecedent)).extract(Article(url="x", text=text))
    for statement in found:
        for span in (*statement.content, *filter(None, (statement.source, statement.cue))):
            assert text[span.start : span.end] == span.text
    return found


def test_the_tagger_finds_what_no_rule_knows() -> None:
    text = "The board is adamantly against the new bridge. It rained in Harwick all day on Monday."
    first, second = extract(text, ("The board", "is adamantly against", ("the new bridge",)))
    assert (first.source and first.source.text, first.text, first.confidence) == ("The board", "the new bridge", 0.7)
    assert first.cue_class is CueClass.BELIEF
    assert second.kind is StatementKind.NARRATED


def test_the_tagger_decides_where_a_content_ends() -> None:
    text = "Mayor Ann Lee said the bridge was closed as rain fell on Harwick."
    (only,) = extract(text, ("Mayor Ann Lee", "said", ("the bridge was closed",)))
    assert only.text == "the bridge was closed"
    assert only.speaker
    assert only.speaker.name == "Ann Lee"
    assert only.cue_class is CueClass.SPEECH


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        pytest.param("We are ready", '"We are ready," Ann Lee said.', id="marks are taken in"),
        pytest.param("We are ready,", "“We are ready,” Ann Lee said.", id="curly marks"),
        pytest.param('"We are ready,"', '"We are ready," Ann Lee said.', id="as they are"),
    ],
)
def test_a_direct_quotation_ends_at_its_marks(piece: str, text: str) -> None:
    (only,) = extract(text, ("Ann Lee", "said", (piece,)))
    assert only.text[0] in '"“'
    assert only.text[-1] in '"”'
    assert only.kind is StatementKind.DIRECT


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    text = '"We are ready," Ann Lee said. "We will open the bridge.\n\n"It will stay open for all of the summer."'
    (only,) = extract(text, ("Ann Lee", "said", ('"We are ready,"',)))
    assert len(only.content) == 3


def test_a_quotation_with_its_speaker_that_the_tagger_missed_stays() -> None:
    text = 'Ann Lee hates the bridge. "It was never safe," said Tom Ray.'
    found = extract(text, ("Ann Lee", "hates", ("the bridge",)))
    assert [s.speaker and s.speaker.name for s in found] == ["Ann Lee", "Tom Ray"]


def test_a_quotation_that_one_attribution_holds_whole_is_no_others_in_part() -> None:
    text = (
        '"Twelve people have died in the fall," Ann Lee told reporters. More than thirty were hurt, she said. '
        '"The water is cold and the river is high," she added.'
    )
    told, said, _ = extract(
        text,
        ("Ann Lee", "told", ('"Twelve people have died in the fall,"', "the river is high")),
        ("she", "said", ('"Twelve', "More than thirty were hurt")),
        ("she", "added", ('"The water is cold and the river is high,"',)),
    )
    assert told.text == '"Twelve people have died in the fall,"'
    assert said.text == "More than thirty were hurt"


def test_indirect_speech_that_the_tagger_does_not_see_is_narrated() -> None:
    (only,) = extract("Ann Lee said the bridge was closed.")
    assert only.kind is StatementKind.NARRATED


def test_transcripts_are_the_rules() -> None:
    found = extract("SMITH: The bridge is open.\n\nJONES: It is not.\n\nSMITH: It is.")
    assert [s.source and s.source.text for s in found] == ["SMITH", "JONES", "SMITH"]


def test_what_one_says_another_said_is_nested() -> None:
    text = "Ann Lee said that Tom Ray said the bridge was closed."
    outer, inner = extract(
        text,
        ("Ann Lee", "said", ("that Tom Ray said the bridge was closed",)),
        ("Tom Ray", "said the", ("the bridge was closed",)),
    )
    assert outer.nested_in is None
    assert inner.nested_in == outer.id


def test_a_pronoun_is_who_the_tagger_says_it_is() -> None:
    text = "Ann Lee met Maria Ray in Harwick. She said the bridge was closed."
    row = ("She", "said", ("the bridge was closed",))
    found = extract(text, row, antecedent="Ann Lee")
    assert [s.speaker.name for s in found if s.speaker and s.cue] == ["Ann Lee"]
    found = extract(text, row, antecedent="Maria Ray")
    assert [s.speaker.name for s in found if s.speaker and s.cue] == ["Maria Ray"]


def test_it_is_deterministic_and_named_after_its_tagger() -> None:
    article = Article(url="x", text="Ann Lee said it was late. Then Tom Ray said no. " * 40)
    extractor = TaggedExtractor(FakeTagger())
    assert extractor.extract(article) == extractor.extract(article)
    assert extractor.version.endswith("+1")
    assert len({statement.id for statement in extractor.extract(article)}) == 80


SAID, DENIED = CueClass.SPEECH, CueClass.DENIAL


@pytest.mark.parametrize(
    ("row", "text", "cue_class", "claim"),
    [
        pytest.param(
            ("The judge", "ruled", ("the bridge is safe",)),
            "The judge ruled the bridge is safe.", SAID, "The bridge is safe", id="ruled",
        ),
        pytest.param(
            ("Ann Lee", "ruled out", ("a new bridge",)),
            "Ann Lee ruled out a new bridge.", DENIED, "Ann Lee ruled out a new bridge", id="ruled out",
        ),
        pytest.param(
            ("the council", "was rejected by", ("The plan",)),
            "The plan was rejected by the council.", SAID, "The plan was rejected by the council", id="passive",
        ),
        pytest.param(
            (None, "was dismissed", ("Tom Ray", "as manager")),
            "Tom Ray was dismissed on Monday as manager.", SAID, "Tom Ray was dismissed on Monday as manager", id="of a person",
        ),
        pytest.param(
            ("Ann Lee", "rejected", ("that idea",)),
            "Ann Lee rejected that idea.", DENIED, "Ann Lee rejected that idea", id="that idea",
        ),
        pytest.param(
            ("Ann Lee", "denied", ("the bridge is unsafe",)),
            "Ann Lee denied the bridge is unsafe.", DENIED, "It is not true that the bridge is unsafe", id="a clause",
        ),
        pytest.param(
            ("Ann Lee", "denied", ("any fault which Tom Ray had found",)),
            "Ann Lee denied any fault which Tom Ray had found.",
            DENIED, "Ann Lee denied any fault which Tom Ray had found", id="a thing with a clause",
        ),
        pytest.param(
            ("Ann Lee", "has denied", ("a charge that",)),
            "The bridge is unsafe, a charge that Ann Lee has denied.", DENIED, "Ann Lee denies a charge that", id="before the cue",
        ),
        pytest.param(
            ("Ann Lee", "denied", ('"The bridge was never unsafe,"',)),
            '"The bridge was never unsafe," Ann Lee denied.', SAID, "The bridge was never unsafe", id="her own words",
        ),
    ],
)  # fmt: skip
def test_what_a_denial_denies(
    row: tuple[str | None, str, tuple[str, ...]], text: str, cue_class: CueClass, claim: str
) -> None:
    (only,) = (one for one in extract(text, row) if one.kind is not StatementKind.NARRATED)
    assert (only.cue_class, only.claim) == (cue_class, claim)


@pytest.mark.parametrize(
    ("cue", "piece", "claim"),
    [
        pytest.param("called him", "a “reckless liar”", "Ann Lee called him a reckless liar", id="him"),
        pytest.param(
            "to call", "Tom Ray “totally reckless”", "Ann Lee called Tom Ray totally reckless", id="an infinitive"
        ),
        pytest.param(
            "called", "Tom Ray “a man who lies and was caught”", "Tom Ray a man who lies and was caught", id="a clause"
        ),
    ],
)
def test_what_somebody_is_called_keeps_who_called(cue: str, piece: str, claim: str) -> None:
    found = extract(f"Mayor Ann Lee went on television {cue} {piece}.", ("Mayor Ann Lee", cue, (piece,)))
    assert claim in [one.claim for one in found]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Joe Orr spoke. Mayor Tom Lind spoke up too, talking to Mic, “Both are fit,” he said. It rained.",
            "Tom Lind",
        ),
        ("Joe Orr spoke. Mayor Tom Lind — a friend of Orr — tried for years, and he said both were fit.", "Tom Lind"),
        ("Joe Orr spoke. Mayor Tom Lind left as he said both were fit.", "Joe Orr"),
        ("Joe Orr spoke. Tom Lind’s aunt came, and he said both were fit.", "Joe Orr"),
        ("Joe Orr spoke. A row between Tom Lind and Ann Ray went on, and he said both were fit.", "Joe Orr"),
    ],
)
def test_the_subject_of_a_sentence_goes_on_as_he_whomever_the_tagger_takes_him_for(text: str, speaker: str) -> None:
    content = "Both are fit" if "Both are fit" in text else "both were fit"
    found = extract(text, ("he", "said", (content,)), antecedent="Joe Orr")
    assert [one.speaker.name for one in found if one.speaker and one.cue] == [speaker]


def test_whom_a_message_went_to_asks_nothing() -> None:
    text = "The mayor sent a strong message to the board asking them to shut the bridge."
    sent = ("The mayor", "sent a strong message to", ("asking them to shut the bridge",))
    (one,) = extract(text, sent, ("the board", "asking", ("them to shut the bridge",)))
    assert one.source is not None
    assert one.source.text == "The mayor"
    (alone,) = extract(text, ("the board", "asking", ("them to shut the bridge",)))
    assert alone.source is None or alone.source.text == "The mayor"
    heard = extract(
        "The mayor listened to Ann Ray saying the bridge was shut.", ("Ann Ray", "saying", ("the bridge was shut",))
    )
    assert heard[0].speaker is not None
    assert heard[0].speaker.name == "Ann Ray"
