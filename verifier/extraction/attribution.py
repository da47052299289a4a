"""Attributions of one sentence: cue groups, their sources and their contents, as offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from verifier.extraction import lexicon as lx
from verifier.extraction.complements import complement, content_end, trimmed
from verifier.extraction.cues import noun_cues
from verifier.extraction.frames import Frame, Place
from verifier.extraction.parts import SPOKEN, Part, parts_of
from verifier.extraction.subjects import Range, subject_before
from verifier.extraction.tokens import Tag, Token
from verifier.values import CueClass


def frames_of(tokens: Sequence[Token]) -> list[Frame]:
    """The attributions of a sentence in order of their cues; those inside another's content are left out."""
    parts = parts_of(tokens)
    whole = _whole_sentence(tokens, parts)
    if whole is not None:
        return [whole]
    frames: list[Frame] = []
    covered = 0
    for index, part in enumerate(parts):
        if part.start < covered:
            continue
        stops = _stops(tokens, parts, index)
        frame, until = _frame(tokens, part, stops, covered)
        if frame is None:
            continue
        frames.append(frame)
        covered = max(covered, until)
    return _with_contexts(frames)


def _whole_sentence(tokens: Sequence[Token], parts: Sequence[Part]) -> Frame | None:
    """ "…, officials said." and "…, according to X.": the last cue reports all that stands before it."""
    if len(parts) < 2 or parts[-1].inherits:
        return None
    part = parts[-1]
    if tokens[0].tag is Tag.QUOTE and parts[0].complement is None:
        return None
    if part.group.verb.base == "according to":
        frame, end = _according(tokens, part, frozenset(), 0)
    else:
        lead = _content_before(tokens, part, 0) if part.complement is None else None
        if lead is None or tokens[lead[1] - 1].tag is Tag.QUOTE or part.group.verb.cue_class is not CueClass.SPEECH:
            return None
        frame, end = _trailing(tokens, part, lead, frozenset())
    if frame is None or frame.place is not Place.BEFORE:
        return None
    rest = tokens[end:]
    return frame if not any(token.tag in (Tag.VERB, Tag.AUX, Tag.QUOTE, Tag.CONJ) for token in rest) else None


def _stops(tokens: Sequence[Token], parts: Sequence[Part], index: int) -> frozenset[int]:
    """Where later coordinated frames begin: behind a comma, "and", "but" or "while"."""
    return frozenset(
        part.start
        for part in parts[index + 1 :]
        if part.start > 0 and part.group.start > parts[index].group.start and _coordinates(tokens, parts[index], part)
    )


def _coordinates(tokens: Sequence[Token], earlier: Part, part: Part) -> bool:
    """Whether a later cue stands beside the earlier one and not inside its content."""
    before = tokens[part.start - 1]
    if part.complement is None and not part.inverted and part.source is None:
        return False
    if part.group.participle:
        return before.tag in (Tag.COMMA, Tag.CONJ) or before.low in ("while", ",")
    if part.group.verb.base == "according to" or earlier.group.verb.cue_class is CueClass.QUESTION:
        return before.tag is Tag.COMMA
    if before.low in ("while", "whereas"):
        return tokens[part.start - 2].tag is Tag.COMMA
    if before.tag is not Tag.CONJ:
        return False
    reported = earlier.complement is not None and earlier.complement.clause
    if reported and not part.inherits and part.group.verb.cue_class not in SPOKEN:
        return False
    return before.low == "but" or tokens[part.start - 2].tag is Tag.COMMA or part.inherits


