"""Figures of ordinary news that were set against each other wrongly, or not at all, each with what is right of them."""

from __future__ import annotations

import pytest

from tests.verifier.sides import side
from verifier.features import evidence
from verifier.figures import Found, finding
from verifier.verdicts import BothWays, NliProbabilities

OPEN = BothWays(NliProbabilities(0.1, 0.8, 0.1), NliProbabilities(0.1, 0.8, 0.1))


def found(a: str, b: str, days: tuple[int, int] = (1, 1)) -> Found | None:
    first, second = side(a, day=days[0]), side(b, article="two", version=2, day=days[1])
    return finding(evidence(first, second, 0.9, OPEN))


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        ("Ford reported a profit of $2 billion this quarter", "Toyota reported a profit of $4 billion this quarter", (1, 1)),
        ("Italy reported 12 deaths from the flu", "Spain reported 19 deaths from the flu", (1, 1)),
        ("The army has not confirmed that 12 soldiers died in Orsk", "The army has confirmed that 19 soldiers died in Orsk", (1, 1)),
        ("Five American soldiers were killed in the attack in Orsk", "30 Afghan soldiers were killed in the attack in Orsk", (1, 1)),
        ("The state has 500 new cases of Zika", "The state has 4,000 cases of Zika", (1, 1)),
        ("Malaria kills 1,200 children a day in Africa", "Malaria kills 438,000 children a year in Africa", (1, 1)),
        ("The Orsk plant makes 510 cars a day", "The Orsk plant makes 180,000 cars a year", (1, 1)),
        ("3,700 migrants died in the Mediterranean in 2015", "800 migrants died in the Mediterranean in April 2015", (1, 1)),
        ("12 people died of cholera in Orsk in the past week", "340 people died of cholera in Orsk this year", (1, 1)),
        ("The company employs 5,010 people", "The company employs 810 people in Orsk", (1, 1)),
        ("A suicide bomber killed 19 people in Kabul", "A suicide bomber killed 12 people in Kabul", (1, 20)),
        ("12 people were killed in Kabul on Monday", "19 people were killed in Kabul on Monday", (5, 12)),
        ("First blast killed 19 people in Quetta", "Second blast killed 12 people in Quetta", (1, 1)),
        ("20 people are feared dead in the Orsk landslide", "Eight people died in the Orsk landslide", (1, 1)),
        ("40 people were killed or wounded in Orsk", "12 people were killed and 28 wounded in Orsk", (1, 1)),
        ("Firefighters saved 12 lives in the Orsk blaze", "The Orsk blaze claimed 3 lives", (1, 1)),
        ("19 bodies have been recovered from the crash off Orsk", "66 people were killed in the crash off Orsk", (1, 1)),
        ("The militants killed three hostages", "The militants took 12 hostages", (1, 1)),
        ("Militants threatened to kill 12 soldiers in Orsk", "Militants killed three soldiers in Orsk", (1, 1)),
        ("The Orsk strike has lasted three days", "The Orsk strike has lasted five days", (1, 3)),
        ("The Orsk trial begins on 3 March", "The Orsk trial begins on 9 March", (1, 20)),
        ("Unemployment rose by 0.2 percent in May", "Unemployment rose to 5.1 percent in May", (1, 1)),
        ("Spending in Orsk rose from $7 million to $15 million", "Spending in Orsk rose to $10 million", (1, 1)),
        ("Lufthansa ordered Boeing 737 jets from the plant", "Lufthansa ordered 20 Boeing jets from the plant", (1, 1)),
        ("12 soldiers were killed in an attack on a base in Niger", "19 soldiers were killed in an attack on a base in Nigeria", (1, 1)),
    ],
)  # fmt: skip
def test_both_can_be_true(a: str, b: str, days: tuple[int, int]) -> None:
    for one, other in ((a, b), (b, a)):
        assert found(one, other, days) not in (Found.DIFFERENCE, Found.UPDATE, Found.SAME)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The house in Orsk cost Rs 1,50,000", "The house in Orsk cost Rs 150,000"),
        ("The bridge in Orsk will cost £5 bn", "The bridge in Orsk will cost £5 billion"),
        ("The dam in Orsk will cost Rs 500 cr", "The dam in Orsk will cost Rs 500 crore"),
        ("The war in Orsk lasted 90 days", "The war in Orsk lasted three months"),
        ("The Orsk war lasted over ten years", "The Orsk war lasted 12 years"),
        ("The deal limits warming to 2 degrees Celsius", "The deal limits warming to 3.6 degrees Fahrenheit"),
        ("Militants are holding 12 hostages in Orsk", "Militants are holding 12 hostages in Orsk"),
    ],
)
def test_what_says_the_same_does_not_differ(a: str, b: str) -> None:
    assert found(a, b) is not Found.DIFFERENCE


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The Orsk fare went up to $50", "The Orsk fare went up to $40"),
        ("The flat in Orsk costs $500 a month", "The flat in Orsk costs $700 a month"),
        ("Orr was charged over 12 deaths in the Orsk fire", "Orr was charged over 15 deaths in the Orsk fire"),
        ("100 percent of the homes in Orsk have power", "96 percent of the homes in Orsk have power"),
        ("Twelve people died in the Orsk landslide", "Nineteen people died in the Orsk landslide"),
    ],
)
def test_what_differs_is_not_the_same(a: str, b: str) -> None:
    assert found(a, b) is Found.DIFFERENCE


def test_who_was_held_or_displaced_may_be_free_or_home_later() -> None:
    held = "Militants are holding {} hostages in Orsk"
    assert found(held.format(12), held.format(5), (1, 5)) is Found.UPDATE
    assert found(held.format(12), held.format(5)) is Found.DIFFERENCE
