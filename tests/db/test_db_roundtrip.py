"""Every value comes back as it went in, whatever is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from functools import partial

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from db.queries import VerdictFilter, verdict_rows
from db.store import SqlStore
from tests.db.samples import add_pair, pairs_to_judge, with_pair
from verifier.ports import ItemFailure
from verifier.values import (
    Article,
    CueClass,
    Mark,
    Paragraph,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
    statement_id,
)
from verifier.verdicts import (
    BothWays,
    Gate,
    Judgement,
    NliProbabilities,
    ReasonCode,
    Scores,
    Stance,
    Verdict,
    VerdictKind,
)

STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
WORDS = st.text(STORABLE, min_size=1, max_size=20)
MAYBE_WORDS = st.none() | WORDS
PROBABILITY = st.floats(0, 1)
TIMES = st.datetimes(timezones=st.timezones(), allow_imaginary=False).filter(lambda time: 2 < time.year < 9998)
EXTRACTOR = "x"
on_both = partial(
    settings,
    derandomize=True,
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(st.text(STORABLE, min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    marks = draw(st.lists(st.none() | st.sampled_from(Mark), min_size=len(cuts), max_size=len(cuts)))
    paragraphs = tuple(map(Paragraph, cuts[:-1], cuts[1:], marks))
    published = draw(st.none() | TIMES)
    names = (draw(MAYBE_WORDS), draw(MAYBE_WORDS), draw(MAYBE_WORDS))
    return Article(draw(WORDS), text, *names, published, draw(WORDS), paragraphs)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    return Span.cut(text, start, draw(st.integers(start + 1, len(text))))


SPEAKERS = st.builds(Speaker, WORDS, st.sampled_from(SpeakerKind), st.lists(WORDS, max_size=3).map(tuple))


@st.composite
def statement_lists(draw: st.DrawFn, of: Article) -> list[Statement]:
    """Statements that may be nested in any other of the list."""
    found: dict[str, Statement] = {}
    for _ in range(draw(st.integers(0, 4))):
        content = tuple(draw(st.lists(spans(of.text), min_size=1, max_size=3)))
        made = Statement(
            id=statement_id(of.url, of.content_hash, EXTRACTOR, content),
            kind=draw(st.sampled_from(StatementKind)),
            speaker=draw(st.none() | SPEAKERS),
            source=draw(st.none() | spans(of.text)),
            cue=draw(st.none() | spans(of.text)),
            cue_class=draw(st.none() | st.sampled_from(CueClass)),
            content=content,
            claim=draw(WORDS),
            confidence=draw(PROBABILITY),
            speaker_reason=draw(MAYBE_WORDS),
        )
        found[made.id] = made
    outer = st.none() | st.sampled_from(sorted(found)) if found else st.none()
    return [replace(one, nested_in=draw(outer)) for one in found.values()]


@on_both()
@given(data=st.data())
def test_articles_and_statements(store: SqlStore, data: st.DataObject) -> None:
    one = data.draw(articles())
    found = data.draw(statement_lists(one))
    with store.unit_of_work() as work:
        run_id = work.start_run(["x"], "p")
        version_id, new = work.add_article(run_id, one)
        assert work.add_statements(run_id, version_id, EXTRACTOR, found) == len(found)
        assert new
        back = work.article(version_id).article
        assert back == one
        sides = work.sides(EXTRACTOR)
        assert [side.statement for side in sides] == sorted(found, key=lambda statement: statement.id)
        for side in sides:
            for span in side.statement.content:
                assert back.text[span.start : span.end] == span.text


NLI = st.builds(NliProbabilities, PROBABILITY, PROBABILITY, PROBABILITY)
KINDS = st.none() | st.sampled_from(VerdictKind)
VERDICTS = st.builds(
    Verdict,
    stance=st.sampled_from(Stance),
    kind=KINDS,
    confidence=PROBABILITY,
    scores=st.builds(Scores, PROBABILITY, PROBABILITY, PROBABILITY),
    probabilities=st.builds(BothWays, NLI, NLI),
    reasons=st.lists(WORDS, max_size=3).map(tuple),
    reason_code=st.none() | st.sampled_from(ReasonCode),
    policy_version=WORDS,
    nli_model=WORDS,
    nli_revision=WORDS,
)
JUDGEMENTS = st.builds(Judgement, st.sampled_from(Stance), KINDS, WORDS, TIMES, MAYBE_WORDS)


@on_both(max_examples=15)
@given(verdict=VERDICTS, judgement=JUDGEMENTS)
def test_verdicts_and_judgements(store: SqlStore, verdict: Verdict, judgement: Judgement) -> None:
    pair_id = with_pair(store).pair.id if not pair_ids(store) else pair_ids(store)[0]
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        fresh = work.add_verdict(run_id, pair_id, verdict)
        work.add_judgement(pair_id, judgement)
        work.commit()
    (row,) = verdict_rows(store.engine, VerdictFilter())
    if fresh:
        assert row.verdict == verdict
    assert row.judgement == judgement
    assert row.to_dict()["judgement"]["decided_at"] == judgement.decided_at.astimezone(UTC).isoformat()


def pair_ids(store: SqlStore) -> list[int]:
    """The samples' pair, if it is there already."""
    with store.unit_of_work() as work:
        return [pair.id for pair in pairs_to_judge(work, "nobody", 1)]


@on_both()
@given(similarity=st.floats(-1, 1), gates=st.lists(st.builds(Gate, WORDS, WORDS), max_size=3).map(tuple), scores=NLI)
def test_pairs_and_scores(
    store: SqlStore, similarity: float, gates: tuple[Gate, ...], scores: NliProbabilities
) -> None:
    with store.unit_of_work() as work:
        pair = add_pair(work, work.start_run([], "p"), similarity, gates).pair
        assert (pair.similarity, pair.gates) == (similarity, gates)
        work.add_nli_scores("m", "r", {("a", "b"): scores})
        assert work.nli_scores("m", "r", [("a", "b")]) == {("a", "b"): scores}


@on_both()
@given(values=st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=8))
def test_vectors(store: SqlStore, values: list[float]) -> None:
    vectors = np.array([values], dtype=np.float32)
    with store.unit_of_work() as work:
        work.add_embeddings("m", "r", ["h"], vectors)
        np.testing.assert_array_equal(work.embeddings("m", "r", ["h"]), vectors)


@on_both()
@given(
    locations=st.lists(st.text(max_size=10), max_size=3),
    failures=st.lists(st.builds(ItemFailure, WORDS, WORDS, WORDS, st.booleans()), max_size=3, unique=True),
    hostile=st.text(st.characters(codec=None), max_size=10),
)
def test_runs(store: SqlStore, locations: list[str], failures: list[ItemFailure], hostile: str) -> None:
    unique = list({(one.stage, one.item, one.message): one for one in reversed(failures)}.values())[::-1]
    with store.unit_of_work() as work:
        run_id = work.start_run([*locations, hostile], "p")
        work.add_failures(run_id, unique)
        assert work.finish_run(run_id).failures == tuple(unique)
        work.add_failures(run_id, [ItemFailure("read", hostile, hostile)])
