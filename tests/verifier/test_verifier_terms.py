"""Names, content words and numbers of claims, directions and copies."""

from __future__ import annotations

import pytest

from verifier.copies import containment, same_words, shingles
from verifier.polarity import directions, negations, opposed
from verifier.terms import common, stem, terms_of


@pytest.mark.parametrize(
    ("text", "entities", "numbers"),
    [
        pytest.param("The US and Pakistan met.", {"united states", "pakistan"}, set(), id="country alias"),
        pytest.param("Officials said U.S. forces left.", {"united states"}, set(), id="dotted alias"),
        pytest.param("Bridges fell in Talmyra.", {"talmyra"}, set(), id="a sentence's first word is no name"),
        pytest.param("NATO met. Talks failed.", {"nato"}, set(), id="capitals only are a name anywhere"),
        pytest.param("Some 1,524 people and twelve ships", set(), {"1524", "12"}, id="numbers in digits and words"),
        pytest.param("Austin’s wish", set(), set(), id="first word with possessive"),
        pytest.param("Tell us", set(), set(), id="us is a pronoun"),
    ],
)
def test_terms(text: str, entities: set[str], numbers: set[str]) -> None:
    found = terms_of(text)
    assert found.entities == entities
    assert found.numbers == numbers


@pytest.mark.parametrize(
    ("a", "b"), [("attacks", "attacking"), ("havens", "haven"), ("relations", "relation"), ("denied", "denies")]
)
def test_inflections_share_a_stem(a: str, b: str) -> None:
    assert stem(a) == stem(b)


def test_a_demonym_matches_its_country() -> None:
    shared = common(terms_of("talks with Pakistani officers"), terms_of("the army of Pakistan"))
    assert shared.entities == ("pakistan",)
    assert shared.enough


def test_one_common_word_is_not_enough() -> None:
    assert not common(terms_of("the bridge was closed"), terms_of("a bridge of trust")).enough


@pytest.mark.parametrize(
    ("text", "family", "sign"),
    [
        pytest.param("there was “no request”", "request", -1, id="negated noun"),
        pytest.param("asking them to close the havens", "request", 1, id="verb"),
        pytest.param("He did not support the plan", "support", -1, id="negated verb"),
        pytest.param("They oppose it", "support", -1, id="antonym"),
        pytest.param("Nobody would ever say prices rose", "change", 1, id="negation out of reach"),
    ],
)
def test_directions(text: str, family: str, sign: int) -> None:
    assert directions(text)[family] == sign


def test_a_text_that_goes_both_ways_has_no_direction() -> None:
    assert "change" not in directions("prices rose, then fell")


def test_opposed_families() -> None:
    assert opposed(directions("no request was made"), directions("they pressed for it")) == ("request",)
    assert negations("It is not true that nobody came") == 2


STORY = " ".join(f"word{i} of the long story" for i in range(60))


def test_a_reprint_with_another_headline_is_a_copy() -> None:
    texts = {1: STORY, 2: f"Other headline. {STORY} A closing line.", 3: " ".join(f"else{i}" for i in range(200))}
    runs = {key: shingles(text, 8) for key, text in texts.items()}
    assert [containment(runs[1], runs[other]) >= 0.5 for other in (2, 3)] == [True, False]


def test_containment_is_of_the_smaller() -> None:
    part = " ".join(STORY.split()[:40])
    assert containment(shingles(part, 8), shingles(STORY, 8)) == 1.0
    assert containment(frozenset(), shingles(STORY, 8)) == 0.0


def test_same_words_ignores_case_and_marks() -> None:
    assert same_words("“We will NOT accept it,” he said", "we will not accept it he said") == 1.0


def test_what_is_in_common_is_spelled_as_people_write_it() -> None:
    one, other = (
        "Of Talmyra's guards help smugglers at the border",
        "The smugglers at Talmyra’s border were helped by guards",
    )
    shared = common(terms_of(one), terms_of(other))
    assert shared.stems == ("bord", "guard", "help", "smuggl")
    assert shared.spelled(other) == "Talmyra, border, guards, helped, smugglers"
