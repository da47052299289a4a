"""Whatever the text: no exception, exact offsets, and time in proportion to its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.extraction import RuleExtractor
from verifier.values import Article, Mark, Paragraph, Statement, StatementKind

COPY = (
    "TARN (RPA) — “The dam will hold,” said Nora Feld, who runs it. “We have checked.”\n\n"
    "According to the river board, two gates failed; Piers Quill’s claim that ‘all is well’ was denied.\n"
    'When asked if it leaks, she told reporters that there was «no leak» — "none at all".\n\n'
    "“It is safe.\n\n“It will stay safe,” he added."
)
MARKS = "“”‘’«»„\"'`.,:;!?…()[]—–- \n\r\t\u00a0\u2028\u200b\ufeff\x00"
WORDS = st.sampled_from(
    [
        "said",
        "Nora",
        "Feld",
        "that",
        "the",
        "dam",
        "he",
        "according",
        "to",
        "told",
        "and",
        "who",
        "denied",
        "is",
        "Q:",
        "“",
        "”",
    ]
)


def check(text: str, paragraphs: tuple[Paragraph, ...] = ()) -> list[Statement]:
    article = Article("file:///case", text, paragraphs=paragraphs)
    found = RuleExtractor().extract(article)
    ids = {statement.id for statement in found}
    assert len(ids) == len(found)
    for statement in found:
        spans = [*statement.content, *(s for s in (statement.source, statement.cue) if s is not None)]
        assert all(text[span.start : span.end] == span.text for span in spans)
        assert statement.content
        assert 0 <= statement.confidence <= 1
        assert statement.claim
        assert "\n" not in statement.claim
        assert statement.nested_in is None or statement.nested_in in ids
        assert statement.speaker is not None or statement.speaker_reason
    return found


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    check(text)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    check(raw.decode("utf-8", "surrogateescape"))
    check(raw.decode("latin-1"))


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(alphabet=MARKS, max_size=4)), max_size=80))
def test_words_and_marks_in_any_order(pieces: list[str]) -> None:
    check(" ".join(pieces))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.data())
def test_marks_lost_doubled_or_moved(data: st.DataObject) -> None:
    text = COPY
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text) - 1))
        change = data.draw(st.sampled_from(["delete", "double", "insert"]))
        mark = data.draw(st.sampled_from("“”‘’\"'«»\n"))
        text = {
            "delete": text[:at] + text[at + 1 :],
            "double": text[: at + 1] + text[at:],
            "insert": text[:at] + mark + text[at:],
        }[change]
    check(text)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 380), st.integers(1, 90), st.sampled_from([None, *Mark])), max_size=6))
def test_any_paragraphs(places: list[tuple[int, int, Mark | None]]) -> None:
    cut = sorted(places, key=lambda place: place[0])
    paragraphs = tuple(Paragraph(a, min(a + n, len(COPY)), mark) for a, n, mark in cut if a < len(COPY))
    check(COPY, paragraphs)


def test_marked_paragraphs_give_nothing_but_name_people() -> None:
    text = "Nora Feld at the dam in May.\n\n“It will hold,” Feld said."
    found = check(text, (Paragraph(0, 28, Mark.CAPTION), Paragraph(30, len(text))))
    assert [(s.text, s.speaker.name if s.speaker else None) for s in found] == [("“It will hold,”", "Nora Feld")]


def test_ids_follow_the_text_and_the_place() -> None:
    first, again = check(COPY), check(COPY)
    assert [s.id for s in first] == [s.id for s in again]
    assert {s.id for s in first}.isdisjoint(s.id for s in check(" " + COPY))


def test_no_article_no_statements() -> None:
    assert check("") == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "text",
    [
        "“" * 100_000,
        "”" * 100_000,
        '"' * 100_000,
        "' ‘a’ " * 20_000,
        "“a” said " * 20_000,
        "Nora Feld said that " * 15_000,
        "a, " * 100_000,
        "Feld, the head, " * 20_000,
        "and Nora and Piers " * 15_000,
        "( " * 100_000,
        "said " * 60_000,
        "A" * 300_000,
        "A. " * 100_000,
        "Nora Feld " * 30_000,
        "according to " * 25_000,
        "SMITH: yes\n" * 20_000,
        "“a\n" * 50_000,
    ],
    ids=[
        "opening marks",
        "closing marks",
        "straight marks",
        "single marks",
        "quotations",
        "cues",
        "commas",
        "asides",
        "and",
        "brackets",
        "said",
        "one word",
        "initials",
        "names",
        "according",
        "turns",
        "unclosed paragraphs",
    ],
)
def test_time_is_bounded(text: str) -> None:
    began = time.process_time()
    check(text)
    assert time.process_time() - began < 20


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_five_megabytes() -> None:
    text = (COPY + "\n\n") * (5_000_000 // len(COPY))
    began = time.process_time()
    found = RuleExtractor().extract(Article("file:///long", text))
    assert time.process_time() - began < 120
    assert len(found) > 10_000
    assert {s.kind for s in found} >= {StatementKind.DIRECT, StatementKind.INDIRECT}
