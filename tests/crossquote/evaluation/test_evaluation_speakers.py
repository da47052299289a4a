"""The evaluation of who is meant, and its baselines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crossquote.evaluation.speakers import OURS, best, evaluate_speakers, last_name, parallel, same_gender
from models.training.coreference import LinkedText, Pronoun

TEXT = "Mary Lee phoned John Ray. She told Karen Fox that he was late, and Peter Poe laughed."


def linked(pronoun: str, meant: str, *names: str) -> LinkedText:
    def at(words: str) -> tuple[int, int]:
        return TEXT.index(words), TEXT.index(words) + len(words)

    people = tuple((at(name), name) for name in names)
    place = (at(pronoun)[1] - len(pronoun.split()[-1]), at(pronoun)[1])
    return LinkedText("1", TEXT, (Pronoun(place, tuple((at(name), name == meant) for name in names)),), people)


SHE = linked("She", "Mary Lee", "Mary Lee", "John Ray")
HE = linked("that he", "John Ray", "John Ray", "Karen Fox", "Peter Poe")


@pytest.mark.parametrize(
    ("method", "text", "index"),
    [
        pytest.param(last_name, SHE, 1, id="the last name"),
        pytest.param(last_name, HE, 1, id="names behind the pronoun come last"),
        pytest.param(same_gender, SHE, 0, id="the last name of the gender"),
        pytest.param(same_gender, HE, 0, id="of his gender"),
        pytest.param(parallel, SHE, 0, id="a subject for a subject"),
    ],
)
def test_baselines(method: object, text: LinkedText, index: int) -> None:
    assert callable(method)
    assert method(text, text.pronouns[0]) == index


def test_nothing_is_chosen_that_is_not_likely() -> None:
    assert best([0.2, 0.4]) is None
    assert best([0.2, 0.7, 0.6]) == 1
    assert best([]) is None


class Knowing:
    def meant(self, texts: Sequence[LinkedText]) -> list[list[list[float]]]:
        return [[[float(meant) for _, meant in p.names] for p in text.pronouns] for text in texts]


def test_scores_stand_beside_the_baselines() -> None:
    scores = {(s.task, s.method): s.counts for s in evaluate_speakers(Knowing(), [SHE, HE], lambda *_: None)}
    assert scores["pronouns, all", OURS].f1 == 1.0
    assert scores["pronouns, all", "last name"].f1 == 0.0
    assert scores["pronouns, feminine", OURS].labelled == 1
    assert scores["names of one person", OURS].found == 0


def test_names_of_one_person_are_put_together() -> None:
    text = "John Ray left. Ray was late. Karen Ray stayed."
    people = (((0, 8), "john"), ((15, 18), "john"), ((29, 38), "karen"))
    scores = {
        s.method: s.counts for s in evaluate_speakers(Knowing(), [LinkedText("1", text, (), people)], lambda *_: None)
    }
    assert scores["last word of the name"].found == 3
    assert scores[OURS].found == 0  # a surname that two share is nobody's
