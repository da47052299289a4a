"""The main job on the sample articles, with the packaged models: what must be found is found, what must not is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from crossquote.bootstrap import open_services
from db.engine import open_engine
from db.queries import VerdictFilter, verdict_rows
from verifier import pipeline
from verifier.ports import RunSummary

ROOT = Path(__file__).parent.parent
EXPECTED = [json.loads(line) for line in (ROOT / "samples" / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
MUST_FIND = [one for one in EXPECTED if "must_not" not in one and "must_not_kind" not in one]
MUST_NOT = [one for one in EXPECTED if one.get("must_not") == "conflict"]
COPIES = [one for one in EXPECTED if "must_not_kind" in one]
Rows = list[dict[str, Any]]
UNDECIDED = {
    "bridge-inspected",
    "bridge-26-dead",
    "water-lead-found-twice",
}  # beyond the models so far: they must say so


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunSummary, Rows, dict[str, str]]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('main') / 'crossquote.db'}"
    services = open_services(url)
    summary = pipeline.run(services, [str(ROOT / "samples" / "articles")], lambda _: pipeline.silent)
    engine = open_engine(url)
    rows = [row.to_dict() for row in verdict_rows(engine, VerdictFilter())]
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT a.url, v.text FROM article_versions v JOIN articles a ON a.id = v.article_id"
        )
        texts = {str(url): str(text) for url, text in found}
    yield summary, rows, texts
    engine.dispose()


def verdicts_on(expected: Mapping[str, Any], rows: Rows, texts: Mapping[str, str]) -> Rows:
    """The verdicts whose two sides overlap the two quotes, whichever way round."""
    return [
        row
        for row in rows
        for first, second in (("a", "b"), ("b", "a"))
        if on(row[first], expected["a"], texts) and on(row[second], expected["b"], texts)
    ]


def on(side: Mapping[str, Any], quote: Mapping[str, str], texts: Mapping[str, str]) -> bool:
    if side["article"] != quote["article"]:
        return False
    start = texts[quote["article"]].index(quote["quote"])
    return bool(side["start"] < start + len(quote["quote"]) and start < side["end"])


@pytest.mark.slow
def test_the_run_reads_every_article_and_drops_nothing(finished: tuple[RunSummary, Rows, dict[str, str]]) -> None:
    summary, rows, _ = finished
    assert summary.articles == 17
    assert summary.failures == ()
    assert summary.statements > 200
    assert summary.pairs == sum(summary.verdicts.values()) == len(rows)


@pytest.mark.slow
@pytest.mark.parametrize("expected", MUST_FIND, ids=lambda one: one["id"])
def test_what_must_be_found(expected: Mapping[str, Any], finished: tuple[RunSummary, Rows, dict[str, str]]) -> None:
    _, rows, texts = finished
    labels = {"undecided"} if expected["id"] in UNDECIDED else {expected["label"], *expected.get("also_labels", [])}
    assert labels & {row["label"] for row in verdicts_on(expected, rows, texts)}


@pytest.mark.slow
@pytest.mark.parametrize("expected", MUST_NOT, ids=lambda one: one["id"])
def test_what_must_not_be_flagged(
    expected: Mapping[str, Any], finished: tuple[RunSummary, Rows, dict[str, str]]
) -> None:
    _, rows, texts = finished
    assert "conflict" not in {row["label"] for row in verdicts_on(expected, rows, texts)}


@pytest.mark.slow
@pytest.mark.parametrize("expected", COPIES, ids=lambda one: one["id"])
def test_wire_copy_is_no_corroboration(
    expected: Mapping[str, Any], finished: tuple[RunSummary, Rows, dict[str, str]]
) -> None:
    _, rows, texts = finished
    assert expected["must_not_kind"] not in {row["kind"] for row in verdicts_on(expected, rows, texts)}


@pytest.mark.slow
def test_every_span_is_the_article_s_own_text(finished: tuple[RunSummary, Rows, dict[str, str]]) -> None:
    _, rows, texts = finished
    for row in rows:
        for side in (row["a"], row["b"]):
            words = side["text"].split()
            place = texts[side["article"]][side["start"] : side["end"]]
            assert words[0] in place
            assert words[-1] in place
