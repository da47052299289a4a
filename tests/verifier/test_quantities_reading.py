"""Figures and dates as claims write them: what is measured, between which bounds, and what is counted."""

from __future__ import annotations

from datetime import date
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.quantities.days import dates_of
from verifier.quantities.numerals import ONES, TENS, numeral_at, tokens_of
from verifier.quantities.reading import reading_of
from verifier.quantities.values import Dimension, Quantity, Toll

COUNT, SHARE, MONEY, LENGTH, MASS, TIME = (
    Dimension.COUNT,
    Dimension.SHARE,
    Dimension.MONEY,
    Dimension.LENGTH,
    Dimension.MASS,
    Dimension.TIME,
)


def one(text: str) -> Quantity:
    (found,) = reading_of(text).quantities
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("12", 12, id="digits"),
        pytest.param("1,213,000", 1_213_000, id="commas"),
        pytest.param("3.5", 3.5, id="decimal"),
        pytest.param("1.2m", 1_200_000, id="m"),
        pytest.param("40k", 40_000, id="k"),
        pytest.param("5bn", 5e9, id="bn"),
        pytest.param("1.2 million", 1_200_000, id="million"),
        pytest.param("5-million", 5_000_000, id="hyphen and scale"),
        pytest.param("500 crore", 5e9, id="crore"),
        pytest.param("1.2 lakh crore", 1.2e12, id="lakh crore"),
        pytest.param("seven", 7, id="a word"),
        pytest.param("nineteen", 19, id="teen"),
        pytest.param("twenty-six", 26, id="hyphen"),
        pytest.param("twenty one", 21, id="tens without a hyphen"),
        pytest.param("a hundred and twenty", 120, id="and"),
        pytest.param("nineteen hundred", 1900, id="hundreds of years"),
        pytest.param("three hundred thousand", 300_000, id="hundred thousand"),
        pytest.param("one hundred and twenty-three thousand four hundred and five", 123_405, id="long"),
        pytest.param("two million three hundred thousand", 2_300_000, id="two scales"),
        pytest.param("a dozen", 12, id="dozen"),
        pytest.param("two dozen", 24, id="two dozen"),
        pytest.param("half a million", 500_000, id="half a million"),
        pytest.param("half a dozen", 6, id="half a dozen"),
        pytest.param("a quarter of a million", 250_000, id="quarter of a million"),
        pytest.param("a million and a half", 1_500_000, id="million and a half"),
        pytest.param("two and a half million", 2_500_000, id="two and a half million"),
    ],
)
def test_numbers(text: str, value: float) -> None:
    tokens = tokens_of(text)
    found = numeral_at(tokens, 0)
    assert found is not None
    assert found.value == pytest.approx(value)
    assert found.last == len(tokens)


def spelled(number: int) -> str:
    """A number below a million in words."""
    ones, tens = {v: k for k, v in ONES.items()}, {v: k for k, v in TENS.items()}
    if number >= 1000:
        rest = number % 1000
        return f"{spelled(number // 1000)} thousand" + (f" {'and ' * (rest < 100)}{spelled(rest)}" if rest else "")
    if number >= 100:
        return f"{ones[number // 100]} hundred" + (f" and {spelled(number % 100)}" if number % 100 else "")
    if number < 20:
        return ones[number]
    return tens[number - number % 10] + (f"-{ones[number % 10]}" if number % 10 else "")


@given(st.integers(1, 999_999))
def test_any_number_in_words_is_read_back(number: int) -> None:
    tokens = tokens_of(spelled(number))
    found = numeral_at(tokens, 0)
    assert found is not None
    assert (found.value, found.last) == (number, len(tokens))


@given(st.integers(0, 10**12))
def test_any_number_with_commas_is_read_back(number: int) -> None:
    found = numeral_at(tokens_of(f"{number:,}"), 0)
    assert found is not None
    assert found.value == number


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    read = reading_of(text)
    for found in (*read.quantities, *read.dates):
        assert found.low <= found.high
        assert 0 <= found.start < found.end <= len(text)


