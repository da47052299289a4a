"""Cue verbs in all their forms, and the multiword and noun cues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from verifier.extraction import cue_table as table
from verifier.extraction.words import word_set
from verifier.values import CueClass


@dataclass(frozen=True, slots=True)
class CueVerb:
    """One verb: its class, what may follow it (see `cue_table`), and the prepositions that belong to the cue."""

    base: str
    cue_class: CueClass
    gates: str
    prepositions: frozenset[str]


@dataclass(frozen=True, slots=True)
class CueForm:
    """A form of a cue verb: `shape` is base, third (says), past (said), participle (written) or ing (saying)."""

    verb: CueVerb
    shapes: frozenset[str]


@cache
def cue_verbs() -> dict[str, CueVerb]:
    """Every cue verb by its base form; a verb of two classes keeps the later class and the gates of both."""
    verbs: dict[str, CueVerb] = {}
    for cue_class, rows in table.CLASSES:
        for row in rows.split():
            base, gates, *rest = row.split(":")
            if "-" in base:
                continue
            prepositions = frozenset(rest[0].split(",")) if rest else frozenset()
            before = verbs.get(base)
            if before is not None:
                gates, prepositions = gates + before.gates, prepositions | before.prepositions
            verbs[base] = CueVerb(base, cue_class, gates, prepositions)
    return verbs


@cache
def cue_forms() -> dict[str, CueForm]:
    """Every form of every cue verb, in lower case."""
    forms: dict[str, CueForm] = {}
    for verb in cue_verbs().values():
        for form, shape in _inflect(verb.base):
            before = forms.get(form)
            shapes = frozenset({shape}) | (before.shapes if before is not None and before.verb is verb else frozenset())
            forms[form] = CueForm(verb, shapes)
    return forms


def _inflect(base: str) -> Iterator[tuple[str, str]]:
    yield base, "base"
    if base.endswith("y") and base[-2] not in "aeiou":
        yield base[:-1] + "ies", "third"
    else:
        yield base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s"), "third"
    stem = base + base[-1] if base in table.DOUBLING else base
    yield (stem[:-1] if stem.endswith("e") and not stem.endswith("ee") else stem) + "ing", "ing"
    past, participle = table.IRREGULAR.get(base, (_regular_past(stem),) * 2)
    yield past, "past"
    yield participle, "participle"


def past_of(base: str) -> str:
    """The past form of a verb: "said", "praised"."""
    return table.IRREGULAR.get(base, (_regular_past(base + base[-1] if base in table.DOUBLING else base), ""))[0]


def _regular_past(stem: str) -> str:
    if stem.endswith("e"):
        return stem + "d"
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return stem[:-1] + "ied"
    return stem + "ed"


@cache
def finite_cues() -> frozenset[str]:
    """Forms that are finite in most of their uses: "said", "says"."""
    sure = {"past", "third"}
    return frozenset(form for form, cue in cue_forms().items() if cue.shapes & sure and form not in table.MOSTLY_NOUNS)


@cache
def plural_cues() -> frozenset[str]:
    """Forms that are finite only with a fitting subject: "officials say", "the paper claims"."""
    return frozenset(form for form, cue in cue_forms().items() if "base" in cue.shapes) | table.MOSTLY_NOUNS


# verbs that put another verb's action in a phase: "continues to deny", "went on to say", "declined to comment"
PHASES = word_set(
    "continue continues continued continuing go goes went going begin began begins start started starts try tried"
    " tries trying seek sought seeks seeking decline declined declines refuse refused refuses choose chose appear"
    " appeared appears seem seemed seems want wants wanted like likes happen happened manage managed failed fails"
    " used rush rushed hasten hastened"
)

# nouns that carry a statement: "X's claim that …", "the allegation that …"
NOUN_CUES = {
    "claim": CueClass.SPEECH, "claims": CueClass.SPEECH, "statement": CueClass.SPEECH, "assertion": CueClass.SPEECH,
    "assertions": CueClass.SPEECH, "allegation": CueClass.ACCUSATION, "allegations": CueClass.ACCUSATION,
    "accusation": CueClass.ACCUSATION, "accusations": CueClass.ACCUSATION, "suggestion": CueClass.SPEECH,
    "belief": CueClass.BELIEF, "warning": CueClass.SPEECH, "warnings": CueClass.SPEECH, "announcement": CueClass.SPEECH,
    "admission": CueClass.SPEECH, "denial": CueClass.DENIAL, "insistence": CueClass.SPEECH, "contention": CueClass.SPEECH,
    "argument": CueClass.SPEECH, "conclusion": CueClass.SPEECH, "promise": CueClass.INTENTION, "pledge": CueClass.INTENTION,
    "vow": CueClass.INTENTION, "hope": CueClass.BELIEF, "hopes": CueClass.BELIEF, "fear": CueClass.BELIEF,
    "fears": CueClass.BELIEF, "view": CueClass.BELIEF, "opinion": CueClass.BELIEF, "notion": CueClass.BELIEF,
    "assurance": CueClass.SPEECH, "assurances": CueClass.SPEECH, "proposal": CueClass.SPEECH, "finding": CueClass.EVIDENCE,
    "complaint": CueClass.ACCUSATION, "complaints": CueClass.ACCUSATION, "call": CueClass.SPEECH, "calls": CueClass.SPEECH,
    "desire": CueClass.INTENTION, "plan": CueClass.INTENTION, "plans": CueClass.INTENTION, "threat": CueClass.INTENTION,
    "decision": CueClass.INTENTION, "support": CueClass.BELIEF, "opposition": CueClass.BELIEF, "criticism": CueClass.ACCUSATION,
}  # fmt: skip

# a verb, its object noun(s), a joint: "expressed interest in", "made clear that", "sent a strong message … asking"
LIGHT_VERBS = {
    "express": "interest concern concerns hope satisfaction regret doubt doubts confidence support desire opposition"
    " willingness gratitude outrage frustration disappointment optimism",
    "make": "clear it plain known case",
    "raise": "questions concerns doubts concern",
    "take": "aim",
    "cast": "doubt",
    "voice": "concern concerns support opposition doubts",
    "send": "message",
    "issue": "statement warning",
    "release": "statement",
    "give": "assurance assurances assurances",
    "pose": "question questions",
    "reach": "conclusion",
    "draw": "attention",
    "lay": "blame",
    "throw": "support",
    "have": "vowed",
}

# be + adjective/participle + joint
BE_CUES = {
    "interested": ("in", CueClass.BELIEF), "committed": ("to", CueClass.INTENTION), "confident": ("that of", CueClass.BELIEF),
    "convinced": ("that of", CueClass.BELIEF), "concerned": ("that about", CueClass.BELIEF), "worried": ("that about", CueClass.BELIEF),
    "optimistic": ("that about", CueClass.BELIEF), "hopeful": ("that", CueClass.BELIEF), "aware": ("that of", CueClass.BELIEF),
    "sure": ("that", CueClass.BELIEF), "certain": ("that", CueClass.BELIEF), "afraid": ("that of", CueClass.BELIEF),
    "determined": ("to", CueClass.INTENTION), "expected": ("to", CueClass.BELIEF), "willing": ("to", CueClass.INTENTION),
    "mindful": ("that of", CueClass.BELIEF), "glad": ("that to", CueClass.BELIEF), "pleased": ("that to with", CueClass.BELIEF),
    "proud": ("that of to", CueClass.BELIEF), "eager": ("to", CueClass.INTENTION), "ready": ("to", CueClass.INTENTION),
    "skeptical": ("that of about", CueClass.BELIEF), "clear": ("that", CueClass.SPEECH), "adamant": ("that", CueClass.SPEECH),
    "unaware": ("that of", CueClass.BELIEF), "accused": ("of", CueClass.ACCUSATION), "rumored": ("to", CueClass.SPEECH),
    "believed": ("to", CueClass.BELIEF), "supposed": ("to", CueClass.BELIEF), "known": ("as", CueClass.BELIEF),
    "opposed": ("to", CueClass.BELIEF), "unlikely": ("to", CueClass.BELIEF), "considered": ("", CueClass.BELIEF),
}  # fmt: skip
