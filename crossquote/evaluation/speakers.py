"""How well it is known who is meant: pronouns on GAP and GUM, and names of one person on GUM, beside simple baselines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from models.training.coreference import LinkedText, Pronoun
from verifier.extraction.names import gender_of, parse
from verifier.extraction.people import Person, Register
from verifier.extraction.tokens import Tag, Token, tokens_of
from verifier.scoring import Counts
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Range

OURS: Final = "crossquote"
_FEMALE: Final = frozenset(("she", "her", "hers", "herself"))
_SUBJECTS: Final = frozenset(("he", "she"))


class PronounModel(Protocol):
    """Scores names for pronouns."""

    def meant(self, texts: Sequence[LinkedText]) -> list[list[list[float]]]:
        """For each text, pronoun and name a probability."""
        ...


@dataclass(frozen=True, slots=True)
class SpeakerScore:
    """One way of resolving on one group of items: precision, recall and F1 of (pronoun, name) or (name, name) pairs."""

    task: str
    method: str
    counts: Counts


Choice = Callable[[LinkedText, Pronoun], int | None]


def evaluate_speakers(
    model: PronounModel, texts: Sequence[LinkedText], progress: Callable[[int, int], None]
) -> list[SpeakerScore]:
    """Pronouns over all and by gender, each method beside the others, and names where the texts label them."""
    chosen: dict[str, list[tuple[Pronoun, int | None, str]]] = defaultdict(list)
    baselines: dict[str, Choice] = {
        "last name": last_name,
        "last name of the gender": same_gender,
        "parallel role": parallel,
    }
    for start in range(0, len(texts), 64):
        part = texts[start : start + 64]
        for text, scores in zip(part, model.meant(part), strict=True):
            for pronoun, chances in zip(text.pronouns, scores, strict=True):
                gender = "feminine" if text.text[slice(*pronoun.place)].lower() in _FEMALE else "masculine"
                chosen[OURS].append((pronoun, best(chances), gender))
                for name, choose in baselines.items():
                    chosen[name].append((pronoun, choose(text, pronoun), gender))
        progress(min(start + 64, len(texts)), len(texts))
    return [*_pronouns(chosen), *_names(texts)]


def best(chances: Sequence[float]) -> int | None:
    """The likeliest name if it is likelier than not."""
    found = max(range(len(chances)), key=chances.__getitem__, default=None)
    return found if found is not None and chances[found] > 0.5 else None


def last_name(text: LinkedText, pronoun: Pronoun) -> int | None:  # noqa: ARG001
    """The last name before the pronoun, or else the first behind it."""
    return _nearest(pronoun, range(len(pronoun.names)))


def same_gender(text: LinkedText, pronoun: Pronoun) -> int | None:
    """The last name whose first name, if known, has the pronoun's gender."""
    wanted = "f" if text.text[slice(*pronoun.place)].lower() in _FEMALE else "m"
    fitting = [
        index for index, (place, _) in enumerate(pronoun.names) if gender_of(text.text[slice(*place)]) in (wanted, None)
    ]
    return _nearest(pronoun, fitting or range(len(pronoun.names)))


def parallel(text: LinkedText, pronoun: Pronoun) -> int | None:
    """The last name in the pronoun's grammatical role (subject or not), by the words around it (after GAP's parallelism)."""
    tokens = [t for p in paragraphs_of(text.text) for t in tokens_of(text.text, p.start, p.end, ())]
    wanted = text.text[slice(*pronoun.place)].lower() in _SUBJECTS
    fitting = [index for index, (place, _) in enumerate(pronoun.names) if _is_subject(tokens, place) is wanted]
    return _nearest(pronoun, fitting or range(len(pronoun.names)))


def _nearest(pronoun: Pronoun, indices: Sequence[int]) -> int | None:
    before = [index for index in indices if pronoun.names[index][0] < pronoun.place]
    behind = [index for index in indices if index not in before]
    if before:
        return max(before, key=lambda index: pronoun.names[index][0])
    return min(behind, key=lambda index: pronoun.names[index][0], default=None)


def _is_subject(tokens: Sequence[Token], place: Range) -> bool:
    """Whether a verb follows the name, adverbs and one aside between commas left out."""
    at = next((index for index, token in enumerate(tokens) if token.start >= place[1]), len(tokens))
    if at < len(tokens) and tokens[at].tag is Tag.COMMA:
        closing = next((i for i in range(at + 1, min(at + 15, len(tokens))) if tokens[i].tag is Tag.COMMA), at)
        at = closing + 1
    while at < len(tokens) and tokens[at].tag is Tag.ADV:
        at += 1
    return at < len(tokens) and tokens[at].tag in (Tag.VERB, Tag.AUX, Tag.VERB_ED)


def _pronouns(chosen: dict[str, list[tuple[Pronoun, int | None, str]]]) -> Iterator[SpeakerScore]:
    for group in ("all", "masculine", "feminine"):
        for method, rows in chosen.items():
            counts = sum((_count(p, index) for p, index, gender in rows if group in ("all", gender)), Counts())
            yield SpeakerScore(f"pronouns, {group}", method, counts)


def _count(pronoun: Pronoun, index: int | None) -> Counts:
    """One choice a pronoun: right if it is meant; what is labelled counts once, since one name is enough."""
    right = index is not None and pronoun.names[index][1]
    return Counts(int(right), int(index is not None), int(any(meant for _, meant in pronoun.names)))


def _names(texts: Sequence[LinkedText]) -> Iterator[SpeakerScore]:
    labelled = [text for text in texts if text.people]
    if labelled:
        for method, identity in ((OURS, _by_register), ("last word of the name", _by_last_word)):
            counts = sum((_pairs(identity(text), [one for _, one in text.people]) for text in labelled), Counts())
            yield SpeakerScore("names of one person", method, counts)


def _by_register(text: LinkedText) -> list[str]:
    register = Register.of(text.text)
    phrases = [parse(text.text[slice(*place)]) for place, _ in text.people]
    found = [register.by_name(phrase) if phrase.name else None for phrase in phrases]
    return [one.name if isinstance(one, Person) else f"nobody {index}" for index, one in enumerate(found)]


def _by_last_word(text: LinkedText) -> list[str]:
    return [text.text[slice(*place)].split()[-1].lower() for place, _ in text.people]


def _pairs(ours: Sequence[str], gold: Sequence[str]) -> Counts:
    """Pairs of mentions put together, by us and by the labels."""
    matched = found = labelled = 0
    for index in range(len(ours)):
        for other in range(index):
            together, same = ours[index] == ours[other], gold[index] == gold[other]
            matched, found, labelled = matched + (together and same), found + together, labelled + same
    return Counts(matched, found, labelled)
