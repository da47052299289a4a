"""Stories: articles on one event, grouped by date, by the names in them and by the likeness of their leads.

An article joins the story that it is most like, or starts one; it is never moved. So stories grow with the articles, in
order of publication, and doing it again changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log1p, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from verifier.independence import near_in_time
from verifier.terms import CALENDAR, terms_of
from verifier.text.words import one_line
from verifier.values import Article

STORY_METHOD: Final = "story-2"
"""The key of what is stored of an article for this: change it with anything below that decides leads or names."""
STORY_DAYS: Final = 7
"""An article joins only if one of the story is not further off than this."""
LEAST_LIKENESS: Final = 0.34
LEAST_NAMES: Final = 2
LEAD_PARAGRAPHS: Final = 4
LEAD_LETTERS: Final = 1200
READ_PARAGRAPHS: Final = 12
SHOWN_NAMES: Final = 6


@dataclass(frozen=True, slots=True)
class Report:
    """What a story is told by of one article: its date, the names in it, and the unit vector of its lead."""

    version_id: int
    url: str
    published_at: datetime | None
    names: frozenset[str]
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs: `story` is None if it starts one. `likeness` (0 to 1) and the shared names say why."""

    story: int | None
    likeness: float = 1.0
    shared: tuple[str, ...] = field(default=())


def lead(article: Article) -> str:
    """Title and first paragraphs: what the article is about, in the words that are embedded."""
    return one_line(f"{article.title or ''}. {_own_text(article, LEAD_PARAGRAPHS)}")[:LEAD_LETTERS].lstrip(". ")


def names_of(article: Article) -> frozenset[str]:
    """The names in the article, lower case, without the days, the months and the outlet's own."""
    text = f"{article.title or ''}.\n{_own_text(article, READ_PARAGRAPHS)}"
    if article.outlet:  # as a whole: the Times of Israel writes of Israel
        text = re.sub(rf"(?<!\w){re.escape(article.outlet)}(?!\w)", "it", text, flags=re.IGNORECASE)
    return terms_of(text).entities - CALENDAR


def _own_text(article: Article, most: int) -> str:
    own = [paragraph for paragraph in article.paragraphs if paragraph.mark is None]
    return "\n".join(article.text[paragraph.start : paragraph.end] for paragraph in own[:most])


def by_date(reports: Iterable[Report]) -> list[Report]:
    """In the order in which they are placed: as they were published, those without a date last."""
    return sorted(reports, key=lambda one: (one.published_at is None, one.published_at or None, one.url))


class Stories:
    """The stories near in time, to find the one that an article belongs to."""

    def __init__(self, known: Iterable[tuple[int, Report]] = ()) -> None:
        self._members: dict[int, list[Report]] = {}
        for story, report in known:
            self.add(story, report)

    def add(self, story: int, report: Report) -> None:
        """The article is part of the story."""
        self._members.setdefault(story, []).append(report)

    def place(self, report: Report) -> Placement:
        """The story that the article is most like, the earlier one of two alike; or none, if none is like enough."""
        near = dict(self._near(report))
        weights = _weights(near)
        best = Placement(None)
        for story, members in near.items():
            if len(report.names & _names(members)) < LEAST_NAMES:
                continue
            found = _compared(report, story, members, weights)
            if found.likeness >= LEAST_LIKENESS and (best.story is None or found.likeness > best.likeness):
                best = found
        return best

    def _near(self, report: Report) -> Iterator[tuple[int, list[Report]]]:
        """Each story's articles inside the window: a story that goes on for weeks is known by its latest ones."""
        for story, members in sorted(self._members.items()):
            near = [one for one in members if near_in_time(report.published_at, one.published_at, STORY_DAYS)]
            if near:
                yield story, near


def _names(members: Iterable[Report]) -> set[str]:
    return {name for one in members for name in one.names}


def _weights(near: Mapping[int, Sequence[Report]]) -> dict[str, float]:
    """A name that is in most stories of these days tells little of any of them (inverse story frequency)."""
    stories = Counter(name for members in near.values() for name in _names(members))
    return {name: log1p(len(near) / count) for name, count in stories.items()}


def _compared(report: Report, story: int, members: Sequence[Report], weights: Mapping[str, float]) -> Placement:
    """The mean of two likenesses: of the names, and of the lead to each article's (so that a story of everything is like
    nothing)."""
    counts = Counter(name for one in members for name in one.names)
    shared = sorted(report.names & counts.keys(), key=lambda name: (-counts[name] * weights[name], name))
    unseen = max(weights.values(), default=0.0)
    own = sum(weights.get(name, unseen) ** 2 for name in report.names)
    length = sqrt(own * sum((count * weights[name]) ** 2 for name, count in counts.items()))
    by_names = sum(counts[name] * weights[name] ** 2 for name in shared) / length if length else 0.0
    by_leads = float(np.mean([report.vector @ one.vector for one in members]))
    likeness = min(1.0, max(0.0, (by_names + by_leads) / 2))
    return Placement(story, round(likeness, 4), tuple(shared[:SHOWN_NAMES]))
