"""How well an extractor finds labelled attributions: exact and overlap scores by part, over all and by kind and cue class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from models.training.attributions import LabelledArticle
from verifier.extraction.kinds import SPOKEN, class_of, kind_of
from verifier.extraction.quotes import find_quotes
from verifier.extraction.ranges import Ranges, within
from verifier.ports import Extractor
from verifier.scoring import MEASURES, PARTS, ArticleCounts, Counts, count, interval, total
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Article, Attribution, Statement, StatementKind

BATCH: Final = 16
KINDS: Final = (StatementKind.DIRECT, StatementKind.INDIRECT, StatementKind.MIXED)


@dataclass(frozen=True, slots=True)
class PartScore:
    """Scores of one part in one group of attributions, with a 95 % interval of F1; all in [0, 1]."""

    group: str
    part: str
    measure: str
    counts: Counts
    low: float
    high: float


def evaluate_attributions(
    extractor: Extractor, articles: Sequence[LabelledArticle], progress: Callable[[int, int], None]
) -> list[PartScore]:
    """Scores over all attributions, those of each kind, and those with a cue of speech.

    A group's own scores compare what is labelled and what is found in that group: the kind by quotation marks, the class by
    the cue's words, on both sides alike.
    """
    groups: dict[str, list[ArticleCounts]] = {}
    for start in range(0, len(articles), BATCH):
        part = articles[start : start + BATCH]
        for article, statements in zip(part, extractor.extract_all([_article(one) for one in part]), strict=True):
            found = [one for s in statements if (one := _attribution(s)) is not None]
            for name, counts in _by_group(article, found):
                groups.setdefault(name, []).append(counts)
        progress(start + len(part), len(articles))
    return [score for name, counts in groups.items() for score in _scores(name, counts)]


def _article(article: LabelledArticle) -> Article:
    return Article(url=article.id, text=article.text)


def _attribution(statement: Statement) -> Attribution | None:
    """A statement as offsets; narrated ones and quotations without a cue are none."""
    if statement.cue is None:
        return None
    source = (statement.source.start, statement.source.end) if statement.source else None
    content = tuple((span.start, span.end) for span in statement.content)
    return Attribution((statement.cue.start, statement.cue.end), source, content, statement.confidence)


def _by_group(article: LabelledArticle, found: Sequence[Attribution]) -> Iterator[tuple[str, ArticleCounts]]:
    text = article.text
    yield "all", count(text, found, article.attributions)
    quotes = Ranges(((q.start, q.end), None) for row in find_quotes(text, paragraphs_of(text)) for q in row)
    sides = [
        [(one, _kind(one, quotes), class_of(text, one)[0]) for one in side] for side in (found, article.attributions)
    ]
    for kind in KINDS:
        yield kind.value, count(text, *([one for one, its, _ in side if its is kind] for side in sides))
    yield "speech", count(text, *([one for one, _, cue in side if cue in SPOKEN] for side in sides))


def _kind(one: Attribution, quotes: Ranges[None]) -> StatementKind:
    inside = [q for piece in one.content for q, _ in quotes.touching(piece) if within(q, piece)]
    return kind_of(one.content, inside)


def _scores(name: str, articles: Sequence[ArticleCounts]) -> Iterator[PartScore]:
    totals = total(articles)
    for measure in MEASURES:
        for part in PARTS:
            low, high = interval(articles, (part, measure))
            yield PartScore(name, part, measure, totals[part, measure], low, high)
