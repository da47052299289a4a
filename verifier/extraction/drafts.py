"""The attributions of a whole article before speakers and claims: sentences, frames, quotations that go on, nesting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from verifier.extraction.attribution import frames_of
from verifier.extraction.frames import Frame, Place
from verifier.extraction.narrated import is_narrated
from verifier.extraction.quotes import Quote, find_quotes, quotes_between
from verifier.extraction.sentences import sentences_of
from verifier.extraction.tokens import Tag, Token, tokens_of
from verifier.extraction.transcripts import Turn, turns_of
from verifier.extraction.words import word_set
from verifier.values import CueClass, Paragraph, Range

ASSERTED = (CueClass.SPEECH, CueClass.DENIAL, CueClass.ACCUSATION)
_OWN_VOICE = word_set("i we you it who which that this they he she")


@dataclass(slots=True)
class Draft:
    """A statement in the making, by offsets; `pieces` grow while its quotation goes on."""

    pieces: list[Range]
    sentence: Sequence[Token]
    source: Range | None = None
    cue: Range | None = None
    cue_class: CueClass | None = None
    verb: str = ""
    context: Range | None = None
    place: Place = Place.AFTER
    inherits: bool = False
    clause: bool = True
    narrated: bool = False
    pending: bool = False
    quotes: list[Range] = field(default_factory=list)
    parent: Draft | None = None
    confidence: float | None = None
    antecedent: Range | None = None


@dataclass(slots=True)
class Reading:
    """What one pass over the article found: drafts in order, each sentence with its drafts."""

    sentences: list[tuple[Sequence[Token], list[Draft]]] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    carrying: Draft | None = None
    last_spoken: Draft | None = None

    @property
    def drafts(self) -> Iterator[Draft]:
        """All drafts that have a content."""
        return (draft for _, drafts in self.sentences for draft in drafts if draft.pieces)


def read(text: str, paragraphs: Sequence[Paragraph]) -> Reading:
    """Read the paragraphs in order; marked ones give nothing and end no quotation."""
    kept = [paragraph for paragraph in paragraphs if paragraph.mark is None]
    reading = Reading()
    turns = turns_of(text, kept)
    for paragraph, quotes, turn in zip(kept, find_quotes(text, kept), turns, strict=True):
        reading.quotes += quotes
        if turn is not None:
            _read_turn(turn, reading)
        else:
            _read_paragraph(text, paragraph, quotes, reading)
    _nest_all(text, reading)
    return reading


def _read_turn(turn: Turn, reading: Reading) -> None:
    draft = Draft([turn.content], (), turn.source, turn.cue, turn.cue_class, "say", quotes=[turn.content])
    reading.sentences.append(((), [draft]))
    reading.carrying = reading.last_spoken = None


def _read_paragraph(text: str, paragraph: Paragraph, quotes: Sequence[Quote], reading: Reading) -> None:
    tokens = tokens_of(text, paragraph.start, paragraph.end, quotes)
    sentences = sentences_of(text, tokens)
    carried = reading.carrying
    waiting: list[Token] = []
    spoken_here: Draft | None = None
    for place, sentence in enumerate(sentences):
        if _is_quote_only(sentence):
            target = spoken_here or (carried if place == 0 else None) or _goes_on(reading, place)
            if target is None:
                waiting.extend(token for token in sentence if token.tag is Tag.QUOTE)
                continue
            _extend(target, sentence)
            spoken_here = target
            continue
        drafts = _drafts(sentence)
        if drafts and waiting and drafts[0].place is not Place.AFTER:
            _prepend(drafts[0], waiting)
            waiting = []
        if not drafts and is_narrated(sentence, alone=len(sentences) == 1):
            drafts = [_narrated(sentence)]
        reading.sentences.append((sentence, drafts))
        spoken_here = _spoken(drafts) or (None if drafts or _tells(sentence) else spoken_here)
    _flush(waiting, reading)
    _carry(quotes, spoken_here, carried, reading)


def _tells(sentence: Sequence[Token]) -> bool:
    """Whether a sentence too short for a statement has a verb: somebody else may have the word after it."""
    return any(token.tag in (Tag.VERB, Tag.AUX, Tag.VERB_ED) for token in sentence)


def _goes_on(reading: Reading, place: int) -> Draft | None:
    """The statement of the paragraph before that a paragraph of quotation only continues."""
    return reading.last_spoken if place == 0 else None


def _carry(quotes: Sequence[Quote], spoken: Draft | None, carried: Draft | None, reading: Reading) -> None:
    goes_on = bool(quotes) and quotes[-1].carries
    reading.carrying = (spoken or carried) if goes_on else None
    reading.last_spoken = spoken


def _spoken(drafts: Sequence[Draft]) -> Draft | None:
    """The statement that a following quotation continues: the last that quotes, or that announces a quotation."""
    for draft in reversed(drafts):
        if not draft.narrated and (draft.quotes or draft.pending) and draft.cue_class in ASSERTED:
            return draft
    return None


def _flush(waiting: Sequence[Token], reading: Reading) -> None:
    """Quotations that no cue claims: a statement without source, if they are long enough to be one."""
    for token in waiting:
        if token.end - token.start >= 40:
            place = (token.start, token.end)
            reading.sentences.append(((token,), [Draft([place], (token,), quotes=[place])]))


def _is_quote_only(sentence: Sequence[Token]) -> bool:
    return any(token.tag is Tag.QUOTE for token in sentence) and all(
        token.tag in (Tag.QUOTE, Tag.STOP, Tag.PUNCT, Tag.COMMA) for token in sentence
    )


def _extend(draft: Draft, sentence: Sequence[Token]) -> None:
    for token in sentence:
        if token.tag is Tag.QUOTE:
            draft.pieces.append((token.start, token.end))
            draft.quotes.append((token.start, token.end))


def _prepend(draft: Draft, waiting: Sequence[Token]) -> None:
    places = [(token.start, token.end) for token in waiting]
    draft.pieces[:0] = places
    draft.quotes[:0] = places


def _narrated(sentence: Sequence[Token]) -> Draft:
    return Draft([(sentence[0].start, sentence[-1].end)], sentence, narrated=True)


def _drafts(sentence: Sequence[Token]) -> list[Draft]:
    return [_draft(sentence, frame) for frame in frames_of(sentence)]


def _draft(sentence: Sequence[Token], frame: Frame) -> Draft:
    quoted = [
        (token.start, token.end)
        for token in sentence
        if token.quote is not None and any(low <= token.start and token.end <= high for low, high in frame.content)
    ]
    return Draft(
        list(frame.content), sentence, frame.source, frame.cue, frame.cue_class, frame.verb, frame.context, frame.place,
        frame.inherits, frame.clause, pending=not frame.content, quotes=quoted,
    )  # fmt: skip


def _nest_all(text: str, reading: Reading) -> None:
    for _, drafts in reading.sentences:
        for draft in list(drafts):
            if not draft.narrated:
                drafts.extend(_nested(text, draft))


def _nested(text: str, draft: Draft) -> list[Draft]:
    """Attributions inside a content: "Blinken said …" inside what Tarar said."""
    inner: list[Draft] = []
    for piece in draft.pieces:
        quoted = piece in draft.quotes
        low, high = _inside(text, piece) if quoted else piece
        if high - low < 20:
            continue
        quotes = quotes_between(text, low, high)
        for sentence in sentences_of(text, tokens_of(text, low, high, quotes)):
            inner += [found for found in _drafts(sentence) if _worth_nesting(text, found)]
    for found in inner:
        found.parent = draft
    return inner


def _inside(text: str, piece: Range) -> Range:
    """A quotation without its marks."""
    low, high = piece
    while low < high and text[low] in "“„«»\"‘'`":
        low += 1
    while high > low and text[high - 1] in "”“»«\"’'":
        high -= 1
    return low, high


def _worth_nesting(text: str, draft: Draft) -> bool:
    if draft.source is None or draft.cue_class not in ASSERTED or not draft.pieces:
        return False
    words = text[slice(*draft.source)].lower().split()
    return words[0] not in _OWN_VOICE
