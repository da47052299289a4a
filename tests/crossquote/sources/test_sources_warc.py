"""Web archives: whole, cut at any byte, and gone on with."""

from __future__ import annotations

import gzip
from contextlib import nullcontext
from pathlib import Path

import pytest

from crossquote.sources import SourceReader
from crossquote.sources.warc import warc_pages
from tests.crossquote.fetching.servers import page
from verifier.errors import BadInput
from verifier.ports import ItemFailure
from verifier.values import Article


def archive(*bodies: bytes, zipped: bool = True, media: str = "text/html", status: str = "200 OK") -> bytes:
    """A record a body, each a gzip member of its own, as the format has it."""
    records = (record(f"https://gazette.example/{n}", body, media, status) for n, body in enumerate(bodies))
    return b"".join(gzip.compress(one, mtime=0) if zipped else one for one in records)


def record(url: str, body: bytes, media: str, status: str) -> bytes:
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {media}; charset=utf-8\r\n\r\n".encode() + body
    head = {"WARC-Type": "response", "WARC-Target-URI": url, "Content-Type": "application/http; msgtype=response"}
    lines = [f"{name}: {value}" for name, value in (head | {"Content-Length": str(len(answer))}).items()]
    return "\r\n".join(["WARC/1.0", *lines, "", ""]).encode() + answer + b"\r\n\r\n"


PAGES = [page(title)[2] for title in ("First ferry", "Second ferry", "Third ferry")]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_the_articles_of_an_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(archive(*PAGES, zipped=name.endswith("gz")))
    items, failures = SourceReader().expand([str(tmp_path)])
    found = list(SourceReader().read(items[0]))
    assert failures == []
    assert [one.url for one in found if isinstance(one, Article)] == [f"https://gazette.example/{n}" for n in range(3)]


@pytest.mark.parametrize("zipped", [True, False])
def test_cut_at_any_byte_it_says_so_and_gives_what_is_whole(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "a.warc"
    whole = archive(b"a" * 50, b"b" * 50, zipped=zipped)
    path.write_bytes(whole)
    ends = [offset for offset, _ in warc_pages(path)] + [len(whole)]
    for cut in range(1, len(whole)):
        path.write_bytes(whole[:cut])
        bodies: list[bytes] = []
        with (
            nullcontext() if cut in ends else pytest.raises(BadInput, match=r"(at|after) byte \d+; what stands before")
        ):
            bodies.extend(fetched.body for _, fetched in warc_pages(path))
        assert set(bodies) <= {b"a" * 50, b"b" * 50}


def test_one_can_go_on_at_a_record(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(archive(*PAGES))
    offsets = [offset for offset, _ in warc_pages(path)]
    assert [fetched.url[-1] for _, fetched in warc_pages(path, offsets[1])] == ["1", "2"]


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(archive(b"x", media="image/png") + archive(b"x", status="404 Not Found"))
    assert list(warc_pages(path)) == []


def test_pages_without_an_article_are_named_then_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(archive(*[b"<html></html>"] * 25, PAGES[0]))
    found = list(SourceReader().read(str(path)))
    failures = [one for one in found if isinstance(one, ItemFailure)]
    assert len(found) - len(failures) == 1
    assert len(failures) == 21
    assert failures[0].item == f"{path}: https://gazette.example/0"
    assert "5 more pages in it" in failures[-1].message


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"just words\n" * 10)
    (failure,) = SourceReader().read(str(tmp_path / "a.warc"))
    assert isinstance(failure, ItemFailure)
    assert "is damaged, or no WARC, at byte 0" in failure.message
