"""Which news agency an article's copy comes from, by what the article itself credits.

Read are the places where a credit stands: the dateline, the byline, the credit line at the end. A mention inside a
sentence ("she told Reuters") is no credit, and neither is a picture's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from verifier.text.words import one_line
from verifier.values import Article, Mark

AGENCIES: Final = {
    "AAP": ("AAP", "Australian Associated Press"),
    "AFP": ("AFP", "Agence France[- ]Presse"),
    "ANI": ("ANI", "Asian News International"),
    "ANSA": ("ANSA",),
    "AP": ("AP", "(?:The )?Associated Press"),
    "APP": ("APP", "Associated Press of Pakistan"),
    "Anadolu": ("Anadolu(?: Agency)?",),
    "Bloomberg": ("Bloomberg(?: News)?",),
    "Canadian Press": ("(?:The )?Canadian Press",),
    "EFE": ("EFE",),
    "IANS": ("IANS", "Indo-Asian News Service"),
    "Interfax": ("Interfax",),
    "Kyodo": ("Kyodo(?: News)?",),
    "PA": ("PA Media", "Press Association"),
    "PTI": ("PTI", "Press Trust of India"),
    "Reuters": ("(?:Thomson )?Reuters", "REUTERS"),
    "TASS": ("TASS",),
    "UPI": ("UPI", "United Press International"),
    "Xinhua": ("Xinhua", "XINHUA"),
    "Yonhap": ("Yonhap",),
    "dpa": ("dpa", "DPA", "Deutsche Presse-Agentur"),
}
"""Name to the ways it is written, as expressions."""

UNNAMED: Final = "agencies"
"""The agency of "with inputs from agencies": some agency, not said which."""

CLOSING: Final = 3
LINE: Final = 200
OPENING: Final = 3
BYLINE_WORDS: Final = 14

_WAYS = [way for ways in AGENCIES.values() for way in ways]
_KNOWN = "|".join(sorted({*_WAYS, *(way.upper() for way in _WAYS if " " in way)}, key=lambda way: (-len(way), way)))
_LIST = rf"(?:{_KNOWN})(?:\s*(?:/|,|&|and|,\s*and)\s*(?:{_KNOWN}|[Aa]gencies|[Oo]thers?))*"
_WORD = r"(?:[A-Z][\w.'’/-]*|\d{1,4}(?:st|nd|rd|th)?|de|al|del|la|of|the)"
_PLACE = rf"{_WORD}(?:[,:]?[ \t]+{_WORD}){{0,8}}[,:]?[ \t]*"
_TOWN = r"(?=[^(]*\b[A-Z]{3,}\b)"
_DASH = r"[-–—:|]"

_DATELINES = (
    re.compile(rf"(?:{_PLACE})?(?P<words>\(\s*(?P<names>{_LIST})\s*\))"),
    re.compile(rf"{_PLACE}[,:/]\s*(?P<words>(?P<names>{_LIST}))\s*{_DASH}"),
    re.compile(rf"(?P<words>(?P<names>{_LIST}))\s*[-–—|]\s"),
    re.compile(rf"{_TOWN}{_PLACE}(?P<words>\(\s*(?P<names>[A-Z][\w.'’]*(?: [A-Z][\w.'’]*){{0,4}})\s*\))\s*{_DASH}"),
)
"""The last takes any name in brackets between a town in capitals and a dash: agencies are more than a list can hold."""

_CREDIT_LINE = re.compile(
    r"\W*(?:(?i:source|credit|text|by|copyright|©|\(c\)|published by|syndicated from|with)\W+|©\W*)*(?:\d{4}\W+)?"
    rf"(?P<names>{_LIST})\W*(?i:all rights reserved\b.*)?",
    re.DOTALL,
)
_WITH_INPUTS = re.compile(
    r"\b(?i:with (?:additional )?(?:agency )?(?:inputs?|reporting|material|files|contributions?))"
    rf"(?: (?:from|by|of))?(?: (?:the )?(?P<names>{_LIST}|(?i:(?:news |wire )?agencies)))?(?=\W*$)"
)
_TRAILING = re.compile(
    rf"[.!?”\"’'][ \t]*(?P<words>\(\s*(?P<names>{_LIST})\s*\)|[-–—]+[ \t]*(?P<dashed>{_LIST})"
    r"|(?P<desk>PTI|ANI|IANS)(?: [A-Z]{2,4}){0,5})\s*$"
)
_FEED = re.compile(r"\b(?:syndicated|auto-generated from an?|agency|wire)(?: news)? feed\b", re.IGNORECASE)
_SIGN_OFF = re.compile(r"\(?(?:Additional r|R)eporting by [A-Z][^()]{3,400}; ?[Ee]diting by [A-Z][^()]{3,120}\)?\.?$")
"""How Reuters, and hardly anybody else, signs off: all such articles in PolNeAR are listed as Reuters copy."""
_ONE = re.compile(rf"\b(?:{_KNOWN})\b")


@dataclass(frozen=True, slots=True, order=True)
class Credit:
    """An agency that the article credits, the words that do so, and the paragraph from which on it holds (by index)."""

    agency: str
    words: str
    position: int = 0


def credits_of(article: Article) -> tuple[Credit, ...]:
    """The credits of an article, sorted: of the byline, of datelines, of the lines at the end.

    Each agency is there once, from the first paragraph for which it is credited.
    """
    found: dict[str, Credit] = {}
    for credit in (*_byline(article.author), *_own_outlet(article.outlet), *_in_text(article)):
        known = found.get(credit.agency)
        if known is None or credit.position < known.position:
            found[credit.agency] = credit
    return tuple(sorted(found.values()))


def agencies_at(credits: tuple[Credit, ...], position: int) -> frozenset[str]:
    """The agencies credited for the paragraph with this index."""
    return frozenset(credit.agency for credit in credits if credit.position <= position)


def _own_outlet(outlet: str | None) -> Iterator[Credit]:
    """An agency's own site is the agency."""
    if outlet and (name := _whole(outlet)):
        yield Credit(name, outlet)


