from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import BadInput
from verifier.text.urls import canonical_url, is_url, outlet_of

CANONICAL = {
    "already so": ("https://example.org/a", "https://example.org/a"),
    "case of scheme and host": ("HTTPS://Example.ORG/News", "https://example.org/News"),
    "root": ("https://example.org", "https://example.org/"),
    "trailing slash": ("https://example.org/a/", "https://example.org/a"),
    "default port": ("http://example.org:80/a", "http://example.org/a"),
    "default port of https": ("https://example.org:443/a", "https://example.org/a"),
    "other port": ("http://example.org:8080/a", "http://example.org:8080/a"),
    "fragment": ("https://example.org/a#comments", "https://example.org/a"),
    "tracking": ("https://example.org/a?utm_source=x&UTM_Medium=y&fbclid=1&gclid=2", "https://example.org/a"),
    "tracking among others": ("https://example.org/a?id=7&utm_source=x&b=1", "https://example.org/a?b=1&id=7"),
    "a parameter that only looks so": (
        "https://example.org/a?utmost=1&gclidx=2",
        "https://example.org/a?gclidx=2&utmost=1",
    ),
    "sorted query": ("https://example.org/?b=2&a=1&a=0", "https://example.org/?a=0&a=1&b=2"),
    "empty fields": ("https://example.org/a?&&", "https://example.org/a"),
    "user": ("https://me:secret@example.org/a", "https://example.org/a"),
    "white space around": ("  https://example.org/a\n", "https://example.org/a"),
    "international host": ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    "international path": ("https://example.org/zürich", "https://example.org/z%C3%BCrich"),
    "escapes": ("https://example.org/%7euser%2fa%c3%bc", "https://example.org/~user%2Fa%C3%BC"),
    "lone percent": ("https://example.org/100%", "https://example.org/100%25"),
    "mobile and amp stay": ("https://m.example.org/a/amp/", "https://m.example.org/a/amp"),
    "address": ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a"),
    "address of version 6": ("http://[::1]/a", "http://[::1]/a"),
    "dot at the end of the host": ("https://example.org./a", "https://example.org/a"),
}

BAD = ["", "news", "/home/me/a.txt", "ftp://example.org/a", "http://", "http:///a", "https://exa mple.org/", "http://[::1/a",
       "http://example.org:port/", "http://example.org:99999/", "mailto:a@example.org", "http://-.-/", "http://a..b/", "http://\x00/",
       "https://example.org/a\nb"]  # fmt: skip


@pytest.mark.parametrize(("url", "expected"), CANONICAL.values(), ids=CANONICAL.keys())
def test_one_address_for_one_page(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize("url", BAD)
def test_what_is_no_http_url_is_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(BadInput, match=r"https://example\.org/story") as caught:
        canonical_url(url)
    assert "\n" not in caught.value.message


@given(
    st.one_of(
        st.text(),
        st.builds("https://example.org/{}?{}".format, st.text(max_size=20), st.text(max_size=20)),
        st.builds("http://{}/a".format, st.text(max_size=20)),
    )
)
@settings(derandomize=True, deadline=None)
def test_canonical_is_stable_or_refused(url: str) -> None:
    try:
        once = canonical_url(url)
    except BadInput:
        return
    assert canonical_url(once) == once
    assert once.isascii()
    assert is_url(once)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.Example.org/a", "example.org"),
        ("https://www2.example.org/a", "example.org"),
        ("https://news.example.co.uk/a", "news.example.co.uk"),
        ("https://www.org/a", "www.org"),
        ("http://127.0.0.1:8000/a", "127.0.0.1"),
    ],
)
def test_outlet_is_the_host_without_www(url: str, expected: str) -> None:
    assert outlet_of(url) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [("https://example.org", True), ("HTTP://example.org", True), ("httpd.txt", False), ("a/https://b.txt", False)],
)
def test_urls_and_paths_are_told_apart(location: str, expected: bool) -> None:
    assert is_url(location) is expected
