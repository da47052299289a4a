"""Cue verbs in all their forms, and the multiword and noun cues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    for cue_class, rows in table.CLASSES.items():
        for row in rows.split():
            base, gates, *rest = row.split(":")
            prepositions = frozenset(rest[0].split(",")) if rest else frozenset()
            before = verbs.get(base)
            if before is not None:
                gates, prepositions = gates + before.gates, prepositions | before.prepositions
            verbs[base] = CueVerb(base, cue_class, gates, prepositions)
    return verbs


def class_of_verb(verb: CueVerb, words: Sequence[str]) -> CueClass:
    """The class of a verb in a cue of these words: who rules out denies, who rules says."""
    return CueClass.SPEECH if verb.base == "rule" and "out" not in words else verb.cue_class


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
    past, participle = irregular().get(base, (_regular_past(stem),) * 2)
    yield past, "past"
    yield participle, "participle"


def past_of(base: str) -> str:
    """The past form of a verb: "said", "praised"."""
    regular = _regular_past(base + base[-1] if base in table.DOUBLING else base)
    return irregular().get(base, (regular, regular))[0]


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


@cache
def noun_cues() -> dict[str, CueClass]:
    """Nouns that carry a statement."""
    return {noun: cue_class for cue_class, nouns in table.NOUNS.items() for noun in nouns.split()}


@cache
def light_verbs() -> dict[str, frozenset[str]]:
    """The nouns that make a cue of each form of a light verb: "expressed" with "interest"."""
    return {form: word_set(nouns) for forms, nouns in table.LIGHT.items() for form in forms.split()}


@cache
def be_cues() -> dict[str, tuple[frozenset[str], CueClass]]:
    """Words that are a cue behind a form of "be", with what must follow them."""
    return {
        row.partition(":")[0]: (frozenset(row.partition(":")[2].split(",")), cue_class)
        for cue_class, rows in table.BE.items()
        for row in rows.split()
    }


@cache
def irregular() -> dict[str, tuple[str, str]]:
    """Past and participle of the irregular verbs."""
    rows = (row.split(":") for row in table.IRREGULAR.split())
    return {base: (past, participle) for base, past, participle in rows}
