"""The table of `make bench`, and the texts it repeats."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from bench.measuring import Measured, articles, rates, table, write
from bench.memory import repeated
from bench.parts import where_it_goes
from verifier.extraction import drafts
from verifier.values import Article


def test_a_row_is_a_ratio_with_its_floor() -> None:
    rows = table([Measured("judge", "pairs/s", 450.0, "plain", 100.0, 4.5), Measured("x", "runs/s", 0.5, "y", 0.01)])
    assert rows[2:] == [
        "| judge | 450 pairs/s | plain: 100/s | 4.50 | 4.5 |",
        "| x | 0.5 runs/s | y: 0.01/s | 50.00 |  |",
    ]


def test_each_body_is_measured_in_turn() -> None:
    order: list[str] = []
    found = rates(10, lambda: order.append("a"), lambda: order.append("b"), rounds=2)
    assert order == ["a", "b", "a", "b"]
    assert all(rate > 0 for rate in found)


def test_the_other_sections_of_the_page_stay(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Old\n\nold table\n\n## Load\n\n| a |\n\n## More\n\nend\n", encoding="utf-8")
    for lines in (["first", "time"], ["| new |"]):
        write(page, lines)
    text = page.read_text(encoding="utf-8")
    assert text.endswith("\n\n| new |\n\n## Load\n\n| a |\n\n## More\n\nend\n")
    assert text.startswith("# Benchmarks\n")
    assert "old" not in text


def test_texts_repeat_with_changes() -> None:
    found = list(islice(repeated([Article("a", "She said no."), Article("b", "He said yes.")]), 5))
    assert len({one.url for one in found}) == len({one.text for one in found}) == 5
    assert found[0].text == "She said no."


@pytest.mark.slow
def test_the_parts_of_the_extraction_are_told_apart() -> None:
    before = drafts.read
    taken = where_it_goes(articles(None, 2))
    assert all(ms > 0 for part, ms in taken.items() if part != "pronouns")
    assert drafts.read is before
