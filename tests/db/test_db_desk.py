"""What the desk writes and reads, on both dialects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from db.access import Accounts, Role, Scope, audit, find_user, tokens, user_by_id, user_by_token, users
from db.filters import VerdictFilter
from db.listing import some_stories
from db.quality import decisions, judged, outlet_pairs
from db.queue import after, choices, counts, first, step, verdict_row
from db.reading import one_statement, page, some_statements, statements_of, story_members
from db.reviews import Reviews, Stale, Undone, comments, history
from db.speaking import said, speaker, speakers
from db.store import SqlStore
from tests.db.samples import JUDGEMENT, NOON, VERDICT, with_pair
from tests.db.test_db_queries import RANKED, fill
from verifier.errors import BadInput
from verifier.stories import Placement
from verifier.verdicts import Judgement, Stance

AGREE = Judgement(Stance.AGREE, None, "Lee", NOON)


def held(engine: Engine, pair: int) -> list[tuple[Stance, bool, bool, bool]]:
    """A pair's history: what, whether it holds, whether it was undone, whether it was restored."""
    with engine.connect() as connection:
        found = history(connection, pair)
    return [(one.judgement.stance, one.superseded_at is None, one.undone, one.restored) for one in found]


def test_a_judgement_must_have_seen_the_one_before(store: SqlStore) -> None:
    pair, reviews = with_pair(store, VERDICT).pair.id, Reviews(store.engine)
    first_id = reviews.judge(pair, JUDGEMENT, 0)
    with pytest.raises(Stale, match="Kim judged it"):
        reviews.judge(pair, AGREE, 0)
    reviews.judge(pair, AGREE, first_id)
    assert held(store.engine, pair) == [(Stance.AGREE, True, False, False), (Stance.NEUTRAL, False, False, False)]
    with pytest.raises(KeyError):
        reviews.judge(pair + 1, AGREE, 0)


def test_undo_restores_what_held_before(store: SqlStore) -> None:
    pair, reviews = with_pair(store, VERDICT).pair.id, Reviews(store.engine)
    seen = reviews.judge(pair, JUDGEMENT, 0)
    reviews.judge(pair, AGREE, seen)
    assert reviews.undo("nobody") is None
    assert reviews.undo("Lee") == Undone(pair)
    with store.engine.connect() as connection:
        now = history(connection, pair)[0]
    assert (now.judgement, now.restored) == (JUDGEMENT, True)
    assert [stance for stance, *_ in held(store.engine, pair)] == [Stance.NEUTRAL, Stance.AGREE, Stance.NEUTRAL]
    assert reviews.undo("Lee") is None


def test_undo_again_and_again(store: SqlStore) -> None:
    pair, reviews = with_pair(store, VERDICT).pair.id, Reviews(store.engine)
    for _ in range(2):
        reviews.judge(pair, AGREE, 0)
        assert reviews.undo("Lee") == Undone(pair)
        assert not any(holds for _, holds, *_ in held(store.engine, pair))
    assert len(held(store.engine, pair)) == 2


