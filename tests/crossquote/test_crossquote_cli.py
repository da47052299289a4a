"""The command line as a user meets it: real processes, real models, exit codes, one line for each error."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
COMMAND = Path(sys.executable).parent / "crossquote"
SAMPLES = ROOT / "samples" / "articles"
ARTICLE = """---
outlet: Test Post
url: https://testpost.example/a
published_at: 2026-01-05T10:00:00Z
---
The Orsk bridge was inspected in March, Transport Minister Ann Orr said on Monday.

“The Orsk bridge has not been inspected since 2019,” said Bo Lind, an engineer. He denied that he had signed the report.
"""


def crossquote(*arguments: str | Path, stdin: str | bytes = b"", folder: Path = ROOT) -> tuple[int, str, str]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [str(COMMAND), *map(str, arguments)], input=given, capture_output=True, check=False, cwd=folder, timeout=240
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    return file


def test_help_imports_nothing_heavy() -> None:
    heavy = {"torch", "transformers", "prefect", "sqlalchemy", "numpy", "pydantic"}
    code = f"import sys, crossquote.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.decode().strip() == "[]"


def test_help_names_every_command() -> None:
    code, out, _ = crossquote("--help")
    assert code == 0
    for command in ("run", "extract", "judge", "verdicts", "doctor", "db", "evaluate", "schedule"):
        assert command in out


def test_extract_prints_the_contract(article: Path) -> None:
    code, out, err = crossquote("extract", article, "--json")
    assert (code, err) == (0, "")
    text = ARTICLE.split("---\n", 2)[2]
    found = lines(out)
    assert {"direct", "indirect"} <= {one["kind"] for one in found}
    assert {one["speaker"] for one in found} >= {"Ann Orr", "Bo Lind"}
    for one in found:
        assert one["article"] == str(article)
        spans = [span for span in (one["source"], one["cue"]) if span]
        assert all(text[span["start"] : span["end"]] == span["text"] for span in spans)
        assert one["text"] == " ".join(text[span["start"] : span["end"]] for span in one["content"])


def test_extract_reads_standard_input() -> None:
    code, out, _ = crossquote(
        "extract", "-", "--json", stdin="“We will stay in Orsk,” said Bo Lind, the mayor of the town.\n"
    )
    assert code == 0
    assert lines(out)[0]["article"] == "-"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"\xff\xfe\x00bad", "", id="undecodable"),
        pytest.param(b"   \n", "empty", id="empty"),
        pytest.param(b"a" * 5_000_001, "5", id="huge"),
    ],
)
def test_a_bad_file_is_one_line_and_the_rest_goes_on(content: bytes, says: str, article: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    code, out, err = crossquote("extract", bad, article, "--json")
    assert code == 2
    assert lines(out)
    assert len(err.splitlines()) == 1
    assert "bad.txt" in err
    assert says in err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(("run", "/no/such/folder", "--direct"), 2, "no/such/folder", id="missing input"),
        pytest.param(("verdicts", "--label", "maybe"), 2, "agree", id="unknown label"),
        pytest.param(("verdicts", "--since", "soon"), 2, "ISO date", id="wrong date"),
        pytest.param(("verdicts", "--by-story", "--label", "agree"), 2, "leave --label", id="stories of agreements"),
        pytest.param(("verdicts", "--db", "/tmp/no-such-folder-of-ours/x.db"), 1, "db upgrade", id="no database"),  # noqa: S108
        pytest.param(("judge", "--profile", "nobody"), 1, "embedded", id="unknown profile"),
        pytest.param(("evaluate", "nli", "/no/such/file"), 2, "cannot be read", id="no file"),
        pytest.param(("schedule", "--every", "sometimes", "."), 2, "15m", id="wrong interval"),
        pytest.param(("run",), 2, "PATH", id="no input"),
    ],
)
def test_errors_are_one_line_with_a_remedy(arguments: tuple[str, ...], code: int, says: str) -> None:
    found, out, err = crossquote(*arguments)
    assert found == code
    assert out == ""
    assert says in err
    assert "Traceback" not in err


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "crossquote.toml").write_text("[gates]\ntop_k = 'many'\n")
    code, _, err = crossquote("judge", folder=tmp_path)
    assert code == 1
    assert "gates.top_k" in err


def test_judge_names_lines_that_are_no_text_or_no_json(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    bad = [
        (b'\xef\xbb\xbf{"a": "\\ud800 x", "b": "y"}', '"a" holds half of a surrogate pair'),
        (b'{"a": "\xff", "b": "y"}', "not UTF-8"),
        (b'{"a": %s, "b": "y"}' % (b"9" * 5000), "not JSON"),
        (b'{"a": "x", "b": "y", "b_cue": "\\udfff"}', '"b_cue" holds half of a surrogate pair'),
    ]
    file.write_bytes(b"\n".join(line for line, _ in bad))
    code, out, err = crossquote("judge", "--json", "--input", file)
    assert code == 2
    assert "Traceback" not in err
    for number, (found, (_, says)) in enumerate(zip(lines(out), bad, strict=True), 1):
        assert found["error"].startswith(f"line {number}: {says}")


@pytest.mark.slow
def test_judge_answers_in_order_and_marks_bad_lines() -> None:
    pairs = [
        {"a": "The Orsk bridge was inspected in March.", "b": "The Orsk bridge was not inspected in March."},
        {"a": 3, "b": "x"},
        {
            "a": "The Orsk bridge was closed on Friday.",
            "b": "The Orsk bridge was closed on Friday.",
            "a_speaker": "Ann Orr", "b_speaker": "Bo Lind", "a_cue": "said", "b_cue": "said", "a_date": "2026-01-05", "b_date": None,
        },
    ]  # fmt: skip
    code, out, err = crossquote("judge", "--json", stdin="\n".join([*map(json.dumps, pairs), "not json"]))
    found = lines(out)
    assert code == 2
    assert [one.get("label", "error") for one in found] == ["conflict", "error", "agree", "error"]
    assert "line 2" in err
    assert "line 4" in err
    for one in (found[0], found[2]):
        assert sum(one["scores"].values()) == pytest.approx(1.0, abs=1e-6)
        assert set(one["probabilities"]) == {"a_to_b", "b_to_a"}
        assert one["reasons"]


@pytest.mark.slow
def test_run_twice_then_verdicts(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    code, out, err = crossquote("run", SAMPLES, "--db", database, "--direct", "--json")
    assert code == 0, err
    (first,) = lines(out)
    assert set(first) == {"articles", "statements", "pairs", "verdicts", "seconds"}
    assert first["articles"] == 17
    assert first["pairs"] == sum(first["verdicts"].values())
    began = time.monotonic()
    code, out, _ = crossquote("run", SAMPLES, "--db", database, "--direct", "--json")
    (second,) = lines(out)
    assert [second[key] for key in ("articles", "statements", "pairs")] == [0, 0, 0]
    assert set(second["verdicts"].values()) == {0}
    assert time.monotonic() - began < 60
    code, out, _ = crossquote("verdicts", "--label", "conflict", "--db", database, "--limit", "5", "--json")
    rows = lines(out)
    assert 0 < len(rows) <= 5
    for row in rows:
        assert row["label"] == "conflict"
        for one in (row["a"], row["b"]):
            assert set(one) >= {"article", "outlet", "published_at", "speaker", "text", "start", "end"}
    code, out, _ = crossquote("verdicts", "--db", database)
    assert code == 0
    code, out, _ = crossquote("db", "backup", tmp_path / "copy.db", "--db", database)
    assert (code, (tmp_path / "copy.db").exists()) == (0, True)
    code, out, _ = crossquote("db", "upgrade", "--db", database)
    assert "already" in out


@pytest.mark.slow
def test_doctor_finds_what_works_and_what_does_not(tmp_path: Path) -> None:
    code, out, err = crossquote("doctor", "--json", "--db", tmp_path / "none.db")
    assert code == 0, out + err
    assert {one["check"] for one in lines(out)} >= {
        "settings",
        "embedder",
        "nli",
        "policy",
        "database",
        "prefect",
        "disk",
    }
    broken = subprocess.run(
        [str(COMMAND), "doctor", "--json"],
        capture_output=True, check=False, timeout=120, cwd=tmp_path,
        env={"PREFECT_API_URL": "http://127.0.0.1:1/api", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert broken.returncode == 1
    assert any(
        one["check"] == "prefect" and one["state"] == "broken" and one["remedy"]
        for one in lines(broken.stdout.decode())
    )


def test_the_command_reference_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import runpy; print(runpy.run_path('docs/generate.py', run_name='x')['page'](), end='')"],
        capture_output=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.decode() == (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), "run `make docs`"
