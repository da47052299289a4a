"""A file is there whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from crossquote.exports.files import as_text, destination


def fail_half_way(file: Path) -> None:
    with destination(file) as stream:
        stream.write(b"half")
        raise ValueError("odd row")


def test_an_export_that_fails_leaves_the_earlier_file_and_nothing_beside(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("before")
    with pytest.raises(ValueError, match="odd row"):
        fail_half_way(file)
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_the_file_is_replaced_only_when_all_is_written(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("before")
    with destination(file) as stream, as_text(stream) as text:
        text.write("é\n")
        text.flush()
        assert file.read_text() == "before"
    assert file.read_text(encoding="utf-8") == "é\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to(tmp_path / "y")
    with destination(tmp_path / "x") as stream:
        stream.write(b"1")
    assert ((tmp_path / "x").is_symlink(), (tmp_path / "y").read_bytes()) == (True, b"1")


def test_a_device_is_written_to_and_stays_one() -> None:
    with destination(Path("/dev/null")) as stream:
        stream.write(b"1")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
