"""Texts from outside that a database cannot hold, or that look as if it could not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from db.queries import totals
from db.store import SqlStore
from tests.db.samples import EXTRACTOR, article, statement
from verifier.errors import BadInput
from verifier.ports import ItemFailure
from verifier.values import Article, Paragraph, Span, Speaker, SpeakerKind


@pytest.mark.parametrize("character", ["\0", "\udfff"], ids=["NUL", "lone surrogate"])
@pytest.mark.parametrize("field", ["url", "text", "outlet", "title", "author"])
def test_an_article_no_database_can_hold_is_refused(store: SqlStore, field: str, character: str) -> None:
    bad = replace(article(), **{field: f"Safe{character}."})  # type: ignore[arg-type]
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        with pytest.raises(BadInput, match="save it as clean UTF-8") as caught:
            work.add_article(run_id, bad)
        assert caught.value.message.isprintable()
        assert work.add_article(run_id, article())[1]


@pytest.mark.parametrize(
    "words",
    [
        "\U0001f600 \U0010ffff",
        "a\r\nb\rc\u2028d",
        "e\u0301 \u00e9 \ufb01",
        "‮ reversed",
        "\x01\x1b[31m",
        "'; --%s :x \\",
    ],
    ids=["astral", "line ends", "not normalised", "direction", "control", "quoting"],
)
def test_any_other_text_comes_back_with_its_offsets(store: SqlStore, words: str) -> None:
    hostile = Article("https://x.example/" + words, words * 2, words, words, words, paragraphs=(Paragraph(0, 1),))
    whole = Span.cut(hostile.text, 1, len(hostile.text))
    found = replace(statement(article(), ["said"], Speaker(words, SpeakerKind.ROLE, (words,))), content=(whole,))
    found = replace(found, source=whole, cue=whole, claim=words)
    with store.unit_of_work() as work:
        run_id = work.start_run([words], "p")
        version_id, _ = work.add_article(run_id, hostile)
        work.add_statements(run_id, version_id, EXTRACTOR, [found])
        work.commit()
    with store.unit_of_work() as work:
        back = work.article(version_id).article
        (side,) = work.sides(EXTRACTOR)
    assert back == hostile
    assert side.statement == found
    assert back.text[whole.start : whole.end] == side.statement.content[0].text


def test_names_of_files_are_written_out_where_they_must(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        run_id = work.start_run(["/caf\udce9.txt"], "p")
        work.add_failures(run_id, [ItemFailure("read", "/caf\udce9.txt", "NUL \0 in it")])
        (failure,) = work.finish_run(run_id).failures
    assert (failure.item, failure.message) == ("/caf\\udce9.txt", "NUL \\x00 in it")


@pytest.mark.parametrize("field", ["url", "outlet"])
def test_a_key_too_long_for_an_index_is_refused(store: SqlStore, field: str) -> None:
    with store.unit_of_work() as work, pytest.raises(BadInput, match="shorten it"):
        work.add_article(work.start_run([], "p"), replace(article(), **{field: "é" * 1025}))  # type: ignore[arg-type]


def test_a_very_long_name(store: SqlStore) -> None:
    names = ["n" * 100_000, "n" * 100_001]
    speakers = [Speaker(name, SpeakerKind.GROUP, (name + "x",)) for name in names]
    words = ["The bridge is safe", "would end in May"]
    found = [statement(article(), [piece], one) for piece, one in zip(words, speakers, strict=True)]
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        version_id, _ = work.add_article(run_id, article())
        work.add_statements(run_id, version_id, EXTRACTOR, found)
        assert {side.statement for side in work.sides(EXTRACTOR)} == set(found)
        work.commit()
    assert totals(store.engine)["speakers"] == 2


@pytest.mark.parametrize("published", [datetime.min, datetime.max], ids=["first", "last"])
def test_the_ends_of_the_calendar(store: SqlStore, published: datetime) -> None:
    dated = replace(article(), published_at=published.replace(tzinfo=UTC))
    with store.unit_of_work() as work:
        version_id, _ = work.add_article(work.start_run([], "p"), dated)
        assert work.article(version_id).article == dated
