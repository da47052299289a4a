"""The forms of the API's answers, for its description and for programs that rely on it."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Label = Literal["agree", "conflict", "neutral", "undecided"]


class Listed(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the page after, null on the last."""

    items: list[T]
    next: str | None


class Side(BaseModel):
    """A statement in its place; `start` and `end` are code points of the article's text."""

    article: str
    outlet: str | None
    published_at: Time | None
    speaker: str | None
    text: str
    start: int
    end: int
    claim: str
    id: str
    kind: str


class Scores(BaseModel):
    """Calibrated, they sum to 1."""

    agree: float
    conflict: float
    neutral: float


class OneWay(BaseModel):
    """What the model says in one direction."""

    entailment: float
    neutral: float
    contradiction: float


class Ways(BaseModel):
    """What the model says in both directions."""

    a_to_b: OneWay
    b_to_a: OneWay


class Gate(BaseModel):
    """Why a pair was looked at."""

    name: str
    detail: str


class Nli(BaseModel):
    """Which model."""

    model: str
    revision: str


class Held(BaseModel):
    """What a person holds of a pair; label, kind and comment are null where that is still hidden."""

    label: Label | None
    kind: str | None
    reviewer: str
    decided_at: Time
    comment: str | None


class VerdictAnswer(BaseModel):
    """What the machine holds of a pair, with both sides and the judgement that holds."""

    pair: int
    label: Label
    kind: str | None
    confidence: float
    scores: Scores
    probabilities: Ways
    reasons: list[str]
    reason_code: str | None
    deciding: dict[str, object] | None
    gates: list[Gate]
    similarity: float
    policy_version: str
    nli: Nli
    run: int
    decided_at: Time
    a: Side
    b: Side
    judgement: Held | None


class PastJudgement(Held):
    """A judgement of a pair's history; `superseded_at` is null while it holds."""

    id: int
    entered_at: Time
    superseded_at: Time | None
    undone: bool
    restored: bool


class Entered(Held):
    """A judgement that was entered."""

    id: int


class CommentAnswer(BaseModel):
    """What somebody wrote about a pair."""

    author: str
    text: str
    entered_at: Time


class ArticleAnswer(BaseModel):
    """A version of an article."""

    id: int
    url: str
    outlet: str | None
    title: str | None
    author: str | None
    published_at: Time | None
    stored_at: Time


class ParagraphAnswer(BaseModel):
    """A paragraph's place; `mark` says why it was not read."""

    start: int
    end: int
    mark: str | None


class WholeArticle(ArticleAnswer):
    """A version with its text and statements; `is_current` is false once a newer one took its place."""

    is_current: bool
    story: int | None
    text: str
    paragraphs: list[ParagraphAnswer]
    statements: list[Side]


class Mention(BaseModel):
    """A verdict that one of an article's statements is in: a conflict or an agreement."""

    statement: str
    pair: int
    label: Label
    kind: str | None


class Camp(BaseModel):
    """Who is on one side of a verdict, the compared statement first; `merged` says why sources were taken for one."""

    outlets: int
    independent: int
    merged: list[str]
    statements: list[Side]


class SidesAnswer(BaseModel):
    """Both sides of a verdict, and the story that they are in."""

    story: int | None
    a: Camp
    b: Camp


class StoryAnswer(BaseModel):
    """Articles on one event."""

    id: int
    title: str
    articles: int
    outlets: int
    latest: Time | None


class MemberAnswer(BaseModel):
    """An article of a story; `copy_of` is the article whose copy it is."""

    id: int
    title: str | None
    url: str
    outlet: str | None
    published_at: Time | None
    copy_of: int | None


class WholeStory(BaseModel):
    """A story with its articles in order of time, and each conflict once, with all who are on either side."""

    id: int
    title: str
    members: list[MemberAnswer]
    disputes: list[dict[str, object]]


class OutletsAnswer(BaseModel):
    """Two outlets, and on how many claims they agree and conflict."""

    a: str
    b: str
    agree: int
    conflict: int


class FailureAnswer(BaseModel):
    """An item that a run dropped."""

    stage: str
    item: str
    message: str


class RunAnswer(BaseModel):
    """A run and what it added; `finished_at` is null while it is under way, or if it was killed."""

    id: int
    started_at: Time
    finished_at: Time | None
    profile: str
    locations: list[str]
    articles: int
    statements: int
    pairs: int
    verdicts: dict[str, int]
    failures: list[FailureAnswer]


class Bin(BaseModel):
    """Verdicts of one range of confidence that somebody has decided, and the share that was right."""

    low: float
    high: float
    judged: int
    right: float


class Kappa(BaseModel):
    """Cohen's kappa of two reviewers over the pairs that both judged; null where chance alone would agree."""

    one: str
    other: str
    pairs: int
    kappa: float | None


class Day(BaseModel):
    """Judgements of one day."""

    day: str
    judgements: int


class QualityAnswer(BaseModel):
    """How often reviewers find the machine right, and each other."""

    precision: list[Bin]
    kappas: list[Kappa]
    days: list[Day]


class UserAnswer(BaseModel):
    """Somebody who may log in."""

    id: int
    name: str
    role: Literal["reader", "reviewer", "admin"]
    disabled: bool


class TokenAnswer(BaseModel):
    """A token, without its words, which are kept nowhere."""

    id: int
    user: str
    label: str | None
    scope: Literal["read", "review", "admin"]
    created_at: Time
    revoked_at: Time | None


class AuditAnswer(BaseModel):
    """One change."""

    id: int
    at: Time
    actor: str
    action: str
    item: str
    detail: dict[str, object]


class Problem(BaseModel):
    """What went wrong and what to do (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
