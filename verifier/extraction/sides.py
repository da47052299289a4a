"""The side for which somebody speaks: whom "we" and "our" mean in their mouth."""

from __future__ import annotations

import re

from verifier.values import Speaker, SpeakerKind

_SIDES = (
    (r"US|U\.S\.|United States|American|Pentagon|White House|State Department|Washington", "the United States"),
    (r"UK|Britain|British|Downing Street", "the United Kingdom"),
    (r"Pakistan|Pakistani|Islamabad", "Pakistan"), (r"Afghan|Afghanistan|Kabul", "Afghanistan"),
    (r"India|Indian|New Delhi", "India"), (r"Chinese|China|Beijing", "China"), (r"Russian?|Kremlin|Moscow", "Russia"),
    (r"Iran|Iranian|Tehran", "Iran"), (r"Israeli?", "Israel"), (r"Ukrainian|Ukraine|Kyiv", "Ukraine"),
    (r"French|France", "France"), (r"Germany|German", "Germany"), (r"Japanese|Japan", "Japan"),
    (r"Turkish|Turkey", "Turkey"),
    (r"EU|European Union", "the European Union"), (r"UN|United Nations", "the United Nations"), (r"Nato|NATO", "NATO"),
)  # fmt: skip
_COMPILED = tuple((re.compile(rf"\b(?:{pattern})\b"), side) for pattern, side in _SIDES)
_SPEAKS_FOR = re.compile(
    r"\b(?:spokes\w+|secretary|minister|premier|president|ambassador|envoy|diplomat|adviser|advisor|chief|general|official)\b",
    re.IGNORECASE,
)

_NO_STATE = re.compile(
    r"\b(?:University|College|School|Air(?:lines|ways)?|Bank|Company|Corp\w*|Inc|Ltd|Group|Motors?|Steel|Oil|Club|League|Association|Society"
    r"|Institute|Hospital|Church|Post|Times|Journal|Magazine|Express|Chamber|Olympic\w*|Football|Soccer|Cricket|executive|CEO)\b"
)


def side_of(speaker: Speaker | None) -> str | None:
    """The country or body a speaker's own titles name; None where no wording names exactly one."""
    if speaker is None:
        return None
    if speaker.kind is SpeakerKind.BODY:
        return speaker.name
    wordings = [
        alias for alias in (speaker.name, *speaker.aliases) if _SPEAKS_FOR.search(alias) and not _NO_STATE.search(alias)
    ]
    sides = {side for wording in wordings for pattern, side in _COMPILED if pattern.search(wording)}
    return sides.pop() if len(sides) == 1 else None
