"""The one fetcher against servers that mean well, badly, or nothing at all."""

from __future__ import annotations

import gzip
import ssl
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crossquote.fetching import LISTING, PAGE, Limits, Outcome, Request, Web
from crossquote.fetching.addresses import Reachable
from crossquote.fetching.robots import Robots
from tests.crossquote.fetching.servers import Handler, Route, Site, page, running
from verifier.errors import BadInput, Unavailable

LIMITS = Limits(backoff=0.01)
IMPATIENT = Limits(whole_seconds=0.6)
HERE = Reachable(["127.0.0.0/8"])
MEGABYTE = b"word " * 200_000


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as found:
        yield found


def get(site: Site, path: str, limits: Limits = LIMITS, robots: Robots | None = None) -> Outcome:
    return Web(HERE, limits, robots, delay=0).get(Request(site.url + path))


def gigabyte(handler: Handler) -> None:
    handler.begin(200, {"content-type": "text/plain"})
    sent = 0
    while sent < 1_000_000_000 and handler.write(MEGABYTE):
        sent += len(MEGABYTE)
    handler.site.routes["sent"] = (sent, {}, b"")


def dripping_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while handler.write(b"x-drip: 1\r\n"):
        time.sleep(0.02)


def dripping_body(handler: Handler) -> None:
    handler.begin(200, {"content-type": "text/plain"})
    while handler.write(b"w"):
        time.sleep(0.02)


def zipped(data: bytes, name: str = "gzip") -> Route:
    return 200, {"content-type": "text/plain", "content-encoding": name}, data


BOMB = gzip.compress(b"word " * 10_000_000, 9)  # 50 MB in 50 kB
HOSTILE: dict[str, tuple[Route, type[Exception], str]] = {
    "private redirect": ((302, {"location": "http://10.0.0.1/x"}, b""), BadInput, "10.0.0.1 is no public address"),
    "metadata redirect": ((301, {"location": "http://169.254.169.254/latest"}, b""), BadInput, "no public address"),
    "other scheme": ((302, {"location": "file:///etc/passwd"}, b""), BadInput, "cannot be fetched"),
    "loop": ((302, {"location": "/item"}, b""), BadInput, "redirects more than 5 times"),
    "a gigabyte": (gigabyte, BadInput, "larger than 5 MB"),
    "a gigabyte announced": ((200, {"content-type": "text/plain", "content-length": "1000000000"}, b""), BadInput,
                             "larger than 5 MB"),
    "zip bomb": (zipped(BOMB), BadInput, "larger than 5 MB"),
    "zip bomb in a bomb": (zipped(gzip.compress(BOMB), "gzip, gzip"), BadInput, "not as asked"),
    "no zip": (zipped(b"plain words"), BadInput, "it is not gzip"),
    "cut zip": (zipped(gzip.compress(b"word " * 999)[:40]), Unavailable, "is cut off"),
    "slow headers": (dripping_headers, Unavailable, "was not sent within 0.6 s"),
    "slow body": (dripping_body, Unavailable, "was not sent within 0.6 s"),
    "not found": ((404, {}, b""), BadInput, "answered 404"),
    "gone": ((410, {}, b""), BadInput, "answered 410"),
    "too many": ((429, {"retry-after": "120"}, b""), Unavailable, "answered 429; try again after 120 s"),
    "an image": ((200, {"content-type": "image/png"}, b"\x89PNG"), BadInput, "is image/png, not an article"),
}  # fmt: skip


@pytest.mark.parametrize(("route", "kind", "words"), HOSTILE.values(), ids=HOSTILE.keys())
def test_one_clear_line(site: Site, route: Route, kind: type[Exception], words: str) -> None:
    site.routes["/item"] = route
    outcome = get(site, "/item", IMPATIENT if "was not sent" in words else LIMITS)
    assert isinstance(outcome.error, kind)
    assert words in str(outcome.error)
    assert "\n" not in str(outcome.error)
    assert outcome.traces[-1].error == str(outcome.error)
    assert outcome.traces[-1].wire_bytes < 7_000_000


def test_deflate_with_and_without_its_header(site: Site) -> None:
    for number, data in enumerate((zlib.compress(b"words"), zlib.compress(b"words")[2:-4])):
        site.routes[f"/{number}"] = zipped(data, "deflate")
        fetched = get(site, f"/{number}").fetched
        assert fetched is not None
        assert fetched.body == b"words"


def test_a_name_is_looked_up_once_and_the_connection_goes_there(site: Site) -> None:
    site.routes["/a"] = page()
    lookups: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["10.0.0.1"]

    web = Web(Reachable(["127.0.0.1"], resolve), LIMITS, delay=0)
    first = web.get(Request(f"http://news.example:{site.port}/a"))
    assert first.fetched is not None
    assert site.asked[0][2]["host"] == f"news.example:{site.port}"
    assert lookups == ["news.example"]
    again = web.get(Request(f"http://news.example:{site.port}/a"))
    assert "news.example is at 10.0.0.1" in str(again.error)
    assert len(site.asked) == 1


