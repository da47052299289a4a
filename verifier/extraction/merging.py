"""The tagger's attributions in the rules' reading: the tagger decides who said what, the marks where a quotation ends.

A rule's attribution stays where the tagger found none and quotation marks or a transcript's turn speak for it; it lends its
cue's class, and the pieces of a quotation that goes on in later sentences and paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from verifier.extraction.drafts import ASSERTED, Draft, Reading
from verifier.extraction.frames import Place
from verifier.extraction.kinds import class_of, kind_of
from verifier.extraction.narrated import is_narrated
from verifier.extraction.ranges import Ranges, overlap, within
from verifier.extraction.tokens import CLAUSE, Tag, Token, inside_of
from verifier.values import Attribution, Range, StatementKind

_WEAK = 0.6
_WHOLE = 0.85
_PLAIN = frozenset(("say", "tell", "deny"))
_MESSAGE = 40
"""Characters before a source in which a message to it is looked for."""
_TO_SOMEBODY = re.compile(
    r"\b(?:messages?|letters?|notes?|e-?mails?|memos?|requests?|appeals?|calls?|signals?|tweets?|petitions?|warnings?|demands?|pleas?|texts?)"
    r"\s+to\s+$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Sentence:
    """One sentence of the reading with the rules' drafts and those that come in their place."""

    start: int
    tokens: Sequence[Token]
    rules: list[Draft]
    merged: list[Draft]


def merge(text: str, reading: Reading, found: Sequence[Attribution]) -> Reading:
    """A new reading with the tagger's attributions; the given one is left as it is."""
    return _Merger(text, reading, found).reading()