@given(
    st.lists(
        st.sampled_from(
            """12 1.5 three hundred of a and half million dozen to between at least $ £ percent % - – , . people killed were
            dead toll in March 2016 the one no more or so km °F Rs crore hundreds tens scores third from rose""".split()
        ),
        max_size=14,
    )
)
def test_no_heap_of_number_words_breaks_the_reading(words: list[str]) -> None:
    text = " ".join(words)
    read = reading_of(text)
    for found in (*read.quantities, *read.dates):
        assert found.low <= found.high
        assert found.text
        assert text[found.start : found.end].endswith(found.text.split()[-1])


@pytest.mark.parametrize(
    ("text", "dimension", "low", "high"),
    [
        pytest.param("12 people fled", COUNT, 12, 12, id="exact"),
        pytest.param("at least 12 people fled", COUNT, 12, inf, id="at least"),
        pytest.param("no fewer than 12 people fled", COUNT, 12, inf, id="no fewer than"),
        pytest.param("more than 12 people fled", COUNT, 12, inf, id="more than"),
        pytest.param("12 or more people fled", COUNT, 12, inf, id="or more"),
        pytest.param("12 people or more fled", COUNT, 12, inf, id="or more behind the noun"),
        pytest.param("up to 15 people fled", COUNT, 0, 15, id="up to"),
        pytest.param("as many as 15 people fled", COUNT, 0, 15, id="as many as"),
        pytest.param("fewer than 15 people fled", COUNT, 0, 15, id="fewer than"),
        pytest.param("about 40 people fled", COUNT, 34, 46, id="about"),
        pytest.param("some 40 people fled", COUNT, 34, 46, id="some"),
        pytest.param("40 or so people fled", COUNT, 34, 46, id="or so"),
        pytest.param("20-odd people fled", COUNT, 17, 23, id="odd"),
        pytest.param("nearly 40 people fled", COUNT, 34, 40, id="nearly"),
        pytest.param("just over 40 people fled", COUNT, 40, 46, id="just over"),
        pytest.param("between 10 and 15 people fled", COUNT, 10, 15, id="between"),
        pytest.param("10 to 15 people fled", COUNT, 10, 15, id="to"),
        pytest.param("3,010-5,010 people fled", COUNT, 3010, 5010, id="dash"),
        pytest.param("two or three people fled", COUNT, 2, 3, id="or"),
        pytest.param("10 to 15 million people fled", COUNT, 10e6, 15.5e6, id="scale for both"),
        pytest.param("hundreds of people fled", COUNT, 100, 5000, id="hundreds"),
        pytest.param("dozens of people fled", COUNT, 12, 600, id="dozens"),
        pytest.param("tens of thousands of people fled", COUNT, 10_000, 200_000, id="tens of thousands"),
        pytest.param("45 percent of voters", SHARE, 44.5, 45.5, id="percent"),
        pytest.param("45.0% of voters", SHARE, 44.95, 45.05, id="percent sign"),
        pytest.param("five per cent of voters", SHARE, 4.5, 5.5, id="per cent"),
        pytest.param("half of the voters", SHARE, 45, 55, id="half of"),
        pytest.param("a third of the voters", SHARE, 30, 36.667, id="a third of"),
        pytest.param("two-thirds of voters", SHARE, 63.333, 70, id="two-thirds"),
        pytest.param("one in four voters", SHARE, 23.75, 26.25, id="one in four"),
        pytest.param("nine out of ten voters", SHARE, 85.5, 94.5, id="out of"),
        pytest.param("5 percentage points", Dimension.POINTS, 4.5, 5.5, id="percentage points"),
        pytest.param("an 18-point lead", Dimension.POINTS, 17.5, 18.5, id="point lead"),
        pytest.param("40 km away", LENGTH, 39_500, 40_500, id="kilometres"),
        pytest.param("a 12-mile road", LENGTH, 18_507, 20_117, id="miles with a hyphen"),
        pytest.param("20 kg of gold", MASS, 19.5, 20.5, id="kilograms"),
        pytest.param("weighing 30 pounds", MASS, 13.38, 13.83, id="pounds of weight"),
        pytest.param("36 hours", TIME, 129_600, 129_600, id="hours"),
        pytest.param("two and a half years", TIME, 78_892_380, 78_892_380, id="years"),
        pytest.param("54 °F", Dimension.TEMPERATURE, 11.944, 12.5, id="Fahrenheit"),
        pytest.param("12 degrees Celsius", Dimension.TEMPERATURE, 11.5, 12.5, id="Celsius"),
        pytest.param("60 miles per hour", Dimension.SPEED, 95.756, 97.366, id="speed"),
        pytest.param("20 hectares", Dimension.AREA, 195_000, 205_000, id="hectares"),
        pytest.param("the 18-year-old man", Dimension.AGE, 18, 18, id="age"),
    ],
)
def test_bounds_and_units(text: str, dimension: Dimension, low: float, high: float) -> None:
    found = one(text)
    assert found.dimension is dimension
    assert found.low == pytest.approx(low, rel=1e-3)
    assert found.high == pytest.approx(high, rel=1e-3)


