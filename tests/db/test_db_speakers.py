"""What people decide about speakers holds, whatever runs come after, and can be undone; on both dialects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from db.access import audit
from db.filters import VerdictFilter
from db.queries import totals, verdict_rows
from db.reviews import Stale
from db.speaker_decisions import Known, Part, SpeakerChanges, last_decision
from db.speaker_rules import Rule, Rules
from db.speaking import after, alike, decisions, said, speaker, speakers
from db.store import SqlStore, SqlUnitOfWork
from db.tables import Statements
from tests.db.samples import EXTRACTOR, GATE, GATES, POLICY, VERDICT, article, pairs_to_judge, statement
from verifier.errors import BadInput
from verifier.stories import Placement
from verifier.values import Speaker, SpeakerKind
from verifier.verdicts import Candidate, VerdictKind

FULL = Speaker("Ana Ortiz", SpeakerKind.PERSON, ("Mayor Ana Ortiz",))
SHORT = Speaker("Ortiz", SpeakerKind.PERSON, ("the mayor",))
JUDGE = Speaker("Ortiz", SpeakerKind.PERSON, ("Judge Ortiz",))
PAPER = Speaker("Ortiz", SpeakerKind.OUTLET)


@dataclass(frozen=True)
class Told:
    """Who said what: the statement's id and the speaker's, by the article's name."""

    run: int
    ids: dict[str, str]
    speakers: dict[str, int]


def say(work: SqlUnitOfWork, run: int, name: str, who: Speaker, extractor: str = EXTRACTOR, more: str = "") -> str:
    """An article in which somebody says that a bridge is safe; the statement's id."""
    one = article(f"https://{name}.example/", f"“The {name} bridge is safe{more},” somebody said.", name)
    version, _ = work.add_article(run, one)
    found = statement(one, [f"The {name} bridge is safe{more}"], who, extractor)
    work.add_statements(run, version, extractor, [found])
    work.add_to_story(run, version, Placement(None))
    return found.id


def tell(store: SqlStore, told: dict[str, Speaker]) -> Told:
    with store.unit_of_work() as work:
        run = work.start_run([], "p")
        ids = {name: say(work, run, name, who) for name, who in told.items()}
        work.commit()
    return Told(run, ids, {name: held(store, id_) for name, id_ in ids.items()})


def held(store: SqlStore, statement_id: str) -> int:
    """Who is held to speak."""
    with store.engine.connect() as connection:
        query = select(Statements.speaker_id).where(Statements.id == statement_id)
        return connection.execute(query).scalar_one() or 0


def seen(store: SqlStore, speaker_id: int) -> Known:
    with store.engine.connect() as connection:
        return Known(speaker_id, last_decision(connection, speaker_id))


def names(store: SqlStore, speaker_id: int) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {one.alias: one.statements for one in speaker(connection, speaker_id).names}


def test_a_merge_holds_for_what_comes_and_is_undone_as_a_whole(store: SqlStore) -> None:
    told, changes = tell(store, {"north": FULL, "south": SHORT}), SpeakerChanges(store.engine)
    full, short = told.speakers["north"], told.speakers["south"]
    made = changes.merge(Known(full, 0), Known(short, 0), "Kim", " one person ")
    with store.unit_of_work() as work:
        again = say(work, told.run, "south", SHORT, "rules-2")
        new = say(work, told.run, "east", SHORT)
        work.commit()
    assert {held(store, one) for one in (told.ids["south"], again, new)} == {full}
    assert names(store, full) == {"Ana Ortiz": 1, "Mayor Ana Ortiz": 1, "Ortiz": 2, "the mayor": 2}
    with store.engine.connect() as connection:
        assert [one.statements for one in speakers(connection, "the mayor")] == [3]
        assert [(one.id, one.statements, one.seen) for one in after(connection, 0, 9)] == [(full, 3, made)]
        assert (speaker(connection, short).into, speaker(connection, short).statements) == (full, 0)
        sides = [one.side for topic in said(connection, full) for one in topic.said]
        assert {side.statement.speaker.name for side in sides if side.statement.speaker} == {"Ana Ortiz"}
        assert [(one.action, one.comment) for one in decisions(connection, full)] == [("merge", "one person")]

    changes.undo(made, "Lee")
    assert {held(store, one) for one in (told.ids["south"], again, new)} == {short}
    assert names(store, full) == {"Ana Ortiz": 1, "Mayor Ana Ortiz": 1}
    with store.engine.connect() as connection:
        ((_, entry), *_) = audit(connection, 9)
        assert [one.undone_by for one in decisions(connection, short)] == ["Lee"]
        assert speaker(connection, short).into is None
    assert (entry.actor, entry.action, entry.item) == ("Lee", "undid a merge of speakers", f"speaker {full}")
    assert changes.merge(seen(store, full), seen(store, short), "Kim") > made


