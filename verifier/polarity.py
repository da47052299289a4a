"""Direction words: whether a text is for or against, up or down, asking or not, with negation near the word turned round.

Two statements that take opposite directions on one family of words undermine each other even where no word of theirs is
exchanged ("no request" beside "pressed them to"): that is what `tension` looks at.
"""

from __future__ import annotations

import re
from typing import Final

NEGATIONS: Final = frozenset(
    """no not never neither nor none nobody nothing without cannot can't can’t don't don’t doesn't doesn’t didn't didn’t
    isn't isn’t aren't aren’t wasn't wasn’t weren't weren’t won't won’t wouldn't wouldn’t shouldn't shouldn’t hasn't
    hasn’t haven't haven’t hadn't hadn’t couldn't couldn’t hardly barely deny denies denied denying refuse refuses refused
    untrue false wrong unlikely""".split()
)
DOUBTING: Final = re.compile(r"\b(?:doubt|s[ck]eptic|disbelie|unconvinced|unsure|uncertain|not sure)", re.IGNORECASE)
"""Cues of who does not hold what he speaks of."""
REACH: Final = 4  # words after a negation that it turns round
FAMILIES: Final[dict[str, tuple[str, str]]] = {
    "request": ("request ask urg press pressur demand call push insist seek sought appeal", "drop waiv"),
    "support": (
        "support back endors favor favour welcom approv prais accept embrac defend trust respect",
        "oppos reject condemn criticiz criticis refus denounc dismiss disapprov blam attack distrust reject scorn",
    ),
    "change": (
        "increas rise rose grow grew higher expand gain improv strengthen surg climb",
        "decreas fall fell drop lower shrink lose lost worsen weaken declin cut reduc",
    ),
    "allow": ("allow permit let legal open approv grant lift", "ban bar block prohibit forbid illegal close shut deny"),
    "stay": ("stay remain continu keep maintain join", "leave left withdraw withdrew quit exit abandon pull end stop"),
    "fit": (
        "fit qualified ready safe success strong good great best stable secure honest healthy credible effective",
        "unfit unqualified unready unsafe fail weak bad terrible worst unstable insecure dishonest unhealthy dangerous",
    ),
    "hold": ("win won lead ahead victory succeed", "lose lost trail behind defeat fail"),
    "true": ("true confirm admit acknowledg prove fact evidence", "deny denied false untrue lie lied hoax baseless myth"),
    "peace": ("peace cooperat friend ally partner dialogue", "war threat enemy violence conflict terror attack"),
}  # fmt: skip
ELSE: Final = frozenset(
    """backfire backlash backward badge badger band banded bandit bandits bands bank bank's banked banker bankers banking banks
    bank’s banner banners bannon barack barbara barber barely bargain bargains barkley barn barrel barrels barren
    barrier barry closely closer closest cutoff endless endured faction factions factor factors factory fallon fallout
    fellow fellows fitton goodbye goods joint jointly leader leaders let's letter letters let’s quite respective shuttle
    stronghold successor successors urgency urgent ward warden wards warm warmed warmer warming warmly warmth warn
    warned warner warning warnings warns warrant warranty warren warsaw wary wind window windows winds windy wine wing
    wings winter winters won't wonder wondered wonders won’t""".split()
)
"""Words that only begin like one of them ("warned" like "war"); not "close partner", but "closer" and "closely"."""
WORDS: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def _stems() -> dict[str, list[tuple[str, int]]]:
    table: dict[str, list[tuple[str, int]]] = {}
    for family, (up, down) in FAMILIES.items():
        for words, sign in ((up, 1), (down, -1)):
            for word in words.split():
                table.setdefault(word[:3], []).append((f"{family} {word}", sign))
    return table


STEMS: Final = _stems()


def directions(text: str) -> dict[str, int]:
    """For each family with a clear direction in the text: +1 or -1 (a family that goes both ways is left out)."""
    sums: dict[str, set[int]] = {}
    negated = 0
    for word in WORDS.findall(text.lower()):
        for family, sign in _families(word):
            sums.setdefault(family, set()).add(-sign if negated else sign)
        negated = REACH if word in NEGATIONS else max(0, negated - 1)
    return {family: signs.pop() for family, signs in sums.items() if len(signs) == 1}


def _families(word: str) -> list[tuple[str, int]]:
    """The families of a word by the longest beginning that it shares with one of theirs ("endorsed" is no "end")."""
    if word in ELSE:
        return []
    found = []
    for entry, sign in STEMS.get(word[:3], ()):
        family, stem = entry.split()
        if word.startswith(stem) and len(word) - len(stem) <= 4:
            found.append((len(stem), family, sign))
    longest = max((length for length, _, _ in found), default=0)
    return [(family, sign) for length, family, sign in found if length == longest]


def opposed(a: dict[str, int], b: dict[str, int]) -> tuple[str, ...]:
    """The families in which the two go opposite ways, sorted."""
    return tuple(sorted(family for family in a.keys() & b.keys() if a[family] != b[family]))


def negations(text: str) -> int:
    """How many negating words a text has."""
    return sum(word in NEGATIONS for word in WORDS.findall(text.lower()))
