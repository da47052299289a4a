"""Camps: the statements of one story that say the same. A conflict is between two camps, whoever was compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from verifier.groups import Groups
from verifier.independence import Sourced, Weight, folded_name, same_quote, says_the_same, weigh
from verifier.values import CueClass
from verifier.verdicts import Stance, VerdictKind

_UTTERANCES: Final = frozenset({VerdictKind.SAME_UTTERANCE, VerdictKind.QUOTE_DRIFT})


@dataclass(frozen=True, slots=True)
class Edge:
    """What is held of two statements (by ids): a person's judgement where there is one, the verdict otherwise."""

    a: str
    b: str
    stance: Stance
    kind: VerdictKind | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Camp:
    """Statements that say the same, by id, and how many sources they are. `id` is the first statement's."""

    statements: tuple[Sourced, ...]
    weight: Weight

    @property
    def id(self) -> str:
        return self.statements[0].side.statement.id


def camps(statements: Sequence[Sourced], edges: Sequence[Edge]) -> list[Camp]:
    """The camps of one story; a statement that nothing joins is a camp of its own.

    Copies and repeated quotations come together first, then what agrees, the surest first. Two camps are never joined
    across a conflict between any two of their statements.
    """
    ordered = sorted(statements, key=_id)
    groups = Groups(map(_id, ordered))
    known = set(map(_id, ordered))
    inside = [edge for edge in edges if edge.a in known and edge.b in known]
    foes = [(edge.a, edge.b) for edge in inside if edge.stance is Stance.CONFLICT]
    agreed = [edge for edge in inside if edge.stance is Stance.AGREE]
    surest = [(edge.a, edge.b) for edge in sorted(agreed, key=lambda edge: (-edge.confidence, edge.a, edge.b))]
    for a, b in (*_repeated(ordered), *surest):
        if not any({groups.find(a), groups.find(b)} == {groups.find(x), groups.find(y)} for x, y in foes):
            groups.unite(a, b)
    utterances = {frozenset((edge.a, edge.b)) for edge in agreed if edge.kind in _UTTERANCES}
    by_id = {_id(one): one for one in ordered}
    found = ([by_id[member] for member in members] for members in groups.all().values())
    return [Camp(tuple(members), weigh(members, utterances)) for members in found]


def _repeated(ordered: Sequence[Sourced]) -> Iterator[tuple[str, str]]:
    """Statements that say the same by their words alone: reprints are never compared, so no verdict joins them."""
    shelves: dict[object, list[Sourced]] = defaultdict(list)
    for one in ordered:
        if one.cluster is not None:
            shelves[one.cluster].append(one)
        if (speaker := one.side.statement.speaker) is not None and (name := folded_name(speaker.name)):
            shelves[name[-1]].append(one)
    for members in shelves.values():
        for a, b in combinations(members, 2):
            if a.side.article != b.side.article and _denies(a) == _denies(b) and _same(a, b):
                yield _id(a), _id(b)


def _same(a: Sourced, b: Sourced) -> bool:
    if same_quote(a.side, b.side):
        return True
    copied = a.cluster is not None and a.cluster == b.cluster
    return copied and says_the_same(a.side.statement.text, b.side.statement.text)


def _denies(one: Sourced) -> bool:
    return one.side.statement.cue_class is CueClass.DENIAL


def _id(one: Sourced) -> str:
    return one.side.statement.id