def test_a_split_by_a_name_takes_what_comes_under_it(store: SqlStore) -> None:
    told, changes = tell(store, {"north": SHORT, "south": JUDGE}), SpeakerChanges(store.engine)
    (both,) = set(told.speakers.values())
    made = changes.split(Known(both, 0), Part("judge  ORTIZ"), "Ortiz", "Kim")
    with store.unit_of_work() as work:
        new = say(work, told.run, "east", JUDGE)
        work.commit()
    other = held(store, told.ids["south"])
    assert [held(store, one) for one in (told.ids["north"], new)] == [both, other]
    assert both != other
    with store.unit_of_work() as work:
        apart = {side.article: side.statement.speaker for side in work.sides(EXTRACTOR)}
    north, south = apart["https://north.example/"], apart["https://south.example/"]
    assert north is not None
    assert south is not None
    assert (north.name, south.name, north.told_apart_from(south)) == ("Ortiz", "Ortiz", True)
    changes.undo(made, "Kim")
    assert {held(store, one) for one in (*told.ids.values(), new)} == {both}
    with store.unit_of_work() as work:
        assert {side.statement.speaker.apart for side in work.sides(EXTRACTOR) if side.statement.speaker} == {None}


def test_chosen_statements_are_known_again_when_extracted_anew(store: SqlStore) -> None:
    told, changes = tell(store, {"north": SHORT, "south": SHORT}), SpeakerChanges(store.engine)
    (both,) = set(told.speakers.values())
    made = changes.split(Known(both, 0), Part(None, (told.ids["south"],)), "Judge Ortiz", "Kim")
    other = held(store, told.ids["south"])
    with store.unit_of_work() as work:
        again = [say(work, told.run, name, SHORT, "rules-2") for name in ("north", "south")]
        one = article("https://south.example/", "“The south bridge is safe,” somebody said. A correction.", "south")
        version, _ = work.add_article(told.run, one)
        newer = statement(one, ["The south bridge is safe"], SHORT)
        work.add_statements(told.run, version, EXTRACTOR, [newer])
        elsewhere = say(work, told.run, "south", SHORT, more=" and sound")
        work.commit()
    assert [held(store, one) for one in (*again, newer.id, elsewhere)] == [both, other, other, both]
    changes.undo(made, "Kim")
    assert {held(store, one) for one in (*again, newer.id)} == {both}


def test_a_later_decision_is_undone_first(store: SqlStore) -> None:
    told, changes = tell(store, {"north": FULL, "south": SHORT, "east": JUDGE}), SpeakerChanges(store.engine)
    full, short = told.speakers["north"], told.speakers["south"]
    merged = changes.merge(Known(full, 0), Known(short, 0), "Kim")
    split = changes.split(seen(store, full), Part("Judge Ortiz"), "Judge Ortiz", "Kim")
    with pytest.raises(Stale, match=f"undo decision {split} first"):
        changes.undo(merged, "Kim")
    with store.engine.connect() as connection:
        assert [one.blocked_by for one in decisions(connection, full)] == [None, split]
    changes.undo(split, "Kim")
    with pytest.raises(Stale, match="undone already, by Kim"):
        changes.undo(split, "Lee")
    changes.undo(merged, "Kim")
    assert {name: held(store, id_) for name, id_ in told.ids.items()} == told.speakers