def _frame(tokens: Sequence[Token], part: Part, stops: frozenset[int], floor: int) -> tuple[Frame | None, int]:
    if part.group.verb.base == "according to":
        return _according(tokens, part, stops, floor)
    if part.group.verb.base == "quote" and part.group.passive:
        return _quoted(tokens, part, floor)
    lead = _content_before(tokens, part, floor)
    if lead is not None and (part.complement is None or part.inverted or _is_quote(tokens, lead)):
        return _trailing(tokens, part, lead, stops)
    if part.complement is None:
        other = _as_reported(tokens, part, stops) or _denied_noun(tokens, part)
        return other or (_announcement(tokens, part), 0)
    end = content_end(tokens, part.complement.start, stops, clause=part.complement.clause)
    if end <= part.complement.start:
        return None, 0
    subject = subject_before(tokens, part.group, floor) if part.group.passive and part.source is None else None
    if subject is not None and tokens[part.complement.start].low in ("to", "as") and not part.inherits:
        pieces = (subject, (part.complement.start, end))  # "Quill is expected to resign": by nobody named
        return _make(tokens, part, part.complement.cue_end, pieces, Place.AROUND), end
    frame = _make(tokens, part, part.complement.cue_end, ((part.complement.start, end),), Place.AFTER)
    return frame, end


def _as_reported(tokens: Sequence[Token], part: Part, stops: frozenset[int]) -> tuple[Frame, int] | None:
    """ "As The Herald reported, …": the content is the main clause."""
    start = part.group.end + 1
    leads = part.start == 1 and tokens[0].low == "as" and start < len(tokens) and tokens[start - 1].tag is Tag.COMMA
    end = content_end(tokens, start, stops) if leads else start
    return (_make(tokens, part, part.group.end, ((start, end),), Place.AFTER), end) if end > start else None


def _denied_noun(tokens: Sequence[Token], part: Part) -> tuple[Frame, int] | None:
    """ ", a claim Tarn denied": the content is the noun before the source."""
    start, end = part.source or (0, 0)
    noun = start + 1
    if part.group.verb.cue_class is not CueClass.DENIAL or end - start < 3 or tokens[noun].low not in noun_cues():
        return None
    placed = replace(part, source=(noun + 1, end))
    return _make(tokens, placed, part.group.end, ((start, noun + 1),), Place.BEFORE), part.group.end


def _announcement(tokens: Sequence[Token], part: Part) -> Frame | None:
    """ "Feld added:" at the end of a paragraph: the content is the quotation in the next one."""
    if tokens[-1].tag is not Tag.COLON or part.group.end < len(tokens) - 8:
        return None
    return _make(tokens, part, len(tokens) if part.group.end == len(tokens) - 1 else part.group.end, (), Place.AFTER)


def _is_quote(tokens: Sequence[Token], lead: Range) -> bool:
    """Whether what stands before is a spoken quotation, not a title or a scare quote at the head of the subject."""
    last = tokens[lead[1] - 1]
    behind = tokens[lead[1]] if lead[1] < len(tokens) else None
    return last.tag is Tag.QUOTE and (last.low in tuple(".,!?…—–-") or behind is None or behind.tag is Tag.COMMA)


def _content_before(tokens: Sequence[Token], part: Part, floor: int) -> Range | None:
    """The clause or quotation before the source (or before an inverted cue), as a range, or None."""
    end = part.group.start if part.inverted else part.start
    at = end - 1
    while at >= floor and tokens[at].tag is Tag.ADV and tokens[at].low not in ("not",):
        at -= 1
    if at < floor or part.group.nominal:
        return None
    if tokens[at].tag is Tag.COMMA:
        at -= 1
    elif tokens[at].tag is not Tag.QUOTE and not (tokens[at].tag is Tag.STOP and at > floor):
        return None
    if at < floor or (part.inherits and not part.inverted):
        return None
    quote_only = tokens[at].tag is Tag.QUOTE
    start = floor
    while start < at and tokens[start].tag in (Tag.COMMA, Tag.CONJ):
        start += 1
    if not quote_only and not _reported(tokens, part, start, at + 1):
        return None
    return (start, at + 1)


def _reported(tokens: Sequence[Token], part: Part, start: int, end: int) -> bool:
    """Whether the words before a cue are its content: they hold a verb, or go on behind it; no mere "On Tuesday,"."""
    if part.complement is not None and not part.inverted:
        return False
    behind = max(part.group.end, part.source[1] if part.source else 0)
    resumes = behind < len(tokens) and tokens[behind].tag is Tag.COMMA and _clause_resumes(tokens, behind + 1)
    return _finite(tokens[start:end]) or resumes or end - start <= 2


