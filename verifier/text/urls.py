"""The canonical form of an article's URL, which is the article's key, and the outlet a URL speaks of."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from verifier.errors import BadInput

# Parameters that say how a reader came to the page, never which page it is.
_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_ga|_gl|"
    r"__twitter_impression|"
    r"ocid|cmpid|cmp|ns_[a-z]+|at_(?:medium|campaign|custom\d|link_.*|ptr_name|bbc_team|format)|ref_src|ref_url|"
    r"s_cid|smid|smtyp|sr_share|"
    r"xtor|wt\.mc_id|mkt_tok|oly_anon_id|oly_enc_id|vero_id|guccounter|guce_referr.*|spm|fb_action_.*|fb_source|"
    r"__s|hsctatracking|_hs.*",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]")
_SAFE = "/%:@!$&'()*+,;=~-._"
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_WWW = re.compile(r"www\d?\.")


def is_url(location: str) -> bool:
    """Whether a location is an http(s) URL and not a path of a file."""
    return location[:8].lower().startswith(("http://", "https://"))


def canonical_url(url: str) -> str:
    """The same address for the same page, so that an article is stored once; doing it again changes nothing.

    Scheme and host in lower case (international names in ASCII), no user, default port, fragment, tracking
    parameters or trailing slash, the query sorted, escapes in their normal form. `www.`, `m.` and `amp` stay: only
    the page itself can say that they are the same. Raises BadInput for what is no http(s) URL.
    """
    parts = _split(url)
    host = _host(parts, url)
    path = _path(parts.path)
    return urlunsplit((parts.scheme.lower(), host, path, _query(parts.query), ""))


def outlet_of(url: str) -> str:
    """The outlet as far as a URL names it: its host without `www.`; BadInput for what is no http(s) URL."""
    host = urlsplit(canonical_url(url)).hostname or ""
    return _WWW.sub("", host, count=1) if _WWW.match(host) and host.count(".") > 1 else host


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise BadInput(f"{url}: not a URL ({error}); give one like https://example.org/story") from None
    if parts.scheme.lower() not in _PORTS or not parts.hostname or port == 0 or _unprintable(url.strip()):
        raise BadInput(f"{url!r}: not an http(s) URL; give one like https://example.org/story")
    return parts


def _unprintable(url: str) -> bool:
    return any(character.isspace() or not character.isprintable() for character in url)


def _host(parts: SplitResult, url: str) -> str:
    name = parts.hostname or ""
    try:
        host = f"[{name}]" if ":" in name else name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = ""
    if not _HOST.fullmatch(host):
        raise BadInput(f"{url!r}: the host of this URL is no host name; give one like https://example.org/story")
    host = host.removesuffix(".")
    return host if parts.port in {None, _PORTS[parts.scheme.lower()]} else f"{host}:{parts.port}"


def _path(path: str) -> str:
    return _escaped(path).rstrip("/") or "/"


def _query(query: str) -> str:
    fields = [field for field in query.split("&") if field and not _TRACKING.fullmatch(field.partition("=")[0])]
    return "&".join(sorted(_escaped(field, "?") for field in fields))


def _escaped(text: str, also: str = "") -> str:
    """Escapes as RFC 3986 has them: capital digits, none for letters and digits, one for all that needs it."""
    lone = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text)
    return quote(_ESCAPE.sub(_normal, lone), safe=_SAFE + also, errors="replace")


def _normal(escape: re.Match[str]) -> str:
    character = chr(int(escape.group()[1:], 16))
    return character if character in _UNRESERVED else escape.group().upper()
