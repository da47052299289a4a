"""Independence: copies are found, and a side counts its sources, not its reprints."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.verifier.sides import side
from verifier.copies import PASSAGE_SHINGLE, containment, shingles
from verifier.independence import (
    Passage,
    Sourced,
    Weight,
    WireCluster,
    passages_of,
    quoted,
    says_the_same,
    weigh,
    wire_clusters,
)
from verifier.near_copies import candidates
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Article, Side, StatementKind

WIRE = (
    "Divers brought up the last of the cars from the bed of the Arn on Wednesday, a day after the Kestrel Bridge gave "
    "way under the morning traffic."
)
REWRITTEN = "A day after the bridge fell, the last cars were lifted out of the river, as the rescue service announced."
DIRECT, MIXED, NARRATED = StatementKind.DIRECT, StatementKind.MIXED, StatementKind.NARRATED


def passage(version: int, words: str, *, day: int | None = 1, position: int = 0, article: str | None = None) -> Passage:
    published = datetime(2026, 1, day, tzinfo=UTC) if day else None
    return Passage((version, position), article or f"article {version}", published, words)


def places(clusters: Sequence[WireCluster]) -> list[list[int]]:
    return [[member.place[0] for member in cluster.members] for cluster in clusters]


@pytest.mark.parametrize(
    ("other", "together"),
    [
        (passage(2, WIRE), True),
        (passage(2, "HALLBROOK, March 12 (Trisea Press) — " + WIRE), True),
        (passage(2, WIRE.replace("the last of the cars", "the last cars")), True),
        (passage(2, WIRE + " Many came to watch and pray on the bank."), True),
        (passage(2, REWRITTEN), False),
        (passage(2, WIRE, day=None), True),
        (passage(2, WIRE, day=14), True),
        (passage(2, WIRE, day=16), False),
        (passage(2, WIRE, article="article 1"), False),
    ],
    ids=["same", "dateline", "one word", "longer", "rewritten", "undated", "13 days", "15 days", "own article"],
)
def test_near_copies(other: Passage, together: bool) -> None:
    found = wire_clusters([passage(1, WIRE), other], {1, 2}, {})
    assert places(found) == ([[1, 2]] if together else [])


def test_the_first_to_publish_comes_first() -> None:
    found = wire_clusters([passage(1, WIRE, day=5), passage(2, WIRE, day=3), passage(3, WIRE, day=None)], {3}, {})
    assert places(found) == [[2, 1, 3]]
    assert found[0].members[0].containment == 1.0


def test_only_what_is_new_is_compared_and_stored_clusters_go_on() -> None:
    passages = [passage(n, WIRE) for n in (1, 2, 3)]
    known = {(1, 0): 7, (2, 0): 7}
    assert wire_clusters(passages, set(), known) == []
    (found,) = wire_clusters(passages, {3}, known)
    assert found.known == {7}
    assert places([found]) == [[1, 2, 3]]


def test_a_new_passage_joins_two_clusters() -> None:
    one, other = WIRE + " Nobody was hurt by it.", "It rained all night in the hills above the town. " + WIRE
    bridge = "It rained all night in the hills above the town. " + one
    passages = [passage(1, one), passage(2, one), passage(3, other), passage(4, other), passage(5, bridge)]
    (found,) = wire_clusters(passages, {5}, {(1, 0): 7, (2, 0): 7, (3, 0): 9, (4, 0): 9})
    assert found.known == {7, 9}
    assert len(found.members) == 5


def test_the_order_of_arrival_changes_nothing() -> None:
    passages = [passage(n, text) for n, text in enumerate([WIRE, WIRE, REWRITTEN, REWRITTEN, WIRE + " So it was."], 1)]
    at_once = places(wire_clusters(passages, {1, 2, 3, 4, 5}, {}))
    known: dict[tuple[int, int], int] = {}
    for fresh in (5, 3, 1, 4, 2):
        seen = [one for one in passages if one.place in known or one.place[0] >= fresh or one.place[0] in (5, 3, 1, 4)]
        for cluster in wire_clusters(seen, {fresh}, known):
            known |= dict.fromkeys(
                (member.place for member in cluster.members), min(m.place[0] for m in cluster.members)
            )
    assert sorted(at_once) == sorted([[n for (n, _), k in sorted(known.items()) if k == key] for key in {1, 3}])


def test_a_passage_is_what_the_outlet_itself_wrote() -> None:
    text = "“We will rebuild the bridge within two years,” she said.\n\nShort.\n\n" + WIRE + "\n\n“" + WIRE
    article = Article("one", text, paragraphs=paragraphs_of(text))
    assert [one.place for one in passages_of(1, article)] == [(1, 2)]


def test_minhash_finds_what_comparing_all_finds() -> None:
    """Random texts of which every second one is a changed copy: no pair over the threshold may be missed."""
    random.seed(5)
    texts = [[random.choice("abcdefghijklmnop") * 3 + str(random.randrange(60)) for _ in range(40)] for _ in range(60)]
    texts += [words[: 40 - n % 8] + ["more"] * (n % 8) for n, words in enumerate(texts)]
    sets = [shingles(" ".join(words), PASSAGE_SHINGLE) for words in texts]
    near = {(a, b) for b in range(len(sets)) for a in range(b) if containment(sets[a], sets[b]) >= 0.8}
    found = set(candidates(sets))
    assert len(near) >= 60
    assert near <= found
    assert len(found) < 2 * len(near)


def test_empty_sets_meet_nobody() -> None:
    assert list(candidates([frozenset(), frozenset(), frozenset({1})])) == []


def said(words: str, outlet: str, speaker: str | None = None, **more: object) -> Side:
    return side(words, speaker, outlet=outlet, article=f"https://{outlet}.example/1", **more)  # type: ignore[arg-type]


TOLL = "Twenty-six people have died in the collapse of the bridge"
SHORT = "It was a dam"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([Sourced(said(TOLL, "North"))], Weight(1, 1)),
        ([Sourced(said(TOLL, "North")), Sourced(said(TOLL, "South"))], Weight(2, 2)),
        ([Sourced(said(TOLL, "North")), Sourced(said("So it is", "North", start=200))], Weight(1, 1)),
        (
            [Sourced(said(TOLL, name), cluster=4) for name in ("North", "South", "East", "West", "Port")],
            Weight(5, 1, ("East, North, Port, South and West carry the same copy",)),
        ),
        (
            [Sourced(said(TOLL, "North"), agencies=frozenset({"AP"})), Sourced(said("26 dead", "South"), 3, frozenset({"AP"}))],
            Weight(2, 1, ("North and South credit AP",)),
        ),
        (
            [Sourced(said(TOLL, "North"), agencies=frozenset({"AP"})), Sourced(said(TOLL, "South"), None, frozenset({"AFP"}))],
            Weight(2, 2),
        ),
        (
            [
                Sourced(said(TOLL, "North"), agencies=frozenset({"AP"})),
                Sourced(said(TOLL, "South"), agencies=frozenset({"agencies"})),
                Sourced(said(TOLL, "West")),
            ],
            Weight(3, 2, ("North and South credit agencies, not all of them by name",)),
        ),
        (
            [Sourced(said(TOLL, name, speaker, kind=DIRECT)) for name, speaker in (("North", "Jo Abel"), ("South", "Abel"))],
            Weight(2, 1, (f"North and South quote the same words of Jo Abel: “{TOLL}”",)),
        ),
        (
            [Sourced(said(TOLL, name, speaker, kind=DIRECT)) for name, speaker in (("North", "Jo Abel"), ("South", "Ed Quist"))],
            Weight(2, 2),
        ),
        ([Sourced(said(SHORT, name, "Jo Abel", kind=DIRECT)) for name in ("North", "South")], Weight(2, 2)),
        ([Sourced(said(TOLL, name, "Jo Abel")) for name in ("North", "South")], Weight(2, 2)),
    ],
    ids=["one", "two", "twice in one", "reprints", "one agency", "two agencies", "unnamed agency", "press statement",
         "two speakers", "too short a quote", "not in quotes"],
)  # fmt: skip
def test_weigh(statements: list[Sourced], expected: Weight) -> None:
    found = weigh(statements)
    assert found == expected
    assert weigh(statements[::-1]).independent == expected.independent


def test_one_utterance_is_one_source() -> None:
    first, second = said("26 people died", "North", "Jo Abel"), said("the toll was 26", "South", "Jo Abel")
    both = frozenset({first.statement.id, second.statement.id})
    found = weigh([Sourced(first), Sourced(second)], {both})
    assert (found.outlets, found.independent) == (2, 1)
    assert found.merges == ("North and South report one utterance of Jo Abel",)


def test_an_article_of_no_outlet_stands_for_itself() -> None:
    nobody = [replace(said(TOLL, name), outlet=None) for name in ("North", "South")]
    assert str(weigh([Sourced(one) for one in nobody])) == "2 outlets, 2 independent"


def test_seven_outlets_two_independent() -> None:
    wire = [Sourced(said(TOLL, f"Outlet {n}"), cluster=1) for n in range(5)]
    own = [Sourced(said("The toll is 26", name, "Leontine Quist", kind=DIRECT)) for name in ("North", "South")]
    own = [replace(one, agencies=frozenset({"AP"})) for one in own]
    assert str(weigh([*wire, *own])) == "7 outlets, 2 independent"


def test_the_words_in_quotation_marks() -> None:
    mixed = said("the bridge was “safe in every respect” and “would stay so”", "North", "Jo Abel", kind=MIXED)
    assert quoted(mixed) == "safe in every respect would stay so"
    assert quoted(said(TOLL, "North", kind=NARRATED)) == ""


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (TOLL, True),
        (f"{TOLL}, and two more are missing", True),
        (TOLL.replace("Twenty-six", "Twelve"), False),
        (TOLL.replace("have died", "have not died"), False),
        ("The collapse of the bridge is a disaster for all of us", False),
    ],
    ids=["same", "longer", "another number", "denied", "other words"],
)
def test_says_the_same(other: str, same: bool) -> None:
    assert says_the_same(TOLL, other) is same
    assert says_the_same(other, TOLL) is same
