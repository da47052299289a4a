"""Our own labelled pairs: their form, how they are read, and the frozen run over them on deterministic stand-ins."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.frozen import PAIRS, Answer, answers, changes, confusion, main, read, write
from crossquote.evaluation.files import read_items
from crossquote.evaluation.pairs import evaluate_pairs
from models.fakes import FakeEmbedder, FakeNli
from models.training.labelled_pairs import COLUMNS, LABELS, LabelledPair, Reported, read_pairs
from tests.services import calibration
from verifier.errors import BadInput
from verifier.judging import Judge
from verifier.pairing import GateSettings
from verifier.policy import Policy
from verifier.reading import Reader, Readers
from verifier.verdicts import VerdictKind

KINDS: dict[str, set[str]] = {
    "agree": {VerdictKind.CORROBORATION, VerdictKind.SAME_UTTERANCE, VerdictKind.QUOTE_DRIFT},
    "conflict": {VerdictKind.CONTRADICTION, VerdictKind.NUMERIC, VerdictKind.DENIAL, VerdictKind.POSITION_CHANGED},
    "tension": {VerdictKind.TENSION},
    "neutral": {"", VerdictKind.NUMERIC_UPDATE},
}
HEADER = ",".join(COLUMNS)
GOOD = "x,conflict,Post,2025-01-02,Ann Orr,said,the bridge is safe,Echo,2025-01-03,Bo Lind,said,the bridge is not safe"
ROWS = list(csv.DictReader(PAIRS.read_text(encoding="utf-8").splitlines()))
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])


def judge() -> Judge:
    nli = FakeNli()
    return Judge(FakeEmbedder(), Readers(Reader(nli)), Policy(calibration(), nli.model_id, nli.revision))


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def written(*lines: str) -> Path:
        path = tmp_path / "pairs.csv"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return written


@each_row
def test_a_row_has_the_form(row: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", row["id"])
    assert row["kind"] in KINDS[row["label"]]
    assert row["why"].strip()
    for side in ("a", "b"):
        assert 2 <= len(row[side].split()) <= 70
        assert row[side] == row[side].strip()
        assert row[f"{side}_outlet"]
        assert date.fromisoformat(row[f"{side}_date"])
        assert bool(row[f"{side}_source"]) == bool(row[f"{side}_cue"]), "a narrated side has neither"


def test_ids_are_unique_and_sorted() -> None:
    ids = [row["id"] for row in ROWS]
    assert ids == sorted(set(ids))


def test_no_two_pairs_are_the_same() -> None:
    said = [frozenset((row["a"], row["b"])) for row in ROWS]
    assert len(set(said)) == len(said)
    assert all(
        len(both) == 2 or row["kind"] == VerdictKind.SAME_UTTERANCE for both, row in zip(said, ROWS, strict=True)
    )


def test_there_are_enough_of_each_label_and_of_each_kind() -> None:
    assert len(ROWS) >= 200
    labels = Counter(row["label"] for row in ROWS)
    assert min(labels[label] for label in LABELS) >= 40
    assert {row["kind"] for row in ROWS} == {"", *VerdictKind}


def test_the_set_is_read_as_it_stands() -> None:
    pairs = list(read_pairs(PAIRS))
    assert [pair.id for pair in pairs] == [row["id"] for row in ROWS]
    assert [pair.label for pair in pairs] == [LABELS[row["label"]] for row in ROWS]
    assert all(pair.a.article != pair.b.article for pair in pairs)
    assert len({side.side().statement.id for pair in pairs for side in (pair.a, pair.b)}) == 2 * len(pairs)


def test_a_row_becomes_a_pair(table: Callable[..., Path]) -> None:
    (pair,) = read_pairs(table(f"{HEADER},why", f"{GOOD},negation"))
    a = Reported("x/a", "Post", "2025-01-02", "Ann Orr", "said", "the bridge is safe", 0)
    b = Reported("x/b", "Echo", "2025-01-03", "Bo Lind", "said", "the bridge is not safe", 0)
    assert pair == LabelledPair(a, b, "conflict", id="x")


def test_what_may_be_empty(table: Callable[..., Path]) -> None:
    (pair,) = read_pairs(table(HEADER, "x,neutral,,,,,It rained.,,,,,It snowed."))
    assert (pair.label, pair.a.date, pair.a.source, pair.a.cue, pair.a.side().published_at) == (
        "unrelated",
        "",
        "",
        "",
        None,
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(GOOD.replace("conflict", "clash"), r":3: unknown label 'clash'", id="label"),
        pytest.param(GOOD.replace("conflict", ""), r":3: unknown label ''", id="no label"),
        pytest.param(GOOD.replace("the bridge is safe", " "), r":3: a is empty", id="no text"),
        pytest.param(GOOD.replace("2025-01-03", "3 January"), r":3: b_date '3 January' is no ISO date", id="date"),
        pytest.param("x,conflict,Post", r":3: more or fewer values", id="too short"),
        pytest.param(f"{GOOD},and,more", r":3: more or fewer values", id="too long"),
        pytest.param('x,"con"flict', r":3: not a line of comma-separated values", id="quotation mark"),
    ],
)
def test_the_first_wrong_line_is_named(table: Callable[..., Path], line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(read_pairs(table(HEADER, GOOD, line, GOOD.replace("conflict", "later"))))


def test_a_missing_column_is_named(table: Callable[..., Path]) -> None:
    with pytest.raises(ValueError, match=r":1: no column id, b_cue; a table of pairs has id, label"):
        list(read_pairs(table(HEADER.replace("id,", "").replace("b_cue,", ""), GOOD)))


def test_the_command_gets_one_line_for_a_bad_file(table: Callable[..., Path]) -> None:
    with pytest.raises(BadInput, match=r"pairs\.csv:2: unknown label"):
        read_items(table(HEADER, GOOD.replace("conflict", "clash")), read_pairs, "a table")
    with pytest.raises(BadInput, match="holds no labelled item"):
        read_items(table(HEADER), read_pairs, "a table")


def test_the_evaluation_takes_the_set() -> None:
    report = evaluate_pairs(judge(), GateSettings(), list(read_pairs(PAIRS)), lambda _done, _total: None)
    assert {score.target for score in report.scores} == {"conflict", "conflict or tension", "agree"}
    assert sum(total for _, total in report.kept.values()) == len(ROWS)


def test_answers_are_sorted_and_know_their_labels() -> None:
    pairs = list(read_pairs(PAIRS))
    found = answers(judge(), pairs[::-1])
    assert [(one.id, one.label) for one in found] == [(row["id"], row["label"]) for row in ROWS]
    assert all(re.fullmatch(r"[01]\.\d\d", one.confidence) for one in found)


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    run = [Answer("a", "agree", "undecided", "", "0.50"), Answer("b", "tension", "conflict", "tension", "0.71")]
    write(path, "policy-1", run)
    assert path.read_text(encoding="utf-8").splitlines()[:2] == ["# policy-1", "id,label,stance,kind,confidence"]
    assert read(path) == ("policy-1", run)


@pytest.mark.parametrize(
    ("fresh", "lines"),
    [
        pytest.param(("conflict", "numeric", "0.71"), [], id="the last digit is noise"),
        pytest.param(
            ("conflict", "numeric", "0.75"), ["x: conflict numeric 0.70 -> conflict numeric 0.75"], id="confidence"
        ),
        pytest.param(("conflict", "denial", "0.70"), ["x: conflict numeric 0.70 -> conflict denial 0.70"], id="kind"),
        pytest.param(("neutral", "", "0.70"), ["x: conflict numeric 0.70 -> neutral 0.70"], id="stance"),
    ],
)
def test_what_counts_as_a_change(fresh: tuple[str, str, str], lines: list[str]) -> None:
    kept = Answer("x", "conflict", "conflict", "numeric", "0.70")
    assert changes([kept], [Answer("x", "conflict", *fresh)]) == lines


def test_pairs_of_one_run_only_are_changes() -> None:
    one, other = Answer("x", "agree", "agree", "", "0.70"), Answer("y", "agree", "agree", "", "0.70")
    assert changes([one], [other]) == ["x: agree 0.70 -> nothing", "y: nothing -> agree 0.70"]


def test_the_table_counts_a_conflict_of_kind_tension_as_tension() -> None:
    run = [
        Answer("a", "tension", "conflict", "tension", "0.7"),
        Answer("b", "tension", "neutral", "", "0.7"),
        Answer("c", "neutral", "undecided", "", "0.4"),
    ]
    table = confusion(run)
    assert "| tension | 0 | 0 | 1 | 1 | 0 |" in table
    assert "| neutral | 0 | 0 | 0 | 0 | 1 |" in table
    assert table.endswith("1 of 3 as labelled.")


def test_freezing_and_checking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run.csv"
    assert main(["--check"], judge, run=run) == 2
    assert "python -m bench.frozen" in capsys.readouterr().err
    assert main([], judge, run=run) == 0
    version, kept = read(run)
    assert version == judge().policy.version
    assert main(["--check"], judge, run=run) == 0
    assert f"0 of {len(ROWS)} pairs differ" in capsys.readouterr().out
    turned = Answer(kept[0].id, kept[0].label, "agree" if kept[0].stance != "agree" else "neutral", "", "0.90")
    write(run, "policy-of-old", [turned, *kept[1:]])
    assert main(["--check"], judge, run=run) == 1
    out = capsys.readouterr().out
    assert f"kept with policy-of-old, judged with {version}" in out
    assert f"1 of {len(ROWS)} pairs differ" in out
    assert read(run)[0] == "policy-of-old", "a check writes nothing"
