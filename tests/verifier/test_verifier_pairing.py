"""The gates: each keeps what it should and drops what it should, and says why."""

from __future__ import annotations

import pytest

from models.fakes import FakeEmbedder
from tests.verifier.sides import side
from verifier.pairing import GateSettings, Pairing
from verifier.values import CueClass, Side, StatementKind
from verifier.verdicts import Candidate

BRIDGE = "The Orsk bridge was inspected in March by the ministry"
DENIED = "The Orsk bridge was never inspected in March by anybody"
FILLER = " ".join(f"filler{i}" for i in range(40))


def candidates(*sides: Side, settings: GateSettings | None = None) -> list[Candidate]:
    vectors = FakeEmbedder().embed([one.statement.claim for one in sides])
    pool = Pairing(settings or GateSettings(copy_containment=0.99)).pool(sides, vectors, texts_of(sides))
    return pool.candidates([one.statement.id for one in sides])


def texts_of(sides: tuple[Side, ...]) -> dict[int, str]:
    """Articles in which each statement is a line at its own offset, with some lines of their own behind."""
    texts: dict[int, str] = {}
    for one in sides:
        before = texts.get(one.version_id, "").rstrip().ljust(one.statement.start, "\n")
        texts[one.version_id] = f"{before}{one.statement.text}\n\n"
    return {version: f"{text}{' '.join(f'w{version}x{i}' for i in range(40))}" for version, text in texts.items()}


@pytest.mark.parametrize(
    ("a", "b", "kept"),
    [
        pytest.param(
            side(BRIDGE, "Ann Orr"), side(DENIED, "Bo Lind", article="two", version=2), True, id="two articles"
        ),
        pytest.param(
            side(BRIDGE, "Ann Orr"), side(DENIED, "Bo Lind", start=90), True, id="two speakers of one article"
        ),
        pytest.param(
            side(BRIDGE, "Ann Orr"), side(DENIED, "Ann Orr", start=90), False, id="one speaker of one article"
        ),
        pytest.param(side(BRIDGE), side(DENIED, start=90), False, id="two unknown speakers of one article"),
        pytest.param(side(BRIDGE, "Ann Orr"), side(DENIED, "Bo Lind", start=9), False, id="one inside the other"),
        pytest.param(
            side(BRIDGE, "A B"), side(DENIED, "C D", article="two", version=2, day=31), False, id="far in time"
        ),
        pytest.param(
            side(BRIDGE, "A B"), side(DENIED, "A B", article="two", version=2, day=31), True, id="own words later"
        ),
        pytest.param(side(BRIDGE, "A B"), side(DENIED, "C D", article="two", version=2, day=None), True, id="no date"),
        pytest.param(side(BRIDGE, "A B"), side("Rice is dear", "C D", article="two", version=2), False, id="unlike"),
        pytest.param(side("Orsk bridge"), side("Orsk bridge", article="two", version=2), False, id="too few words"),
        pytest.param(
            side(BRIDGE, "A B"),
            side(DENIED, "C D", article="two", version=2, cue_class=CueClass.QUESTION),
            False,
            id="a question",
        ),
        pytest.param(
            side(BRIDGE, kind=StatementKind.NARRATED),
            side(BRIDGE, article="two", version=2, kind=StatementKind.NARRATED),
            False,
            id="the same passage in two papers",
        ),
    ],
)
def test_gates(a: Side, b: Side, kept: bool) -> None:
    assert bool(candidates(a, b)) is kept


def test_reprinted_articles_are_not_compared() -> None:
    a, b = side(BRIDGE, "A B"), side(DENIED, "C D", article="two", version=2)
    story = f"{FILLER} {BRIDGE} {DENIED}"
    vectors = FakeEmbedder().embed([BRIDGE, DENIED])
    pool = Pairing().pool([a, b], vectors, {1: story, 2: f"Headline {story}"})
    assert pool.candidates([a.statement.id, b.statement.id]) == []


def test_a_pair_is_found_once_in_order_with_its_reasons() -> None:
    (found,) = candidates(side(BRIDGE, "A B"), side(DENIED, "C D", article="two", version=2))
    assert found.a < found.b
    assert [gate.name for gate in found.gates] == ["apart", "own copy", "window", "similarity", "common"]
    assert "orsk" in found.gates[-1].detail


def test_top_k_bounds_the_neighbours_of_one_statement() -> None:
    others = [side(f"{BRIDGE} {i}", f"Speaker {i}", article=f"a{i}", version=i + 2) for i in range(8)]
    settings = GateSettings(top_k=3, copy_containment=0.99, passage_containment=1.01)
    vectors = FakeEmbedder().embed([one.statement.claim for one in [side(BRIDGE, "A B"), *others]])
    pool = Pairing(settings).pool([side(BRIDGE, "A B"), *others], vectors, {i: f"{FILLER}{i}" for i in range(1, 10)})
    assert len(pool.candidates([side(BRIDGE, "A B").statement.id])) == 3


def test_the_version_names_settings_and_embedding() -> None:
    versions = {Pairing().version, Pairing(GateSettings(top_k=3)).version, Pairing(embedding="other@1").version}
    assert len(versions) == 3
    assert Pairing().version == Pairing().version


def test_an_empty_pool() -> None:
    assert Pairing().pool([], FakeEmbedder().embed([]), {}).candidates(["x"]) == []
