"""Who is meant: one article a case; the speakers of its attributions in order."""

from __future__ import annotations

import pytest

from verifier.extraction import RuleExtractor
from verifier.values import Article, SpeakerKind, Statement, StatementKind

PERSON, BODY, GROUP, ROLE = SpeakerKind.PERSON, SpeakerKind.BODY, SpeakerKind.GROUP, SpeakerKind.ROLE

CASES: list[tuple[str, str, list[tuple[str | None, SpeakerKind | None]]]] = [
    (
        "surname after the full name",
        "Engineer Nora Feld inspected the dam. Feld said it would hold.",
        [("Nora Feld", PERSON)],
    ),
    (
        "full name only later",
        "Feld said the dam would hold.\n\nThe inspection by Nora Feld took a day.",
        [("Nora Feld", PERSON)],
    ),
    (
        "named five paragraphs earlier",
        "Nora Feld runs the dam.\n\nIt was built in May.\n\nIt is long.\n\nIt is old.\n\nIt is wet.\n\n“It will hold,” Feld said.",
        [("Nora Feld", PERSON)],
    ),
    (
        "the role that only one has, not the one that two share",
        "Attorney General Arvo Kelm opened the case. City Attorney Piers Quill closed it. "
        "The state attorney general said the dam would hold.",
        [("Arvo Kelm", PERSON)],
    ),
    (
        "she takes the last woman",
        "Nora Feld met Piers Quill. Mr Quill left early. “It will hold,” she said.",
        [("Nora Feld", PERSON)],
    ),
    (
        "he after two statements",
        "Piers Quill said the dam would hold. He said the bridge would not.",
        [("Piers Quill", PERSON), ("Piers Quill", PERSON)],
    ),
    (
        "titles before a surname",
        "General Arvo Kelm and Dr Nora Feld met. Gen Kelm said it would hold. Dr Feld said it would not.",
        [("Arvo Kelm", PERSON), ("Nora Feld", PERSON)],
    ),
    (
        "first name after a title",
        "Prime Minister Shamir Olon spoke. PM Shamir said the dam would hold.",
        [("Shamir Olon", PERSON)],
    ),
    (
        "acronym of an office",
        "National Security Adviser (NSA) Dr Nora Feld said it would hold. The NSA stressed that it was safe.",
        [("Nora Feld", PERSON), ("Nora Feld", PERSON)],
    ),
    (
        "army chief",
        "Ruritania army chief general Arvo Javel Kelm spoke. The army chief said the dam would hold.",
        [("Arvo Javel Kelm", PERSON)],
    ),
    (
        "secretary of a department",
        "US Secretary of Defence Nora Feld said it would hold.",
        [("Nora Feld", PERSON)],
    ),
    (
        "the premier",
        "Prime Minister Shamir Olon met Piers Quill. Quill left. The premier said the dam would hold.",
        [("Shamir Olon", PERSON)],
    ),
    (
        "the spokesman named after the role",
        "The dam will hold, a River Board spokesperson said.\n\nThe spokesman of the River Board, Piers Quill, smiled.",
        [("Piers Quill", PERSON)],
    ),
    (
        "the diplomat",
        "Embassy spokesperson Nora Feld said it would hold. The diplomat said the two were friends.",
        [("Nora Feld", PERSON), ("Nora Feld", PERSON)],
    ),
    (
        "body",
        "The Pentagon said the dam would hold.",
        [("Pentagon", BODY)],
    ),
    (
        "country",
        "Ruritania’s ministry met. Islamabad said the dam would hold.",
        [("Islamabad", BODY)],
    ),
    (
        "group",
        "Officials said the dam would hold.",
        [("Officials", GROUP)],
    ),
    (
        "both sides",
        "Both sides said the dam would hold.",
        [("Both sides", GROUP)],
    ),
    (
        "unnamed source",
        "A senior official said the dam would hold.",
        [("senior official", ROLE)],
    ),
    (
        "two people with one surname",
        "Nora Feld met Piers Feld. Feld said the dam would hold. Nora Feld said it would not.",
        [(None, None), ("Nora Feld", PERSON)],
    ),
    (
        "one of two by title",
        "Mrs Nora Feld met Mr Piers Feld. Mr Feld said the dam would hold.",
        [("Piers Feld", PERSON)],
    ),
    (
        "who",
        "Piers Quill, who said the dam would hold, left.",
        [("Piers Quill", PERSON)],
    ),
    (
        "a speaker inside a quotation does not speak next",
        "“Arvo Kelm said it was safe,” Piers Quill said. He said the bridge was not.",
        [("Piers Quill", PERSON), ("Arvo Kelm", PERSON), ("Piers Quill", PERSON)],
    ),
    (
        "the subject of a narrated sentence speaks next",
        "Nora Feld smiled. President Arvo Kelm had sent a letter to the town. He said the dam would hold.",
        [("Arvo Kelm", PERSON)],
    ),
    (
        "they",
        "Several engineers met in Tarn. They said the dam would hold.",
        [("Several engineers", GROUP)],
    ),
    (
        "a pronoun without anybody",
        "He said the dam would hold.",
        [(None, None)],
    ),
]


def attributions(text: str) -> list[Statement]:
    found = RuleExtractor().extract(Article("file:///case", text))
    return [statement for statement in found if statement.kind is not StatementKind.NARRATED]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_speakers(text: str, expected: list[tuple[str | None, SpeakerKind | None]]) -> None:
    found = [(s.speaker.name, s.speaker.kind) if s.speaker else (None, None) for s in attributions(text)]
    assert found == expected


def test_titles_and_roles_are_aliases() -> None:
    statement = attributions("Ruritania’s Foreign Secretary Nora Feld said it would hold. The secretary left.")[0]
    assert statement.speaker is not None
    assert "Ruritania’s Foreign Secretary Nora Feld" in statement.speaker.aliases


def test_an_unresolved_speaker_says_why() -> None:
    statement = attributions("Nora Feld met Piers Feld. Feld said the dam would hold.")[0]
    assert statement.speaker is None
    assert statement.speaker_reason == "more than one Feld in the article"


def test_a_narrated_statement_speaks_for_the_outlet() -> None:
    text = "The dam was finished in May after nine years."
    known, unknown = (RuleExtractor().extract(Article("a", text, outlet=name))[0] for name in ("Tarn News", None))
    assert known.speaker is not None
    assert (known.speaker.name, known.speaker.kind) == ("Tarn News", SpeakerKind.OUTLET)
    assert (unknown.speaker, unknown.speaker_reason) == (None, "the outlet is not known")
