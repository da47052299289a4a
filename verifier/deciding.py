"""Which words decided a verdict: those without which the model is less sure of it (occlusion).

Each of the likeliest words of both statements is left out in turn, and what the verdict model then says, reading the pair in one order,
is compared with what it said of the whole. Where a quicker model stands before it, that one tries all words and the verdict model those
that mattered most. The words found are then left out together, and the pair is read in both orders: the
verdict shows how far that moves it, so a reader can see whether they really decided (Zeiler and Fergus, 2014; DeYoung et al., ERASER,
2020: comprehensiveness).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from verifier.alignment import asserted, shown
from verifier.polarity import NEGATIONS
from verifier.ports import StanceModel
from verifier.terms import NUMBER_WORDS, STOPWORDS, WORD
from verifier.values import Range, Side
from verifier.verdicts import Deciding, Stance, StanceProbabilities

TRIED: Final = 8
KEPT: Final = 3
LEAST: Final = 0.02
SHARE: Final = 0.5
HELD: Final = 0.5
"""What the model itself must hold of the stance: what a rule decided, no word decided."""
Places = tuple[list[Range], list[Range]]
"""Words of both sides."""
Drops = tuple[list[float], list[float]]
"""By how much leaving each of them out lowers the chance of the stance."""
DECIDED: Final = frozenset({Stance.AGREE, Stance.CONFLICT})


@dataclass(frozen=True, slots=True)
class Question:
    """Two statements and the stance whose words are looked for."""

    a: Side
    b: Side
    stance: Stance


def deciding_words(
    model: StanceModel, questions: Sequence[Question], quick: StanceModel | None = None
) -> list[Deciding | None]:
    """For each question the words that decided it; None where leaving single words out changes little.

    A quick model, where there is one, tries all words, and the model itself the likeliest.
    """
    tried = [_tried(one) for one in questions]
    drops = _drops(quick or model, questions, tried)
    if quick is not None:
        tried = [_likeliest(places, found) for places, found in zip(tried, drops, strict=True)]
        drops = _drops(model, questions, tried)
    chosen = [_chosen(places, found) for places, found in zip(tried, drops, strict=True)]
    pairs = [
        _pair_without(one, *places)
        for one, found in zip(questions, chosen, strict=True)
        if any(found)
        for places in (((), ()), found)
    ]
    chances = iter(model.stances(pairs))
    shown = (
        Deciding(*found, _chance(next(chances), one.stance), _chance(next(chances), one.stance)) if any(found) else None
        for one, found in zip(questions, chosen, strict=True)
    )
    return [one if one and one.whole >= HELD and one.whole - one.without >= LEAST else None for one in shown]


def _drops(model: StanceModel, questions: Sequence[Question], tried: Sequence[Places]) -> list[Drops]:
    """For each question by how much leaving out each of its words makes the model less sure."""
    texts = [text for one, places in zip(questions, tried, strict=True) for text in _without_each(one, places)]
    answers = iter(model.stances(texts, both_orders=False))
    found = []
    for one, (a, b) in zip(questions, tried, strict=True):
        whole = _chance(next(answers), one.stance)
        own, other = ([whole - _chance(next(answers), one.stance) for _ in places] for places in (a, b))
        found.append((own, other))
    return found


def _likeliest(places: Places, drops: Drops) -> Places:
    """The words of each side that matter most to the quick model, in the order of the text."""
    a, b = (
        sorted(place for _, place in sorted(zip(found, own, strict=True), reverse=True)[:KEPT])
        for own, found in zip(places, drops, strict=True)
    )
    return a, b


def _chance(p: StanceProbabilities, stance: Stance) -> float:
    return round(p.agree if stance is Stance.AGREE else p.conflict + p.tension, 4)


def _tried(one: Question) -> Places:
    """The words worth leaving out on each side: negations and figures, what both share, then the longest."""
    words = [_words(asserted(side.statement)) for side in (one.a, one.b)]
    shared = {word for _, word in words[0]} & {word for _, word in words[1]}

    def first(found: tuple[Range, str]) -> tuple[int, int]:
        place, word = found
        figure = word in NUMBER_WORDS or word[0].isdigit()
        rank = 0 if word in NEGATIONS or figure else 1 if word in shared else 2
        return rank, place[0] - place[1]

    a, b = (sorted(place for place, _ in sorted(found, key=first)[:TRIED]) for found in words)
    return a, b


def _words(text: str) -> list[tuple[Range, str]]:
    found = [(match.span(), match.group().rstrip(".").lower()) for match in WORD.finditer(text)]
    return [(place, word) for place, word in found if word in NEGATIONS or word not in STOPWORDS]


def _without_each(one: Question, places: Places) -> list[tuple[str, str]]:
    """The pair as it is, then with each word left out."""
    a, b = places
    return [
        _pair_without(one, (), ()),
        *(_pair_without(one, (place,), ()) for place in a),
        *(_pair_without(one, (), (place,)) for place in b),
    ]


def _pair_without(one: Question, a: Sequence[Range], b: Sequence[Range]) -> tuple[str, str]:
    return _without(one.a, a), _without(one.b, b)


def _without(side: Side, places: Sequence[Range]) -> str:
    text = asserted(side.statement)
    for start, end in sorted(places, reverse=True):
        text = f"{text[:start].rstrip()}{text[end:]}" if start else text[end:].lstrip()
    return shown(side.statement, text)


def _chosen(places: Places, drops: Drops) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    """The words of each side that matter most: those with at least half the effect of its strongest, in the order of the text."""
    a, b = (_strongest(own, found) for own, found in zip(places, drops, strict=True))
    return a, b


def _strongest(places: Sequence[Range], drops: Sequence[float]) -> tuple[Range, ...]:
    enough = max(LEAST, max(drops, default=0.0) * SHARE)
    ranked = sorted(zip(drops, places, strict=True), reverse=True)[:KEPT]
    return tuple(sorted(place for drop, place in ranked if drop >= enough))
