"""What `verifier.ports.UnitOfWork` promises, on every database that the store supports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, text

from db.queries import VerdictFilter, totals, verdict_rows
from db.store import SqlStore, SqlUnitOfWork
from tests.db.samples import (
    EXTRACTOR,
    GATES,
    JUDGEMENT,
    NLI,
    NOON,
    OTHER,
    POLICY,
    TEXT,
    VERDICT,
    Stored,
    article,
    pairs_to_judge,
    statement,
    statements,
    with_pair,
)
from verifier.credits import Credit
from verifier.errors import BadInput
from verifier.independence import WIRE_METHOD, WireCluster, WireMember
from verifier.ports import ItemFailure, UnitOfWork
from verifier.stories import Placement
from verifier.values import Mark, Span, Speaker, SpeakerKind
from verifier.verdicts import Candidate, Gate, Scores, Stance, StanceProbabilities, VerdictKind

HASHES = ["a" * 64, "b" * 64, "c" * 64]
FAILURE = ItemFailure("fetch", "https://gone.example/", "404: check the address", transient=True)


def test_the_store_fits_the_port(store: SqlStore) -> None:
    work: UnitOfWork = store.unit_of_work()
    with work as entered:
        assert entered is work


# Each is a whole way to add something, done twice in a test of its own: the second time must change nothing.
def _add_article(work: SqlUnitOfWork, run_id: int) -> None:
    work.add_article(run_id, article())


def _add_statements(work: SqlUnitOfWork, run_id: int) -> None:
    version_id, _ = work.add_article(run_id, article())
    work.add_statements(run_id, version_id, EXTRACTOR, statements(article()))


def _add_embeddings(work: SqlUnitOfWork, run_id: int) -> None:
    work.add_embeddings("model", "r1", HASHES, np.eye(3, dtype=np.float32))


def _add_pair(work: SqlUnitOfWork, run_id: int) -> None:
    found = add_pair_again(work, run_id)
    work.add_pairs(run_id, GATES, [found.a, found.b], [found])


def _add_scores(work: SqlUnitOfWork, run_id: int) -> None:
    work.add_nli_scores("model", "r1", {("a" * 64, "b" * 64): NLI.a_to_b})


def _add_failures(work: SqlUnitOfWork, run_id: int) -> None:
    work.add_failures(run_id, [FAILURE, FAILURE])


def _mark(work: SqlUnitOfWork, run_id: int) -> None:
    version_id, _ = work.add_article(run_id, article())
    work.mark_paragraphs(version_id, {1: Mark.CAPTION})


def _judge(work: SqlUnitOfWork, run_id: int) -> None:
    _add_pair(work, run_id)
    for pair in pairs_to_judge(work, "nobody", 5):
        work.add_verdict(run_id, pair.id, VERDICT)
        work.add_judgement(pair.id, JUDGEMENT)


def _add_copies(work: SqlUnitOfWork, run_id: int) -> None:
    first, second = two_versions(work, run_id)
    cluster = WireCluster((WireMember((first, 0), 0.9), WireMember((second, 0), 0.9)))
    known = frozenset(work.wire_places([first, second]).values())
    work.add_credits(first, [Credit("Reuters", "(Reuters)", 0)])
    work.add_wire_clusters(run_id, WIRE_METHOD, [first, second], [replace(cluster, known=known)])


def _add_stories(work: SqlUnitOfWork, run_id: int) -> None:
    first, second = two_versions(work, run_id)
    story = work.add_to_story(run_id, first, Placement(None))
    work.add_to_story(run_id, second, Placement(story, 0.5, ("ortiz",)))


def two_versions(work: SqlUnitOfWork, run_id: int) -> tuple[int, int]:
    """The samples' two articles."""
    return (
        work.add_article(run_id, article())[0],
        work.add_article(run_id, article("https://south.example/bridge", OTHER, "South"))[0],
    )


def add_pair_again(work: SqlUnitOfWork, run_id: int) -> Candidate:
    """The samples' pair, whether or not it is there."""
    first, second = article(), article("https://south.example/bridge", OTHER, "South")
    ids = []
    for one, words in ((first, "The bridge is safe"), (second, "the bridge is not safe")):
        version_id, _ = work.add_article(run_id, one)
        found = statement(one, [words])
        work.add_statements(run_id, version_id, EXTRACTOR, [found])
        ids.append(found.id)
    return Candidate(min(ids), max(ids), 0.8125, (Gate("subject", "bridge"),))


