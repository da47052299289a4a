"""Camps: who says the same in a story, never across a conflict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.verifier.sides import side
from verifier.camps import Edge, camps
from verifier.independence import Sourced
from verifier.values import CueClass, StatementKind
from verifier.verdicts import Stance, VerdictKind

AGREE, CONFLICT, NEUTRAL = Stance.AGREE, Stance.CONFLICT, Stance.NEUTRAL
WORDS = "Twenty-six people have died in the collapse of the bridge"


def said(name: str, text: str | None = None, speaker: str | None = None, cluster: int | None = None) -> Sourced:
    kind = StatementKind.DIRECT if speaker else StatementKind.INDIRECT
    return Sourced(side(text or f"what {name} says", speaker, article=name, outlet=name, kind=kind), cluster)


NORTH, SOUTH, EAST, WEST = said("North"), said("South"), said("East"), said("West")


def edge(a: Sourced, b: Sourced, stance: Stance, confidence: float = 0.8, kind: VerdictKind | None = None) -> Edge:
    return Edge(a.side.statement.id, b.side.statement.id, stance, kind, confidence)


def named(statements: list[Sourced], edges: list[Edge]) -> list[list[str]]:
    return sorted(sorted(one.outlet for one in camp.statements) for camp in camps(statements, edges))


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([], [["East"], ["North"], ["South"], ["West"]]),
        ([edge(NORTH, SOUTH, NEUTRAL)], [["East"], ["North"], ["South"], ["West"]]),
        ([edge(NORTH, SOUTH, AGREE), edge(SOUTH, EAST, AGREE)], [["East", "North", "South"], ["West"]]),
        ([edge(NORTH, SOUTH, AGREE), edge(SOUTH, EAST, CONFLICT)], [["East"], ["North", "South"], ["West"]]),
        (
            [edge(NORTH, SOUTH, AGREE, 0.9), edge(SOUTH, EAST, AGREE, 0.7), edge(NORTH, EAST, CONFLICT)],
            [["East"], ["North", "South"], ["West"]],
        ),
        (
            [edge(NORTH, SOUTH, AGREE, 0.7), edge(SOUTH, EAST, AGREE, 0.9), edge(NORTH, EAST, CONFLICT)],
            [["East", "South"], ["North"], ["West"]],
        ),
        (
            [
                edge(NORTH, SOUTH, AGREE),
                edge(EAST, WEST, AGREE),
                edge(SOUTH, EAST, AGREE, 0.6),
                edge(NORTH, WEST, CONFLICT),
            ],
            [["East", "West"], ["North", "South"]],
        ),
    ],
    ids=["nothing", "neutral", "chain", "conflict", "the surer first", "the other surer", "two camps stay two"],
)
def test_camps(edges: list[Edge], expected: list[list[str]]) -> None:
    assert named([NORTH, SOUTH, EAST, WEST], edges) == expected
    assert named([WEST, EAST, SOUTH, NORTH], edges[::-1]) == expected


def test_reprints_are_together_without_a_verdict() -> None:
    statements = [said(name, WORDS, cluster=3) for name in ("North", "South", "East")]
    (camp,) = camps(statements, [])
    assert str(camp.weight) == "3 outlets, 1 independent"
    assert camp.id == min(one.side.statement.id for one in statements)


def test_other_words_in_the_same_copy_stay_apart() -> None:
    assert (
        len(camps([said("North", WORDS, cluster=3), said("South", "It rained all day in the hills", cluster=3)], []))
        == 2
    )


def test_a_press_statement_is_together_without_a_verdict() -> None:
    (camp,) = camps([said("North", WORDS, "Jo Abel"), said("South", WORDS, "Abel")], [])
    assert str(camp.weight) == "2 outlets, 1 independent"


def test_who_denies_the_words_does_not_say_them() -> None:
    one, other = said("North", WORDS, cluster=3), said("South", WORDS, cluster=3)
    statement = replace(other.side.statement, cue_class=CueClass.DENIAL)
    assert len(camps([one, replace(other, side=replace(other.side, statement=statement))], [])) == 2


def test_one_utterance_counts_once() -> None:
    (camp,) = camps([NORTH, SOUTH], [edge(NORTH, SOUTH, AGREE, kind=VerdictKind.SAME_UTTERANCE)])
    assert str(camp.weight) == "2 outlets, 1 independent"
    (camp,) = camps([NORTH, SOUTH], [edge(NORTH, SOUTH, AGREE, kind=VerdictKind.CORROBORATION)])
    assert str(camp.weight) == "2 outlets, 2 independent"


def test_edges_that_leave_the_story_are_none_of_it() -> None:
    assert named([NORTH], [edge(NORTH, SOUTH, AGREE)]) == [["North"]]
