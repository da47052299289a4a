"""Stories: articles on one event come together, one at a time, and the same way each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crossquote.sources import SourceReader
from models.fakes import FakeEmbedder
from tests.services import SAMPLES
from verifier.stories import Report, Stories, by_date, lead, names_of
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Article

BRIDGE = "The Kestrel Bridge at Hallbrook fell into the Arn, Governor Maris Oldane said."
AGAIN = "Divers searched the Arn below the Kestrel Bridge at Hallbrook, Joren Abelkamp said."
WATER = "Parents in Averne fear lead in the water of Clearfell, Professor Anselm Trevick said."


def article(text: str, url: str = "one", day: int | None = 1, title: str | None = None) -> Article:
    published = datetime(2026, 1, day, tzinfo=UTC) if day else None
    return Article(url, text, "North", title, published_at=published, paragraphs=paragraphs_of(text))


def report(version: int, text: str, day: int | None = 1, title: str | None = None) -> Report:
    return report_of(version, article(text, f"https://x.example/{version}", day, title))


def report_of(version: int, one: Article) -> Report:
    (vector,) = FakeEmbedder(256).embed([lead(one)])
    return Report(version, one.url, one.published_at, names_of(one), vector)


@pytest.mark.parametrize(
    ("text", "day", "joins"),
    [
        (AGAIN, 2, True),
        (AGAIN, 8, True),
        (AGAIN, 9, False),
        (AGAIN, None, True),
        (WATER, 1, False),
        (BRIDGE.lower(), 1, False),
        ("Nothing in common.", 1, False),
    ],
    ids=["same", "7 days", "8 days", "undated", "other event", "no names", "nothing"],
)
def test_an_article_joins_a_story_or_starts_one(text: str, day: int | None, joins: bool) -> None:
    stories = Stories([(7, report(1, BRIDGE, 1))])
    assert stories.place(report(2, text, day)).story == (7 if joins else None)


def test_a_story_that_goes_on_is_joined_at_its_end() -> None:
    stories = Stories([(7, report(1, BRIDGE, 1)), (7, report(2, AGAIN, 7))])
    assert stories.place(report(3, BRIDGE, 13)).story == 7


def test_the_likest_story_is_joined_and_the_reason_given() -> None:
    found = Stories([(1, report(1, WATER)), (2, report(2, BRIDGE))]).place(report(3, AGAIN))
    assert found.story == 2
    assert found.shared == ("arn", "bridge", "hallbrook", "kestrel")
    assert 0.34 <= found.likeness <= 1


def test_of_two_alike_the_earlier() -> None:
    assert Stories([(2, report(2, BRIDGE)), (1, report(1, BRIDGE))]).place(report(3, BRIDGE)).story == 1


def test_a_rare_name_says_more_than_one_that_is_everywhere() -> None:
    rest = [(n, report(n, f"It is said that Oldane of Estmere went to Town{n}.")) for n in range(1, 5)]
    rare = (9, report(9, "It is said that Oldane saw the fallen Kestrel."))
    assert Stories([*rest, rare]).place(report(10, "It is said that Oldane of Estmere mourns Kestrel.")).story == 9


def test_the_lead_and_the_names_leave_furniture_out() -> None:
    one = article(f"{BRIDGE}\n\nOn Tuesday in March the North wrote of it.", title="Kestrel Bridge")
    assert lead(one).startswith("Kestrel Bridge. The Kestrel Bridge at")
    assert lead(replace(one, title=None)).startswith("The Kestrel Bridge at")
    assert {"kestrel", "arn", "maris"} <= names_of(one)
    assert not {"tuesday", "march", "north"} & names_of(one)


def grouped(articles: list[Article]) -> list[list[str]]:
    stories, members = Stories(), dict[int, list[str]]()
    for one in by_date(report_of(n, article) for n, article in enumerate(articles)):
        story = stories.place(one).story or len(members) + 1
        stories.add(story, one)
        members.setdefault(story, []).append(one.url)
    return list(members.values())


@pytest.fixture(scope="module")
def samples() -> list[Article]:
    reader = SourceReader()
    found = [one for path in sorted(Path(SAMPLES).iterdir()) for one in reader.read(str(path))]
    return [one for one in found if isinstance(one, Article)]


def test_the_samples_fall_into_their_stories(samples: list[Article]) -> None:
    """The first folder of the address names it; articles of one folder that are months apart are other events."""
    found = grouped(samples)
    folders = [{url.split("/")[3] for url in story} for story in found]
    assert all(len(names) == 1 for names in folders)
    assert sorted(len(story) for story in found if "kestrel-bridge" in story[0]) == [6]
    assert sorted(len(story) for story in found if "orsa-border" in story[0]) == [1, 4]


def test_the_order_in_which_articles_are_handed_over_changes_nothing(samples: list[Article]) -> None:
    assert grouped(samples[::-1]) == grouped(samples)
