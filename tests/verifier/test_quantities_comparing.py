"""Which figures of two claims are about one thing, and whether they agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.quantities import Figures, Relation, figures_of
from verifier.quantities.values import Dimension

BLAST = "{} were killed in the blast."
FLOODS = "{} were displaced by the floods."
COST = "The Lindmoor reservoir would cost {}."
BRIDGE = "The Orsk bridge is {} long."


def outcome(figures: Figures) -> str:
    """What the figures say in one word."""
    if figures.differing is not None:
        return "differ"
    if figures.unlike_units is not None:
        return "units"
    return "compatible" if figures.compatible is not None else "nothing"


@pytest.mark.parametrize(
    ("frame", "a", "b", "expected"),
    [
        pytest.param(BLAST, "12 people", "twelve people", "compatible", id="digits and words"),
        pytest.param(BLAST, "two dozen people", "24 people", "compatible", id="dozens"),
        pytest.param(BLAST, "12 people", "19 people", "differ", id="two tolls"),
        pytest.param(BLAST, "12 people", "at least 15 people", "differ", id="below a lower bound"),
        pytest.param(BLAST, "at least 12 people", "15 people", "compatible", id="above a lower bound"),
        pytest.param(BLAST, "at least 12 people", "more than 10 people", "compatible", id="two lower bounds"),
        pytest.param(BLAST, "at least 12 people", "400 people", "nothing", id="a bound that says little"),
        pytest.param(BLAST, "up to 15 people", "12 people", "compatible", id="below an upper bound"),
        pytest.param(BLAST, "up to 15 people", "19 people", "differ", id="above an upper bound"),
        pytest.param(BLAST, "between 10 and 15 people", "12 people", "compatible", id="inside a range"),
        pytest.param(BLAST, "between 10 and 15 people", "17 people", "differ", id="outside a range"),
        pytest.param(BLAST, "about 40 people", "42 people", "compatible", id="about"),
        pytest.param(BLAST, "about 40 people", "60 people", "differ", id="far from about"),
        pytest.param(BLAST, "nearly 40 people", "38 people", "compatible", id="nearly"),
        pytest.param(BLAST, "nearly 40 people", "45 people", "differ", id="above nearly"),
        pytest.param(BLAST, "20 people", "19 people", "differ", id="small round numbers are exact"),
        pytest.param(BLAST, "12 people", "12 soldiers", "nothing", id="people and soldiers"),
        pytest.param(BLAST, "12 soldiers", "5 civilians", "nothing", id="soldiers and civilians"),
        pytest.param(BLAST, "12 soldiers", "15 soldiers", "differ", id="soldiers"),
        pytest.param(BLAST, "12 people", "another 7 people", "nothing", id="an addition"),
        pytest.param(FLOODS, "1.2 million people", "1,213,000 people", "compatible", id="rounded to a decimal"),
        pytest.param(FLOODS, "1.2 million people", "1.4 million people", "differ", id="two decimals"),
        pytest.param(FLOODS, "half a million people", "500,000 people", "compatible", id="half a million"),
        pytest.param(FLOODS, "1,200 people", "1,213 people", "compatible", id="rounded to hundreds"),
        pytest.param(FLOODS, "hundreds of people", "340 people", "nothing", id="hundreds say little"),
        pytest.param(FLOODS, "hundreds of people", "12 people", "differ", id="fewer than hundreds"),
        pytest.param(FLOODS, "30,000 people", "tens of thousands of people", "nothing", id="tens of thousands"),
        pytest.param(COST, "310 million crowns", "450 million crowns", "differ", id="two costs"),
        pytest.param(COST, "$5bn", "$5.3 billion", "compatible", id="rounded money"),
        pytest.param(COST, "$5bn", "$7bn", "differ", id="money"),
        pytest.param(COST, "$3 to $5 billion", "$4bn", "compatible", id="inside a range of money"),
        pytest.param(COST, "310 million crowns", "290 million euros", "units", id="two currencies"),
        pytest.param(COST, "Rs 500 crore", "5 billion rupees", "compatible", id="crore"),
        pytest.param(COST, "Rs 500 crore", "₹700 crore", "differ", id="rupees"),
        pytest.param(COST, "$5 million", "$5 million a year", "nothing", id="a rate beside a sum"),
        pytest.param(COST, "$5 million", "two years", "nothing", id="money beside time"),
        pytest.param(BRIDGE, "40 miles", "64 km", "compatible", id="miles and kilometres"),
        pytest.param(BRIDGE, "40 miles", "50 km", "differ", id="miles against kilometres"),
        pytest.param(BRIDGE, "200 feet", "61 metres", "compatible", id="feet and metres"),
        pytest.param("The Orsk tanker carried {} of oil.", "500 tonnes", "3,000 barrels", "units", id="mass and volume"),
        pytest.param("The Orsk tanker carried {} of oil.", "500 tonnes", "500 tons", "compatible", id="tons"),
        pytest.param("It was {} in Orsk at noon.", "38 degrees Celsius", "100 °F", "compatible", id="temperatures"),
        pytest.param("The Orsk trial lasted {}.", "two weeks", "14 days", "compatible", id="weeks and days"),
        pytest.param("The Orsk trial lasted {}.", "two weeks", "three weeks", "differ", id="durations"),
        pytest.param("{} of homes in Orsk lost power.", "45 percent", "44.6 percent", "compatible", id="percent"),
        pytest.param("{} of homes in Orsk lost power.", "A third", "35 percent", "compatible", id="a third"),
        pytest.param("{} of homes in Orsk lost power.", "Half", "20 percent", "differ", id="half"),
        pytest.param("{} homes in Orsk lost power.", "4,512", "5,120", "differ", id="homes"),
        pytest.param("Orsk lost {} homes to the fire.", "17", "17 percent of the", "units", id="a share and a count"),
        pytest.param("Ann Orr was {} when she died.", "81 years old", "83 years old", "differ", id="ages"),
        pytest.param("The Orsk bridge opened {}.", "on 12 March 2016", "on March 12, 2016", "compatible", id="one day"),
        pytest.param("The Orsk bridge opened {}.", "on 12 March 2016", "in March 2016", "compatible", id="day in month"),
        pytest.param("The Orsk bridge opened {}.", "on 12 March 2016", "on 14 March 2016", "differ", id="two days"),
        pytest.param("The Orsk bridge opened {}.", "on 12 March", "on March 12, 2016", "compatible", id="no year"),
        pytest.param("The Orsk bridge opened {}.", "on 12 March", "on April 2, 2016", "differ", id="no year, other month"),
        pytest.param("The Orsk bridge opened {}.", "in 1974", "in 1976", "differ", id="two years"),
        pytest.param("The Orsk bridge opened {}.", "in 1974", "in the 1970s", "compatible", id="decade"),
        pytest.param("The Orsk bridge opened {}.", "in 1974", "before 1976", "nothing", id="a bound of time"),
        pytest.param("Ann Orr spoke in Orsk {}.", "on 12 March 2016", "on 14 March 2016", "nothing", id="can happen twice"),
    ],
)  # fmt: skip
def test_figures_of_claims_that_are_otherwise_alike(frame: str, a: str, b: str, expected: str) -> None:
    one, other = frame.format(a[0].upper() + a[1:] if frame[0] == "{" else a), frame.format(b)
    assert outcome(figures_of(one, other)) == expected
    assert outcome(figures_of(other, one)) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(
            "Police said 12 people were killed in the blast.", "The explosion killed 19.", "differ", id="other words"
        ),
        pytest.param(
            "A bomb in Quetta killed 12 people and wounded 30.",
            "12 people died and 34 were wounded in the Quetta bombing.",
            "differ",
            id="the injured differ",
        ),
        pytest.param(
            "The death toll of the Orsk fire rose to 26.", "26 people died in the Orsk fire.", "compatible", id="death toll"
        ),
        pytest.param(
            "12 people were killed in the blast in Quetta.", "19 people were killed in the blast in Lahore.", "nothing", id="places"
        ),
        pytest.param(
            "12 people were killed in the first blast.", "19 people were killed in the second blast.", "nothing", id="ordinals"
        ),
        pytest.param(
            "12 people were killed in the blast on 3 May 2016.", "19 people were killed in the blast on 9 May 2016.", "nothing", id="days",
        ),
        pytest.param("12 people were killed in the blast.", "The flood killed 19 people.", "nothing", id="events"),
        pytest.param("12 people were killed in the blast.", "30 people were hurt in the blast.", "nothing", id="tolls"),
        pytest.param("The Orsk road cost $5bn.", "The Orsk road would cost $7bn.", "nothing", id="a forecast"),
        pytest.param("The Orsk road did not cost $5bn.", "The Orsk road cost $7bn.", "nothing", id="a negation"),
        pytest.param("Rents in Orsk rose from 10 to 15 percent.", "Rents in Orsk rose to 15 percent.", "compatible", id="a change"),
        pytest.param(
            "Half of the voters of Orsk want the bridge.", "The bridge of Orsk has cost half of its budget.", "nothing", id="other wholes"
        ),
        pytest.param(
            "Lead was found in 17 homes in eastern Averne.", "Lead was found in 23 homes in western Averne.", "nothing", id="east and west"
        ),
        pytest.param(
            "22% of her claims held, against 11% of his.", "Her claims held (54%), against only 18% of his.", "nothing", id="two shares"
        ),
        pytest.param("He was sentenced to 10 years.", "He was sentenced to 12 years.", "nothing", id="an open pronoun"),
        pytest.param("The bridge is red.", "The bridge is old.", "nothing", id="no figures"),
        pytest.param("", "12 people died.", "nothing", id="no words"),
    ],
)  # fmt: skip
def test_figures_of_other_claims(a: str, b: str, expected: str) -> None:
    assert outcome(figures_of(a, b)) == expected
    assert outcome(figures_of(b, a)) == expected


@pytest.mark.parametrize(
    ("a", "b", "entails"),
    [
        pytest.param("At least 12 people", "15 people", True, id="a bound"),
        pytest.param("Up to 15 people", "at least 12 people", False, id="two open ends"),
        pytest.param("Between 10 and 15 people", "between 14 and 20 people", False, id="ranges that overlap"),
        pytest.param("About 40 people", "41 people", True, id="about"),
    ],
)
def test_one_figure_can_say_what_the_other_says(a: str, b: str, entails: bool) -> None:
    (found,) = figures_of(BLAST.format(a), BLAST.format(b)).comparisons
    assert found.relation is Relation.COMPATIBLE
    assert found.entails is entails


def test_a_comparison_shows_both_figures() -> None:
    (found,) = figures_of("The blast left 12 dead.", "The blast left at least 15 dead.").comparisons
    assert str(found) == "“12 dead” beside “at least 15 dead”"
    assert found.a.dimension is Dimension.COUNT


@given(st.integers(2, 5000), st.integers(2, 5000))
def test_two_exact_tolls_differ_unless_one_rounds_the_other(a: int, b: int) -> None:
    found = outcome(figures_of(BLAST.format(f"{a} people"), BLAST.format(f"{b} people")))
    if a == b:
        assert found == "compatible"
    elif abs(a - b) > max(a, b) * 0.06 or (a % 100 and b % 100):
        assert found == "differ"


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_two_texts_break_it(a: str, b: str) -> None:
    assert outcome(figures_of(a, b)) == outcome(figures_of(b, a))