@pytest.mark.parametrize(
    ("text", "value", "unit", "per"),
    [
        pytest.param("$5bn in aid", 5e9, "usd", "", id="dollar sign"),
        pytest.param("US$5 million", 5e6, "usd", "", id="US dollars"),
        pytest.param("A$5 million", 5e6, "aud", "", id="Australian dollars"),
        pytest.param("50 million Canadian dollars", 50e6, "cad", "", id="Canadian dollars"),
        pytest.param("£3 million", 3e6, "gbp", "", id="pound sign"),
        pytest.param("three million pounds", 3e6, "gbp", "", id="pounds of money"),
        pytest.param("2.5 million euros a year", 2.5e6, "eur", "year", id="a year"),
        pytest.param("Rs 500 crore", 5e9, "rupee", "", id="rupees before"),
        pytest.param("Rs. 500 crore", 5e9, "rupee", "", id="rupees with a dot"),
        pytest.param("310 million crowns", 310e6, "crown", "", id="crowns"),
        pytest.param("a wage of $12 an hour", 12, "usd", "hour", id="wage"),
        pytest.param("$3 to $5 billion", 4e9, "usd", "", id="range of money"),
        pytest.param("millions of dollars", 25.5e6, "usd", "", id="millions of dollars"),
        pytest.param("50 cents", 0.5, "usd", "", id="cents"),
    ],
)
def test_money(text: str, value: float, unit: str, per: str) -> None:
    found = one(text)
    assert found.dimension is MONEY
    assert found.value == pytest.approx(value, rel=0.07)
    assert (found.unit, found.per) == (unit, per)


@pytest.mark.parametrize(
    ("text", "toll", "noun", "words"),
    [
        pytest.param("12 people were killed in the blast", Toll.DEAD, "people", "12 people were killed", id="passive"),
        pytest.param("a bomb killed at least 12 people", Toll.DEAD, "people", "killed at least 12 people", id="active"),
        pytest.param("the attack left 12 dead", Toll.DEAD, "", "12 dead", id="left dead"),
        pytest.param("the death toll rose to 26", Toll.DEAD, "", "death toll rose to 26", id="toll"),
        pytest.param("twenty-six people have died", Toll.DEAD, "people", "twenty-six people have died", id="died"),
        pytest.param("the storm claimed 12 lives", Toll.DEAD, "people", "12 lives", id="lives"),
        pytest.param("nine soldiers were wounded", Toll.INJURED, "soldi", "nine soldiers were wounded", id="soldiers"),
        pytest.param(
            "30 Afghan soldiers were hurt", Toll.INJURED, "soldi", "30 Afghan soldiers were hurt", id="adjective"
        ),
        pytest.param("as many as 15 people are missing", Toll.MISSING, "people", None, id="missing"),
        pytest.param(
            "police arrested 40 protesters", Toll.ARRESTED, "protest", "arrested 40 protesters", id="arrested"
        ),
        pytest.param("1.2 million people were displaced", Toll.DISPLACED, "people", None, id="displaced"),
        pytest.param("500 new cases", Toll.INFECTED, "people", "500 new cases", id="cases"),
        pytest.param("police officers rescued three children", Toll.RESCUED, "child", None, id="rescued"),
        pytest.param("three police officers met", None, "offic", "three police officers", id="two nouns"),
        pytest.param("12 soldiers killed a farmer", None, "soldi", "12 soldiers", id="who killed is not killed"),
        pytest.param("3,011 homes were damaged", None, "hom", "3,011 homes", id="homes"),
        pytest.param("12 hours after he was killed", None, "", "12 hours", id="hours are no toll"),
    ],
)
def test_what_is_counted(text: str, toll: Toll | None, noun: str, words: str | None) -> None:
    found = one(text)
    assert (found.toll, found.noun) == (toll, noun)
    assert words in (None, found.text)


