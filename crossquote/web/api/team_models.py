"""The forms of the API's answers about the team: whose item, second opinions, bulk decisions, filters, speakers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from crossquote.web.api.models import Label, Side, Time


class AssignmentAnswer(BaseModel):
    """Whose item a pair is."""

    pair: int
    assignee: str
    assigned_by: str
    assigned_at: Time


class OpinionAnswer(BaseModel):
    """A wish that one more person judges a pair: `judges` have, `needed` should."""

    pair: int
    asked_by: str
    asked_at: Time
    needed: int
    judges: list[str]


class OpenedAnswer(BaseModel):
    """Somebody else who has the pair open, and since when."""

    user: str
    opened_at: Time


class PairTeam(BaseModel):
    """Who works on a pair: whose item it is, whether a second opinion is asked for, who else has it open now."""

    assignment: AssignmentAnswer | None
    second_opinion: OpinionAnswer | None
    open_by: list[OpenedAnswer]


class Work(BaseModel):
    """How many items wait for whom, and where a second opinion is wanted."""

    assigned: dict[str, int]
    second_opinions: list[OpinionAnswer]


class ScopeAnswer(BaseModel):
    """What a bulk decision would be on; `seal` has to be sent with it."""

    count: int
    judged: int
    seal: str


class BulkAnswer(BaseModel):
    """A bulk decision; `holding` of its `pairs` judgements hold now. `stance` is null to a reviewer who did not make it."""

    id: int
    actor: str
    stance: Label | None
    filter: str
    pairs: int
    at: Time
    undone_by: str | None
    undone_at: Time | None
    holding: int


class FilterAnswer(BaseModel):
    """A filter of one's own under its name."""

    id: int
    name: str
    query: str


class PlaceAnswer(BaseModel):
    """The verdict that one opened last, and its filter."""

    pair: int | None
    query: str | None


class CountAnswer(BaseModel):
    """How many verdicts a filter finds, and how many of them have a judgement."""

    count: int
    reviewed: int


class SpeakerAnswer(BaseModel):
    """A speaker: current statements, and `seen`, the last decision about it, which a change has to send back."""

    id: int
    name: str
    kind: str
    statements: int
    seen: int


class NameAnswer(BaseModel):
    """A name that articles have for a speaker, and how many current statements are in those articles."""

    name: str
    statements: int


class WholeSpeaker(SpeakerAnswer):
    """A speaker with the names that articles have, and whom people merged it into."""

    names: list[NameAnswer]
    merged_into: int | None


class SaidAnswer(Side):
    """A statement of a speaker, with its story and the speaker's name in that article."""

    story: int | None
    known_as: str | None


class Whose(BaseModel):
    """A speaker in a decision."""

    id: int
    name: str


class UndoneAnswer(BaseModel):
    """Who took a decision back, and when."""

    by: str
    at: Time


class DecisionAnswer(BaseModel):
    """A merge of `source` into `target`, or a split of `target` off `source`."""

    id: int
    action: Literal["merge", "split"]
    source: Whose
    target: Whose
    alias: str | None
    comment: str | None
    by: str
    at: Time
    undone: UndoneAnswer | None