ADDS = [
    _add_article,
    _add_statements,
    _add_embeddings,
    _add_pair,
    _add_scores,
    _add_failures,
    _mark,
    _judge,
    _add_copies,
    _add_stories,
]
each_add = pytest.mark.parametrize("add", ADDS, ids=[add.__name__.strip("_") for add in ADDS])


@each_add
def test_adding_again_changes_nothing(store: SqlStore, add: Callable[[SqlUnitOfWork, int], None]) -> None:
    with store.unit_of_work() as work:
        run_id = work.start_run(["here"], "embedded")
        add(work, run_id)
        work.commit()
    once = contents(store.engine)
    with store.unit_of_work() as work:
        add(work, run_id)
        work.commit()
    assert contents(store.engine) == once


@each_add
def test_nothing_stays_without_commit(store: SqlStore, add: Callable[[SqlUnitOfWork, int], None]) -> None:
    with store.unit_of_work() as work:
        add(work, work.start_run(["here"], "embedded"))
    assert not any(totals(store.engine).values())


@each_add
def test_nothing_stays_after_an_error(store: SqlStore, add: Callable[[SqlUnitOfWork, int], None]) -> None:
    with killed(), store.unit_of_work() as work:
        add(work, work.start_run(["here"], "embedded"))
        raise KeyboardInterrupt
    assert not any(totals(store.engine).values())


def test_what_was_committed_stays_when_the_rest_of_the_block_fails(store: SqlStore) -> None:
    with killed(), store.unit_of_work() as work:
        run_id = work.start_run(["here"], "embedded")
        work.commit()
        work.add_article(run_id, article())
        raise KeyboardInterrupt
    assert totals(store.engine)["runs"] == 1
    assert totals(store.engine)["articles"] == 0


@contextmanager
def killed() -> Iterator[None]:
    """What is inside ends as if by Ctrl-C."""
    with pytest.raises(KeyboardInterrupt):
        yield


def contents(engine: Engine) -> dict[str, list[str]]:
    """All rows of all tables."""
    with engine.connect() as connection:
        return {
            name: sorted(repr(row) for row in connection.execute(text(f"SELECT * FROM {name}")))  # noqa: S608
            for name in totals(engine)
        }