def _finite(tokens: Sequence[Token]) -> bool:
    return any(
        token.tag in (Tag.VERB, Tag.AUX, Tag.QUOTE)
        or (token.tag is Tag.VERB_ED and index > 0 and tokens[index - 1].tag in (Tag.NOUN, Tag.NAME, Tag.PRON, Tag.ADV))
        for index, token in enumerate(tokens)
    )


def _trailing(tokens: Sequence[Token], part: Part, lead: Range, stops: frozenset[int]) -> tuple[Frame | None, int]:
    """Content before the cue, and around it where a quotation or the clause's other half follows."""
    pieces = [lead]
    cue_end = part.group.end
    behind = max(cue_end, part.source[1] if part.source else 0)
    rest = _second_half(tokens, behind, stops)
    if rest is not None:
        pieces.append(rest)
        behind = rest[1]
        if tokens[rest[0] - 1].tag is Tag.COLON and rest[0] - 1 == cue_end:
            cue_end += 1
    frame = _make(tokens, part, cue_end, tuple(pieces), Place.BEFORE if rest is None else Place.AROUND)
    return frame, behind


def _second_half(tokens: Sequence[Token], behind: int, stops: frozenset[int]) -> Range | None:
    for index in range(behind, min(behind + 30, len(tokens))):
        token = tokens[index]
        if index in stops:
            return None
        if token.tag is Tag.QUOTE and tokens[index - 1].tag in (Tag.COMMA, Tag.STOP, Tag.COLON):
            return (index, _quote_run_end(tokens, index, stops))
        if token.tag in (Tag.VERB_ING, Tag.STOP, Tag.VERB, Tag.AUX):
            return None
        if token.tag is Tag.COMMA and index == behind and _clause_resumes(tokens, index + 1):
            end = content_end(tokens, index + 1, stops)
            return (index + 1, end) if end > index + 1 else None
    return None


def _clause_resumes(tokens: Sequence[Token], start: int) -> bool:
    """Whether behind "…, he said," the reported clause goes on."""
    following = tokens[start] if start < len(tokens) else None
    if following is None or following.tag in (Tag.VERB_ING, Tag.WH, Tag.CONJ, Tag.QUOTE):
        return False
    return following.tag in (Tag.VERB, Tag.VERB_ED, Tag.AUX, Tag.PREP, Tag.PRON, Tag.DET, Tag.NAME) and _finite(
        tokens[start:]
    )


def _quote_run_end(tokens: Sequence[Token], start: int, stops: frozenset[int]) -> int:
    end = content_end(tokens, start, stops)
    return max(end, start + 1)


def _according(tokens: Sequence[Token], part: Part, stops: frozenset[int], floor: int) -> tuple[Frame | None, int]:
    """ "According to X, …" and "…, according to X"."""
    start = part.group.end
    leading = all(token.tag in (Tag.CONJ, Tag.ADV, Tag.COMMA) for token in tokens[floor : part.group.start])
    end = _according_end(tokens, start, leading=leading)
    if end <= start:
        return None, 0
    placed = replace(part, source=(start, end))
    if leading:
        body = end
        while body < len(tokens) and tokens[body].tag in (Tag.COMMA, Tag.COLON):
            body += 1
        stop = content_end(tokens, body, stops)
        if stop <= body:
            return None, 0
        return _make(tokens, placed, part.group.end, ((body, stop),), Place.AFTER), stop
    begin = floor
    while begin < part.group.start and tokens[begin].tag in (Tag.COMMA, Tag.CONJ):
        begin += 1
    stop = trimmed(tokens, begin, part.group.start)
    if stop <= begin:
        return None, 0
    if (
        not _finite(tokens[begin:stop])
        and end < len(tokens)
        and tokens[end].tag is Tag.COMMA
        and _clause_resumes(tokens, end + 1)
    ):
        rest = content_end(tokens, end + 1, stops)  # "The man, according to police, was armed"
        return _make(tokens, placed, part.group.end, ((begin, stop), (end + 1, rest)), Place.AROUND), rest
    return _make(tokens, placed, part.group.end, ((begin, stop),), Place.BEFORE), end


