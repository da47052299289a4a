"""Credits, copies and quotations that were counted wrongly, each with what is right of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.verifier.sides import side
from verifier.credits import UNNAMED, credits_of
from verifier.independence import Sourced, passages_of, same_quote, weigh
from verifier.stories import names_of
from verifier.text.paragraphs import paragraphs_of
from verifier.utterances import likeness
from verifier.values import Article, StatementKind

REST = "\nThe talks went on for the rest of the day in the old town hall.\nNobody else spoke to reporters there."


def article(text: str, *, author: str | None = None, outlet: str = "Gazette") -> Article:
    return Article(
        "https://gazette.example/a", text, outlet=outlet, author=author, published_at=datetime(2026, 1, 5, tzinfo=UTC),
        paragraphs=paragraphs_of(text),
    )  # fmt: skip


def agencies(text: str, author: str | None = None) -> set[str]:
    return {one.agency for one in credits_of(article(text, author=author))}


@pytest.mark.parametrize(
    "opening",
    [
        "Pakistan Tehreek-e-Insaf (PTI) chairman Imran Khan said the vote was not fair.",
        "Aam Aadmi Party (AAP) leader Ravi Lal said the vote was not fair.",
        "Andhra Pradesh (AP) Chief Minister Ravi Lal said the dam was safe.",
        "Reuters — which first reported the deal — said the price was not known.",
        "KARACHI (Staff Reporter) – The mayor said the bridge was safe.",
        "SEN. TED CRUZ (R) — The senator said the bill would not pass.",
    ],
)
def test_no_agency_is_made_of_a_party_a_place_or_a_mention(opening: str) -> None:
    assert agencies(opening + REST) == set()


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("New Delhi [India], March 3 (ANI): The minister said the bridge was safe." + REST, "ANI"),
        ("MOSCOW, February 24. /TASS/. The minister said the bridge was safe." + REST, "TASS"),
        ("Sharm el-Sheikh, Egypt (AP) — The minister said the bridge was safe." + REST, "AP"),
        ("Kabul, Aug 15 (Agencies): The minister said the bridge was safe." + REST, UNNAMED),
        ("The minister said the bridge was safe." + REST + "\n(Inputs from ANI)", "ANI"),
        ("The minister said the bridge was safe." + REST + "\nSource: Agencies", UNNAMED),
    ],
)
def test_credits_in_other_forms(text: str, agency: str) -> None:
    assert agencies(text) == {agency}


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        ("Associated Press in Washington", {"AP"}),
        ("Jane Roe (Reuters)", {"Reuters"}),
        ("Reuters Editorial", {"Reuters"}),
        ("Michael Bloomberg", set()),
    ],
)
def test_credits_of_authors(author: str, agency: set[str]) -> None:
    assert agencies("The minister said the bridge was safe." + REST, author) == agency


def test_another_outlet_never_lowers_the_count() -> None:
    def sourced(outlet: str, *named: str) -> Sourced:
        return Sourced(
            side(f"The bridge is safe, {outlet} said", article=outlet, outlet=outlet), None, frozenset(named)
        )

    two = [sourced("a", "AP"), sourced("b", "AFP")]
    assert weigh(two).independent == 2
    assert weigh([*two, sourced("c", "AP", "AFP")]).independent == 2


@pytest.mark.parametrize(
    ("a", "b"), [("Recep Erdoğan", "Recep Erdogan"), ("Beto O’Rourke", "Beto O'Rourke"), ("Ed Vale Jr.", "Ed Vale Jr")]
)
def test_a_name_is_one_with_other_accents_and_marks(a: str, b: str) -> None:
    words = "“We will open the bridge on Monday morning”"
    first = side(words, a, kind=StatementKind.DIRECT)
    second = side(words, b, kind=StatementKind.DIRECT, article="two", version=2)
    assert same_quote(first, second)


def test_a_short_paragraph_of_a_copy_is_compared_with_what_it_follows() -> None:
    text = "The old bridge over the river collapsed on Monday morning.\nTwenty-six people died, the mayor said.\nYes."
    assert [one.place[1] for one in passages_of(1, article(text))] == [0, 1]


def test_an_outlets_name_is_taken_out_as_a_whole() -> None:
    told = article("At dawn planes of Israel struck Gaza, the Times of Israel learned.", outlet="Times of Israel")
    assert {"israel", "gaza"} <= names_of(told)


def test_a_last_word_that_differs_is_seen() -> None:
    a = side("“We will open the old bridge at the end of May”", "A B", kind=StatementKind.DIRECT)
    b = side("“We will open the old bridge at the end of June”", "A B", kind=StatementKind.DIRECT)
    assert likeness(a.statement, b.statement).differing == (("May", "June"),)
