"""Agency credits: read where a credit stands, never from a mention."""

from __future__ import annotations

import pytest

from verifier.credits import Credit, agencies_at, credits_of
from verifier.text.boilerplate import mark_furniture
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Article


def article(text: str, author: str | None = None, outlet: str | None = "Northline News") -> Article:
    return Article("one", text, outlet, author=author, paragraphs=mark_furniture(text, paragraphs_of(text)))


STORY = "The dam broke on Monday.\n\nTwo people died, police said."


@pytest.mark.parametrize(
    ("first", "agency", "words"),
    [
        ("(Reuters) - The dam broke on Monday.", "Reuters", "(Reuters)"),
        ("LUSK, March 3 (Reuters) - The dam broke on Monday.", "Reuters", "(Reuters)"),
        ("NEW LUSK/KORVATH (AP) — The dam broke on Monday.", "AP", "(AP)"),
        ("Lusk, Sarvenia (AFP) – The dam broke on Monday.", "AFP", "(AFP)"),
        ("New Lusk, Nov 3 (PTI) The dam broke on Monday.", "PTI", "(PTI)"),
        ("LUSK, Associated Press — The dam broke on Monday.", "AP", "Associated Press"),
        ("PTI | The dam broke on Monday.", "PTI", "PTI"),
        ("HALLBROOK, March 12 (Trisea Press) - Divers went down.", "Trisea Press", "(Trisea Press)"),
        ("ISLAMABAD (PEN) : In a major development, the dam broke.", "PEN", "(PEN)"),
    ],
    ids=["bare", "town", "two towns", "country", "no dash", "no brackets", "bar", "unlisted", "initials"],
)
def test_a_dateline_credits_what_follows(first: str, agency: str, words: str) -> None:
    assert credits_of(article(first + "\n\nTwo people died.")) == (Credit(agency, words, 0),)


@pytest.mark.parametrize(
    ("last", "agencies"),
    [
        ("(Reuters)", {"Reuters"}),
        ("Reuters", {"Reuters"}),
        ("— AFP", {"AFP"}),
        ("© 2026 The Associated Press. All rights reserved.", {"AP"}),
        ("Copyright 2026 AFP", {"AFP"}),
        ("Source: AP/AFP", {"AP", "AFP"}),
        ("(With inputs from PTI)", {"PTI"}),
        ("With inputs from agencies.", {"agencies"}),
        ("The road is closed. With additional reporting by Reuters", {"Reuters"}),
        ("The road is closed, police said. (Xinhua)", {"Xinhua"}),
        ("“The road is closed,” she said. PTI ABC RT RT", {"PTI"}),
        ("(Reporting by Jo Abel in Lusk; Editing by Ed Quist)", {"Reuters"}),
        ("This story was published from a syndicated feed.", {"agencies"}),
    ],
)
def test_a_line_at_the_end_credits_the_whole(last: str, agencies: set[str]) -> None:
    found = credits_of(article(f"{STORY}\n\n{last}"))
    assert {credit.agency for credit in found} == agencies
    assert {credit.position for credit in found} == {0}


@pytest.mark.parametrize(
    ("author", "agencies"),
    [
        ("Reuters", {"Reuters"}),
        ("Associated Press", {"AP"}),
        ("By PTI", {"PTI"}),
        ("Jane Roe, AFP", {"AFP"}),
        ("Agencies", {"agencies"}),
        ("News Desk and Reuters staff", {"Reuters"}),
        ("Apollonia Anitsky", set()),
        (None, set()),
    ],
)
def test_a_byline_credits_the_whole(author: str | None, agencies: set[str]) -> None:
    assert {credit.agency for credit in credits_of(article(STORY, author))} == agencies


@pytest.mark.parametrize(
    "text",
    [
        "The minister told Reuters that the dam was safe.",
        "The dam was safe, the minister told Reuters.",
        "Reuters could not reach the minister.",
        "She denied a report by the Associated Press (AP) on Monday.",
        "A dam broke on Monday. AP photographers saw it.",
        "The dam (Reuters showed a picture of it) broke on Monday.",
        "The minister spoke with AFP.",
        "He works with Reuters and other agencies in Lusk.",
    ],
)
def test_a_mention_is_no_credit(text: str) -> None:
    assert credits_of(article(text)) == ()


def test_a_picture_s_credit_is_none_of_the_text() -> None:
    text = "Rescue boats search the Arn on Monday. Photo: AFP\n\nThe dam broke.\n\nTwo died.\n\nA third was found.\n\nIt rained."
    assert credits_of(article(text)) == ()


def test_a_dateline_inside_holds_from_there_on() -> None:
    text = "Our reporter saw the dam.\n\nLUSK, March 3 (Reuters) - The dam broke.\n\nTwo died."
    found = credits_of(article(text))
    assert [agencies_at(found, position) for position in range(3)] == [frozenset(), {"Reuters"}, {"Reuters"}]


def test_an_agency_s_own_site_is_the_agency() -> None:
    assert credits_of(article(STORY, outlet="Reuters")) == (Credit("Reuters", "Reuters"),)


def test_hostile_text_costs_little() -> None:
    assert credits_of(article("A" * 5000 + "(" * 5000 + "\n\n" + "Reuters/" * 3000)) == ()