class TestArticles:
    def test_comes_back_equal(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            version_id, new = work.add_article(work.start_run([], "p"), article())
            assert new
            assert work.article(version_id).article == article()
            assert work.article(version_id).version_id == version_id

    def test_unknown_version(self, store: SqlStore) -> None:
        with store.unit_of_work() as work, pytest.raises(KeyError):
            work.article(404)

    def test_a_changed_text_is_a_new_current_version(self, store: SqlStore) -> None:
        changed = article(text="“The bridge is closed,” Ortiz said.")
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            first, _ = work.add_article(run_id, article())
            work.add_statements(run_id, first, EXTRACTOR, statements(article()))
            second, new = work.add_article(run_id, changed)
            assert new
            assert second != first
            assert work.versions_to_extract(EXTRACTOR) == [second]
            assert work.sides(EXTRACTOR) == []
            assert work.article(first).article == article()
            assert work.article(second).article == changed

    def test_a_text_that_comes_back_is_current_again(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            first, _ = work.add_article(run_id, article())
            work.add_article(run_id, article(text="Removed."))
            assert work.add_article(run_id, article()) == (first, False)
            assert work.versions_to_extract(EXTRACTOR) == [first]

    def test_extracted_is_per_extractor(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            ids = [work.add_article(run_id, article(f"https://x.example/{n}"))[0] for n in range(3)]
            work.add_statements(run_id, ids[1], EXTRACTOR, [])
            assert work.versions_to_extract(EXTRACTOR) == [ids[0], ids[2]]
            assert work.versions_to_extract("rules-2") == ids

    def test_marks(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            version_id, _ = work.add_article(work.start_run([], "p"), article())
            work.mark_paragraphs(version_id, {1: Mark.RECURRING})
            work.mark_paragraphs(version_id, {})
            marks = [paragraph.mark for paragraph in work.article(version_id).article.paragraphs]
            assert marks == [None, Mark.RECURRING]


class TestParagraphSharing:
    def test_other_articles_of_the_outlet_with_the_same_words(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            one, _ = work.add_article(run_id, article("https://n.example/1", "Own words.\n\nRead  more news."))
            two, _ = work.add_article(run_id, article("https://n.example/2", "Read more\tnews.\n\nOther words."))
            work.add_article(run_id, article("https://s.example/3", "Read more news.", "South"))
            (shared_with_one,) = work.paragraph_sharing(one)[1]
            (shared_with_two,) = work.paragraph_sharing(two)[0]
            assert shared_with_one != shared_with_two
            assert work.paragraph_sharing(one)[0] == frozenset()
            assert work.paragraph_sharing(two)[1] == frozenset()

    def test_only_current_versions(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            one, _ = work.add_article(run_id, article("https://n.example/1", "Read more news."))
            work.add_article(run_id, article("https://n.example/2", "Read more news."))
            work.add_article(run_id, article("https://n.example/2", "All new."))
            assert work.paragraph_sharing(one) == {0: frozenset()}

    def test_no_outlet_shares_nothing(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            ids = [work.add_article(run_id, article(f"/file/{n}", "Read more news.", None))[0] for n in range(2)]
            assert [work.paragraph_sharing(id_) for id_ in ids] == [{0: frozenset()}] * 2


class TestStatements:
    def test_sides_give_the_statements_back_equal(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            version_id, _ = work.add_article(run_id, article())
            assert work.add_statements(run_id, version_id, EXTRACTOR, statements(article())) == 2
            sides = work.sides(EXTRACTOR)
            assert [side.statement for side in sides] == sorted(statements(article()), key=lambda one: one.id)
            places = {(side.article, side.version_id, side.outlet, side.published_at) for side in sides}
            assert places == {(article().url, version_id, "North", article().published_at)}

    def test_same_speaker_under_other_letters(self, store: SqlStore) -> None:
        shouted = Speaker("ANA  ORTIZ", SpeakerKind.PERSON, ("Ms. Ortiz",))
        body = Speaker("Ana Ortiz", SpeakerKind.BODY)
        found = [
            statement(article(), ["The bridge is safe"]),
            statement(article(), ["Ortiz added that"], shouted),
            statement(article(), ["would end in May"], body),
        ]
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            version_id, _ = work.add_article(run_id, article())
            work.add_statements(run_id, version_id, EXTRACTOR, found)
            assert {side.statement for side in work.sides(EXTRACTOR)} == set(found)
            work.commit()
        assert totals(store.engine)["speakers"] == 2
        assert totals(store.engine)["speaker_aliases"] == 3

    def test_a_statement_twice_in_one_batch(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            version_id, _ = work.add_article(run_id, article())
            assert work.add_statements(run_id, version_id, EXTRACTOR, statements(article()) * 2) == 2

    @pytest.mark.parametrize(
        "broken",
        [
            {"source": Span(0, 5, "wrong")},
            {"cue": Span(90, 900, "said")},
            {"content": (Span(-4, -1, "sai"),)},
            {"nested_in": "0" * 16},
            {"claim": "a\0b"},
            {"speaker": Speaker("\ud800", SpeakerKind.PERSON)},
        ],
        ids=["source", "cue", "negative", "nested in nothing", "NUL", "surrogate"],
    )
    def test_what_is_not_the_articles_is_refused_whole(self, store: SqlStore, broken: dict[str, object]) -> None:
        good, other = statements(article())
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            version_id, _ = work.add_article(run_id, article())
            with pytest.raises(BadInput, match=good.id):
                work.add_statements(run_id, version_id, EXTRACTOR, [other, replace(good, **broken)])  # type: ignore[arg-type]
            assert work.versions_to_extract(EXTRACTOR) == [version_id]
            assert work.sides(EXTRACTOR) == []

    def test_unknown_version(self, store: SqlStore) -> None:
        with store.unit_of_work() as work, pytest.raises(KeyError):
            work.add_statements(work.start_run([], "p"), 404, EXTRACTOR, [])


class TestEmbeddings:
    def test_claims_each_once_until_they_have_a_vector(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            for url in ("https://x.example/1", "https://x.example/2"):
                version_id, _ = work.add_article(run_id, article(url))
                work.add_statements(run_id, version_id, EXTRACTOR, statements(article(url)))
            claims = work.claims_to_embed(EXTRACTOR, "model", "r1")
            assert claims == sorted({(one.claim_hash, one.claim) for one in statements(article())})
            work.add_embeddings("model", "r1", [claims[0][0]], np.ones((1, 2), np.float32))
            assert work.claims_to_embed(EXTRACTOR, "model", "r1") == claims[1:]
            assert work.claims_to_embed(EXTRACTOR, "model", "r2") == claims
            assert work.claims_to_embed("rules-2", "model", "r1") == []

    def test_vectors_come_back_in_order_exactly(self, store: SqlStore) -> None:
        vectors = np.array([[0.1, -1e-30], [np.float32(1) / 3, 3e38], [0, 1]], dtype=np.float32)
        with store.unit_of_work() as work:
            work.add_embeddings("model", "r1", HASHES, vectors)
            back = work.embeddings("model", "r1", [HASHES[2], HASHES[0], HASHES[2]])
        assert back.dtype == np.float32
        np.testing.assert_array_equal(back, vectors[[2, 0, 2]])

    def test_first_missing_is_named(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            work.add_embeddings("model", "r1", HASHES[:1], np.ones((1, 2), np.float32))
            with pytest.raises(KeyError, match="b" * 64):
                work.embeddings("model", "r1", HASHES)

    def test_none_wanted(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            assert len(work.embeddings("model", "r1", [])) == 0

    def test_more_than_one_query_takes(self, store: SqlStore) -> None:
        hashes = [f"{n:064x}" for n in range(2500)]
        vectors = np.arange(5000, dtype=np.float32).reshape(2500, 2)
        with store.unit_of_work() as work:
            work.add_embeddings("model", "r1", hashes, vectors)
            np.testing.assert_array_equal(work.embeddings("model", "r1", hashes[::-1]), vectors[::-1])


class TestPairs:
    def test_comes_back_with_both_sides(self, store: SqlStore) -> None:
        pair = with_pair(store).pair
        assert (pair.similarity, pair.gates) == (0.8125, (Gate("subject", "bridge"),))
        assert pair.a.statement.id < pair.b.statement.id
        assert {pair.a.outlet, pair.b.outlet} == {"North", "South"}

    def test_statements_are_looked_at_once_per_gates(self, store: SqlStore) -> None:
        pair = with_pair(store).pair
        with store.unit_of_work() as work:
            assert work.statements_to_pair(EXTRACTOR, GATES) == []
            assert work.statements_to_pair(EXTRACTOR, "gates-2") == [pair.a.statement.id, pair.b.statement.id]
            assert work.statements_to_pair("rules-2", GATES) == []

    def test_looked_at_without_a_pair(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            version_id, _ = work.add_article(run_id, article())
            work.add_statements(run_id, version_id, EXTRACTOR, statements(article()))
            ids = work.statements_to_pair(EXTRACTOR, GATES)
            assert work.add_pairs(run_id, GATES, ids, []) == 0
            assert work.statements_to_pair(EXTRACTOR, GATES) == []

    def test_limit_and_judged(self, store: SqlStore) -> None:
        stored = with_pair(store)
        with store.unit_of_work() as work:
            assert pairs_to_judge(work, POLICY, 0) == []
            assert pairs_to_judge(work, POLICY, 1) == [stored.pair]
            work.add_verdict(stored.run_id, stored.pair.id, VERDICT)
            assert pairs_to_judge(work, POLICY, 1) == []
            assert pairs_to_judge(work, "policy-2", 1) == [stored.pair]

    def test_only_current_versions(self, store: SqlStore) -> None:
        stored = with_pair(store)
        with store.unit_of_work() as work:
            work.add_article(stored.run_id, article(text="Removed."))
            assert pairs_to_judge(work, POLICY, 1) == []

    def test_only_the_last_extractors_statements(self, store: SqlStore) -> None:
        stored = with_pair(store)
        with store.unit_of_work() as work:
            work.add_statements(stored.run_id, stored.versions[0], "rules-2", [])
            assert pairs_to_judge(work, POLICY, 1) == []

    def test_nli_scores(self, store: SqlStore) -> None:
        keys = [("a" * 64, "b" * 64), ("b" * 64, "a" * 64), ("a" * 64, "c" * 64)]
        known = {keys[0]: NLI.a_to_b, keys[1]: NLI.b_to_a}
        with store.unit_of_work() as work:
            work.add_nli_scores("model", "r1", known)
            assert work.nli_scores("model", "r1", keys) == known
            assert work.nli_scores("model", "r2", keys) == {}
            many = [(f"{n:064x}", "a" * 64) for n in range(2500)]
            assert work.nli_scores("model", "r1", [*many, keys[0], keys[0]]) == {keys[0]: NLI.a_to_b}

    def test_stance_scores(self, store: SqlStore) -> None:
        keys = [("a" * 64, "b" * 64), ("b" * 64, "c" * 64)]
        known = {keys[0]: StanceProbabilities(0.1, 0.2, 0.3, 0.4)}
        with store.unit_of_work() as work:
            work.add_stance_scores("model", "r1", known)
            work.add_stance_scores("model", "r1", known)
            assert work.stance_scores("model", "r1", keys) == known
            assert work.stance_scores("model", "r2", keys) == {}


class TestVerdicts:
    def test_a_newer_policy_replaces_the_verdict_and_keeps_the_judgement(self, store: SqlStore) -> None:
        stored = with_pair(store, VERDICT)
        newer = replace(VERDICT, stance=Stance.AGREE, kind=VerdictKind.CORROBORATION, policy_version="policy-2")
        with store.unit_of_work() as work:
            work.add_judgement(stored.pair.id, JUDGEMENT)
            assert work.add_verdict(stored.run_id, stored.pair.id, newer)
            work.commit()
        (row,) = verdict_rows(store.engine, VerdictFilter())
        assert (row.verdict, row.judgement) == (newer, JUDGEMENT)
        assert totals(store.engine)["verdicts"] == 2

    def test_the_same_policy_does_not_judge_again(self, store: SqlStore) -> None:
        stored = with_pair(store, VERDICT)
        other = replace(VERDICT, stance=Stance.AGREE, kind=None)
        with store.unit_of_work() as work:
            assert not work.add_verdict(stored.run_id, stored.pair.id, other)
            work.commit()
        assert [row.verdict for row in verdict_rows(store.engine, VerdictFilter())] == [VERDICT]

    def test_a_judgement_supersedes_by_time_of_entry_and_erases_nothing(self, store: SqlStore) -> None:
        stored = with_pair(store, VERDICT)
        earlier = replace(JUDGEMENT, stance=Stance.CONFLICT, decided_at=JUDGEMENT.decided_at - timedelta(days=1))
        for judgement in (JUDGEMENT, earlier, JUDGEMENT):  # the third is the first, entered again: no change
            with store.unit_of_work() as work:
                work.add_judgement(stored.pair.id, judgement)
                work.commit()
        (row,) = verdict_rows(store.engine, VerdictFilter())
        assert row.judgement == earlier
        with store.engine.connect() as connection:
            ended = connection.execute(text("SELECT superseded_at IS NULL FROM judgements ORDER BY id")).scalars()
            assert [bool(one) for one in ended] == [False, True]

    def test_unknown_pair(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            with pytest.raises(KeyError):
                work.add_verdict(run_id, 404, VERDICT)
            with pytest.raises(KeyError):
                work.add_judgement(404, JUDGEMENT)

    def test_numpy_floats_are_stored_as_numbers(self, store: SqlStore) -> None:
        third = np.float32(1) / np.float32(3)
        scores = Scores(third, third, third)  # type: ignore[arg-type]
        with_pair(store, replace(VERDICT, scores=scores, confidence=third))  # type: ignore[arg-type]
        (row,) = verdict_rows(store.engine, VerdictFilter())
        assert row.verdict.scores == Scores(float(third), float(third), float(third))


class TestRuns:
    def test_counts_what_this_run_added(self, store: SqlStore) -> None:
        with_pair(store, VERDICT)
        with store.unit_of_work() as work:
            again = work.start_run(["samples"], "embedded")
            stored_again = add_pair_of_second_run(work, again)
            work.add_failures(again, [FAILURE])
            summary = work.finish_run(again)
        assert (summary.articles, summary.statements, summary.pairs) == (1, 1, 0)
        assert summary.verdicts == {stance: int(stance is Stance.AGREE) for stance in Stance}
        assert summary.failures == (FAILURE,)
        assert stored_again.run_id == again

    def test_finishing_again_keeps_the_time(self, store: SqlStore) -> None:
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            assert work.finish_run(run_id) == work.finish_run(run_id)

    def test_unknown_run(self, store: SqlStore) -> None:
        with store.unit_of_work() as work, pytest.raises(KeyError):
            work.finish_run(404)


def add_pair_of_second_run(work: SqlUnitOfWork, run_id: int) -> Stored:
    """One more article with a statement, and a newer verdict on the pair that is there."""
    extra = article("https://east.example/bridge", OTHER, "East")
    version_id, _ = work.add_article(run_id, extra)
    work.add_statements(run_id, version_id, EXTRACTOR, [statement(extra, ["the bridge"])])
    (pair,) = pairs_to_judge(work, "policy-2", 5)
    work.add_verdict(run_id, pair.id, replace(VERDICT, stance=Stance.AGREE, policy_version="policy-2"))
    return Stored(run_id, (version_id, version_id), pair)


def test_what_is_left_to_compare_and_to_place(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        both = list(two_versions(work, run_id))
        assert work.versions_to_compare("wire-1") == work.versions_to_place() == both
        work.add_wire_clusters(run_id, "wire-1", both[:1], [])
        work.add_to_story(run_id, both[0], Placement(None))
        assert work.versions_to_compare("wire-1") == work.versions_to_place() == both[1:]
        assert work.versions_to_compare("wire-2") == both


def test_a_new_version_stays_in_its_article_s_story_and_is_compared_anew(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        old, other = two_versions(work, run_id)
        story = work.add_to_story(run_id, old, Placement(None))
        work.add_wire_clusters(run_id, "wire-1", [old, other], [])
        new, _ = work.add_article(run_id, article(text=TEXT + " It rained."))
        assert work.versions_to_place() == [other]
        assert work.stories_of([old, new, other]) == {old: story, new: story}
        assert work.versions_to_compare("wire-1") == [new]
        assert work.add_to_story(run_id, new, Placement(None)) == story


def test_clusters_that_turn_out_to_be_one_become_the_oldest(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        first, second = two_versions(work, run_id)
        one = WireCluster((WireMember((first, 0), 0.8), WireMember((second, 0), 0.8)))
        other = WireCluster((WireMember((first, 1), 1.0),))
        assert work.add_wire_clusters(run_id, "wire-1", [], [one, other]) == 2
        oldest = min(work.wire_places([first, second]).values())
        known = frozenset(work.wire_places([first, second]).values())
        joined = WireCluster((*other.members, *one.members), known)
        assert work.add_wire_clusters(run_id, "wire-1", [], [joined]) == 0
        assert work.wire_places([first, second]) == dict.fromkeys([(first, 0), (second, 0), (first, 1)], oldest)
        work.commit()
    assert totals(store.engine)["wire_clusters"] == 1


@pytest.mark.parametrize(
    ("days", "near"),
    [(None, True), (timedelta(days=14), True), (timedelta(days=-14), True), (timedelta(days=15), False)],
    ids=["undated", "14 days", "14 days before", "15 days"],
)
def test_versions_near_in_time(store: SqlStore, days: timedelta | None, near: bool) -> None:
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        one, _ = work.add_article(run_id, article())
        published = None if days is None else NOON + days
        other, _ = work.add_article(run_id, replace(article("https://x.example/1"), published_at=published))
        assert (other in work.versions_near([one], 14)) is near
        assert (one in work.versions_near([other], 14)) is near


def test_what_has_no_vector_yet(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        work.add_embeddings("model", "r1", HASHES[:1], np.eye(1, dtype=np.float32))
        assert work.without_embedding("model", "r1", HASHES[::-1]) == [HASHES[2], HASHES[1]]
        assert work.without_embedding("model", "r2", HASHES) == HASHES


def test_placing_what_is_not_there(store: SqlStore) -> None:
    with pytest.raises(KeyError), store.unit_of_work() as work:
        work.add_to_story(1, 99, Placement(None))