Act = Callable[[SpeakerChanges, int, int, int], object]


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (lambda ch, a, _, __: ch.merge(Known(a, 0), Known(a, 0), "Kim"), BadInput, "with itself"),
        (lambda ch, a, _, paper: ch.merge(Known(a, 0), Known(paper, 0), "Kim"), BadInput, "an outlet's own voice"),
        (lambda ch, a, b, _: ch.merge(Known(a, 1), Known(b, 0), "Kim"), Stale, "changed while you were reading"),
        (lambda ch, a, b, _: ch.merge(Known(a, 0), Known(b, 1), "Kim"), Stale, "changed while you were reading"),
        (lambda ch, a, _, __: ch.merge(Known(a, 0), Known(999, 0), "Kim"), KeyError, "999"),
        (lambda ch, a, b, _: ch.merge(Known(a, 0), Known(b, 0), "Kim", "x" * 1001), BadInput, "at most 1000"),
        (lambda ch, a, _, __: ch.split(Known(a, 0), Part("Ana Ortiz"), "A", "Kim"), BadInput, "leave nothing"),
        (lambda ch, a, _, __: ch.split(Known(a, 0), Part("nobody"), "A", "Kim"), BadInput, "goes by the name"),
        (lambda ch, a, _, __: ch.split(Known(a, 0), Part(), "A", "Kim"), BadInput, "no statement was chosen"),
        (lambda ch, a, _, __: ch.split(Known(a, 0), Part(None, ("x",)), "A", "Kim"), BadInput, "is not one of"),
        (lambda ch, a, _, __: ch.split(Known(a, 0), Part("Ana Ortiz"), " \n", "Kim"), BadInput, "name has between"),
        (lambda ch, a, _, __: ch.split(Known(a, 0), Part("Ana Ortiz"), "a\u202eb", "Kim"), BadInput, "can be seen"),
        (lambda ch, a, _, __: ch.split(Known(a, 7), Part("Ana Ortiz"), "A", "Kim"), Stale, "changed while"),
        (lambda ch, *_: ch.undo(999, "Kim"), KeyError, "999"),
    ],
)
def test_what_is_refused_changes_nothing(store: SqlStore, act: Act, error: type[Exception], words: str) -> None:
    told = tell(store, {"north": FULL, "south": SHORT, "east": PAPER})
    with pytest.raises(error, match=words):
        act(SpeakerChanges(store.engine), *(told.speakers[name] for name in ("north", "south", "east")))
    assert {name: held(store, id_) for name, id_ in told.ids.items()} == told.speakers
    found = totals(store.engine)
    assert (found["speaker_decisions"], found["speakers"], found["audit_log"]) == (0, 3, 0)


def test_one_that_was_merged_away_takes_part_in_nothing(store: SqlStore) -> None:
    told, changes = tell(store, {"north": FULL, "south": SHORT}), SpeakerChanges(store.engine)
    full, short = told.speakers["north"], told.speakers["south"]
    made = changes.merge(Known(full, 0), Known(short, 0), "Kim")
    with pytest.raises(Stale, match="Kim decided about it"):
        changes.merge(Known(short, 0), seen(store, full), "Lee")
    with pytest.raises(BadInput, match=f"part of speaker {full} already"):
        changes.merge(seen(store, short), seen(store, full), "Lee")
    with pytest.raises(BadInput, match="is an undo itself"):
        changes.undo(changes.undo(made, "Kim"), "Kim")


def judged(store: SqlStore, told: Told) -> list[tuple[str, str, int]]:
    """What the next run is handed to judge: both names, and the decision to have seen."""
    with store.unit_of_work() as work:
        return [
            (pair.a.statement.speaker.name, pair.b.statement.speaker.name, pair.speakers_as_of)
            for pair in pairs_to_judge(work, POLICY, 9)
            if pair.a.statement.speaker and pair.b.statement.speaker and told
        ]


