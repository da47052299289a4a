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
_SOME = r"(?:(?:News|Wire)\s+)?[Aa]gencies|AGENCIES|Wire [Ss]ervices"
_LIST = rf"(?:{_KNOWN}|(?!a){_SOME})(?:\s*(?:/|,|&|and|,\s*and)\s*(?:{_KNOWN}|{_SOME}|[Oo]thers?))*"
_CAPITAL = r"[^\W\d_a-z]"
_WORD = (
    rf"(?:(?:[ae][ls]-)?{_CAPITAL}[\w.'’/-]*|\[{_CAPITAL}[\w .-]{{1,30}}\]|\d{{1,4}}(?:st|nd|rd|th)?"
    r"|de|al|el|del|la|of|the)"
)
_PLACE = rf"{_WORD}(?:[,:]?[ \t]+{_WORD}){{0,8}}[,:]?[ \t]*"
_TOWN = r"(?=[^(]*\b[A-Z]{3,}\b)"
_DASH = r"[-–—:|]"

_DATELINES = (
    re.compile(rf"(?P<place>{_PLACE})?(?P<words>\(\s*(?P<names>{_LIST})\s*\))"),
    re.compile(rf"{_PLACE}\.?\s*(?<=[\s.,])(?P<words>/\s*(?P<names>{_LIST})\s*/)(?=[\s.,:–—-])"),
    re.compile(rf"{_PLACE}[,:/]\s*(?P<words>(?P<names>{_LIST}))\s*{_DASH}"),
    re.compile(rf"(?P<words>(?P<names>{_LIST}))\s*[-–—|]\s+(?=[“\"‘'(\[]*[^\W_a-z])"),
    re.compile(
        rf"{_TOWN}(?P<place>{_PLACE})"
        rf"(?P<words>\(\s*(?P<names>[A-Z][\w.'’]*(?: [A-Z][\w.'’]*){{0,4}})\s*\))\s*{_DASH}"
    ),
)
"""The last takes any name in brackets between a town in capitals and a dash: agencies are more than a list can hold."""

_DASHED = re.compile(rf"\s*\.?\s*{_DASH}")
_OPENS = re.compile(r"\s*[“\"‘']?[^\W_a-z]")
_DESK = re.compile(r".|.*\b(?:desk|staff|report(?:er)?s?|correspondents?|exclusive|special|updated?)\b.*", re.I)
"""What stands in a dateline's brackets and is no agency: the paper's own people, a party ("R")."""

_CREDIT_LINE = re.compile(
    r"\W*(?:(?i:source|credit|text|by|copyright|©|\(c\)|published by|syndicated from|with)\W+|©\W*)*(?:\d{4}\W+)?"
    rf"(?P<names>{_LIST})\W*(?i:all rights reserved\b.*)?",
    re.DOTALL,
)
_WITH_INPUTS = re.compile(
    r"(?i:\bwith (?:additional )?(?:agency |agencies )?(?:inputs?|reporting|material|files|contributions?)"
    r"|^\W*(?:agency )?inputs?\b)"
    rf"(?: (?:from|by|of))?(?: (?:the )?(?P<names>{_LIST}|(?i:(?:news |wire )?agencies|wire services)))?(?=\W*$)"
)
_TRAILING = re.compile(
    rf"[.!?”\"’'][ \t]*(?P<words>\(\s*(?P<names>{_LIST})\s*\)|[-–—]+[ \t]*(?P<dashed>{_LIST})"
    r"|(?P<desk>PTI|ANI|IANS)(?: [A-Z]{2,4}){0,5})\s*\.?\s*$"
)
_FEED = re.compile(r"\b(?:syndicated|auto-generated from an?|agency|wire)(?: news)? feed\b", re.IGNORECASE)
_SIGN_OFF = re.compile(r"\(?(?:Additional r|R)eporting by [A-Z][^()]{3,400}; ?[Ee]diting by [A-Z][^()]{3,120}\)?\.?$")
"""How Reuters, and hardly anybody else, signs off: all such articles in PolNeAR are listed as Reuters copy."""
_ONE = re.compile(rf"\b(?:{_KNOWN})\b")
_OFFICES = re.compile(
    rf"^\s*(?i:by)\b|\b(?i:staff|correspondents?|writers?|reporters?|editorial|desk|news)\b|\s(?:in|at)\s+{_CAPITAL}.*$"
)
_BEHIND = re.compile(
    rf"(?:{_CAPITAL}[\w.'’-]*\s+){{1,5}}(?P<link>(?:of|for|with|[-–—])\s+|\()?(?:(?i:the)\s+)?(?P<name>{_KNOWN})\)?"
)


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
    for part in re.split(r"[,;/&|\n]|\band\b", author or ""):
        words = _OFFICES.sub("", part)
        if (name := _whole(words) or _last(words)) is not None:
            yield Credit(name, one_line(author or ""))


