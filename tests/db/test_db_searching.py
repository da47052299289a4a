"""Full-text search on both dialects: what is found, that it stays current, and that nothing typed breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, text, update

from db.finding import found_articles, found_statements, some_articles
from db.reading import some_statements
from db.searching import MOST_TERMS, Term, terms
from db.store import SqlStore
from db.tables import Statements
from tests.db.samples import EXTRACTOR, OTHER, TEXT, VERDICT, article, statement, with_pair

ACCENTED = "Señor Núñez said the café über die Brücke in Москва was re-opened; 3rd of May, costs 450.5 million."


def heard(engine: Engine, typed: str) -> list[str]:
    with engine.connect() as connection:
        return sorted(side.statement.text for side in found_statements(connection, typed, 10))


def read(engine: Engine, typed: str) -> list[int]:
    with engine.connect() as connection:
        return sorted(hit.article.version_id for hit in found_articles(connection, typed, 10))


STATEMENTS = {
    "bridge": {"The bridge is safe", "the bridge is not safe"},
    "BRIDGES": {"The bridge is safe", "the bridge is not safe"},
    "bridge not": {"the bridge is not safe"},
    "safe ortiz": {"The bridge is safe"},
    '"is safe"': {"The bridge is safe"},
    '"safe is"': set(),
    "brid*": {"The bridge is safe", "the bridge is not safe"},
    "brid": set(),
    "ridge": set(),
    "bridge OR tunnel": set(),
    "-bridge (safe)": {"The bridge is safe", "the bridge is not safe"},
}
ARTICLES = {
    "senor NUNEZ": True,
    "señor": True,
    "sen\u0303or": True,
    "uber brucke": True,
    "Москва": True,
    "reopen": False,
    "re-open": True,
    "3rd 450.5": True,
    "450.6": False,
}


def test_statements(store: SqlStore) -> None:
    with_pair(store, VERDICT)
    assert {typed: set(heard(store.engine, typed)) for typed in STATEMENTS} == STATEMENTS
    with store.engine.connect() as connection:
        listed = {typed: some_statements(connection, "", 10, typed) for typed in STATEMENTS}
        one = some_statements(connection, "", 1)[0].statement.id
    assert {typed: {side.statement.text for side in sides} for typed, sides in listed.items()} == STATEMENTS
    assert heard(store.engine, one) == [], "an id is no word"


def test_words_with_accents_numbers_and_hyphens(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        version, _ = work.add_article(work.start_run([], "embedded"), article(text=ACCENTED))
        work.commit()
    assert {typed: read(store.engine, typed) == [version] for typed in ARTICLES} == ARTICLES


def test_an_article_shows_what_was_found_in_it(store: SqlStore) -> None:
    with_pair(store, VERDICT)
    with store.engine.connect() as connection:
        (hit,) = found_articles(connection, "engineer", 10)
        listed = some_articles(connection, 0, 10, "bridge safe")
        assert some_articles(connection, listed[0].version_id, 10, "bridge") == listed[1:]
    assert "".join(words for words, _ in hit.words).rstrip(".") == OTHER.rstrip(".")
    assert ("Engineers", True) in hit.words
    assert [one.outlet for one in listed] == ["North", "South"]


def test_only_what_is_current(store: SqlStore) -> None:
    with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        new = article(text=TEXT.replace("bridge", "tunnel"))
        version, _ = work.add_article(run := work.start_run([], "embedded"), new)
        work.add_statements(run, version, EXTRACTOR, [statement(new, ["The tunnel is safe"])])
        work.commit()
    assert heard(store.engine, "safe") == ["The tunnel is safe", "the bridge is not safe"]  # not "The bridge is safe"
    assert version in read(store.engine, "tunnel")
    assert len(read(store.engine, '"bridge is"')) == 1


def test_changes_are_followed(store: SqlStore) -> None:
    stored = with_pair(store, VERDICT)
    ids = {one.text: one.id for one in (stored.pair.a.statement, stored.pair.b.statement)}
    with store.engine.begin() as connection:
        one = Statements.id == ids["The bridge is safe"]
        connection.execute(update(Statements).where(one).values(claim="A ferry sank", speaker_name="Nobody"))
    assert heard(store.engine, "ferries nobody") == ["The bridge is safe"]
    assert heard(store.engine, "ortiz") == []
    with store.engine.begin() as connection:
        for table in ("verdicts", "pairings", "pairs"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        connection.execute(delete(Statements))
        left = [connection.execute(text("SELECT count(*) FROM statement_search")).scalar()]
    assert (heard(store.engine, "bridge"), left) == ([], [0])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        ("  _ ! \" ' *", []),
        ('a "b c" d*', [Term(("a",)), Term(("b", "c")), Term(("d",), True)]),
        ('"unclosed', [Term(("unclosed",))]),
        ("NEAR(a, 5) col:x", [Term(("NEAR", "a")), Term(("5",)), Term(("col", "x"))]),
        ("w " * 99, [Term(("w",))] * MOST_TERMS),
    ],
)
def test_what_was_typed(typed: str, found: list[Term]) -> None:
    assert terms(typed) == found


NASTY = st.text(st.characters() | st.sampled_from("\"'*()^:{}+-&|!<>\\%_\0\ud800ﬁ½'"), max_size=40)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=NASTY | st.lists(NASTY, max_size=4).map(" ".join))
def test_nothing_typed_breaks_it(engine: Engine, typed: str) -> None:
    with engine.connect() as connection:
        assert found_statements(connection, typed, 5) == []
        assert found_articles(connection, typed, 5) == []
        assert some_articles(connection, 0, 5, typed + "q") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_any_text_can_be_stored(store: SqlStore, words: str) -> None:
    with store.unit_of_work() as work:
        run = work.start_run([], "embedded")
        work.add_article(run, replace(article(text=words + " said"), title=words))


def test_a_text_without_end(store: SqlStore) -> None:
    long = " ".join(f"wort{number}ﷺ" for number in range(120_000)) + " said"
    with store.unit_of_work() as work:
        version, _ = work.add_article(work.start_run([], "embedded"), article(text=long))
        work.commit()
    assert read(store.engine, "wort17*") == [version]
