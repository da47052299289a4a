"""Assignments, second opinions, bulk decisions, and what users keep for themselves, on both dialects."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from db.access import Accounts, Role, User, audit
from db.bulk import Bulks, Decision, bulks, scope
from db.filters import VerdictFilter
from db.places import Places, SavedFilter, last_place, saved_filters
from db.queue import pairs
from db.reviews import Reviews, Stale, Undone, history
from db.store import SqlStore
from db.team import Team, assignments, hidden, judges, second_opinions, workload
from tests.db.samples import JUDGEMENT, NOON, TEXT, VERDICT, article, with_pair
from tests.db.test_db_queries import RANKED, fill
from verifier.errors import BadInput
from verifier.stories import Placement
from verifier.verdicts import Judgement, Stance

KIM, LEE, ADA, RAY = (
    User(number, name, role, "")
    for number, (name, role) in enumerate(
        [("Kim", Role.REVIEWER), ("Lee", Role.REVIEWER), ("Ada", Role.ADMIN), ("Ray", Role.READER)], 1
    )
)
ALL = VerdictFilter()


def add_users(engine: Engine) -> None:
    for user in (KIM, LEE, ADA, RAY):
        Accounts(engine).add(user.name, "hash", user.role, "tests")


def judgement(user: User, stance: Stance = Stance.AGREE) -> Judgement:
    return Judgement(stance, None, user.name, NOON)


def waiting(engine: Engine, user: User) -> list[int]:
    """What the queue offers somebody first."""
    with engine.connect() as connection:
        return pairs(connection, VerdictFilter(reviewed=False, opinion_of=user.name))


def held(engine: Engine, pair: int) -> tuple[str, Stance] | None:
    with engine.connect() as connection:
        now = [one for one in history(connection, pair) if one.superseded_at is None]
    return (now[0].judgement.reviewer, now[0].judgement.stance) if now else None


def test_whose_item_it_is(store: SqlStore) -> None:
    pair, team = with_pair(store, VERDICT).pair.id, Team(store.engine)
    add_users(store.engine)
    team.assign(KIM, pair, "Lee")
    team.assign(KIM, pair, "Kim")
    for nobody in ("Ray", "nobody"):
        with pytest.raises(BadInput, match="choose a reviewer"):
            team.assign(KIM, pair, nobody)
    with pytest.raises(KeyError):
        team.assign(KIM, pair + 1, "Kim")
    with store.engine.connect() as connection:
        assert assignments(connection, [pair, 99])[pair].assignee == "Kim"
        assert (workload(connection), judges(connection, KIM)) == ({"Kim": 1}, ["Ada", "Kim", "Lee"])
        found = {
            name: pairs(connection, wanted)
            for name, wanted in {
                "mine": VerdictFilter(assignee="Kim"),
                "theirs": VerdictFilter(assignee="Lee"),
                "nobody's": VerdictFilter(free=True),
                "theirs or nobody's": VerdictFilter(assignee="Lee", free=True),
                "mine or nobody's": VerdictFilter(assignee="Kim", free=True),
            }.items()
        }
        assert [name for name, listed in found.items() if listed] == ["mine", "mine or nobody's"]
    Reviews(store.engine).judge(pair, judgement(KIM), 0)
    with store.engine.connect() as connection:
        assert workload(connection) == {}
    team.assign(KIM, pair, None)
    with store.engine.connect() as connection:
        assert assignments(connection, [pair]) == {}
        actions = [(entry.action, entry.detail.get("to")) for _, entry in audit(connection, 2)]
    assert actions == [("assigned", "nobody"), ("judged", None)]


def test_a_second_opinion_waits_for_the_others(store: SqlStore) -> None:
    pair, team, reviews = with_pair(store, VERDICT).pair.id, Team(store.engine), Reviews(store.engine)
    first = reviews.judge(pair, judgement(KIM), 0)
    assert [waiting(store.engine, one) for one in (KIM, LEE)] == [[], []]
    team.ask(KIM, pair)
    assert [waiting(store.engine, one) for one in (KIM, LEE)] == [[], [pair]]
    with pytest.raises(BadInput, match="asked for already"):
        team.ask(LEE, pair)
    reviews.judge(pair, judgement(KIM, Stance.NEUTRAL), first)
    assert waiting(store.engine, LEE) == [pair], "the same person twice is no second opinion"
    reviews.judge(pair, judgement(LEE), first + 1)
    assert waiting(store.engine, LEE) == waiting(store.engine, ADA) == []
    assert reviews.undo("Lee") == Undone(pair)
    assert [waiting(store.engine, one) for one in (KIM, LEE)] == [[], [pair]], "taken back, it is asked for again"
    with pytest.raises(BadInput, match="who asked"):
        team.withdraw(LEE, pair)
    team.withdraw(ADA, pair)
    assert waiting(store.engine, LEE) == []


def test_a_third_opinion(store: SqlStore) -> None:
    pair, team, reviews = with_pair(store, VERDICT).pair.id, Team(store.engine), Reviews(store.engine)
    team.ask(RAY, pair)
    seen = reviews.judge(pair, judgement(KIM), 0)
    assert [waiting(store.engine, one) for one in (KIM, LEE)] == [[], [pair]], "asked before anybody had judged"
    reviews.judge(pair, judgement(LEE, Stance.NEUTRAL), seen)
    team.ask(LEE, pair)
    with store.engine.connect() as connection:
        (wish,) = second_opinions(connection).values()
    assert (wish.needed, wish.judges) == (3, ("Kim", "Lee"))
    assert [waiting(store.engine, one) for one in (KIM, LEE, ADA)] == [[], [], [pair]]


def test_others_judgements_are_hidden_until_ones_own(store: SqlStore) -> None:
    pair, reviews = with_pair(store, VERDICT).pair.id, Reviews(store.engine)

    def blind() -> list[str]:
        with store.engine.connect() as connection:
            return [one.name for one in (KIM, LEE, ADA, RAY) if pair in hidden(connection, one, [pair])]

    assert blind() == []
    seen = reviews.judge(pair, judgement(KIM), 0)
    assert blind() == ["Lee"], "a reader and an administrator see what is held"
    reviews.judge(pair, judgement(LEE), seen)
    assert blind() == []
    reviews.undo("Lee")
    assert blind() == ["Lee"]


def decide(engine: Engine, user: User, wanted: VerdictFilter, stance: Stance = Stance.CONFLICT) -> int:
    with engine.connect() as connection:
        now = scope(connection, wanted)
    return Bulks(engine).decide(user.name, Decision(stance, "all alike", wanted, "label=conflict", now.seal))


def test_all_at_once_and_back_at_once(store: SqlStore) -> None:
    fill(store, RANKED)
    reviews, wanted = Reviews(store.engine), VerdictFilter(label=Stance.CONFLICT)
    with store.engine.connect() as connection:
        listed = pairs(connection, wanted)
    reviews.judge(listed[0], judgement(LEE), 0)
    made = decide(store.engine, KIM, wanted)
    assert {held(store.engine, pair) for pair in listed} == {("Kim", Stance.CONFLICT)}
    with store.engine.connect() as connection:
        (one,) = bulks(connection)
        kinds = {history(connection, pair)[0].judgement.kind for pair in listed}
        (line,) = [entry for _, entry in audit(connection, 20) if entry.action == "bulk judged"]
    assert (one.pairs, one.holding, line.detail["pairs"]) == (6, 6, 6)
    assert kinds == {kind for _, kind, _ in RANKED[:6]}
    seen = reviews.judge(listed[1], judgement(LEE, Stance.NEUTRAL), _id(store.engine, listed[1]))
    assert seen
    assert reviews.undo("Kim") == Undone(listed[5], made), "one of them is not taken back by itself"
    with pytest.raises(BadInput, match="not yours"):
        Bulks(store.engine).undo(LEE, made)
    assert Bulks(store.engine).undo(ADA, made) == 5
    assert [held(store.engine, pair) for pair in listed[:3]] == [
        ("Lee", Stance.AGREE),
        ("Lee", Stance.NEUTRAL),
        None,
    ]
    reviews.undo("Lee")
    assert held(store.engine, listed[1]) is None, "what was taken back does not come again"
    with pytest.raises(BadInput, match="undone already"):
        Bulks(store.engine).undo(KIM, made)
    with pytest.raises(KeyError):
        Bulks(store.engine).undo(KIM, made + 1)


def test_what_came_back_of_a_bulk_decision_is_undone_with_it(store: SqlStore) -> None:
    pair, reviews = with_pair(store, VERDICT).pair.id, Reviews(store.engine)
    made = decide(store.engine, KIM, ALL)
    reviews.judge(pair, judgement(LEE), _id(store.engine, pair))
    reviews.undo("Lee")
    assert held(store.engine, pair) == ("Kim", Stance.CONFLICT)
    assert Bulks(store.engine).undo(KIM, made) == 1
    assert held(store.engine, pair) is None


def _id(engine: Engine, pair: int) -> int:
    with engine.connect() as connection:
        return history(connection, pair)[0].id


def test_a_bulk_decision_is_on_what_was_confirmed(store: SqlStore) -> None:
    pair, made = with_pair(store, VERDICT).pair.id, Bulks(store.engine)
    with store.engine.connect() as connection:
        seal = scope(connection, ALL).seal
    Reviews(store.engine).judge(pair, JUDGEMENT, 0)
    with pytest.raises(Stale, match="1 verdicts now"):
        made.decide("Kim", Decision(Stance.AGREE, None, ALL, "", seal))
    none = replace(ALL, label=Stance.NEUTRAL)
    with store.engine.connect() as connection:
        empty = scope(connection, none)
    with pytest.raises(BadInput, match="finds nothing"):
        made.decide("Kim", Decision(Stance.AGREE, None, none, "", empty.seal))
    assert held(store.engine, pair) == ("Kim", Stance.NEUTRAL)
    with store.engine.connect() as connection:
        assert bulks(connection) == []


def test_what_somebody_keeps(store: SqlStore) -> None:
    pair, places = with_pair(store, VERDICT).pair.id, Places(store.engine)
    places.save("Kim", " Sure  ones ", "least=90")
    kept = places.save("Kim", "Sure ones", "least=95")
    places.save("Lee", "Sure ones", "least=80")
    for wrong in ("", " ", "x" * 81, "a\u202eb", "nul \0"):
        with pytest.raises(BadInput):
            places.save("Kim", wrong, "")
    with pytest.raises(KeyError):
        places.delete("Lee", kept)
    places.opened("Kim", pair, "least=95")
    places.opened("Kim", pair, "least=90")
    with pytest.raises(KeyError):
        places.opened("Kim", pair + 1, "")
    with store.engine.connect() as connection:
        assert saved_filters(connection, "Kim") == [SavedFilter(kept, "Sure ones", "least=95")]
        last = last_place(connection, "Kim")
        assert last is not None
        assert (last.pair_id, last.query, last_place(connection, "Lee")) == (pair, "least=90", None)
    places.delete("Kim", kept)
    with store.engine.connect() as connection:
        assert saved_filters(connection, "Kim") == []


def test_near_ties_go_by_independent_sources_then_the_latest(store: SqlStore) -> None:
    fill(store, [RANKED[5]] * 3)
    with store.engine.connect() as connection:
        three, two, one = pairs(connection, ALL)
    assert three > two > one
    with store.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO pair_weights VALUES ({one}, 2, 3), ({two}, 1, 1)"))  # noqa: S608
    with store.engine.connect() as connection:
        assert pairs(connection, ALL) == [one, three, two]


def test_a_run_notes_who_stands_on_each_side(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        for version in stored.versions:
            work.add_to_story(stored.run_id, version, Placement(None))
        assert work.weigh_pairs() == 1
        work.commit()
        assert work.weigh_pairs() == 0, "nothing was judged since"
        work.commit()
        other, _ = work.add_article(stored.run_id, article("https://x.example/", TEXT))
        story = work.stories_of(stored.versions)[stored.versions[0]]
        work.add_to_story(stored.run_id, other, Placement(story))
        assert work.weigh_pairs() == 1, "its story grew"
        work.commit()
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM pair_weights")).all() == [(stored.pair.id, 1, 1)]
