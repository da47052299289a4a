"""Feeds and sitemaps as they come: good, damaged, hostile."""

from __future__ import annotations

import pytest

from crossquote.sources.listings import Entry, ListingKind, listing_of
from verifier.errors import BadInput

BASE = "https://x.example/news/feed"
DTD = "<?xml version='1.0'?><!DOCTYPE rss {}>"
ONE = "<rss><channel><item><title>{}</title><link>https://x.example/1</link></item></channel></rss>"
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://x.example/1</loc><lastmod>2026-03-05</lastmod><image:image><image:loc>https://x.example/i.png</image:loc>
</image:image><news:news><news:publication_date>2026-03-01T10:00Z</news:publication_date><news:title>T</news:title>
</news:news></url></urlset>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title type="html">T &lt;b&gt;</title>
<link rel="self" href="/self"/><link href="../1"/><updated>2026-03-05T10:00:00Z</updated>
<published>2026-03-01T10:00Z</published></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item><title>T</title><link>https://x.example/1</link>
<dc:date>2026-03-01T10:00Z</dc:date></item></rdf:RDF>"""
RSS = """<rss version="2.0"><channel><image><url>https://x.example/i.png</url></image><item><title>T</title>
<guid>https://x.example/1</guid><pubDate>2026-03-01T10:00Z</pubDate></item></channel></rss>"""


@pytest.mark.parametrize("xml", [NEWS, ATOM, RDF, RSS], ids=["news sitemap", "atom", "rdf", "rss"])
def test_one_entry_in_each_form(xml: str) -> None:
    listing = listing_of(xml.encode(), BASE)
    (entry,) = listing.entries
    assert (listing.kind, listing.trouble, entry.url) == (ListingKind.ARTICLES, None, "https://x.example/1")
    assert entry.fields.title in {"T", "T <b>"}
    assert entry.fields.published_at == "2026-03-01T10:00Z"


def test_a_sitemap_index_names_lists() -> None:
    xml = b"<sitemapindex><sitemap><loc>/s1.xml.gz</loc><lastmod>2026-03-05</lastmod></sitemap></sitemapindex>"
    listing = listing_of(xml, BASE)
    assert listing.kind is ListingKind.LISTINGS
    assert [(one.url, one.stamp) for one in listing.entries] == [("https://x.example/s1.xml.gz", "2026-03-05")]


DAMAGED = {
    "an ampersand": (ONE.format("A & B").encode(), "A B"),
    "cut off": (ONE.format("A")[:-30].encode() + b"<item><li", "A"),
    "wrong encoding": (b"<?xml version='1.0' encoding='utf-8'?>" + ONE.format("Caf\xe9").encode("latin-1"), "Café"),
    "unknown encoding": (b"<?xml version='1.0' encoding='x-none'?>" + ONE.format("A").encode(), "A"),
}


@pytest.mark.parametrize(("data", "title"), DAMAGED.values(), ids=DAMAGED.keys())
def test_what_can_be_read_of_a_damaged_list_is_read(data: bytes, title: str) -> None:
    listing = listing_of(data, BASE)
    assert [(one.url, one.fields.title) for one in listing.entries] == [("https://x.example/1", title)]
    assert listing.trouble is not None
    assert "1 items were read" in listing.trouble
    assert "\n" not in listing.trouble


LAUGHS = "[<!ENTITY a0 'ha'>{}]".format("".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)))
USELESS = {
    "billion laughs": ((DTD.format(LAUGHS) + ONE.format("&a9;")).encode(), "declares XML entities"),
    "external entity": ((DTD.format("[<!ENTITY x SYSTEM 'file:///etc/passwd'>]") + ONE.format("&x;")).encode(),
                        "declares XML entities"),
    "parameter entity": ((DTD.format("[<!ENTITY % p SYSTEM 'http://127.0.0.1:1/x'> %p;]") + ONE).encode(),
                         "declares XML entities"),
    "empty": (b" ", "is empty"),
    "no items": (b"<rss><channel/></rss>", "holds no items"),
    "no addresses": (ONE.replace("https://x.example/1", "javascript:alert(1)").encode(), "holds no items"),
    "a page": (b"<!doctype html><html><body><item>x</item></body></html>", "is HTML, not a feed"),
    "words": (b"not found", "is no XML, not a feed"),
    "other xml": (b"<opml><item><link>https://x.example/1</link></item></opml>", "is <opml>, not a feed"),
    "deep": (b"<rss><channel>" + b"<a>" * 100_000, "holds no items that can be read"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), USELESS.values(), ids=USELESS.keys())
def test_one_line_for_what_is_no_list(data: bytes, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        listing_of(data, BASE)
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_a_document_type_elsewhere_is_not_fetched() -> None:
    data = (DTD.format("PUBLIC '-//Netscape//RSS 0.91//EN' 'http://127.0.0.1:1/rss.dtd'") + ONE.format("A")).encode()
    assert [entry.url for entry in listing_of(data, BASE).entries] == ["https://x.example/1"]


def test_an_address_that_comes_twice_counts_once() -> None:
    twice = ONE.replace("</channel>", "<item><link>https://x.example/1</link></item></channel>").format("A")
    assert [type(one) for one in listing_of(twice.encode(), BASE).entries] == [Entry]