def test_a_run_never_touches_a_judgement(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    Reviews(store.engine).judge(stored.pair.id, AGREE, 0)
    with store.unit_of_work() as work:
        work.add_verdict(stored.run_id, stored.pair.id, replace(VERDICT, policy_version="policy-2"))
        work.commit()
    assert held(store.engine, stored.pair.id) == [(Stance.AGREE, True, False, False)]


def test_comments_and_the_audit_log(store: SqlStore) -> None:
    pair, reviews = with_pair(store, VERDICT).pair.id, Reviews(store.engine)
    reviews.comment(pair, "Lee", " Look. ")
    for wrong in ("", " ", "nul \0", "x" * 10_001):
        with pytest.raises(BadInput):
            reviews.comment(pair, "Lee", wrong)
    with store.engine.connect() as connection:
        assert [(one.author, one.text) for one in comments(connection, pair)] == [("Lee", "Look.")]
        ((_, entry),) = audit(connection, 10)
    assert (entry.actor, entry.action, entry.item) == ("Lee", "commented", f"pair {pair}")


def test_users(engine: Engine) -> None:
    accounts = Accounts(engine)
    added = accounts.add(" Ada  L ", "hash", Role.ADMIN, "tests")
    assert (added.name, added.role) == ("Ada L", Role.ADMIN)
    for name in ("Ada L", "", " ", "a\0b", "a\u202eb", "x" * 3000):
        with pytest.raises(BadInput):
            accounts.add(name, "hash", Role.READER, "tests")
    accounts.add_token("Ada L", "token", "tests")
    accounts.add_token("Ada L", "weaker", "tests", Scope.REVIEW, "a script")
    with engine.connect() as connection:
        assert user_by_token(connection, "token") == user_by_id(connection, added.id) == added
        assert user_by_token(connection, "weaker") == replace(added, role=Role.REVIEWER)
        weaker, whole = tokens(connection)
        assert (weaker.label, weaker.scope, whole.label, whole.scope) == ("a script", Scope.REVIEW, None, Scope.ADMIN)
        assert [one.id for one in tokens(connection, 5, weaker.id)] == [whole.id]
        assert user_by_token(connection, "other \udc80") is None
        assert find_user(connection, "nobody \0") is None
    for _ in range(2):
        accounts.revoke_token(weaker.id, "tests")
    with pytest.raises(KeyError):
        accounts.revoke_token(99_999, "tests")
    accounts.change("Ada L", "tests", "password changed", password_hash="another")  # noqa: S106
    accounts.change("Ada L", "tests", "user disabled", disabled_at=NOON)
    with pytest.raises(BadInput, match="crossquote users list"):
        accounts.change("nobody", "tests", "user disabled", disabled_at=NOON)
    with engine.connect() as connection:
        assert user_by_token(connection, "token") is user_by_id(connection, added.id) is None
        assert user_by_token(connection, "weaker") is None
        (known,) = users(connection)
        actions = [entry.action for _, entry in audit(connection, 10)]
    assert (known.disabled, known.stamp != added.stamp) == (True, True)
    assert actions == ["user disabled", "password changed", "token revoked", "token added", "token added", "user added"]


@pytest.mark.parametrize(
    ("role", "needed", "may"), [(a, b, i >= j) for i, a in enumerate(Role) for j, b in enumerate(Role)]
)
def test_roles(role: Role, needed: Role, may: bool) -> None:
    assert role.may(needed) is may


def test_through_the_queue_and_back(store: SqlStore) -> None:
    fill(store, RANKED[::-1])
    with store.engine.connect() as connection:
        rows = after(connection, VerdictFilter(), None, 99)
        assert [(row.verdict.stance, row.verdict.kind, row.verdict.confidence) for row in rows] == RANKED
        order = [row.pair_id for row in rows]
        assert first(connection, VerdictFilter()) == order[0]
        assert [step(connection, VerdictFilter(), pair) for pair in order] == [*order[1:], None]
        assert [step(connection, VerdictFilter(), pair, back=True) for pair in order] == [None, *order[:-1]]
        only = VerdictFilter(label=Stance.AGREE)
        assert step(connection, only, order[0]) == order[6]
        assert [row.pair_id for row in after(connection, VerdictFilter(), order[2], 2)] == order[3:5]
        assert step(connection, VerdictFilter(), 99_999) is None
        with pytest.raises(KeyError):
            after(connection, VerdictFilter(), 99_999, 1)


def test_what_is_reviewed(store: SqlStore) -> None:
    fill(store, RANKED)
    with store.engine.connect() as connection:
        pair = first(connection, VerdictFilter())
    assert pair is not None
    Reviews(store.engine).judge(pair, AGREE, 0)
    with store.engine.connect() as connection:
        assert (counts(connection, VerdictFilter()).all, counts(connection, VerdictFilter()).reviewed) == (10, 1)
        assert counts(connection, VerdictFilter(reviewed=False)).all == 9
        assert counts(connection, VerdictFilter(reviewed=True, reviewer="Lee")).all == 1
        assert counts(connection, VerdictFilter(reviewer="Kim")).all == 0
        assert verdict_row(connection, pair).judgement == AGREE
        assert step(connection, VerdictFilter(reviewed=False), pair) is not None


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (VerdictFilter(words="BRIDGE safe"), 1),
        (VerdictFilter(words="bridge 100%"), 0),
        (VerdictFilter(words="_ridge"), 0),
        (VerdictFilter(words="engineers"), 1),
        (VerdictFilter(outlet="North"), 1),
        (VerdictFilter(outlet="Nor"), 0),
        (VerdictFilter(least=0.7), 1),
        (VerdictFilter(least=0.71), 0),
        (VerdictFilter(until=NOON), 0),
        (VerdictFilter(until=NOON + timedelta(days=1)), 1),
        (VerdictFilter(story_id=1), 0),
    ],
)
def test_filters_of_the_desk(store: SqlStore, wanted: VerdictFilter, count: int) -> None:
    with_pair(store, VERDICT)
    with store.engine.connect() as connection:
        assert counts(connection, wanted).all == count


def test_what_there_is_to_read(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        story = None
        for version in stored.versions:
            story = work.add_to_story(stored.run_id, version, Placement(story))
        work.commit()
    with store.engine.connect() as connection:
        shown = page(connection, stored.versions[0])
        assert (shown.title, shown.outlet, shown.story_id, shown.is_current) == ("Bridge", "North", story, True)
        (side,) = statements_of(connection, stored.versions[0])
        assert one_statement(connection, side.statement.id) == side
        assert side in some_statements(connection, "", 10)
        assert [member.outlet for member in story_members(connection, story or 0)] == ["North", "South"]
        (row,) = some_stories(connection, None, 10)
        assert (row.id, row.title, row.articles, row.outlets) == (story, "Bridge", 2, 2)
        assert some_stories(connection, row.id, 10) == []
        assert choices(connection).stories == ((story, "Bridge"),)
        names = {one.name: one.id for one in speakers(connection)}
        assert [one.side for topic in said(connection, names["Ana Ortiz"]) for one in topic.said] == [side]
        for missing in (page, story_members, speaker):
            with pytest.raises(KeyError):
                missing(connection, 99_999)


def test_quality_counts_what_people_decided(store: SqlStore) -> None:
    pair, reviews = with_pair(store, VERDICT).pair.id, Reviews(store.engine)
    with store.engine.connect() as connection:
        (matrix,) = outlet_pairs(connection)
    assert (matrix.a, matrix.b, matrix.agree, matrix.conflict) == ("North", "South", 0, 1)
    seen = reviews.judge(pair, replace(AGREE, reviewer="Kim"), 0)
    reviews.judge(pair, replace(AGREE, stance=Stance.NEUTRAL), seen)
    reviews.undo("Lee")
    with store.engine.connect() as connection:
        assert [(reviewer, stance) for _, reviewer, stance, _ in decisions(connection)] == [("Kim", Stance.AGREE)]
        assert [(one.verdict, one.judgement) for one in judged(connection)] == [(Stance.CONFLICT, Stance.AGREE)]
        (matrix,) = outlet_pairs(connection)
    assert (matrix.agree, matrix.conflict) == (1, 0)
