"""Which verdicts to show, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, union_all
from sqlalchemy.orm import aliased

from db.desk_tables import Assignments, SecondOpinions, Undos
from db.names import name_key, visible
from db.searching import statements_with, terms
from db.sides import Place
from db.tables import (
    ArticleVersions,
    Judgements,
    Outlets,
    Pairs,
    PairWeights,
    SpeakerAliases,
    Speakers,
    Statements,
    StoryArticles,
    Verdicts,
)
from verifier.verdicts import Stance, VerdictKind

_STANCES = {Stance.CONFLICT: 0, Stance.AGREE: 1, Stance.UNDECIDED: 2, Stance.NEUTRAL: 3}
KINDS = {
    VerdictKind.CONTRADICTION: 0,
    VerdictKind.DENIAL: 0,
    VerdictKind.NUMERIC: 0,
    VerdictKind.CORROBORATION: 0,
    VerdictKind.TENSION: 2,
    VerdictKind.SAME_UTTERANCE: 2,
}
_VERSION = (ArticleVersions, ArticleVersions.id == Statements.version_id)
STEPS = 20
"""Verdicts whose confidence is the same, rounded to one of so many parts of 1, are as sure as each other."""


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

    @property
    def looks_at_sides(self) -> bool:
        """Whether a condition is on the articles of both sides."""
        return any(one is not None for one in (self.since, self.until))


def conditions(wanted: VerdictFilter, a: Place, b: Place) -> Iterator[ColumnElement[bool]]:
    """The filter as conditions on a query that has the verdict and its pair, and where it `looks_at_sides` both versions."""
    yield from _of_verdict(wanted)
    yield from _of_judgement(wanted)
    yield from _of_team(wanted)
    if wanted.speaker is not None:
        yield Pairs.id.in_(_of_speaker(wanted.speaker))
    if wanted.speaker_id is not None:
        yield Pairs.id.in_(_pairs_with(where=Statements.speaker_id == wanted.speaker_id))
    if wanted.since is not None:
        yield or_(*(_time(side) >= wanted.since for side in (a, b)))
    if wanted.until is not None:
        yield or_(*(_time(side) < wanted.until for side in (a, b)))
    if wanted.outlet is not None:
        yield Pairs.id.in_(_of_outlet(wanted.outlet))
    if wanted.story_id is not None:
        yield Pairs.id.in_(_of_story(wanted.story_id))
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
    return _pairs_with(where=Statements.speaker_id.in_(known.union(alias)))


def _of_verdict(wanted: VerdictFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.pair_id is not None:
        yield Pairs.id == wanted.pair_id
    if wanted.label is not None:
        yield Verdicts.stance == wanted.label.value
    if wanted.kind is not None:
        yield Verdicts.kind == wanted.kind.value
    if wanted.run_id is not None:
        yield Verdicts.run_id == wanted.run_id
    if wanted.least is not None:
        yield Verdicts.confidence >= wanted.least


def _of_judgement(wanted: VerdictFilter) -> Iterator[ColumnElement[bool]]:
    one = aliased(Judgements)  # the query around it may have the table itself
    held = select(one.pair_id).where(one.superseded_at.is_(None))  # read once, not for each verdict
    judged, asked = Pairs.id.in_(held), _asked_of(wanted.opinion_of)
    if wanted.reviewed is not None:
        yield judged if wanted.reviewed else or_(~judged, asked)
    elif wanted.opinion_of is not None:
        yield asked
    if wanted.reviewer is not None:
        yield Pairs.id.in_(held.where(one.reviewer == wanted.reviewer))


def _asked_of(person: str | None) -> ColumnElement[bool]:
    """A second opinion is asked for that this person could give."""
    if person is None:
        return false()
    return and_(Pairs.id.in_(open_opinions()), ~judged_by(person, Pairs.id))


def judged_by(person: str, pair_id: Any) -> ColumnElement[bool]:
    """Whether somebody has judged a pair and not taken it back, whatever holds now."""
    one = aliased(Judgements)
    return exists().where(one.pair_id == pair_id, one.reviewer == person, stands(one))


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
    own = Pairs.id.in_(held.where(Assignments.assignee == wanted.assignee))
    if wanted.free:
        nobodys = Pairs.id.not_in(held)
        yield nobodys if wanted.assignee is None else or_(nobodys, own)
    elif wanted.assignee is not None:
        yield own


def _time(side: Place) -> ColumnElement[datetime]:
    return func.coalesce(side.version.published_at, side.version.stored_at)


def _of_words(typed: str) -> Iterator[ColumnElement[bool]]:
    found = terms(typed)
    if typed.strip() and not found:
        yield false()
    for term in found:
        ids = statements_with([term])
        yield or_(Pairs.a_id.in_(ids), Pairs.b_id.in_(ids))


def named(side: Place, speaker: str) -> ColumnElement[bool]:
    """The side's speaker has these words, whole, in the name or in an alias."""
    words = f" {name_key(visible(speaker))} "
    alias = exists().where(SpeakerAliases.speaker_id == side.speaker.id, _has_words(SpeakerAliases.key, words))
    return or_(_has_words(side.speaker.key, words), alias)


def _has_words(key: Any, words: str) -> ColumnElement[bool]:
    padded: ColumnElement[str] = " " + key + " "
    return padded.contains(words, autoescape=True)


@dataclass(frozen=True, slots=True)
class Rank:
    """One thing that verdicts are ranked by, and whether more of it comes first."""

    column: ColumnElement[Any]
    most_first: bool = False

    def in_order(self, back: bool = False) -> ColumnElement[Any]:
        """For ORDER BY."""
        return self.column.desc() if self.most_first != back else self.column.asc()

    def beyond(self, value: Any, back: bool = False) -> ColumnElement[bool]:
        """What this alone puts after a value, or before it."""
        before: bool = self.most_first != back
        found: ColumnElement[bool] = self.column < value if before else self.column > value
        return found


def ranks() -> tuple[Rank, ...]:
    """The order in which verdicts are shown, best first: a total order that changes with a run alone.

    Stance; confidence in `STEPS`; then, among those as sure as each other, kind, independent sources of both
    sides together (`PairWeights`, which the query has to join), and the pair that was found last.
    """
    stances = case({stance.value: rank for stance, rank in _STANCES.items()}, value=Verdicts.stance)
    kinds = case({kind.value: rank for kind, rank in KINDS.items()}, value=Verdicts.kind, else_=1)
    return (
        Rank(stances),
        Rank(func.round(Verdicts.confidence * STEPS), most_first=True),
        Rank(kinds),
        Rank(func.coalesce(PairWeights.a_independent + PairWeights.b_independent, 2), most_first=True),
        Rank(cast("ColumnElement[Any]", Pairs.id), most_first=True),
    )


def beyond(order: Sequence[Rank], place: tuple[Any, ...], back: bool = False) -> ColumnElement[bool]:
    """What comes after a verdict whose ranks have these values, or before it."""
    steps = []
    for at, (rank, value) in enumerate(zip(order, place, strict=True)):
        same = [one.column == held for one, held in zip(order[:at], place[:at], strict=True)]
        steps.append(and_(*same, rank.beyond(value, back)))
    return or_(*steps)