def _byline(author: str | None) -> Iterator[Credit]:
    for part in re.split(r"[,;/&|]|\band\b", author or ""):
        words = re.sub(r"^\s*by\b|\b(?:staff|correspondents?|writers?|reporters?|desk|news)\b", "", part, flags=re.I)
        if (name := _whole(words)) is not None:
            yield Credit(name, one_line(author or ""))


def _whole(words: str) -> str | None:
    """The agency that these words are, and nothing besides."""
    words = one_line(words).strip(" .()")
    if words.casefold() in {"agencies", "news agencies", "wire services", "agency"}:
        return UNNAMED
    return next(
        (name for name, ways in AGENCIES.items() if any(re.fullmatch(way, words, re.IGNORECASE) for way in ways)), None
    )


def _in_text(article: Article) -> Iterator[Credit]:
    own = [(at, one) for at, one in enumerate(article.paragraphs) if one.mark is not Mark.CAPTION]
    last = {at for at, _ in own[-CLOSING:]}
    first = {at for at, _ in own[:OPENING]}
    for at, paragraph in own:
        words = article.text[paragraph.start : paragraph.end]
        yield from _dateline(words, at)
        if at in first:
            yield from _written_byline(words)
        if at in last:
            yield from _closing(words)


def _dateline(words: str, position: int) -> Iterator[Credit]:
    for form in _DATELINES:
        if (found := form.match(words[:160])) is not None:
            for name in _named(found["names"]) or [one_line(found["names"])]:
                yield Credit(name, one_line(found["words"]), position)
            return


def _written_byline(words: str) -> Iterator[Credit]:
    """ "By Reuters", "By JANE ROE, Associated Press" as a line of its own."""
    if (
        re.match(r"by\s", words, re.IGNORECASE)
        and len(words.split()) <= BYLINE_WORDS
        and not words.rstrip().endswith(".")
    ):
        for name in _named(re.sub(r"^by\s+", "", words, flags=re.IGNORECASE)):
            yield Credit(name, one_line(words))


def _closing(words: str) -> Iterator[Credit]:
    line = one_line(words)
    if len(line) <= LINE and (found := _CREDIT_LINE.fullmatch(line)):
        yield from (Credit(name, line) for name in _named(found["names"]))
    elif found := _WITH_INPUTS.search(line):
        names = found["names"] or UNNAMED
        yield from (Credit(name, one_line(found[0])) for name in _named(names) or [UNNAMED])
    elif found := _TRAILING.search(line):
        names = found["names"] or found["dashed"] or found["desk"]
        yield from (Credit(name, one_line(found["words"])) for name in _named(names))
    elif found := _SIGN_OFF.search(line):
        yield Credit("Reuters", one_line(found[0]))
    elif found := _FEED.search(line):
        yield Credit(UNNAMED, one_line(found[0]))


def _named(words: str) -> list[str]:
    """The known agencies in these words, in order."""
    return [name for found in _ONE.finditer(words) if (name := _whole(found[0])) is not None]