class _Merger:
    """One article's drafts of both kinds."""

    def __init__(self, text: str, reading: Reading, found: Sequence[Attribution]) -> None:
        self._text = text
        self._sentences = [
            _Sentence(_start(tokens, drafts), tokens, drafts, []) for tokens, drafts in reading.sentences
        ]
        self._homes = Ranges(((one.start, one.start + 1), one) for one in self._sentences)
        self._rules = Ranges((rule.cue, (rule, one)) for one in self._sentences for rule in one.rules if rule.cue)
        self._turns = Ranges(
            (piece, None)
            for one in self._sentences
            if not one.tokens
            for rule in one.rules
            if rule.cue
            for piece in rule.pieces
        )
        self._quotes = Ranges(((quote.start, quote.end), quote) for quote in reading.quotes)
        self._found = _without_doubles(self._of_one_each([one for one in found if self._counts(one)]))
        self._claimed = Ranges((piece, one) for one in self._found for piece in one.content)

    def _counts(self, one: Attribution) -> bool:
        """Whether an attribution can stand: a transcript's turns are the rules' own, and a weak one needs a source."""
        rules = [sentence for _, (_, sentence) in self._rules.touching(one.cue)]
        if self._is_addressed(one):
            return False
        if any(self._turns.touching(one.cue)) or any(not sentence.tokens for sentence in rules):
            return one.source is not None and not rules
        return bool(rules) or one.source is not None or one.confidence >= _WEAK

    def _is_addressed(self, one: Attribution) -> bool:
        """ "The mayor sent a letter to the minister asking her to resign": the minister asks nothing."""
        if one.source is None or not self._text[slice(*one.cue)].split(" ")[0].endswith("ing"):
            return False
        beside = not self._text[one.source[1] : one.cue[0]].strip()
        return beside and _TO_SOMEBODY.search(self._text, max(0, one.source[0] - _MESSAGE), one.source[0]) is not None

    def _of_one_each(self, found: Sequence[Attribution]) -> list[Attribution]:
        """A quotation that one attribution holds whole is no other's in part, unless the other's cue stands inside it."""
        owners = {
            quote: one
            for one in found
            for piece in one.content
            for quote, _ in self._quotes.touching(piece)
            if _holds(piece, quote)
        }

        def is_anothers(piece: Range, one: Attribution) -> bool:
            return any(
                within(piece, quote) and not _holds(piece, quote) and not within(one.cue, quote)
                for quote, _ in self._quotes.touching(piece)
                if owners.get(quote, one) is not one
            )

        kept = [tuple(piece for piece in one.content if not is_anothers(piece, one)) for one in found]
        return [replace(one, content=pieces) if pieces else one for one, pieces in zip(found, kept, strict=True)]

    def reading(self) -> Reading:
        taken = self._place_found()
        for sentence in self._sentences:
            sentence.merged += [
                _copy(rule) for rule in sentence.rules if id(rule) not in taken and self._stays(rule, sentence)
            ]
            if not sentence.merged and sentence.rules and is_narrated(sentence.tokens, alone=True):
                place = (sentence.tokens[0].start, sentence.tokens[-1].end)
                sentence.merged.append(Draft([place], sentence.tokens, narrated=True))
        _nest(self._sentences)
        return Reading([(sentence.tokens, sentence.merged) for sentence in self._sentences])

    def _place_found(self) -> set[int]:
        """Put each attribution into its sentence; returns the ids of the rules' drafts with the same cues."""
        taken: set[int] = set()
        for attribution in self._found:
            same = next((item for _, item in self._rules.touching(attribution.cue)), None)
            home = same[1] if same else self._homes.last_before(attribution.cue[0])
            if home is not None:
                taken |= {id(same[0])} if same else set()
                home.merged.append(self._draft(attribution, same[0] if same else None, home.tokens))
        return taken

    def _draft(self, attribution: Attribution, rule: Draft | None, tokens: Sequence[Token]) -> Draft:
        pieces = [self._at_marks(piece) for piece in attribution.content]
        if rule is not None and _is_direct(rule) and any(overlap(a, b) for a in pieces for b in rule.pieces):
            pieces = list(rule.pieces)
        elif rule is not None:
            pieces = sorted(pieces + self._going_on(rule, attribution))
        cue_class, verb = (rule.cue_class, rule.verb) if rule is not None else class_of(self._text, attribution)
        return Draft(
            pieces,
            tokens,
            _whole_source(attribution.source, rule),
            attribution.cue,
            cue_class,
            verb,
            context=rule.context if rule is not None else None,
            place=_place(attribution.cue, pieces),
            inherits=rule is not None and rule.inherits and attribution.source is None,
            clause=rule.clause if rule is not None and rule.pieces[:1] == pieces[:1] else _is_clause(pieces[0], tokens),
            quotes=[quote for piece in pieces for quote, _ in self._quotes.touching(piece) if within(quote, piece)],
            confidence=attribution.confidence,
            antecedent=attribution.antecedent,
        )

    def _at_marks(self, piece: Range) -> Range:
        """A piece that begins or ends beside a quotation's mark takes the mark in; a bullet is no part of it."""
        start, end = piece
        while start < end - 1 and self._text[start] in "•●▪◦ ":
            start += 1
        for _, quote in self._quotes.touching((start - 1, end + 1)):
            if quote.start < start <= quote.inner_start:
                start = quote.start
            if start < quote.end and quote.start < end < quote.end:
                left = self._text[end : quote.inner_end]
                end = quote.end if not left.strip(" .,!?;…") else end
        return start, end

    def _going_on(self, rule: Draft, attribution: Attribution) -> list[Range]:
        """The quotations by which a rule's content goes on, that no attribution claims."""
        last = attribution.content[-1][1]
        return [piece for piece in rule.quotes if piece[0] >= last and not any(self._claimed.touching(piece))]

    def _stays(self, rule: Draft, sentence: _Sentence) -> bool:
        """Whether a draft of the rules stands beside what the tagger found."""
        if rule.narrated:
            return not sentence.merged
        if any(True for piece in rule.pieces for _ in self._claimed.touching(piece)):
            return self._is_nested(rule)
        if rule.cue is None or not sentence.tokens:
            return True
        return bool(rule.quotes) and rule.cue_class in ASSERTED and rule.source is not None

    def _is_nested(self, rule: Draft) -> bool:
        """Whether a rule's draft is what somebody named plainly said or denied inside another's words."""
        if rule.parent is None or rule.source is None or rule.verb not in _PLAIN:
            return False
        return self._text[rule.source[0]].isupper()