def test_several_figures_of_one_sentence() -> None:
    read = reading_of("The blast killed 12 people and injured 30, including 5 children, on 12 March 2016.")
    assert [(found.toll, found.low, found.partial) for found in read.quantities] == [
        (Toll.DEAD, 12, False),
        (Toll.INJURED, 30, False),
        (None, 5, True),
    ]
    assert [found.text for found in read.dates] == ["12 March 2016"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("12 more people died", id="more"),
        pytest.param("another 12 people died", id="another"),
        pytest.param("12 others died", id="others"),
        pytest.param("12 of them died", id="of them"),
        pytest.param("including 3 children", id="including"),
        pytest.param("up from an earlier toll of 12", id="earlier toll"),
        pytest.param("compared with 12 people", id="compared"),
    ],
)
def test_figures_that_are_no_totals(text: str) -> None:
    assert one(text).partial


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("one of the men", id="one of"),
        pytest.param("no one was hurt", id="no one"),
        pytest.param("one day he left", id="one day"),
        pytest.param("Flight 370 took off", id="flight"),
        pytest.param("an F-16 took off", id="aircraft"),
        pytest.param("at 10:30 they met", id="clock"),
        pytest.param("at 10 a.m. they met", id="a.m."),
        pytest.param("the 12th man", id="ordinal"),
        pytest.param("the 2016 election", id="year"),
        pytest.param("the second attack", id="second"),
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert reading_of(text).quantities == ()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("on 12 March 2016", date(2016, 3, 12), date(2016, 3, 12), id="day month year"),
        pytest.param("on March 12, 2016", date(2016, 3, 12), date(2016, 3, 12), id="month day year"),
        pytest.param("on the 12th of March 2016", date(2016, 3, 12), date(2016, 3, 12), id="of"),
        pytest.param("on Sept. 3, 2016", date(2016, 9, 3), date(2016, 9, 3), id="abbreviated"),
        pytest.param("on 2016-03-12", date(2016, 3, 12), date(2016, 3, 12), id="ISO"),
        pytest.param("in March 2016", date(2016, 3, 1), date(2016, 3, 31), id="month"),
        pytest.param("in February 2016", date(2016, 2, 1), date(2016, 2, 29), id="leap February"),
        pytest.param("in 2014", date(2014, 1, 1), date(2014, 12, 31), id="year"),
        pytest.param("In early 2014 it rained", date(2014, 1, 1), date(2014, 12, 31), id="early"),
        pytest.param("in the 1990s", date(1990, 1, 1), date(1999, 12, 31), id="decade"),
        pytest.param("since 2019", date(2019, 1, 1), date(2019, 12, 31), id="since"),
    ],
)
def test_dates(text: str, first: date, last: date) -> None:
    (found,) = dates_of(text)
    assert (date.fromordinal(int(found.low)), date.fromordinal(int(found.high))) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("it may rain", id="may"),
        pytest.param("a long march", id="march"),
        pytest.param("2016 people came", id="counted"),
        pytest.param("2,016 votes", id="comma"),
        pytest.param("on 31 February 2016", id="no such day"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates_of(text) == ()