def test_the_next_run_judges_the_pairs_of_moved_statements_again(store: SqlStore) -> None:
    told, changes = tell(store, {"north": FULL, "south": SHORT}), SpeakerChanges(store.engine)
    full, short = told.speakers["north"], told.speakers["south"]
    a, b = sorted(told.ids.values())
    with store.unit_of_work() as work:
        work.add_pairs(told.run, GATES, [a, b], [Candidate(a, b, 0.9, (GATE,))])
        (pair,) = pairs_to_judge(work, POLICY, 9)
        work.add_verdict(told.run, pair.id, VERDICT, pair.speakers_as_of)
        work.commit()
    assert judged(store, told) == []

    made = changes.merge(Known(full, 0), Known(short, 0), "Kim")
    assert judged(store, told) == [("Ana Ortiz", "Ana Ortiz", made)]
    with store.unit_of_work() as work:
        assert work.statements_to_pair(EXTRACTOR, GATES) == [told.ids["south"]]
        changed = replace(VERDICT, kind=VerdictKind.POSITION_CHANGED)
        assert work.add_verdict(told.run, pair.id, changed, made)
        assert not work.add_verdict(told.run, pair.id, VERDICT)
        work.commit()
    assert judged(store, told) == []
    wanted = VerdictFilter(kind=VerdictKind.POSITION_CHANGED, speaker_id=full)
    assert [row.pair_id for row in verdict_rows(store.engine, wanted)] == [pair.id]
    assert verdict_rows(store.engine, replace(wanted, speaker_id=short)) == []

    undone = changes.undo(made, "Kim")
    assert [latest for *_, latest in judged(store, told)] == [undone]
    assert totals(store.engine)["verdicts"] == 2


def test_who_might_be_the_same(store: SqlStore) -> None:
    told = tell(store, {"north": FULL, "south": SHORT, "east": PAPER})
    with store.engine.connect() as connection:
        shown = speaker(connection, told.speakers["north"])
        assert [one.id for one in alike(connection, shown)] == [told.speakers["south"]]
        assert [one.id for one in alike(connection, shown, "the Mayor")] == [told.speakers["south"]]
        assert alike(connection, shown, "%") == []
        topics = said(connection, told.speakers["north"])
    assert [(topic.title, len(topic.said)) for topic in topics] == [("Bridge", 1)]


@pytest.mark.parametrize(
    ("rules", "extracted", "names", "expected"),
    [
        ([], 1, "", (1, 0)),
        ([Rule(1, "merge", 1, 2), Rule(2, "merge", 2, 3)], 1, "", (3, 2)),
        ([Rule(1, "merge", 2, 3), Rule(2, "merge", 1, 2)], 1, "", (2, 2)),
        ([Rule(1, "split", 1, 2, "judge")], 1, "judge", (2, 1)),
        ([Rule(1, "split", 1, 2, "judge")], 1, "mayor", (1, 0)),
        ([Rule(1, "split", 1, 2, "judge"), Rule(2, "merge", 2, 1)], 1, "judge", (1, 2)),
        ([Rule(1, "split", 1, 2, chosen=frozenset({"s"}))], 1, "", (2, 1)),
        ([Rule(1, "split", 1, 2)], 1, "", (1, 0)),
    ],
    ids=["nothing", "a chain", "in order", "by name", "another name", "merged back", "chosen", "not chosen"],
)
def test_decisions_apply_in_order(rules: list[Rule], extracted: int, names: str, expected: tuple[int, int]) -> None:
    assert Rules(tuple(rules)).held(extracted, "s", frozenset({names})) == expected


def test_what_is_merged_with_one_told_apart_is_told_apart() -> None:
    known = Rules((Rule(1, "split", 1, 2, "judge"), Rule(2, "merge", 1, 3), Rule(3, "merge", 3, 4)))
    assert [known.told_apart(one) for one in (1, 2, 3, 4, 5)] == [True, True, True, True, False]
