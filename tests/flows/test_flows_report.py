"""What a run leaves for its readers, without Prefect."""

from __future__ import annotations

import pytest

from flows.report import CELL, outcome, plain, summary_markdown, table
from verifier.ports import ItemFailure, RunSummary
from verifier.verdicts import Stance

COUNTS = {Stance.AGREE: 2, Stance.CONFLICT: 1, Stance.NEUTRAL: 0, Stance.UNDECIDED: 3}


def summary(*failures: ItemFailure) -> RunSummary:
    return RunSummary(7, 3, 40, 6, COUNTS, 12.34, failures)


def test_outcome_is_one_line_of_counts() -> None:
    assert outcome(summary()) == (
        "Added 3 articles, 40 statements, 6 pairs; verdicts: 2 agree, 1 conflict, 0 neutral, 3 undecided; 12.3 s"
    )


@pytest.mark.parametrize(
    ("failure", "tail"),
    [
        pytest.param(ItemFailure("ingest", "a.txt", "empty; remove it"), "a.txt: empty; remove it", id="item-added"),
        pytest.param(ItemFailure("ingest", "a.txt", "a.txt: empty"), "the first: a.txt: empty", id="item-once"),
        pytest.param(ItemFailure("ingest", "a.txt", "odd\nlines"), "a.txt: odd lines", id="one-line"),
    ],
)
def test_outcome_names_the_first_item_dropped(failure: ItemFailure, tail: str) -> None:
    line = outcome(summary(failure))
    assert "1 items dropped" in line
    assert line.endswith(tail)
    assert "\n" not in line


def test_page_groups_what_was_dropped_by_stage() -> None:
    page = summary_markdown(summary(ItemFailure("extract", "b", "odd"), ItemFailure("ingest", "a", "empty")))
    assert page.index("### extract") < page.index("### ingest")
    assert "## Dropped: 2" in page


def test_page_of_a_failed_run_says_why_first() -> None:
    page = summary_markdown(summary(), "judge: no model; get it")
    assert page.index("The run failed") < page.index("| articles | 3 |")


def test_page_stays_readable_when_everything_fails() -> None:
    page = summary_markdown(summary(*(ItemFailure("ingest", f"{i}.txt", "empty") for i in range(500))))
    assert "and 450 more" in page
    assert len(page) < 10_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script>", id="html"),
        pytest.param("[click](javascript:x)", id="link"),
        pytest.param("a | b", id="table"),
        pytest.param("![x](http://example.org/pixel)", id="image"),
    ],
)
def test_untrusted_words_bring_no_markup(text: str) -> None:
    shown = plain(text)
    assert all(shown[i - 1] == "\\" for i, sign in enumerate(shown) if sign in "<>[]()|!")


def test_table_cells_are_words_and_numbers_of_a_bounded_length() -> None:
    rows = table([{"text": "x" * 5000, "confidence": 0.5, "kind": None, "stance": Stance.AGREE}])
    assert rows == [{"text": "x" * (CELL - 1) + "…", "confidence": 0.5, "kind": None, "stance": "agree"}]