def _according_end(tokens: Sequence[Token], start: int, *, leading: bool) -> int:
    """Where the source of "according to" ends: at a comma that opens no apposition, or at the sentence's end."""
    end = start
    while end < len(tokens):
        token = tokens[end]
        if token.tag in (Tag.STOP, Tag.COLON, Tag.QUOTE) or token.text in ";—–":
            break
        if token.tag is Tag.COMMA and not _apposition(tokens, end, leading=leading):
            break
        if leading and end > start and token.tag in (Tag.DET, Tag.PRON) and tokens[end - 1].tag in (Tag.NAME, Tag.NOUN):
            break  # "According to Nora Feld the dam is safe"
        if leading and token.tag in (Tag.VERB, Tag.AUX) and not any(t.tag is Tag.WH for t in tokens[start:end]):
            break
        end += 1
    return trimmed(tokens, start, end)


def _apposition(tokens: Sequence[Token], comma: int, *, leading: bool) -> bool:
    following = tokens[comma + 1] if comma + 1 < len(tokens) else None
    if following is None or following.tag not in (Tag.DET, Tag.WH, Tag.NOUN) or following.low in lx.POSSESSIVES:
        return False
    if following.tag is Tag.WH and any(
        token.low in ("said", "says", "added") for token in tokens[comma + 2 : comma + 6]
    ):
        return False  # ", which said …" is an attribution of its own
    if not leading:
        return True
    closing = comma + 1
    while closing < len(tokens) and tokens[closing].tag is not Tag.COMMA:
        if tokens[closing].tag in (Tag.VERB, Tag.AUX) and following.tag is not Tag.WH:
            return False
        closing += 1
    return closing < len(tokens)


def _quoted(tokens: Sequence[Token], part: Part, floor: int) -> tuple[Frame | None, int]:
    """ "“…,” Kirby was quoted as saying by news agency PTI" and "Kirby was quoted as saying that …"."""
    end = part.group.end
    if end + 1 < len(tokens) and tokens[end].low == "as" and tokens[end + 1].low in ("saying", "telling"):
        end += 2
    if part.source is None or end == part.group.end:
        return None, 0
    wider = replace(
        part, group=replace(part.group, end=end, passive=False, verb=replace(part.group.verb, gates="cq", base="say"))
    )
    lead = _content_before(tokens, wider, floor)
    if lead is not None:
        return _make(tokens, wider, end, (lead,), Place.BEFORE), end
    found = complement(tokens, wider.group)
    if found is None:
        return None, 0
    stop = content_end(tokens, found.start, frozenset())
    return _make(tokens, wider, found.cue_end, ((found.start, stop),), Place.AFTER), stop


def _make(tokens: Sequence[Token], part: Part, cue_end: int, pieces: tuple[Range, ...], place: Place) -> Frame:
    return Frame(
        source=_offsets(tokens, part.source) if part.source else None,
        cue=(tokens[part.group.start].start, tokens[cue_end - 1].end),
        cue_class=_class(tokens, part, pieces[0]) if pieces else part.group.verb.cue_class,
        verb=part.group.verb.base,
        content=tuple(_offsets(tokens, piece) for piece in pieces),
        place=place,
        inherits=part.inherits,
        clause=place is not Place.AFTER or part.complement is None or part.complement.clause,
    )


def _class(tokens: Sequence[Token], part: Part, content: Range) -> CueClass:
    """The verb's class, but "asked them to go" and "asked for help" are requests, not questions."""
    request = tokens[content[0]].tag is Tag.TO or tokens[content[0] - 1].low == "for"
    return CueClass.SPEECH if part.group.verb.base == "ask" and request else part.group.verb.cue_class


def _offsets(tokens: Sequence[Token], piece: Range) -> tuple[int, int]:
    return tokens[piece[0]].start, tokens[piece[1] - 1].end


def _with_contexts(frames: list[Frame]) -> list[Frame]:
    """An answer after "When asked if …," carries the question as its context."""
    result: list[Frame] = []
    for frame in frames:
        before = result[-1] if result else None
        answers = (
            before is not None and before.cue_class is CueClass.QUESTION and frame.cue_class is not CueClass.QUESTION
        )
        result.append(
            replace(frame, context=(before.cue[0], before.content[-1][1]) if before is not None and answers else None)
        )
    return result
