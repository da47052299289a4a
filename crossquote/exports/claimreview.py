"""schema.org `ClaimReview` (JSON-LD) of what a person has judged: each of the two claims, in the light of the other.

A review says how a claim stands to another source, not whether it is true. Of the article's words only plain text goes in, of
its addresses only http(s). Fields: https://schema.org/ClaimReview and what search engines ask for beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from crossquote.harmless import harmless
from db.reviewed import ReviewedPair
from verifier.errors import BadInput
from verifier.values import Side, SpeakerKind, StatementKind
from verifier.verdicts import Judgement, Stance, VerdictKind

WORST: Final = 1
BEST: Final = 3

_CONFLICTS: Final[dict[VerdictKind | None, tuple[int, str]]] = {
    VerdictKind.DENIAL: (1, "Denied by another source"),
    VerdictKind.NUMERIC: (1, "Another source gives other figures"),
    VerdictKind.NUMERIC_UPDATE: (2, "Another source gives later figures"),
    VerdictKind.POSITION_CHANGED: (1, "The same speaker has also said the opposite"),
    VerdictKind.TENSION: (2, "In tension with another source"),
}
_AGREEMENTS: Final[dict[VerdictKind | None, tuple[int, str]]] = {
    VerdictKind.SAME_UTTERANCE: (3, "Reported alike by another source"),
    VerdictKind.QUOTE_DRIFT: (2, "Reported in other words by another source"),
    VerdictKind.NUMERIC_UPDATE: (3, "Another source gives later figures"),
}
_BODIES: Final = (SpeakerKind.BODY, SpeakerKind.GROUP, SpeakerKind.OUTLET)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the reviews, and under which address: pair 7 is at `{site}/verdicts/7`, as on the desk."""

    name: str
    site: str

    def __post_init__(self) -> None:
        if not _address(self.site):
            raise BadInput(f"--site {self.site!r}: use the address of your reviews, like https://news.example/checks")
        if not self.name.strip():
            raise BadInput("--publisher is empty: name who publishes the reviews")


def claim_reviews(pair: ReviewedPair, publisher: Publisher, *, comments: bool = False) -> Iterator[dict[str, Any]]:
    """Two reviews of one pair: the first claim beside the second, and the second beside the first."""
    sides = (("a", pair.a, pair.a_title, pair.b), ("b", pair.b, pair.b_title, pair.a))
    for name, side, title, other in sides:
        value, words = rating(pair.judgement)
        yield {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "url": f"{publisher.site.rstrip('/')}/verdicts/{pair.id}#{name}",
            "claimReviewed": harmless(side.statement.claim),
            "datePublished": pair.judgement.decided_at.date().isoformat(),
            "author": {"@type": "Organization", "name": harmless(publisher.name), "url": publisher.site},
            "reviewRating": {
                "@type": "Rating",
                "ratingValue": value,
                "worstRating": WORST,
                "bestRating": BEST,
                "alternateName": words,
                "ratingExplanation": _explanation(other, pair.judgement.comment if comments else None),
            },
            "itemReviewed": _claim(side, title),
        }


def rating(judgement: Judgement) -> tuple[int, str]:
    """On the scale from 1 (contradicted by another source) over 2 (in tension) to 3 (borne out), and in words."""
    if judgement.stance is Stance.CONFLICT:
        return _CONFLICTS.get(judgement.kind, (WORST, "Contradicted by another source"))
    return _AGREEMENTS.get(judgement.kind, (BEST, "Borne out by another source"))


def _explanation(other: Side, comment: str | None) -> str:
    date = f", {other.published_at.date().isoformat()}" if other.published_at else ""
    where = f" ({other.outlet or 'an outlet not named'}{date})"
    said = f"Set beside what {_name(other) or 'a source not named'}{where} says: {other.statement.claim}"
    return harmless(f"{said} {comment}" if comment else said)


def _claim(side: Side, title: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "Claim"}
    if name := _name(side):
        found["author"] = {"@type": _kind(side), "name": harmless(name)}
    if side.published_at:
        found["datePublished"] = side.published_at.date().isoformat()
    if appearance := _appearance(side, title):
        found["appearance"] = appearance
    return found


def _appearance(side: Side, title: str | None) -> dict[str, Any] | None:
    """The article, where it has an address that others can open: a file's path is nobody's business."""
    if not _address(side.article):
        return None
    found: dict[str, Any] = {"@type": "NewsArticle", "url": side.article}
    if title:
        found["headline"] = harmless(title)
    if side.published_at:
        found["datePublished"] = side.published_at.isoformat()
    if side.outlet:
        found["publisher"] = {"@type": "Organization", "name": harmless(side.outlet)}
    return found


def _name(side: Side) -> str | None:
    """Who said it: the resolved speaker, or the words that name the source; the outlet, where it speaks itself."""
    one = side.statement
    if one.speaker:
        return one.speaker.name
    if one.kind is StatementKind.NARRATED:
        return side.outlet
    return one.source.text if one.source else None


def _kind(side: Side) -> str:
    speaker = side.statement.speaker
    narrated = speaker is None and side.statement.kind is StatementKind.NARRATED
    return "Organization" if narrated or (speaker and speaker.kind in _BODIES) else "Person"


def _address(url: str) -> bool:
    """Whether it is a plain http(s) address."""
    if not url.isprintable() or any(c in url for c in ' <>"\\'):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
