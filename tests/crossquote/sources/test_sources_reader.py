"""Files, folders, pages and JSON lines through the one reader."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossquote.sources import SourceReader
from crossquote.sources.html_pages import decode_page, page_of
from crossquote.sources.json_lines import read_json_lines
from verifier.errors import BadInput
from verifier.ports import ArticleReader, ItemFailure
from verifier.values import Article, Mark

STORY = (
    "The ferry stopped on Monday after the crew refused to sail, the operator said in a statement.\n"
    "“We will sail when the engine is safe,” said Ines Vale, who speaks for the crew of the ship.\n"
    "The operator denied that the engine was unsafe, and called for talks with the union this week."
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="{charset}"><title>Ferry stops | "
"Gazette</title>{head}</head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Ferry stops</h1>{body}</article>
<footer>© 2024 Gazette</footer></body></html>"""
HEAD = """<meta property="og:site_name" content="Harbour Gazette"><meta name="author" content="Jane Doe">
<link rel="canonical" href="https://gazette.example/ferry/?utm_source=x">
<meta property="article:published_time" content="2024-03-05T10:20:00+02:00">"""


def page(head: str = HEAD, charset: str = "utf-8", story: str = STORY) -> str:
    body = "".join(f"<p>{line}</p>" for line in story.split("\n"))
    return PAGE.format(head=head, charset=charset, body=body)


def read(location: object) -> list[Article | ItemFailure]:
    return list(SourceReader().read(str(location)))


def one(location: object) -> Article:
    (found,) = read(location)
    assert isinstance(found, Article), found
    return found


def dropped(location: object) -> ItemFailure:
    (found,) = read(location)
    assert isinstance(found, ItemFailure), found
    assert found.stage == "ingest"
    assert "\n" not in found.message
    return found


def test_it_is_an_article_reader() -> None:
    reader: ArticleReader = SourceReader()
    assert reader.expand([]) == ([], [])


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    heavy = {"trafilatura", "httpx", "py3langid", "lxml", "dateutil"}
    code = f"import sys, crossquote.sources; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# text files


@pytest.mark.parametrize(
    "text", [STORY, STORY.replace("\n", "\r\n"), "\ufeff" + STORY], ids=["unix", "windows", "mark"]
)
def test_a_text_file_is_kept_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    found = one(path)
    assert found.text == text
    assert (found.url, found.outlet, found.title, found.published_at) == (str(path), None, None, None)
    assert [found.text[p.start : p.end] for p in found.paragraphs] == STORY.split("\n")


def test_a_relative_path_is_known_by_its_absolute_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    monkeypatch.chdir(tmp_path)
    assert one("./a.txt").url == str(tmp_path / "a.txt")


def test_front_matter_names_outlet_and_date(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"---\noutlet: Gazette\npublished_at: 2024-03-05T10:20:00Z\n---\n{STORY}\nLeave a Reply\n")
    found = one(path)
    assert (found.outlet, found.url) == ("Gazette", str(path))
    assert found.published_at == datetime(2024, 3, 5, 10, 20, tzinfo=UTC)
    assert found.text == f"{STORY}\nLeave a Reply\n"
    assert [p.mark for p in found.paragraphs] == [None, None, None, Mark.FURNITURE]


WRONG_FILES = {
    "empty": ("a.txt", b"", "is empty"),
    "white space": ("a.txt", b" \n\t\n", "is empty"),
    "undecodable": ("a.txt", b"caf\xe9", "not UTF-8"),
    "huge": ("a.txt", b"word " * 1_000_001, "larger than 5 MB"),
    "control characters": ("a.txt", b"\x00\x01\x02", "is not text"),
    "front matter": ("a.txt", b"---\nGazette\n", "front matter"),
    "date": ("a.txt", b"---\npublished_at: soon\n---\nThe ferry stopped.", "published_at"),
    "no story": ("a.html", b"<html><body></body></html>", "no article text"),
    "empty page": ("a.html", b"", "no article text"),
    "page of no encoding": ("a.htm", b"<p>caf\xe9</p>", "declares no encoding"),
    "empty lines": ("a.jsonl", b"", "is empty"),
    "other kind": ("a.pdf", b"%PDF", "of no kind that can be read"),
}


