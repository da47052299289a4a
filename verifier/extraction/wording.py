"""What each claim of an article borrows from its surroundings, draft by draft in reading order."""

from __future__ import annotations

import re

from verifier.extraction import denials
from verifier.extraction.claims import ClaimContext, claim_of, plain
from verifier.extraction.cues import cue_forms, past_of
from verifier.extraction.drafts import Draft
from verifier.extraction.frames import Place
from verifier.extraction.sides import side_of
from verifier.extraction.tokens import Tag, tokens_of
from verifier.extraction.voices import Voices
from verifier.extraction.words import word_set
from verifier.polarity import DOUBTING
from verifier.values import Article, CueClass, Range, Speaker, SpeakerKind

_PRONOUNS = word_set("he she it they we who which that its his her their")
_WH = word_set("when how why what which whether if where who")
_SHORT = re.compile(r"\b(?:without|stop\w*\s+short)\b", re.IGNORECASE)
_NOBODY = re.compile(r"^(?:no|none|nobody|neither|nor|few|hardly|scarcely|not)\b", re.IGNORECASE)
_NEITHER = re.compile(r"\bneither\b[^.;“”\"]{0,60}\bnor\s+$", re.IGNORECASE)
_NAMING = word_set("call label describe brand dub deem portray cast characterize characterise")
_NEAR = 4  # statements between an accusation and a denial that takes it up; further back another one may be meant


