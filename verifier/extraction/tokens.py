"""Words of a paragraph with coarse word classes; a quotation is one token, whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from verifier.extraction import lexicon as lx
from verifier.extraction.cue_table import MOSTLY_NOUNS
from verifier.extraction.cues import finite_cues, plural_cues
from verifier.extraction.quotes import Quote
from verifier.extraction.words import word_set
from verifier.values import Range

_ABBREVIATION = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Cpl|Adm|Cmdr|Sen|Rep|Gov|Pres|Hon|Rev|Fr|Sr|Jr|St|Mt|vs|No|Inc|Ltd|Co|Corp"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Ala|Ariz|Calif|Colo|Conn|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss"
    r"|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|Del)\.(?=\s)"
)
_TOKEN = re.compile(
    rf"\b{_ABBREVIATION}|(?:[A-Za-z]\.){{2,8}}|[A-Z]\.(?=\s[A-Z])|['’]s\b"
    r"|\d+(?:[.,]\d+)*%?\w*(?:-\w+)*|@?\w+(?:-\w+)*(?:['’](?!s\b)\w+)*|\.{{2,}}|\S"
)


class Tag(IntEnum):
    """What a token can do in a clause."""

    QUOTE = 0
    STOP = 1  # . ! ?
    COMMA = 2
    COLON = 3
    PUNCT = 4
    DET = 5
    PRON = 6
    PREP = 7
    CONJ = 8
    SUB = 9
    WH = 10
    AUX = 11
    ADV = 12
    VERB = 13
    VERB_ING = 14
    VERB_ED = 15
    NUMBER = 16
    POSS = 17
    NOUN = 18  # anything else: nouns, adjectives
    NAME = 19  # a capitalised word
    TO = 20


CLAUSE = (Tag.VERB, Tag.AUX, Tag.QUOTE)
"""One of these makes a run of words a clause: a quotation is taken for one."""


class Token(NamedTuple):
    """A word, a punctuation mark or a whole quotation, by offset."""

    start: int
    end: int
    text: str
    low: str
    tag: Tag
    quote: Quote | None = None


_END = Token(-1, -1, "", "", Tag.STOP)


def inside_of(tokens: Sequence[Token], piece: Range) -> list[Token]:
    """The tokens that lie wholly inside a piece of the text."""
    return [token for token in tokens if piece[0] <= token.start and token.end <= piece[1]]


def tokens_of(text: str, start: int, end: int, quotes: Sequence[Quote]) -> list[Token]:
    """The tokens of `text[start:end]`, the given quotations as one token each."""
    tokens: list[Token] = []
    heading = is_title_case(text[start : min(end, start + 300)])
    at = start
    for quote in quotes:
        tokens.extend(_words(text, at, quote.start, tokens[-1] if tokens else None, heading=heading))
        last = text[quote.inner_end - 1]  # kept, because a comma inside the marks still parts the clauses
        tokens.append(Token(quote.start, quote.end, "", last, Tag.QUOTE, quote))
        at = quote.end
    tokens.extend(_words(text, at, end, tokens[-1] if tokens else None, heading=heading))
    seen = [_seen_from_behind(token, following) for token, following in pairwise([*tokens, _END])]
    return [_between(*three) for three in zip([_END, *seen], seen, [*seen[1:], _END], strict=False)]


def _seen_from_behind(token: Token, following: Token) -> Token:
    """What only the next word shows: "issued by", "Reed said", "to the president"."""
    if token.tag is Tag.VERB and token.low.endswith("ed") and following.low == "by":
        return token._replace(tag=Tag.VERB_ED)
    if token.tag in (Tag.VERB, Tag.VERB_ED, Tag.VERB_ING) and token.text[0].isupper() and following.tag is Tag.VERB:
        return token._replace(tag=Tag.NAME)
    if token.tag is Tag.TO and following.tag in (Tag.DET, Tag.NAME):
        return token._replace(tag=Tag.PREP)
    return token


def _between(before: Token, token: Token, following: Token) -> Token:
    """ "The report claims the police knew": a form that is mostly a plural noun, between a singular and a clause."""
    if token.low not in MOSTLY_NOUNS or token.tag is not Tag.NOUN or before.low.endswith("s"):
        return token
    singular = before.tag in (Tag.NOUN, Tag.NAME)
    clause = following.tag in (Tag.DET, Tag.PRON, Tag.TO, Tag.QUOTE, Tag.SUB)
    return token._replace(tag=Tag.VERB) if singular and clause else token


def is_title_case(text: str) -> bool:
    """Whether nearly all longer words are capitalised, as in a headline."""
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return len(words) > 3 and sum(word[0].isupper() for word in words) >= 0.85 * len(words)


_PUNCTUATION = {
    ".": Tag.STOP, "!": Tag.STOP, "?": Tag.STOP, "…": Tag.PUNCT, ",": Tag.COMMA, ":": Tag.COLON, "'s": Tag.POSS,
}  # fmt: skip
_ALWAYS_NAMES = frozenset(("US", "IT", "WHO"))
_CONTRACTING = word_set("it he she that there what who here where how this")


def _words(text: str, start: int, end: int, before: Token | None, *, heading: bool) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        low = word.lower().replace("’", "'")
        seen = low if heading and word[0].isupper() and word not in _ALWAYS_NAMES else word
        before = Token(match.start(), match.end(), word, low, _tag(seen, low, before))
        yield before


def _tag(word: str, low: str, before: Token | None) -> Tag:
    if not word[0].isalnum() and word[0] != "@":
        if low == "'s" and before is not None and before.low in _CONTRACTING:
            return Tag.AUX
        return _PUNCTUATION.get(low, Tag.PUNCT)
    if word[0].isdigit():
        return Tag.NUMBER
    if word in _ALWAYS_NAMES:
        return Tag.NAME
    closed = _closed_class(low)
    inside_name = word[0].isupper() and before is not None and before.tag not in (Tag.STOP, Tag.COLON, Tag.PUNCT)
    if closed is not None:
        return Tag.NAME if inside_name and low in ("may", "us") else closed
    return Tag.NAME if inside_name else _open_class(word, low, before)


_CLOSED: dict[str, Tag] = {}


def _closed_class(low: str) -> Tag | None:
    if not _CLOSED:
        _CLOSED.update(_closed_table())
    return _CLOSED.get(low)


def _closed_table() -> dict[str, Tag]:
    """Later rows win: "that" is a subordinator before it is a determiner, "her" a determiner before a pronoun."""
    rows = (  # in the order of precedence
        (lx.ADVERBS, Tag.ADV), (lx.PREPOSITIONS, Tag.PREP), (lx.OBJECT_PRONOUNS, Tag.PRON), (lx.DETERMINERS, Tag.DET),
        (lx.SUBJECT_PRONOUNS, Tag.PRON), (lx.SUBORDINATORS, Tag.SUB), (lx.WH_WORDS, Tag.WH),
        (lx.COORDINATORS, Tag.CONJ), (lx.AUXILIARIES, Tag.AUX), (frozenset({"to"}), Tag.TO),
    )  # fmt: skip
    return {word: tag for words, tag in rows for word in words}


def _open_class(word: str, low: str, before: Token | None) -> Tag:
    if low.endswith("ly") and low not in lx.LY_NOUNS:
        return Tag.ADV
    if _is_finite(low, before):
        return Tag.VERB
    if low.endswith("ing") and len(low) > 4:
        return Tag.VERB_ING
    if low.endswith("ed") and len(low) > 4:
        return Tag.VERB_ED
    return Tag.NAME if word[0].isupper() else Tag.NOUN


_SURE_PLURALS = word_set("say think believe want argue insist hope")
_PLURAL_SUBJECTS = word_set(
    "two three four five six seven eight nine ten percent i we you they who people police half some many"
    " most others both few those critics media"
)


def _is_finite(low: str, before: Token | None) -> bool:
    """Whether a word is a finite verb here; plural forms ("officials claim") only behind a plural subject."""
    tag = before.tag if before is not None else None
    if low in _SURE_PLURALS:
        return tag not in (Tag.TO, Tag.AUX, Tag.POSS, Tag.PREP, None) and (tag is not Tag.DET or _plural(before))
    if tag in (Tag.DET, Tag.POSS, Tag.PREP, Tag.NUMBER) and not _plural(before):
        return False
    if low in finite_cues() or low in lx.finite_verbs():
        return True
    return low in plural_cues() and tag is not Tag.AUX and _plural(before)


def _plural(before: Token | None) -> bool:
    if before is None:
        return False
    return before.low in _PLURAL_SUBJECTS or (before.low.endswith("s") and before.tag in (Tag.NOUN, Tag.NAME))