@pytest.mark.parametrize(("name", "data", "message"), WRONG_FILES.values(), ids=WRONG_FILES.keys())
def test_a_wrong_file_is_one_failure(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = dropped(path)
    assert found.item == str(path)
    assert message in found.message
    assert not found.transient


def test_what_is_no_file_is_one_failure(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    for name in ("folder.txt", "pipe.txt"):
        assert "not a regular file" in dropped(tmp_path / name).message
    for name in ("link.txt", "missing.txt", "missing.jsonl"):
        assert "no such file" in dropped(tmp_path / name).message
    assert "no such file" in dropped("a\0b.txt").message
    assert "cannot be read" in dropped(f"{'a' * 5_000}.txt").message


def test_a_name_that_cannot_be_stored_is_refused(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    Path(path).write_text(STORY)
    found = dropped(path)
    assert "rename the file" in found.message
    assert found.item.encode("utf-8").endswith(b"caf\\udce9.txt")


@given(st.binary(max_size=300), st.sampled_from([".txt", ".html", ".jsonl"]))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_random_bytes_never_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes, extension: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"random{extension}"
    path.write_bytes(data)
    for found in read(path):
        assert isinstance(found, Article | ItemFailure)


# pages


def test_a_page_gives_text_and_fields(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page())
    found = one(path)
    assert STORY in found.text
    assert "Home" not in found.text
    assert (found.url, found.outlet, found.title, found.author) == (
        "https://gazette.example/ferry",
        "Harbour Gazette",
        "Ferry stops",
        "Jane Doe",
    )
    assert found.published_at == datetime(2024, 3, 5, 8, 20, tzinfo=UTC)


def test_a_page_without_fields_is_known_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page(head=""))
    found = one(path)
    assert (found.url, found.outlet, found.published_at) == (str(path), None, None)


def test_a_long_page_is_whole() -> None:
    story = "\n".join(
        f"The ferry number {number} stopped on Monday, the operator of the line said." for number in range(400)
    )
    assert page_of(page(story=story).encode()).text.count("the operator of the line said") == 400


def test_a_fetched_page_speaks_for_its_own_outlet_only() -> None:
    data = page().encode()
    assert page_of(data, "https://www.gazette.example/x").fields.url == "https://gazette.example/ferry"
    assert page_of(data, "https://amp.gazette.example/x").fields.url == "https://gazette.example/ferry"
    assert page_of(data, "https://evil.example/x").fields.url == "https://evil.example/x"
    assert page_of(data, "https://evilgazette.example/x").fields.url == "https://evilgazette.example/x"


DECODED = {
    "declared latin": (page(charset="iso-8859-1").replace("Ines", "Inès").encode("cp1252"), None, "Inès"),
    "declared in XML": (
        b"<?xml version='1.0' encoding='iso-8859-2'?>" + "<p>Łódź</p>".encode("iso-8859-2"),
        None,
        "Łódź",
    ),
    "declared by the server": ("<p>Łódź</p>".encode("iso-8859-2"), "iso-8859-2", "Łódź"),
    "mark before declaration": (b"\xef\xbb\xbf" + page(charset="iso-8859-1").encode(), None, "“We"),
    "sixteen bits with a mark": (page(charset="utf-16").encode("utf-16"), None, "“We"),
    "sixteen bits declared but not so": (page(charset="utf-16").encode(), None, "“We"),
    "unknown name": (page(charset="klingon").encode(), None, "“We"),
    "undeclared": ("<p>Łódź</p>".encode(), None, "Łódź"),
    "one wrong byte": (page().encode().replace(b"Ines", b"In\xe9s"), None, "In\ufffds"),
}


@pytest.mark.parametrize(("data", "charset", "words"), DECODED.values(), ids=DECODED.keys())
def test_a_page_is_decoded_as_it_declares(data: bytes, charset: str | None, words: str) -> None:
    assert words in decode_page(data, charset)


def test_a_page_that_declares_wrongly_is_refused() -> None:
    with pytest.raises(BadInput, match="not in the encoding it declares"):
        decode_page(page(story=STORY.replace("e", "é")).encode("cp1252"))


# JSON lines


def line(**fields: object) -> str:
    return json.dumps({"url": "https://gazette.example/a", "text": STORY} | fields)


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        line(outlet="Gazette", published_at="2024-03-05", title="Ferry", author="Jane", other=[1]),
        "",
        "{",
        "[]",
        line(text=None),
        line(url=7),
        line(url="gazette"),
        line(published_at="soon"),
        line(
            text="Die Fähre blieb im Hafen, weil sich die Besatzung weigerte, ohne eine neue Maschine auszulaufen. " * 4
        ),
        line(text="half \ud83d pair"),
        "[" * 100_000,
        line(url="https://gazette.example/b", outlet=None),
    ]
    path.write_text("\ufeff" + "\r\n".join(lines))
    first, *wrong, last = read(path)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert (first.outlet, first.title, first.author) == ("Gazette", "Ferry", "Jane")
    assert first.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert (last.url, last.outlet, last.text) == ("https://gazette.example/b", "gazette.example", STORY)
    said = [(f.item.removeprefix(f"{path}:"), f.message) for f in wrong if isinstance(f, ItemFailure)]
    expected = {
        "3": "not JSON",
        "4": "list, not an object",
        "5": "has no text",
        "6": "int, not a string",
        "7": "not an http(s) URL",
        "8": "published_at",
        "9": "not in English",
        "10": "surrogate",
        "11": "not JSON",
    }
    assert [number for number, _ in said] == list(expected)
    for (_, message), words in zip(said, expected.values(), strict=True):
        assert words in message
        assert "\n" not in message


def test_a_text_over_the_limit_costs_one_line() -> None:
    lines = [line(text="word " * 1_000_001), line(text="word " * 2_000_000), line()]
    file = io.BytesIO("\n".join(lines).encode())
    huge, longer, good = read_json_lines(file, "a", most_line_bytes=6_000_000)
    assert isinstance(huge, ItemFailure)
    assert "larger than 5 MB" in huge.message
    assert isinstance(longer, ItemFailure)
    assert "larger than any article" in longer.message
    assert longer.item == "a:2"
    assert isinstance(good, Article)


def test_lines_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text((line() + "\n") * 10_000)
    with path.open("rb") as file:
        next(read_json_lines(file, "a"))
        assert file.tell() < 1_000


# folders and what a user names


def test_folders_are_walked_sorted_and_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.HTML", "a/1.jsonl", "a/.hidden.txt", ".git/x.txt", "a/photo.jpg", "README"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STORY)
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "c.txt").symlink_to(tmp_path / "in" / "b.txt")
    items, failures = SourceReader().expand(
        [str(tmp_path / "in"), str(tmp_path / "in" / "b.txt"), f"{tmp_path}/in/../in/a"]
    )
    assert items == [str(tmp_path / "in" / name) for name in ("a/1.jsonl", "a/2.HTML", "b.txt")]
    assert failures == []


def test_order_is_as_named_and_one_page_comes_once(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    named = [
        "https://gazette.example/b",
        str(path),
        "https://gazette.example/b/?utm_source=x",
        "HTTP://gazette.example/a",
    ]
    items, failures = SourceReader().expand(named)
    assert items == [named[0], named[1], named[3]]
    assert failures == []


def test_what_cannot_be_read_at_all_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    named = [
        str(tmp_path / "none"),
        str(tmp_path / "empty"),
        str(tmp_path / "a.pdf"),
        "ftp://gazette.example/a",
        "http://",
        "",
        "a\0b",
    ]
    items, failures = SourceReader().expand(named)
    assert items == []
    assert [one.item for one in failures] == [*named[:6], "a\\x00b"]
    words = [
        "no such file or folder",
        "holds no articles",
        "no kind that can be read",
        "http(s)",
        "http(s)",
        "no such",
        "no such",
    ]
    for failure, expected in zip(failures, words, strict=True):
        assert expected in failure.message
        assert "\n" not in failure.message
        assert not failure.transient
