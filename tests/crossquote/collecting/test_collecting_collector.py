"""From the sources file to articles in the database, against a server on this machine."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from crossquote.collecting import Collector, Source
from crossquote.collecting.collector import Bounds
from crossquote.fetching import Limits, Web
from crossquote.fetching.addresses import Reachable
from crossquote.fetching.robots import Robots
from db.engine import open_engine
from db.fetches import FetchCounts, fetch_counts
from db.store import SqlStore
from tests.crossquote.fetching.servers import Site, page, rss, running
from tests.crossquote.sources.test_sources_warc import PAGES, archive
from verifier.fetching import ItemKind
from verifier.ports import RunSummary

HERE = Reachable(["127.0.0.0/8"])


class Room:
    """A database and a server; `collect` is one run of the collector over sources."""

    def __init__(self, url: str, site: Site) -> None:
        self.engine = open_engine(url)
        self.store = SqlStore(self.engine)
        self.site = site

    def collect(self, *sources: Source, bounds: Bounds | None = None, steps: str = "pfr") -> RunSummary:
        with self.store.unit_of_work() as work:
            run_id = work.start_run([], "tests")
            robots = Robots("crossquote", work.fetches.robots())
            work.commit()
        collector = Collector(self.store.unit_of_work, sources, Web(HERE, Limits(), robots, delay=0), robots, bounds)
        for letter, step in (("p", collector.poll), ("f", collector.fetch), ("r", collector.read_files)):
            if letter in steps:
                step(run_id)
        with self.store.unit_of_work() as work:
            summary = work.finish_run(run_id)
            work.commit()
        return summary

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def source(self, path: str = "/feed", kind: str = "feed", **options: object) -> Source:
        at = [path] if kind in {"folder", "jsonl", "warc"} else [self.site.url + path]
        return Source(name=f"{kind}{path}", kind=kind, at=at, **options)  # type: ignore[arg-type]


@pytest.fixture
def room(sqlite_url: str) -> Iterator[Room]:
    with running() as site:
        found = Room(sqlite_url, site)
        yield found
        found.engine.dispose()


def messages(summary: RunSummary) -> list[str]:
    assert all("\n" not in str(failure) for failure in summary.failures)
    return [failure.message for failure in summary.failures]


def etag(answer: tuple[int, dict[str, str], bytes], value: str) -> tuple[int, dict[str, str], bytes]:
    return answer[0], answer[1] | {"etag": value}, answer[2]


def test_a_feed_and_then_only_what_is_new(room: Room) -> None:
    site = room.site
    site.routes |= {
        "/feed": etag(rss("/a?utm_source=feed", "/b"), "1"),
        "/a?utm_source=feed": page("A"),
        "/b": page("B"),
    }
    first = room.collect(room.source(outlet="Harbour Gazette"))
    assert (first.articles, first.failures) == (2, ())
    assert room.collect(room.source()).articles == 0
    assert site.paths() == ["/feed", "/a?utm_source=feed", "/b", "/feed"]
    site.routes |= {"/feed": etag(rss("/a", "/c"), "2"), "/c": page("C")}
    assert room.collect(room.source()).articles == 1
    assert site.paths()[4:] == ["/feed", "/c"]
    rows = room.rows(
        "SELECT kind, status, extractor IS NOT NULL, error FROM fetches WHERE kind <> 'robots' ORDER BY id"
    )
    page_row, feed_row = ("page", 200, 1, None), ("feed", 200, 0, None)
    assert rows == [feed_row, page_row, page_row, ("feed", 304, 0, None), feed_row, page_row]
    assert room.rows("SELECT count(*) FROM fetches WHERE kind = 'robots'") == [(1,)]
    outlets = (
        "SELECT o.name, count(*) FROM article_versions v JOIN outlets o ON o.id = v.outlet_id GROUP BY 1 ORDER BY 1"
    )
    assert room.rows(outlets) == [("127.0.0.1", 1), ("Harbour Gazette", 2)]
    assert fetch_counts(room.engine, 1) == FetchCounts(fetched=3, unchanged=0, files=0, failed=0, waiting=0)


def test_a_run_that_was_ended_after_polling_loses_nothing(room: Room) -> None:
    room.site.routes |= {"/feed": etag(rss("/a", "/b"), "1"), "/a": page("A"), "/b": page("B")}
    room.collect(room.source(), steps="p")
    assert room.collect(room.source()).articles == 2
    assert room.site.paths() == ["/feed", "/feed", "/a", "/b"]


def test_the_source_says_what_a_page_leaves_out(room: Room) -> None:
    room.site.routes |= {"/feed": rss("/a", more="<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate>"), "/a": page("A")}
    room.collect(room.source())
    ((published,),) = room.rows("SELECT published_at FROM article_versions")
    assert str(published).startswith("2026-03-02 09:00:00")


def test_ten_thousand_items_are_quick(room: Room) -> None:
    room.site.routes["/feed"] = rss(*(f"/{number}" for number in range(10_000)))
    begun = time.process_time()
    summary = room.collect(room.source(), steps="p")
    assert time.process_time() - begun < 5
    assert summary.failures == ()
    assert room.rows("SELECT state, count(*) FROM fetch_items WHERE kind = 'page' GROUP BY 1") == [("queued", 10_000)]
    room.site.routes |= {f"/{number}": page(str(number)) for number in range(2)}
    summary = room.collect(room.source(), bounds=Bounds(most_per_host=2), steps="f")
    assert summary.articles == 2
    assert [line.endswith("9998 of its items stay queued for the next run") for line in messages(summary)] == [True]


BAD_LISTS = {
    "broken xml": (b"<rss><channel><item><link>/good</link></item><item><title>A & B", "is damaged", 1),
    "billion laughs": (b"<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><rss><channel><item><link>/good</link>"
                       b"<title>&b;</title></item></channel></rss>", "declares XML entities", 0),
    "empty": (b"<rss><channel></channel></rss>", "holds no items", 0),
    "no feed": (b"<html><body>Welcome</body></html>", "is HTML, not a feed", 0),
}  # fmt: skip


@pytest.mark.parametrize(("body", "words", "articles"), BAD_LISTS.values(), ids=BAD_LISTS.keys())
def test_a_bad_list_is_one_line_and_the_rest_goes_on(room: Room, body: bytes, words: str, articles: int) -> None:
    room.site.routes |= {"/bad": (200, {"content-type": "text/xml"}, body), "/good": page("Good")}
    room.site.routes |= {"/feed": rss("/other"), "/other": page("Other")}
    summary = room.collect(room.source("/bad"), room.source())
    (line,) = messages(summary)
    assert words in line
    assert summary.articles == 1 + articles
    assert room.rows("SELECT count(*) FROM fetches WHERE kind = 'feed' AND error IS NOT NULL") == [(1,)]


def test_bad_pages_are_a_line_each_and_the_rest_goes_on(room: Room) -> None:
    html = {"content-type": "text/html; charset=utf-8"}
    room.site.routes |= {
        "/feed": rss("/gone", "/secret", "/charset", "/image", "/nothing", "/inside", "/wait", "/after", "/good"),
        "/robots.txt": (200, {"content-type": "text/plain"}, b"User-agent: crossquote\nDisallow: /secret"),
        "/gone": (410, {}, b""),
        "/charset": (200, html, page("Café crème brûlée", "cp1252")[2].replace(b"ferry", b"f\xe9rr\xff" * 9)),
        "/image": (200, {"content-type": "image/png"}, b"\x89PNG"),
        "/nothing": (200, html, b""),
        "/inside": (302, {"location": "http://192.168.1.1/admin"}, b""),
        "/wait": (429, {"retry-after": "900"}, b""),
        "/good": page("Good"),
    }
    first = room.collect(room.source())
    expected = ["answered 410", "robots.txt does not allow", "not in the encoding it declares", "is image/png",
                "no article text", "192.168.1.1 is no public address", "answered 429", "asks to wait; 2 of its items"]  # fmt: skip
    assert [next((word for word in expected if word in line), line) for line in messages(first)] == expected
    assert first.articles == 0
    states = room.rows("SELECT state, count(*) FROM fetch_items WHERE kind = 'page' GROUP BY 1 ORDER BY 1")
    assert states == [("dropped", 6), ("queued", 3)]
    room.site.routes["/after"] = page("After")
    assert room.collect(room.source(), steps="f").articles == 0  # the whole host is left alone as long as it asks
    with room.engine.begin() as connection:
        connection.execute(text("UPDATE fetch_items SET not_before = NULL WHERE address NOT LIKE '%/wait'"))
    second = room.collect(room.source(), steps="f")
    assert (second.articles, second.failures) == (2, ())


def test_five_tries_over_five_runs_then_an_item_is_given_up(room: Room) -> None:
    room.site.routes |= {"/feed": rss("/a"), "/a": (503, {}, b"")}
    for run in range(1, 7):
        summary = room.collect(room.source(), steps="pf" if run == 1 else "f")
        assert [("given up after 5 tries" in line) for line in messages(summary)] == ([run == 5] if run < 6 else [])
        with room.engine.begin() as connection:
            connection.execute(text("UPDATE fetch_items SET not_before = NULL"))


def test_an_index_of_zipped_sitemaps(room: Room) -> None:
    def sitemap(*entries: str) -> bytes:
        return f"<urlset>{''.join(f'<url>{one}</url>' for one in entries)}</urlset>".encode()

    index = b"<sitemapindex><sitemap><loc>/s1.xml.gz</loc><lastmod>2026-03-01</lastmod></sitemap></sitemapindex>"
    entries = [f"<loc>{room.site.url}/news/1</loc><lastmod>2026-03-01</lastmod>", "<loc>/sport/1</loc>",
               "<loc>/news/old</loc><lastmod>2001-01-01</lastmod>"]  # fmt: skip
    zipped = {"content-type": "application/x-gzip"}
    room.site.routes |= {"/map": (200, {"content-type": "text/xml"}, index), "/news/1": page("One")}
    room.site.routes["/s1.xml.gz"] = (200, zipped, gzip.compress(sitemap(*entries)))
    source = room.source("/map", "sitemap", only="/news/", newer_than_days=3650, refresh=True)
    assert room.collect(source).articles == 1
    assert room.collect(source).articles == 0
    assert room.site.paths() == ["/map", "/s1.xml.gz", "/news/1", "/map"]
    room.site.routes["/map"] = (200, {"content-type": "text/xml"}, index.replace(b"03-01", b"03-02"))
    entries[0] = entries[0].replace("03-01", "03-02")
    room.site.routes |= {"/s1.xml.gz": (200, zipped, gzip.compress(sitemap(*entries))), "/news/1": page("One, updated")}
    assert room.collect(source).articles == 1
    assert room.rows("SELECT count(*) FROM articles") == [(1,)]


def test_an_index_without_dates_hides_no_news(room: Room) -> None:
    index = b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>"
    room.site.routes |= {"/map": etag((200, {"content-type": "text/xml"}, index), "1"), "/1": page("One")}
    room.site.routes["/s1.xml"] = (200, {"content-type": "text/xml"}, b"<urlset><url><loc>/1</loc></url></urlset>")
    assert room.collect(room.source("/map", "sitemap")).articles == 1
    added = b"<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url></urlset>"
    room.site.routes |= {"/s1.xml": (200, {"content-type": "text/xml"}, added), "/2": page("Two")}
    assert room.collect(room.source("/map", "sitemap")).articles == 1


def test_a_page_that_is_named_is_looked_at_in_each_run_and_kept_as_it_came(room: Room) -> None:
    live = page("Live")
    room.site.routes["/live"] = etag(live, "1")
    bounds = Bounds(keep_pages=True)
    assert room.collect(room.source("/live", "url"), bounds=bounds).articles == 1
    assert room.collect(room.source("/live", "url"), bounds=bounds).articles == 0
    room.site.routes["/live"] = etag(page("Live, later"), "2")
    assert room.collect(room.source("/live", "url"), bounds=bounds).articles == 1
    statuses = room.rows("SELECT status FROM fetches WHERE kind = 'page' ORDER BY id")
    assert statuses == [(200,), (304,), (200,)]
    kept = [gzip.decompress(body) for (body,) in room.rows("SELECT body FROM raw_pages ORDER BY fetch_id")]  # type: ignore[arg-type]
    assert kept[0] == live[2]
    assert len(kept) == 2


def test_a_watched_folder_and_dropped_lines(room: Room, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    sources = (room.source(str(inbox), "folder"), room.source(str(tmp_path / "drops" / "*.jsonl"), "jsonl"))
    assert room.collect(*sources).failures == ()
    (inbox / "a.txt").write_text("The ferry stopped on Monday.")
    (tmp_path / "drops").mkdir()
    (tmp_path / "drops" / "1.jsonl").write_text('{"url": "https://a.example/1", "text": "The ferry sails."}\n{\n')
    first = room.collect(*sources)
    assert first.articles == 2
    assert [failure.item.endswith("1.jsonl:2") for failure in first.failures] == [True]
    assert room.collect(*sources).articles == 0
    assert room.rows("SELECT count(*) FROM fetches WHERE kind = 'file'") == [(2,)]
    (inbox / "a.txt").write_text("The ferry stopped on Monday morning.")
    assert room.collect(*sources).articles == 1
    (missing,) = messages(room.collect(room.source(str(tmp_path / "none"), "folder")))
    assert "no such file or folder" in missing


def test_a_cut_archive_gives_what_is_whole_and_goes_on_where_it_was(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "news.warc.gz"
    path.write_bytes(archive(*PAGES)[:-20])
    source = room.source(str(path), "warc")
    summary = room.collect(source)
    assert summary.articles == 2
    (line,) = messages(summary)
    assert "is cut off" in line
    path.write_bytes(archive(*PAGES))
    room.collect(source, steps="p")
    with room.store.unit_of_work() as work:  # as a run that was ended after two records leaves it
        (item,) = work.fetches.waiting([source.name], [ItemKind.FILE])
        work.fetches.reached(item, len(archive(*PAGES[:2])))
        work.commit()
    assert room.collect(source, steps="r").articles == 1
    assert room.rows(
        "SELECT state, body_bytes > 0 FROM fetch_items JOIN fetches ON url = address ORDER BY fetches.id DESC"
    )[0] == ("done", 1)


def test_robots_files_are_kept_for_the_next_run(room: Room) -> None:
    room.site.routes |= {"/robots.txt": (200, {"content-type": "text/plain"}, b"User-agent: *\nDisallow: /b"),
                         "/feed": rss("/a"), "/a": page("A")}  # fmt: skip
    room.collect(room.source())
    room.collect(room.source())
    assert [path for _, path, _ in room.site.asked] == ["/robots.txt", "/feed", "/a", "/feed"]
