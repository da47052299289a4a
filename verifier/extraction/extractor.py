"""The extractors: an article in, its statements out; by rules alone, or by a tagger and rules."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.extraction import drafts as dr
from verifier.extraction.kinds import kind_of
from verifier.extraction.merging import merge
from verifier.extraction.people import Register, name_places
from verifier.extraction.speakers import Resolved
from verifier.extraction.voices import Voices
from verifier.extraction.wording import Wording
from verifier.ports import AttributionTagger, TextToTag
from verifier.text.paragraphs import paragraphs_of
from verifier.values import (
    Article,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
    statement_id,
)

# by rank, not measured: see `_confidence`
_MARKS_AND_NAME = 0.95
_MARKS_ONLY = 0.8
_INDIRECT_NAMED = 0.8
_INDIRECT = 0.65
_NARRATED = 0.5


class RuleExtractor:
    """Finds statements by rules alone; pure, so one instance serves any number of articles and threads."""

    @property
    def version(self) -> str:
        """Part of every statement's key: changes when the rules do."""
        return "rules-5"

    def extract(self, article: Article) -> list[Statement]:
        """The statements in order of their content; marked paragraphs give none. Never raises on odd text."""
        reading = dr.read(article.text, article.paragraphs or paragraphs_of(article.text))
        return _assembled(article, self.version, reading, Register.of(article.text))

    def extract_all(self, articles: Sequence[Article]) -> list[list[Statement]]:
        """As `extract`, one after another."""
        return [self.extract(article) for article in articles]


class TaggedExtractor:
    """Finds statements with a learned tagger; the rules own quotation marks, transcripts, speakers and claims."""

    def __init__(self, tagger: AttributionTagger) -> None:
        self._tagger = tagger

    @property
    def version(self) -> str:
        """Part of every statement's key: changes with the rules and with the tagger's weights."""
        return f"tagged-6+{self._tagger.revision}"

    def extract(self, article: Article) -> list[Statement]:
        """The statements in order of their content; marked paragraphs give none."""
        return self.extract_all([article])[0]

    def extract_all(self, articles: Sequence[Article]) -> list[list[Statement]]:
        """As `extract`; the tagger reads all articles together."""
        registers = [Register.of(article.text) for article in articles]
        texts = [
            TextToTag(article.text, article.paragraphs or paragraphs_of(article.text), name_places(article.text, one))
            for article, one in zip(articles, registers, strict=True)
        ]
        return [
            _assembled(article, self.version, merge(text.text, dr.read(text.text, text.paragraphs), found), register)
            for article, register, text, found in zip(articles, registers, texts, self._tagger.tag(texts), strict=True)
        ]


def _assembled(article: Article, version: str, reading: dr.Reading, register: Register) -> list[Statement]:
    return _Assembly(article, version, Voices.of(article.text, reading, register)).statements(reading)


class _Assembly:
    """Turns the drafts of one article into statements."""

    def __init__(self, article: Article, version: str, voices: Voices) -> None:
        self._article = article
        self._version = version
        self._hash = article.content_hash  # once: it reads the whole text
        self._voices = voices
        self._ids: dict[int, str] = {}
        self._wording = Wording(article, voices)

    def statements(self, reading: dr.Reading) -> list[Statement]:
        found: dict[str, Statement] = {}
        for draft in reading.drafts:
            statement = self._statement(draft)
            if statement is not None:
                found.setdefault(statement.id, statement)
        return sorted(found.values(), key=lambda statement: (statement.start, -statement.end))

    def _statement(self, draft: dr.Draft) -> Statement | None:
        text = self._article.text
        content = tuple(Span.cut(text, low, high) for low, high in draft.pieces)
        source = Span.cut(text, *draft.source) if draft.source else None
        cue = Span.cut(text, *draft.cue) if draft.cue else None
        spans = (*content, *(span for span in (source, cue) if span is not None))
        key = statement_id(self._article.url, self._hash, self._version, spans)
        self._ids[id(draft)] = key
        resolved = self._outlet() if draft.narrated else self._voices.speaker(draft)
        kind = StatementKind.NARRATED if draft.narrated else kind_of(draft.pieces, draft.quotes)
        claim = self._wording.claim(draft, resolved.speaker, direct=kind is StatementKind.DIRECT)
        if not any(character.isalnum() for character in claim):
            return None
        parent = self._ids.get(id(draft.parent)) if draft.parent is not None else None
        return Statement(
            id=key,
            kind=kind,
            speaker=resolved.speaker,
            source=source,
            cue=cue,
            cue_class=draft.cue_class,
            content=content,
            claim=claim,
            confidence=_confidence(kind, resolved.speaker) if draft.confidence is None else round(draft.confidence, 4),
            nested_in=parent,
            speaker_reason=resolved.reason,
        )

    def _outlet(self) -> Resolved:
        if self._article.outlet:
            return Resolved(Speaker(self._article.outlet, SpeakerKind.OUTLET))
        return Resolved(None, "the outlet is not known")


def _confidence(kind: StatementKind, speaker: Speaker | None) -> float:
    """The rule's confidence: marks with a resolved speaker highest, the outlet's own voice lowest."""
    if kind is StatementKind.NARRATED:
        return _NARRATED
    if kind is StatementKind.INDIRECT:
        return _INDIRECT_NAMED if speaker else _INDIRECT
    return _MARKS_AND_NAME if speaker else _MARKS_ONLY
