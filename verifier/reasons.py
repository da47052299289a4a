"""Why a verdict says what it says, in plain sentences: the decisive one first."""

from __future__ import annotations

from typing import Final

from verifier.alignment import asserted
from verifier.features import Evidence
from verifier.utterances import likeness
from verifier.values import Side
from verifier.verdicts import Deciding, ReasonCode, Stance, VerdictKind

BY_KIND: Final = {
    VerdictKind.CONTRADICTION: "Both cannot be true at once.",
    VerdictKind.TENSION: "Same subject, opposite direction; both could still be true, so a person should look.",
    VerdictKind.CORROBORATION: "Both say the same.",
    VerdictKind.SAME_UTTERANCE: "The same speaker's words, reported in both articles.",
}
BY_CODE: Final = {
    ReasonCode.UNRESOLVED_PRONOUN: "Undecided: it is not clear what a pronoun stands for.",
    ReasonCode.TOO_SHORT: "Undecided: one statement is too short to compare.",
    ReasonCode.NO_SHARED_SUBJECT: "Undecided: no common subject was found.",
    ReasonCode.UNIT_MISMATCH: "Undecided: the quantities are in units that cannot be compared.",
    ReasonCode.MODELS_DISAGREE: "Undecided: one direction reads as agreement, the other as contradiction.",
    ReasonCode.LOW_CONFIDENCE: "Undecided: no stance is likely enough.",
}

OTHER_POLLS: Final = "Two polls of different days or places, or of different questions: each can be right."

DENIED_SAYING: Final = "What is denied is having said something, not what the other side says."


def reasons(seen: Evidence, stance: Stance, kind: VerdictKind | None, code: ReasonCode | None) -> tuple[str, ...]:
    """The sentences of one verdict."""
    first = _decisive(seen, stance, kind, code)
    subject = "" if code is ReasonCode.NO_SHARED_SUBJECT else _subject(seen)
    rest = [_figures(seen, kind), _probabilities(seen), subject, _direction(seen), _relation(seen)]
    return tuple(sentence for sentence in (first, *rest) if sentence)


def deciding_sentence(a: Side, b: Side, deciding: Deciding) -> str:
    """The words that decided, and how far leaving them out moves the verdict model."""
    words = [
        "“" + " … ".join(asserted(side.statement)[low:high] for low, high in places) + "”"
        for side, places in ((a, deciding.a), (b, deciding.b))
        if places
    ]
    return (
        f"Deciding words: {' beside '.join(words)}; without them {deciding.whole:.2f} becomes {deciding.without:.2f}."
    )


def _decisive(seen: Evidence, stance: Stance, kind: VerdictKind | None, code: ReasonCode | None) -> str:
    if code is not None:
        return BY_CODE[code]
    if kind is VerdictKind.DENIAL:
        return _denial(seen)
    if kind is VerdictKind.NUMERIC:
        return f"The figures differ: {seen.figures.differing}."
    if kind is VerdictKind.NUMERIC_UPDATE:
        return _update(seen)
    if kind is VerdictKind.QUOTE_DRIFT:
        return _drift(seen)
    if kind is VerdictKind.POSITION_CHANGED:
        return f"The same speaker says the opposite {_days(seen.days_apart)} apart."
    if kind is not None:
        return BY_KIND[kind]
    if stance is Stance.AGREE:
        return "Both say the same."
    if seen.denies_saying:
        return DENIED_SAYING
    return OTHER_POLLS if seen.other_polls else "Neither agrees nor conflicts with the other."


def _denial(seen: Evidence) -> str:
    denying = seen.denying
    who = denying.statement.speaker.name if denying.statement.speaker else "One side"
    cue = denying.statement.cue.text if denying.statement.cue else "denies"
    what = "having said what the other side reports" if seen.denies_saying else "what the other side says"
    return f"{who} denies (“{cue}”) {what}."


def _drift(seen: Evidence) -> str:
    pairs = [f"“{a}” beside “{b}”" for a, b in likeness(seen.a.statement, seen.b.statement).differing]
    return f"One utterance, with different words in quotation marks: {'; '.join(pairs)}."


def _update(seen: Evidence) -> str:
    """The earlier figure and the later one, each with its day."""
    found, order = seen.figures.differing, seen.in_order
    if found is None or order is None:
        return "The figure grew with time: an update."
    figures = {id(seen.a): found.a, id(seen.b): found.b}
    first, second = (figures[id(side)] for side in order)
    days = [f"{side.published_at:%-d %B %Y}" for side in order if side.published_at]
    way = "higher" if second.value > first.value else "lower"
    return f"The later figure is {way}, an update: “{first.text}” ({days[0]}), then “{second.text}” ({days[1]})."


def _figures(seen: Evidence, kind: VerdictKind | None) -> str:
    """Both values, where figures of one thing differ or are written differently, and no sentence before has shown them."""
    figures = seen.figures
    if kind in (VerdictKind.NUMERIC, VerdictKind.NUMERIC_UPDATE):
        return ""
    if figures.differing is not None:
        return f"Figures that differ: {figures.differing}."
    if figures.unlike_units is not None:
        return f"Figures in different units: {figures.unlike_units}."
    if figures.compatible is not None and not figures.compatible.alike:
        return f"Figures that can both hold: {figures.compatible}."
    return ""


def _probabilities(seen: Evidence) -> str:
    p, q = seen.probabilities.a_to_b, seen.probabilities.b_to_a
    return (
        f"Contradiction {p.contradiction:.2f} / {q.contradiction:.2f}, entailment {p.entailment:.2f} / {q.entailment:.2f} "
        "(A to B / B to A)."
    )


def _subject(seen: Evidence) -> str:
    shared = seen.shared.spelled(seen.b.statement.claim)
    return f"In common: {shared}." if shared else ""


def _direction(seen: Evidence) -> str:
    return f"Opposite directions on: {', '.join(seen.opposed)}." if seen.opposed else ""


def _relation(seen: Evidence) -> str:
    speakers = "same speaker" if seen.same_speaker else "different speakers"
    articles = "one article" if seen.a.article == seen.b.article else "different articles"
    gap = f", {_days(seen.days_apart)} apart" if seen.days_apart else ""
    return f"{speakers.capitalize()}, {articles}{gap}."


def _days(number: int | None) -> str:
    return "1 day" if number == 1 else f"{number} days"
