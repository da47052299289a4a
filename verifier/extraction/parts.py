"""The parts of a sentence's attributions: each cue with its complement and its source, as token indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from verifier.extraction.complements import Complement, complement
from verifier.extraction.groups import Group, groups_of
from verifier.extraction.subjects import Range, head_subject, subject_after, subject_before
from verifier.extraction.tokens import Tag, Token
from verifier.extraction.words import word_set
from verifier.values import CueClass

SPOKEN = (CueClass.SPEECH, CueClass.DENIAL, CueClass.ACCUSATION, CueClass.QUESTION)
_TRAILING_VERBS = word_set(
    "say tell add write note explain recall announce state declare argue insist warn claim report tweet acknowledge"
    " admit stress remark reply continue conclude post repeat emphasize emphasise reiterate believe think hope show"
    " predict suggest joke quip confirm indicate observe comment assert maintain contend complain concede clarify"
    " respond answer ask reveal find be read exclaim shout chant yell charge allege testify estimate promise vow"
    " pledge urge lament muse caution counter advise underline opine boast brag interject quote deny reject dismiss refute dispute"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A cue with what was found for it, as token indices; `complement` None means its content stands before it."""

    group: Group
    complement: Complement | None
    source: Range | None
    inherits: bool
    inverted: bool = False

    @property
    def start(self) -> int:
        """Where the frame begins, source or cue; a shared source stands in another frame."""
        return min(self.group.start, self.source[0] if self.source and not self.inherits else self.group.start)


def parts_of(tokens: Sequence[Token]) -> list[Part]:
    """All cues of a sentence that have a source or need none, in order."""
    parts: list[Part] = []
    floor = 0
    for group in groups_of(tokens):
        part = _part(tokens, group, floor, parts)
        if part is not None:
            parts.append(part)
            floor = group.end
    return parts


def _part(tokens: Sequence[Token], group: Group, floor: int, before: Sequence[Part]) -> Part | None:
    """A cue with its complement and source, or None where the words are no attribution after all."""
    found = complement(tokens, group)
    if group.verb.base == "according to":
        return Part(group, found, None, inherits=False) if found else None
    if _inverted(tokens, group):
        source = subject_after(tokens, group.end, frozenset())
        if source is not None:
            return Part(group, None, source, inherits=False, inverted=True)
    if _asked(tokens, group):
        return _asked_part(tokens, group, found)
    if found is None and group.verb.base not in _TRAILING_VERBS:
        return None
    return _with_source(tokens, group, found, floor, before)


def _with_source(
    tokens: Sequence[Token], group: Group, found: Complement | None, floor: int, before: Sequence[Part]
) -> Part | None:
    """The part with its own subject, a shared one, or none where the cue is passive."""
    source = None if group.participle else subject_before(tokens, group, 0 if before else floor)
    if group.passive:
        return Part(group, found, source if group.verb.base == "quote" else None, inherits=False)
    if source is not None:
        return Part(group, found, source, inherits=False)
    if before or group.participle or _coordinated(tokens, group):
        return Part(group, found, _shared_source(tokens, group, before), inherits=True)
    return None


def _shared_source(tokens: Sequence[Token], group: Group, before: Sequence[Part]) -> Range | None:
    """The source of a cue that has no subject of its own: the cue's before it, or the subject of the sentence."""
    for part in reversed(before):
        if part.source is not None and not part.group.nominal:
            return part.source
    return head_subject(tokens, group.start)


def _asked(tokens: Sequence[Token], group: Group) -> bool:
    """ "Asked if …" and "When asked by Geo News why …" at the head of a sentence: a question to the next source."""
    if tokens[group.head].low not in ("asked", "pressed") or group.start != group.head:
        return False
    return all(token.low in ("when", "and", "but", "also") for token in tokens[: group.start])


def _asked_part(tokens: Sequence[Token], group: Group, found: Complement | None) -> Part | None:
    asker: Range | None = None
    if group.end < len(tokens) and tokens[group.end].low == "by":
        end = group.end + 1
        while end < len(tokens) and tokens[end].tag in (Tag.NAME, Tag.NOUN, Tag.DET, Tag.POSS):
            end += 1
        asker = (group.end + 1, end)
        found = complement(tokens, replace(group, end=end))
    if found is None or asker == (group.end + 1, group.end + 1):
        return None
    verb = replace(group.verb, cue_class=CueClass.QUESTION)
    cue_end = group.end if asker is not None else found.cue_end
    return Part(replace(group, verb=verb), replace(found, cue_end=cue_end), asker, inherits=False)


def _coordinated(tokens: Sequence[Token], group: Group) -> bool:
    at = group.start - 1
    while at >= 0 and tokens[at].tag is Tag.ADV:
        at -= 1
    return at >= 0 and tokens[at].tag in (Tag.CONJ, Tag.COMMA)


def _inverted(tokens: Sequence[Token], group: Group) -> bool:
    """ "…,” said X": the cue follows a quotation or a comma with a clause before it."""
    if group.start != group.head or group.head == 0 or group.verb.cue_class not in SPOKEN or group.participle:
        return False
    before = tokens[group.start - 1]
    if before.tag is Tag.QUOTE:
        return True
    if before.tag is not Tag.COMMA or group.start < 2:
        return False
    if tokens[group.start - 2].tag is Tag.QUOTE:
        return True
    said = tokens[group.head].low in ("said", "says")
    return said and _main_verb_before(tokens, group.start - 1) and _follows_name(tokens, group)


def _main_verb_before(tokens: Sequence[Token], end: int) -> bool:
    """Whether a finite verb stands before `end` outside relative clauses ("Feld, who also serves here, said")."""
    relative = False
    for index in range(end):
        token = tokens[index]
        if token.tag is Tag.COMMA:
            relative = tokens[index + 1].tag is Tag.WH
        elif token.tag in (Tag.VERB, Tag.AUX) and not relative and index:
            return True
    return False


def _follows_name(tokens: Sequence[Token], group: Group) -> bool:
    following = tokens[group.end] if group.end < len(tokens) else None
    return following is not None and following.tag in (Tag.NAME, Tag.DET, Tag.NOUN)
