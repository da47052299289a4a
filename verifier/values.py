"""What an article is made of: spans, paragraphs, speakers and statements. All values are frozen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of an article's text: code point offsets, end exclusive, and the words themselves."""

    start: int
    end: int
    text: str

    @classmethod
    def cut(cls, text: str, start: int, end: int) -> Span:
        """The span of `text` from `start` to `end`; a ValueError if that lies outside it or is empty."""
        if not 0 <= start < end <= len(text):
            raise ValueError(f"no span {start}:{end} in a text of {len(text)} characters")
        return cls(start, end, text[start:end])


class Mark(StrEnum):
    """Why a paragraph is boilerplate: it is kept, and nothing is extracted from it."""

    ADVERTISEMENT = "advertisement"
    FURNITURE = "furniture"
    CAPTION = "caption"
    REPEATED = "repeated"
    RECURRING = "recurring"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph's place in the text, and its mark where it is boilerplate."""

    start: int
    end: int
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One text of one outlet at one canonical URL; a local file without a URL is known by its absolute path.

    `outlet` is None where nothing names it: it is never guessed from a folder. `published_at` is aware, in UTC
    where the article names no zone.
    """

    url: str
    text: str
    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    language: str = "en"
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def content_hash(self) -> str:
        """The version's key beside the URL."""
        return text_hash(self.text)


Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said what, by offsets of the article's text: `source` is None where no words name it.

    `content` may be in pieces, in order; `confidence` in [0, 1] is the finder's own. `antecedent` is the name that a pronoun
    in the source means, where the finder is sure.
    """

    cue: Range
    source: Range | None
    content: tuple[Range, ...]
    confidence: float = 1.0
    antecedent: Range | None = None


class StatementKind(StrEnum):
    """How a statement is reported (PARC, PolNeAR); `narrated` is the outlet's own voice."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    NARRATED = "narrated"


class CueClass(StrEnum):
    """What the cue says of its content: only speech, evidence and belief assert it; denial asserts its opposite."""

    SPEECH = "speech"
    DENIAL = "denial"
    ACCUSATION = "accusation"
    BELIEF = "belief"
    INTENTION = "intention"
    EVIDENCE = "evidence"
    QUESTION = "question"


class SpeakerKind(StrEnum):
    """What a speaker is; `role` is a person known by description only ("the diplomat")."""

    PERSON = "person"
    BODY = "body"
    GROUP = "group"
    ROLE = "role"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Speaker:
    """The resolved person or body: `name` is the fullest name in the article, `aliases` the other words for it there.

    Where people decided that two names are one speaker's, `name` is the one they gave it. `apart` is set where they told
    speakers of like names apart: two that have it are one only if it is the same.
    """

    name: str
    kind: SpeakerKind
    aliases: tuple[str, ...] = ()
    apart: int | None = None

    def told_apart_from(self, other: Speaker) -> bool:
        """Whether people said that these are two, whatever their names."""
        return self.apart is not None and other.apart is not None and self.apart != other.apart


@dataclass(frozen=True, slots=True)
class Statement:
    """Something an article asserts.

    `source`, `cue` and `content` are spans of the article's text; `content` may be in pieces. `claim` is the content
    made self-contained. `speaker` is None where it could not be resolved, and `speaker_reason` says why. `nested_in` is
    the id of the statement whose content holds this one.
    """

    id: str
    kind: StatementKind
    speaker: Speaker | None
    source: Span | None
    cue: Span | None
    cue_class: CueClass | None
    content: tuple[Span, ...]
    claim: str
    confidence: float
    nested_in: str | None = None
    speaker_reason: str | None = None

    @property
    def text(self) -> str:
        """The content's words, pieces joined by a space."""
        return " ".join(span.text for span in self.content)

    @property
    def claim_hash(self) -> str:
        """The key of the claim's embedding and of its NLI scores."""
        return text_hash(self.claim)

    @property
    def start(self) -> int:
        """Where the content begins."""
        return self.content[0].start

    @property
    def end(self) -> int:
        """Where the content ends."""
        return self.content[-1].end


@dataclass(frozen=True, slots=True)
class Side:
    """A statement in its place: what pairing, the policy and a reader need to know of where it comes from."""

    statement: Statement
    article: str
    version_id: int
    outlet: str | None
    published_at: datetime | None


def text_hash(text: str) -> str:
    """SHA-256 of a text as 64 hexadecimal digits; lone surrogates are kept apart, not refused."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def statement_id(url: str, content_hash: str, extractor: str, spans: tuple[Span, ...]) -> str:
    """The statement's key, 16 hexadecimal digits: article version, spans and extractor version."""
    places = ",".join(f"{span.start}:{span.end}" for span in spans)
    return text_hash("\n".join((url, content_hash, extractor, places)))[:16]


def parse_date(value: str) -> datetime:
    """An ISO 8601 date or time, aware: UTC where it names no zone. ValueError for anything else."""
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
