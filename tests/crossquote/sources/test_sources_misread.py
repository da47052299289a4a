"""Real pages, feeds and dates that were read wrongly, each with what is right of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crossquote.sources.dates import parse_date
from crossquote.sources.html_pages import page_of
from crossquote.sources.listings import listing_of
from crossquote.sources.reader import SourceReader
from verifier.errors import BadInput
from verifier.text.captions import is_caption
from verifier.text.furniture import furniture_mark
from verifier.values import Article

LINES = (
    "The ferry stopped on Monday after the crew refused to sail, the operator said in a statement.",
    "“We will sail when the engine is safe,” said Ines Vale, who speaks for the crew of the ship.",
    "The operator denied that the engine was unsafe, and called for talks with the union this week.",
)


def page(head: str = "", body: str = "", title: str = "Ferry stops") -> bytes:
    told = "".join(f"<p>{line}</p>" for line in LINES)
    return (
        f"<html><head><title>{title}</title>{head}</head><body>{body}<article>{told}</article></body></html>".encode()
    )


@pytest.mark.parametrize("charset", ["hex", "rot13", "base64", "idna", "no-such"])
def test_a_charset_that_is_none_of_pages_is_passed_over(charset: str, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(page(f'<meta http-equiv="content-type" content="text/html; charset={charset}">'))
    (found,) = SourceReader().read(str(file))
    assert isinstance(found, Article)
    assert LINES[1] in found.text
    assert LINES[1] in page_of(page(), "https://ex.org/news/a", charset).text


def test_a_date_beyond_all_years_is_one_line() -> None:
    with pytest.raises(BadInput):
        parse_date("Tue, 05 Mar 99999999999999999999 14:30:00 +0000")


@pytest.mark.parametrize(
    ("words", "hour", "minute"),
    [
        ("05 Mar 2024 02:30 PM -0500", 19, 30),
        ("Mar 5, 2024, 2:30 PM +0530", 9, 0),
        ("5 March 2024 14:30 GMT+2", 12, 30),
        ("5 March 2024 14:30 UTC-3", 17, 30),
        ("5 March 2024 14:30 GMT+5:30", 9, 0),
        ("Tue Mar 05 2024 14:30:00 GMT+0200 (Central European Summer Time)", 12, 30),
        ("Tue, 05 Mar 2024 14:30:00 +0200", 12, 30),
    ],
)
def test_times_of_day_with_a_zone(words: str, hour: int, minute: int) -> None:
    assert parse_date(words).astimezone(UTC) == datetime(2024, 3, 5, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "head",
    ['<link rel="canonical" href="https://www.ex.org/">', '<meta property="og:url" content="https://www.ex.org/">', '<base href="https://www.ex.org/">'],
)  # fmt: skip
def test_a_front_page_is_no_articles_address(head: str) -> None:
    asked = "https://www.ex.org/news/ferry-sinks"
    assert page_of(page(head), asked, None).fields.url == asked
    assert page_of(page(head)).fields.url is None


def test_a_day_that_could_be_a_month_is_not_guessed() -> None:
    assert (
        page_of(page(body='<div class="date">03/04/2024</div>'), "https://ex.org/n/a", None).fields.published_at is None
    )
    plain = page_of(page(body='<time datetime="2024-03-04">03/04/2024</time>'), "https://ex.org/n/a", None).fields
    assert plain.published_at is not None
    assert plain.published_at.startswith("2024-03-04")


def test_half_a_headline_is_no_outlet() -> None:
    assert page_of(page(title="Stocks rise - Dow gains 2.5 percent"), "https://ex.org/n/a", None).fields.outlet is None


def test_a_malformed_link_loses_no_feed() -> None:
    items = "".join(
        f"<item><media:title>Photo</media:title><title>T{i}</title><link>{link}</link></item>"
        for i, link in enumerate(["https://ex.org/1", "http://[slug]/2", "https://ex.org/3"])
    )
    feed = f'<rss version="2.0" xmlns:media="http://m.example/"><channel>{items}</channel></rss>'
    found = listing_of(feed.encode(), "https://ex.org/feed").entries
    assert {"https://ex.org/1", "https://ex.org/3"} <= {one.url for one in found}
    assert {one.fields.title for one in found} <= {"T0", "T1", "T2"}


@pytest.mark.parametrize(
    "line",
    [
        "By signing the deal, Iran agreed to limits that cap enrichment at 3.67 percent for 15 years.",
        "For decades news organisations like the BBC have relied on licence fees, which fell 5% last year.",
        "Breaking news: Twelve people were killed in a blast in Lahore on Monday, police said.",
    ],
)
def test_statements_are_no_furniture(line: str) -> None:
    assert not furniture_mark(line)


def test_furniture_still_is() -> None:
    assert furniture_mark("By signing up you agree to our terms and our privacy policy.")


def test_an_opening_signed_by_an_agency_is_no_caption() -> None:
    told = "ISLAMABAD: The prime minister said on Monday that 12 people had been killed in the floods. — APP"
    assert not is_caption(told, opening=True, closing=False)
    assert is_caption("A boat in the harbour of Orsk. — AFP", opening=True, closing=False)
