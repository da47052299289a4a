"""Which verdicts to show. The order is that of `verdicts.queue_rank` (`db.migrations.kept`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, union_all
from sqlalchemy.orm import aliased

from db.desk_tables import Assignments, SecondOpinions, Undos
from db.migrations.kept import STANCE_WIDTH
from db.names import name_key, visible
from db.searching import statements_with, terms
from db.sides import Place
from db.tables import (
    ArticleVersions,
    Judgements,
    Outlets,
    Pairs,
    SpeakerAliases,
    Speakers,
    Statements,
    StoryArticles,
    Verdicts,
)
from verifier.verdicts import Stance, VerdictKind

STANCES = (Stance.CONFLICT, Stance.AGREE, Stance.UNDECIDED, Stance.NEUTRAL)
"""In the order in which they are shown."""
STEPS = 20
"""Verdicts whose confidence is the same, rounded to one of so many parts of 1, are as sure as each other."""
KINDS = {
    VerdictKind.CONTRADICTION: 0,
    VerdictKind.DENIAL: 0,
    VerdictKind.NUMERIC: 0,
    VerdictKind.CORROBORATION: 0,
    VerdictKind.TENSION: 2,
    VerdictKind.SAME_UTTERANCE: 2,
}
"""Of those as sure as each other the lower first, 1 for every other kind: as `db.migrations.kept` ranks them."""
_VERSION = (ArticleVersions, ArticleVersions.id == Statements.version_id)


class Between(StrEnum):
    """Where the two sides stand: in two outlets, in two articles (of one outlet or of two), or in one article."""

    OUTLETS = "outlets"
    ARTICLES = "articles"
    ONE = "one"


_APART = {Between.OUTLETS: Verdicts.apart == 2, Between.ARTICLES: Verdicts.apart > 0, Between.ONE: Verdicts.apart == 0}


@dataclass(frozen=True, slots=True)
class VerdictFilter:
    """Which verdicts to show; None leaves a condition out.

    `speaker` matches whole words of a name or alias on either side, whatever the case; `speaker_id` is met by what is
    held to be that speaker's; `since` (aware) is met by a side
    published then or later (stored, where it is undated), `until` by one published before; `run_id` by what that run
    decided. `least` is the least confidence, `reviewer` who made the judgement that holds. Every one of `words` (as
    `db.searching` reads them) stands in a statement or its claim or its speaker's name. `assignee` is whose item it is;
    `free` lets in what is nobody's. `opinion_of` is who could give a second opinion that is asked for: with `reviewed` False
    beside what nobody has judged, without it alone.
    """

    label: Stance | None = None
    kind: VerdictKind | None = None
    speaker: str | None = None
    since: datetime | None = None
    limit: int | None = None
    run_id: int | None = None
    until: datetime | None = None
    outlet: str | None = None
    story_id: int | None = None
    least: float | None = None
    reviewed: bool | None = None
    reviewer: str | None = None
    words: str | None = None
    pair_id: int | None = None
    speaker_id: int | None = None
    offset: int = 0
    assignee: str | None = None
    free: bool = False
    opinion_of: str | None = None
    between: Between | None = None


def conditions(wanted: VerdictFilter) -> tuple[ColumnElement[bool], ...]:
    """The filter as conditions on the verdict alone, whose index `ix_verdicts_shown` has all that they look at."""
    return _conditions(replace(wanted, limit=None, offset=0))


@lru_cache(maxsize=256)
def _conditions(wanted: VerdictFilter) -> tuple[ColumnElement[bool], ...]:
    """Kept, because SQLAlchemy takes longer to make them than the database to look."""
    return tuple(_each(wanted))


def _each(wanted: VerdictFilter) -> Iterator[ColumnElement[bool]]:
    yield cast("ColumnElement[bool]", Verdicts.is_shown)
    yield from _of_verdict(wanted)
    yield from _of_time(wanted)
    yield from _of_judgement(wanted)
    yield from _of_team(wanted)
    if wanted.speaker is not None:
        yield Verdicts.pair_id.in_(_of_speaker(wanted.speaker))
    if wanted.speaker_id is not None:
        yield Verdicts.pair_id.in_(
            _pairs_with(where=and_(Statements.speaker_id == wanted.speaker_id, Statements.is_current))
        )
    if wanted.outlet is not None:
        yield Verdicts.pair_id.in_(_of_outlet(wanted.outlet))
    if wanted.story_id is not None:
        yield Verdicts.pair_id.in_(_of_story(wanted.story_id))
    yield from _of_words(wanted.words or "")


def _pairs_with(*joins: Any, where: ColumnElement[bool]) -> Any:
    """The pairs with such a statement on either side, found from the statements on: they are few, and the pairs are many."""
    pair = aliased(Pairs)
    query = select(pair.id).select_from(Statements)
    for table, on in joins:
        query = query.join(table, on)
    return union_all(*(query.join(pair, side == Statements.id).where(where) for side in (pair.a_id, pair.b_id)))


def _of_story(story_id: int) -> Any:
    member = (StoryArticles, StoryArticles.article_id == ArticleVersions.article_id)
    return _pairs_with(_VERSION, member, where=StoryArticles.story_id == story_id)


def _of_outlet(name: str) -> Any:
    outlet = (Outlets, Outlets.id == ArticleVersions.outlet_id)
    return _pairs_with(_VERSION, outlet, where=Outlets.name == visible(name))


def _of_speaker(name: str) -> Any:
    words = f" {name_key(visible(name))} "
    known = select(Speakers.id).where(_has_words(Speakers.key, words))
    alias = select(SpeakerAliases.speaker_id).where(_has_words(SpeakerAliases.key, words))
    return _pairs_with(where=and_(Statements.speaker_id.in_(known.union(alias)), Statements.is_current))


def _of_verdict(wanted: VerdictFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.pair_id is not None:
        yield Verdicts.pair_id == wanted.pair_id
    if wanted.label is not None:
        yield of_stances(wanted.label)
    if wanted.kind is not None:
        yield Verdicts.kind == wanted.kind.value
    if wanted.run_id is not None:
        yield Verdicts.run_id == wanted.run_id
    if wanted.least is not None:
        yield Verdicts.confidence >= wanted.least
    if wanted.between is not None:
        yield _APART[wanted.between]


def of_stances(*some: Stance) -> ColumnElement[bool]:
    """Verdicts of these stances, which stand together in the queue: a range of its index."""
    places = sorted(STANCES.index(one) for one in some)
    return Verdicts.queue_rank.between(places[0] * STANCE_WIDTH, (places[-1] + 1) * STANCE_WIDTH - 1)


def _of_time(wanted: VerdictFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield Verdicts.latest_at >= wanted.since
    if wanted.until is not None:
        yield Verdicts.earliest_at < wanted.until


def _of_judgement(wanted: VerdictFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.reviewed:
        yield cast("ColumnElement[bool]", Verdicts.is_judged)
    elif wanted.reviewed is not None:
        yield or_(~Verdicts.is_judged, _asked_of(wanted.opinion_of))
    elif wanted.opinion_of is not None:
        yield _asked_of(wanted.opinion_of)
    if wanted.reviewer is not None:
        one = aliased(Judgements)  # the query around it may have the table itself
        held = select(one.pair_id).where(one.superseded_at.is_(None), one.reviewer == wanted.reviewer)
        yield Verdicts.pair_id.in_(held)


def _asked_of(person: str | None) -> ColumnElement[bool]:
    """A second opinion is asked for that this person could give."""
    if person is None:
        return false()
    return and_(Verdicts.pair_id.in_(open_opinions()), ~judged_by(person, Verdicts.pair_id))


def judged_by(person: str, pair_id: Any) -> ColumnElement[bool]:
    """Whether somebody has judged a pair and not taken it back, whatever holds now."""
    one = aliased(Judgements)
    return exists().where(one.pair_id == pair_id, one.reviewer == person, stands(one))


@cache
def open_opinions() -> Select[Any]:
    """The pairs that more people should judge than have."""
    one = aliased(Judgements)
    people = select(func.count(one.reviewer.distinct())).where(one.pair_id == SecondOpinions.pair_id, stands(one))
    few = people.correlate(SecondOpinions).scalar_subquery() < SecondOpinions.needed
    return select(SecondOpinions.pair_id).where(SecondOpinions.ended_at.is_(None), few)


def stands(one: Any) -> ColumnElement[bool]:
    """A judgement that was not taken back."""
    return ~exists().where(Undos.judgement_id == one.id)


def _of_team(wanted: VerdictFilter) -> Iterator[ColumnElement[bool]]:
    held = select(Assignments.pair_id).where(Assignments.ended_at.is_(None))
    own = Verdicts.pair_id.in_(held.where(Assignments.assignee == wanted.assignee))
    if wanted.free:
        nobodys = Verdicts.pair_id.not_in(held)
        yield nobodys if wanted.assignee is None else or_(nobodys, own)
    elif wanted.assignee is not None:
        yield own


def _of_words(typed: str) -> Iterator[ColumnElement[bool]]:
    found = terms(typed)
    if typed.strip() and not found:
        yield false()
    for term in found:
        ids = statements_with([term])
        sides = (select(pair.id).where(own.in_(ids)) for pair in (aliased(Pairs),) for own in (pair.a_id, pair.b_id))
        yield Verdicts.pair_id.in_(union_all(*sides))


def named(side: Place, speaker: str) -> ColumnElement[bool]:
    """The side's speaker has these words, whole, in the name or in an alias."""
    words = f" {name_key(visible(speaker))} "
    alias = exists().where(SpeakerAliases.speaker_id == side.speaker.id, _has_words(SpeakerAliases.key, words))
    return or_(_has_words(side.speaker.key, words), alias)


def _has_words(key: Any, words: str) -> ColumnElement[bool]:
    padded: ColumnElement[str] = " " + key + " "
    return padded.contains(words, autoescape=True)
