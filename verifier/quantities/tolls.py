"""What a count counts: the noun behind the number, and the toll that the words around it make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from verifier.quantities.numerals import DASHES, Token, numeral_at, word_at
from verifier.quantities.values import Toll
from verifier.quantities.words import (
    BEING,
    IRREGULAR,
    LINKS,
    PEOPLE,
    RISING,
    TOLL_NOUNS,
    TOLL_VERBS,
    TRANSITIVE,
    UNITS,
    is_person,
)
from verifier.terms import stem

LOSING: Final = frozenset(
    "claim claims claimed claiming cost costs costing lost lose losing loss take takes taken taking took of".split()
)
INTENDED: Final = frozenset({"kill", "injure", "injures", "arrest", "die"})  # "plotting to kill 12"
NOUN_REACH: Final = 4
AFTER_REACH: Final = 7
BEFORE_REACH: Final = 9
TOLL_REACH: Final = 7
ARTICLES: Final = frozenset("the a an all its his her their our these those registered likely".split())
ACTIVE: Final = frozenset({"kill", "kills", "injure", "injures", "arrest", "claimed", "displaces"})
STOPS: Final = frozenset(
    """and or while but when after before in at on by from with for to as who which that than during under into near since is are was
    were be been being has have had will would could should may might can do did does of the a an his her their its this these
    those not if because so per out up across among over through against about around between within without
    s died said says told killed dead injured wounded missing hurt arrested detained displaced infected rescued""".split()
)
PASSED: Final = BEING | frozenset(
    "also so far now already people there who which that had been reportedly still later then".split()
)
MODIFYING: Final = frozenset(
    """at least about around more than over nearly almost some up to as many no fewer less between and approximately roughly an
    estimated under just well above close not most upwards in excess another additional further""".split()
)


def counted(tokens: Sequence[Token], i: int) -> tuple[str, int]:
    """The stem of the counted noun behind a number, and the token after it; "" where no plural stands near."""
    begin = i + (word_at(tokens, i) in DASHES)
    for j in range(begin, min(len(tokens), begin + NOUN_REACH)):
        token = tokens[j]
        if token.lower in STOPS and not (token.lower in TOLL_NOUNS and token.lower not in TOLL_VERBS):
            break
        if token.kind == "mark" and token.text in DASHES:
            continue
        if token.kind != "word":
            break
        if _is_counted(token.lower):
            j += _is_counted(word_at(tokens, j + 1)) and word_at(tokens, j + 1) not in TOLL_VERBS  # "police officers"
            return _noun(word_at(tokens, j)), j + 1
    return "", i


def shared_out(tokens: Sequence[Token], i: int) -> str:
    """The stem of what a share is of: "45 percent of the voters"; "" where nothing is named."""
    if word_at(tokens, i) != "of":
        return ""
    i += 1
    while word_at(tokens, i) in ARTICLES:
        i += 1
    return counted(tokens, i)[0] or stem(word_at(tokens, i))


def _is_counted(word: str) -> bool:
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is", "’s", "'s")) and len(word) > 3
    return word in IRREGULAR or word in TOLL_NOUNS or is_person(word) or (plural and word not in UNITS)


def _noun(word: str) -> str:
    if word in PEOPLE or word in TOLL_NOUNS:
        return "people"
    return {"men": "man", "women": "woman", "children": "child", "policemen": "policeman"}.get(word) or stem(word)


@dataclass(frozen=True, slots=True)
class Counted:
    """The toll of a count, and the tokens from the first to the last word that tells so."""

    toll: Toll | None
    first: int
    last: int


def toll_of(tokens: Sequence[Token], first: int, end: int, noun: str) -> Counted:
    """The toll that the count from token `first` to `end` belongs to; no toll where it counts anything else."""
    none = Counted(None, first, end)
    last_word = word_at(tokens, end - 1)
    if last_word == "lives" and not LOSING & {
        word_at(tokens, j) for j in (*range(max(0, first - 3), first), end, end + 1)
    }:
        return none
    if noun == "people" and last_word in TOLL_NOUNS and last_word != "hostages":
        return Counted(TOLL_NOUNS[last_word], first, end)
    if noun not in ("", "people") and not is_person(last_word):
        return none
    behind = _behind(tokens, end)
    if behind is not None:
        return Counted(behind[0], first, behind[1])
    ahead = _ahead(tokens, first)
    if ahead is None and last_word == "hostages":
        return Counted(Toll.ABDUCTED, first, end)
    return Counted(ahead[0], ahead[1], end) if ahead is not None else none


def _mixed(tokens: Sequence[Token], i: int, step: int) -> bool:
    """ "killed or wounded": a toll of both."""
    other = TOLL_VERBS.get(word_at(tokens, i + 2 * step))
    return word_at(tokens, i + step) in ("or", "and") and other not in (None, TOLL_VERBS[word_at(tokens, i)])


def _behind(tokens: Sequence[Token], end: int) -> tuple[Toll, int] | None:
    """ "12 people were killed", "12 dead", "12 people, including 3 children, have died"; the agent of "killed" is none."""
    i, passive = _after_aside(tokens, end), False
    for j in range(i, min(len(tokens), i + AFTER_REACH)):
        word = word_at(tokens, j)
        if word in TOLL_VERBS and word != "toll":
            agent = word in TRANSITIVE and not passive and _has_object(tokens, j + 1)
            active = (word.endswith("ing") and word not in ("missing", "dying")) or word in ACTIVE
            return None if agent or active or _mixed(tokens, j, 1) else (TOLL_VERBS[word], j + 1)
        if word not in PASSED:
            return None
        passive = passive or word in BEING
    return None


def _after_aside(tokens: Sequence[Token], i: int) -> int:
    """Past ", including three children,"."""
    if word_at(tokens, i) == "," and word_at(tokens, i + 1) in ("including", "among", "mostly", "most"):
        for j in range(i + 2, min(len(tokens), i + 14)):
            if word_at(tokens, j) == ",":
                return j + 1
    return i


def _has_object(tokens: Sequence[Token], i: int) -> bool:
    if i >= len(tokens) or tokens[i].kind == "mark":
        return False
    word = word_at(tokens, i)
    return (
        word in ("the", "a", "an", "his", "her", "their")
        or word in MODIFYING - {"at", "in", "and", "to", "up", "as", "over"}
        or (numeral_at(tokens, i) is not None)
    )


def _ahead(tokens: Sequence[Token], first: int) -> tuple[Toll, int] | None:
    """ "killed at least 12", "the death toll rose to 26"; with the token where that begins."""
    for j in range(first - 1, max(-1, first - 1 - BEFORE_REACH), -1):
        word = word_at(tokens, j)
        if word == "toll":
            kind = TOLL_VERBS.get(word_at(tokens, j - 1))
            return (kind, j - 1) if kind else (Toll.DEAD, j)
        if word in TOLL_VERBS:
            return (
                None if word in ("claimed", "claiming", *INTENDED) or _mixed(tokens, j, -1) else (TOLL_VERBS[word], j)
            )
        if word not in LINKS and word not in MODIFYING:
            return _toll_of_something(tokens, j) if _word_rises(tokens, j + 1, first) else None
    return None


def _word_rises(tokens: Sequence[Token], i: int, end: int) -> bool:
    return any(word_at(tokens, j) in RISING for j in range(i, end))


def _toll_of_something(tokens: Sequence[Token], i: int) -> tuple[Toll, int] | None:
    """ "the death toll of the Orsk fire rose to": the toll before what caused it."""
    for j in range(i, max(-1, i - TOLL_REACH), -1):
        if word_at(tokens, j) == "toll":
            return TOLL_VERBS.get(word_at(tokens, j - 1), Toll.DEAD), i + 1
    return None