def _last(words: str) -> str | None:
    """The agency that stands behind a name: "Jane Roe of the Associated Press", "JANE ROE (AP)"; no M. Bloomberg."""
    found = _BEHIND.fullmatch(one_line(words))
    if found is None or (found["name"] == "Bloomberg" and found["link"] is None):
        return None
    return _whole(found["name"])


def _whole(words: str) -> str | None:
    """The agency that these words are, and nothing besides."""
    words = one_line(words).strip(" .()")
    if words.casefold() in {"agencies", "news agencies", "wire agencies", "wire services", "agency"}:
        return UNNAMED
    return next(
        (name for name, ways in AGENCIES.items() if any(re.fullmatch(way, words, re.IGNORECASE) for way in ways)), None
    )


def _in_text(article: Article) -> Iterator[Credit]:
    own = [(at, one) for at, one in enumerate(article.paragraphs) if one.mark is not Mark.CAPTION]
    text = [at for at, one in own if one.mark is None][-CLOSING:]
    last = {at for at, _ in own if text and at >= text[0]} | {at for at, _ in own[-CLOSING:]}
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
            if not _heads(found, words):
                return
            for name in _named(found["names"]) or [one_line(found["names"])]:
                yield Credit(name, one_line(found["words"]), position)
            return


def _heads(found: re.Match[str], words: str) -> bool:
    """Whether names in brackets stand in a dateline: not behind what they are short for ("Aam Aadmi Party (AAP)"), and
    with a dash, a date or a town in capitals, or a short place and the beginning of a sentence."""
    place = found.groupdict().get("place")
    if place is None:
        return True
    known, after = _named(found["names"]), words[found.end() :]
    dashed = _DASHED.match(after) is not None
    if not known and (_DESK.fullmatch(found["names"]) or _short_for(found["names"], place.split()[-1])):
        return False
    if any(_short_for(place, short) for short in _ONE.findall(found["names"])) and not (dashed and place.isupper()):
        return False
    short_place = len(place.split()) <= 2 and "-" not in place and _OPENS.match(after)
    return bool(dashed or re.search(r"\d|\b[A-Z]{3,}\b", place) or short_place)


def _short_for(words: str, short: str) -> bool:
    """Whether the last words have these initials: "Aam Aadmi Party", "AAP"."""
    names = re.findall(r"[^\W\d_]+", re.split(r"[,:]", words.rstrip(" ,:\t"))[-1])
    initials = "".join(name[0] for name in names if name[0].isupper() and name != "The")
    return len(short) > 1 and initials.endswith(short.upper().strip(" ,:"))


def _written_byline(words: str) -> Iterator[Credit]:
    """ "By Reuters", "By JANE ROE, Associated Press" as a line of its own."""
    if (
        re.match(r"by\s", words, re.IGNORECASE)
        and len(words.split()) <= BYLINE_WORDS
        and not words.rstrip().endswith(".")
    ):
        yield from _byline(words)


def _closing(words: str) -> Iterator[Credit]:
    line = one_line(words)
    if len(line) <= LINE and (found := _CREDIT_LINE.fullmatch(line)):
        yield from (Credit(name, line) for name in _named(found["names"]))
    elif found := _WITH_INPUTS.search(line):
        if found["names"] or "agenc" in found[0].lower():
            credit = one_line(found[0]).lstrip("(— ")
            yield from (Credit(name, credit) for name in _named(found["names"] or "") or [UNNAMED])
    elif found := _TRAILING.search(line):
        names = found["names"] or found["dashed"] or found["desk"]
        yield from (Credit(name, one_line(found["words"])) for name in _named(names))
    elif found := _SIGN_OFF.search(line):
        yield Credit("Reuters", one_line(found[0]))
    elif found := _FEED.search(line):
        yield Credit(UNNAMED, one_line(found[0]))


def _named(words: str) -> list[str]:
    """The known agencies in these words, in order; "agencies" where none has a name."""
    known = [name for found in _ONE.finditer(words) if (name := _whole(found[0])) is not None]
    return known or ([UNNAMED] if re.search(rf"\b(?:{_SOME})\b", words) else [])