def test_the_certificate_must_be_that_of_the_name(tmp_path: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate(tmp_path, "news.example"))
    trust = ssl.create_default_context(cafile=str(tmp_path / "news.example.pem"))
    with running(lambda plain: server.wrap_socket(plain, server_side=True)) as site:
        site.routes["/a"] = page()
        web = Web(Reachable(["127.0.0.1"], lambda host, port: ["127.0.0.1"]), LIMITS, delay=0, trust=trust)
        assert web.get(Request(f"https://news.example:{site.port}/a")).fetched is not None
        assert "certificate" in str(web.get(Request(f"https://other.example:{site.port}/a")).error)


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate that it signed itself, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"{name}.pem"
    file.write_bytes(secret + built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file


def test_nothing_is_sent_again_that_is_unchanged(site: Site) -> None:
    status, headers, body = page()
    site.routes["/a"] = (status, headers | {"etag": 'W/"1"', "last-modified": "Mon, 02 Mar 2026 10:00:00 GMT"}, body)
    first = get(site, "/a").traces[-1]
    again = Web(HERE, LIMITS, delay=0).get(Request(f"{site.url}/a", PAGE, first.etag, first.last_modified))
    assert (again.fetched, again.error, again.traces[-1].status) == (None, None, 304)
    assert site.asked[1][2]["if-modified-since"] == "Mon, 02 Mar 2026 10:00:00 GMT"


@pytest.mark.parametrize("when", ["1", "date"])
def test_a_retry_waits_as_long_as_the_server_asks(site: Site, when: str) -> None:
    def first_busy(handler: Handler) -> None:
        site.routes["/a"] = page()
        after = when if when == "1" else format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        handler.begin(503, {"retry-after": after})

    site.routes["/a"] = first_busy
    outcome = get(site, "/a", Limits(retries=2, backoff=0.01))
    assert outcome.fetched is not None
    assert [trace.status for trace in outcome.traces] == [503, 200]
    assert site.asked[1][0] - site.asked[0][0] > 0.9


def test_retries_end_and_a_long_wait_is_left_to_the_caller(site: Site) -> None:
    site.routes["/a"] = (500, {}, b"")
    site.routes["/b"] = (429, {"retry-after": "3600"}, b"")
    limits = Limits(retries=2, backoff=0.01)
    assert len(get(site, "/a", limits).traces) == 3
    outcome = get(site, "/b", limits)
    assert len(outcome.traces) == 1
    assert outcome.not_before is not None
    assert 3500 < (outcome.not_before - datetime.now(UTC)).total_seconds() <= 3600


ROBOTS_TXT = b"User-agent: *\nDisallow: /private\nAllow: /private/open\nCrawl-delay: 0.3\n"


def test_robots_are_obeyed_read_once_and_slow_us_down(site: Site) -> None:
    site.routes |= {"/robots.txt": (200, {"content-type": "text/plain"}, ROBOTS_TXT), "/private/open": page()}
    site.routes["/moved"] = (302, {"location": "/private/b"}, b"")
    web = Web(HERE, LIMITS, Robots("crossquote/0.1 (tests)"), delay=0)
    refused, moved = (web.get(Request(f"{site.url}{path}")) for path in ("/private/a", "/moved"))
    assert "/robots.txt does not allow it" in str(refused.error)
    assert "/robots.txt does not allow it" in str(moved.error)
    assert web.get(Request(f"{site.url}/private/open")).fetched is not None
    assert [path for _, path, _ in site.asked] == ["/robots.txt", "/moved", "/private/open"]
    assert site.asked[2][0] - site.asked[1][0] > 0.25


def test_without_an_answer_on_robots_nothing_is_fetched(site: Site) -> None:
    site.routes |= {"/robots.txt": (503, {}, b""), "/a": page()}
    outcome = get(site, "/a", robots=Robots("crossquote"))
    assert isinstance(outcome.error, Unavailable)
    assert "/robots.txt answered 503" in str(outcome.error)
    site.routes["/robots.txt"] = (404, {}, b"")
    assert get(site, "/a", robots=Robots("crossquote")).fetched is not None


def test_one_request_a_host_at_a_time_with_a_pause(site: Site) -> None:
    import threading

    site.routes["/a"] = page()
    web = Web(HERE, LIMITS, delay=0.15)
    threads = [threading.Thread(target=web.get, args=(Request(f"{site.url}/a"),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [at for at, _, _ in site.asked]
    assert min(times[1] - times[0], times[2] - times[1]) > 0.14


def test_a_list_may_be_larger_than_a_page(site: Site) -> None:
    site.routes["/feed"] = (200, {"content-type": "text/xml"}, b"<rss>" + b" " * 6_000_000 + b"</rss>")
    outcome = Web(HERE, Limits(), delay=0).get(Request(f"{site.url}/feed", LISTING))
    assert outcome.fetched is not None
    assert outcome.traces[-1].body_bytes == 6_000_011
