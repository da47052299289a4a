"""Polls: two of different days or places measure different things, and never conflict; nor do two shares of people in one article."""

from __future__ import annotations

import re
from typing import Final

POLL: Final = re.compile(
    r"\b(?:polls?|polling|pollsters?|survey(?:s|ed)?)\b|"
    r"\b(?:leads?|led|ahead|behind|trail(?:s|ed|ing)?|(?:is|was|are|were|be|been|still|now)\s+leading)\b(?!\s+to\b)[^.]{0,80}?"
    r"(?:\b(?:by|with|at)\s+(?:\w+\s+){0,3}?\d[\d.]*[\s-]*(?:percentage[\s-]+)?(?:points?|percent|per cent|%)"
    r"|\d[\d.]*\s*(?:points?|percent|per cent|%)?,?\s*(?:to|-|–)\s*\d)",
    re.IGNORECASE,
)
STANDING: Final = re.compile(
    r"\d|\b(?:percent|per cent|points?|lead(?:s|ing)?|led|ahead|behind|tied|trail(?:s|ing)?|beat(?:s|ing)?|support(?:s|ed|ing)?|"
    r"favou?r(?:s|ed|ing)?|majority|half|third|edge[sd]?|defeat(?:s|ing)?|narrow(?:s|ed|ing)?|margin|approve[sd]?|oppose[sd]?)\b",
    re.IGNORECASE,
)
PEOPLE: Final = (
    "voters?|caucus-?goers|respondents|participants|people|persons|Americans|Democrats?|Republicans?|independents|adults|women|men|those|"
    "residents|citizens|whites?|blacks?|Latinos?|Hispanics|Catholics|evangelicals|millennials|supporters|conservatives|liberals|delegates"
)
SHARE: Final = re.compile(
    r"(?:percent|per cent|%)\s+(?:of\s+(?:[\w’'-]+\s+){0,3}?)?"
    rf"(?P<people>{PEOPLE})\b|^[^…]{{0,20}}?\d(?:\.\d+)?\s?(?:percent|per cent|%)\s*…",
    re.IGNORECASE,
)
"""A share of people by what they think: "28 percent of voters", or "61 percent" as who says it."""
OPINION: Final = re.compile(
    r"\b(?:voters?|caucus-?goers|respondents|participants|polls?|polled|surveys?|surveyed|support|oppose|back|favou?r|approve|disapprove|think|"
    r"believe|say|said|feel|felt|prefer|want|view|trust|agree|disagree|consider|see|plan|expect|lean|undecided|likely|like|dislike|hold|held|"
    r"described?|thought|believed|wanted|favou?red|preferred|supported|opposed|backed|approved|disapproved|agreed|disagreed|viewed|would)s?\b",
    re.IGNORECASE,
)
"""What tells a share by opinion from a share by what people are or have ("20 percent of people live in poverty")."""
COUNTED: Final = re.compile(
    r"\b(?:turnout|turned out|voted|cast|ballots?|counted|elected|"
    r"registered\b(?!\s+(?:[\w-]+\s+){0,2}?(?:voters?|Democrats?|Republicans?|independents?)))\b",
    re.IGNORECASE,
)
"""What people did rather than what they think: that is counted, not asked."""
MARGIN: Final = re.compile(r"\bmargin of (?:sampling )?error\b|\bsampling error\b", re.IGNORECASE)
STATES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|"
    "Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|"
    "New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|"
    "South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington state|West Virginia|Wisconsin|Wyoming"
)
PAPERS: Final = re.compile(r"New York (?:Times|Post|Daily)|Des Moines|Wall Street|Washington Post")
STATE: Final = re.compile(rf"\b(?:{STATES})\b")
PLACE: Final = re.compile(r"\b(?:in|across|of) (?:the )?((?:[A-Z][\w’'-]+)(?: [A-Z][\w’'-]+)*)")
NATIONAL: Final = re.compile(r"\b(?:national|nationally|nationwide|general election)\b", re.IGNORECASE)
NO_PLACE: Final = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|"
    r"Saturday|Sunday|Republicans?|Democrats?|Americans?)\b"
)


def is_poll(text: str) -> bool:
    """Whether a text (with its source) reports what a poll found."""
    return bool(POLL.search(text) and STANDING.search(text)) or is_share(text)


def is_share(text: str) -> bool:
    """Whether a text (with its source) tells how many of some people think something, or how exactly that is known."""
    if MARGIN.search(text):
        return True
    found = SHARE.search(text)
    return found is not None and not COUNTED.search(text) and (found["people"] is None or bool(OPINION.search(text)))


def places(text: str) -> frozenset[str]:
    """Where a poll was taken: the states and places it names, "national" where it says so."""
    bare = PAPERS.sub("", text)
    named = {match.group() for match in STATE.finditer(bare)}
    named |= {match[1] for match in PLACE.finditer(bare) if not NO_PLACE.match(match[1])}
    return frozenset(named | ({"national"} if NATIONAL.search(bare) else set()))


def other_polls(a: str, b: str, days_apart: int, *, one_article: bool = False) -> bool:
    """Whether two texts report polls of different days or places, or of one article two shares: it asks of two groups or things."""
    if not (is_poll(a) and is_poll(b)):
        return False
    if one_article and is_share(a) and is_share(b):
        return True
    where = places(a), places(b)
    return days_apart > 0 or (all(where) and not where[0] & where[1])