def _holds(piece: Range, quote: Range) -> bool:
    """Whether a piece is nearly the whole of a quotation; marks and a stop may be missing."""
    return min(piece[1], quote[1]) - max(piece[0], quote[0]) >= _WHOLE * (quote[1] - quote[0])


def _without_doubles(found: Sequence[Attribution]) -> list[Attribution]:
    """Of attributions with nearly one content, none inside the other, the likeliest."""
    contents = Ranges((piece, one) for one in found for piece in one.content)
    return [one for one in found if not any(_beats(other, one) for other in _rivals(one, contents))]


def _rivals(one: Attribution, contents: Ranges[Attribution]) -> list[Attribution]:
    shared: dict[int, tuple[int, Attribution]] = {}
    for piece in one.content:
        for place, other in contents.touching(piece):
            size = min(place[1], piece[1]) - max(place[0], piece[0])
            shared[id(other)] = (shared.get(id(other), (0, other))[0] + size, other)
    mine = sum(high - low for low, high in one.content)
    return [other for size, other in shared.values() if other is not one and size > mine / 2]


def _beats(other: Attribution, one: Attribution) -> bool:
    nested = any(low <= one.cue[0] < high for low, high in other.content) or any(
        low <= other.cue[0] < high for low, high in one.content
    )
    return not nested and other.confidence > one.confidence


def _whole_source(source: Range | None, rule: Draft | None) -> Range | None:
    """The tagger's source with what the rules read as its apposition: "The governor, Piers Quill"."""
    if source is None or rule is None or rule.source is None:
        return source
    return rule.source if within(source, rule.source) else source


def _is_direct(rule: Draft) -> bool:
    return bool(rule.quotes) and kind_of(rule.pieces, rule.quotes) is StatementKind.DIRECT


def _start(tokens: Sequence[Token], drafts: Sequence[Draft]) -> int:
    starts = [place[0] for draft in drafts for place in (draft.source, draft.cue, *draft.pieces) if place]
    return tokens[0].start if tokens else min(starts, default=0)


def _place(cue: Range, pieces: Sequence[Range]) -> Place:
    if all(piece[0] >= cue[0] for piece in pieces):
        return Place.AFTER
    return Place.BEFORE if all(piece[1] <= cue[1] for piece in pieces) else Place.AROUND


def _is_clause(piece: Range, tokens: Sequence[Token]) -> bool:
    inside = inside_of(tokens, piece)
    return any(token.tag in CLAUSE for token in inside) and inside[0].tag is not Tag.TO


def _copy(rule: Draft) -> Draft:
    return replace(rule, pieces=list(rule.pieces), quotes=list(rule.quotes), parent=None)


def _nest(sentences: Sequence[_Sentence]) -> None:
    """The parent is the smallest content that holds an attribution's cue; it comes before what is nested in it."""
    drafts = [draft for sentence in sentences for draft in sentence.merged if not draft.narrated]
    contents = Ranges((piece, draft) for draft in drafts for piece in draft.pieces)
    for draft in drafts:
        if draft.cue is not None:
            holding = [
                other for piece, other in contents.touching(draft.cue)
                if other is not draft and within(draft.cue, piece) and _size(other) > _size(draft)
            ]  # fmt: skip
            draft.parent = min(holding, key=_size, default=None)
    for sentence in sentences:
        sentence.merged.sort(key=lambda draft: (_depth(draft), draft.cue or draft.pieces[0]))


def _size(draft: Draft) -> int:
    return sum(high - low for low, high in draft.pieces)


def _depth(draft: Draft) -> int:
    depth, at = 0, draft.parent
    while at is not None:
        depth, at = depth + 1, at.parent
    return depth