class Wording:
    """Words the claims of one article; keeps what was last alleged, for a denial that only points back to it."""

    def __init__(self, article: Article, voices: Voices) -> None:
        self._text = article.text
        self._published_at = article.published_at
        self._voices = voices
        self._accused: tuple[int, str] | None = None
        self._said: tuple[int, str] | None = None
        self._count = 0

    def claim(self, draft: Draft, speaker: Speaker | None, *, direct: bool) -> str:
        """The claim of the next draft; `direct` says that its words are all quoted."""
        self._count += 1
        pieces = [self._text[low:high] for low, high in draft.pieces]
        if draft.verb.startswith("be ") and draft.source is None and draft.place is Place.AROUND:
            pieces = [self._text[draft.pieces[0][0] : draft.pieces[-1][1]]]  # "Quill is expected to resign"
        pieces, proposition = self._denied(draft, pieces)
        denies = draft.cue_class is CueClass.DENIAL
        claim = claim_of(
            pieces,
            ClaimContext(
                speaker=speaker,
                gender=self._voices.gender(draft),
                side=side_of(speaker),
                subject=self._subject(draft, speaker),
                quoted=direct or any(draft.pieces[0][0] == low for low, _ in draft.quotes),
                cue_class=draft.cue_class,
                question=self._text[slice(*draft.context)] if draft.context else None,
                antecedent=self._antecedent(),
                published_at=self._published_at,
                lead=None if denies and proposition else self._lead(draft, speaker, asserts=proposition),
                proposition=proposition,
            ),
        )
        self._keep(draft, pieces, claim)
        return claim

    def _denied(self, draft: Draft, pieces: list[str]) -> tuple[list[str], bool]:
        """The pieces, of a denial without "the notion that", and whether they are a clause; what denies nothing becomes speech."""
        if draft.cue_class is not CueClass.DENIAL or draft.narrated:
            return pieces, True
        proposition = denials.is_proposition(draft, self._text)
        if not denials.is_denial(draft, self._text, proposition=proposition):
            draft.cue_class = CueClass.SPEECH
            return [denials.whole(draft, self._text)] if denials.is_passive(draft, self._text) else pieces, proposition
        return [denials.denied(plain(pieces[0])), *pieces[1:]] if proposition else pieces, proposition

    def _antecedent(self) -> str | None:
        for kept, reach in ((self._accused, _NEAR), (self._said, 1)):
            if kept is not None and self._count - kept[0] <= reach:
                return kept[1]
        return None

    def _keep(self, draft: Draft, pieces: list[str], claim: str) -> None:
        """Remember what a denial may take up: an accusation, or else what was said just before."""
        words = plain(" ".join(pieces)).removeprefix("that ")
        clause = draft.clause and words.partition(" ")[0].lower() not in _WH
        said = f"that {words}" if clause else f"it: {claim}"
        if draft.cue_class is CueClass.ACCUSATION:
            self._accused = (self._count, said)
        elif draft.cue_class is CueClass.SPEECH and draft.clause:
            self._said = (self._count, said)

    def _lead(self, draft: Draft, speaker: Speaker | None, *, asserts: bool) -> str | None:
        """ "Lloyd Austin expressed interest in": a content that asserts nothing alone needs its subject and cue."""
        if draft.narrated or draft.cue is None or draft.verb == "according to":
            return None
        start = draft.pieces[0][0]
        if draft.cue_class is CueClass.QUESTION:
            asked = "asked about" if self._text[slice(*draft.cue)].endswith(" about") else "asked"
            return f"{speaker.name} {asked}" if speaker else f"It was {asked}"
        between = self._text[self._cue_start(draft.cue) : start]
        if draft.place is not Place.AFTER or len(between) > 200 or (asserts and not self._needs_subject(draft)):
            return None
        return plain(f"{self._subject(draft, speaker)} {_finite(between, draft.verb)}")

    def _subject(self, draft: Draft, speaker: Speaker | None) -> str:
        """The person's name; for a body or group the words of the sentence, which fit its grammar."""
        source = self._text[slice(*draft.source)] if draft.source else ""
        if speaker is not None and (speaker.kind is SpeakerKind.PERSON or source.lower() in _PRONOUNS):
            return speaker.name
        return re.sub(r"\s+neither$", "", source.strip(" ,")) or "Somebody"

    def _cue_start(self, cue: Range) -> int:
        """Where a cue begins, with "neither confirmed nor" before it."""
        low = max(0, cue[0] - 80)
        found = _NEITHER.search(self._text[low : cue[0]])
        return low + found.start() if found else cue[0]

    def _is_neither(self, draft: Draft) -> bool:
        return draft.cue is not None and self._cue_start(draft.cue) < draft.cue[0]

    def _has_verb(self, draft: Draft) -> bool:
        """Whether a finite verb stands anywhere in the content, inside quotation marks too."""
        tokens = (token for piece in draft.pieces for token in tokens_of(self._text, *piece, ()))
        return any(token.tag in (Tag.VERB, Tag.AUX) for token in tokens)

    def _needs_subject(self, draft: Draft) -> bool:
        """Whether the content is an infinitive, a gerund, a noun phrase or a question, or its cue is negated or doubts."""
        cue = self._text[slice(*draft.cue)] if draft.cue else ""
        source = self._text[slice(*draft.source)] if draft.source else ""
        held = not (denials.is_undenied(cue) or _SHORT.search(cue) or DOUBTING.search(cue))
        if not held or _NOBODY.search(source) or self._is_neither(draft):
            return True
        low = draft.pieces[0][0]
        if draft.verb in _NAMING and not self._has_verb(draft):  # "called him “a liar”"
            return True
        words = self._text[low : low + 60].lower().split()
        if draft.pieces[0] in draft.quotes or not words or words[0] in ("that", "there"):
            return False
        return not draft.clause or words[0] == "to" or words[0] in _WH or words[0].endswith("ing")


def _finite(cue: str, verb: str) -> str:
    """A participle or infinitive cue as a finite one: "praising" and "to praise" become "praised"; others are left as they are."""
    words = cue.split() or [""]
    infinitive = words[0].lower() == "to" and len(words) > 1
    first, *rest = words[infinitive:]
    form = cue_forms().get(first.lower())
    if form is None or ("base" if infinitive else "ing") not in form.shapes or form.verb.base != verb:
        return cue
    return " ".join([past_of(verb), *rest])
