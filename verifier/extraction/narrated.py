"""Sentences in the outlet's own voice: declarative, whole, and not furniture."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.extraction.tokens import Tag, Token
from verifier.extraction.words import word_set

_IMPERATIVES = word_set(
    "read click follow subscribe sign download share watch listen see catch join get contact email visit support"
    " stay check leave enter please required copyright"
)
_FEWEST_WORDS = 5


def is_narrated(tokens: Sequence[Token], *, alone: bool) -> bool:
    """Whether a sentence without an attribution is a statement of the outlet.

    `alone` says that it is a paragraph of its own: then it must end like a sentence, as headlines do not.
    """
    words = [token for token in tokens if token.tag not in (Tag.STOP, Tag.COMMA, Tag.COLON, Tag.PUNCT)]
    if len(words) < _FEWEST_WORDS or tokens[-1].text == "?":
        return False
    if words[0].low in _IMPERATIVES or not any(_finite(token) for token in words):
        return False
    if all(token.tag is Tag.QUOTE for token in words):
        return False
    return _ends_well(tokens) or not alone


def _finite(token: Token) -> bool:
    return token.tag in (Tag.VERB, Tag.AUX, Tag.VERB_ED)


def _ends_well(tokens: Sequence[Token]) -> bool:
    last = tokens[-1]
    return last.tag is Tag.STOP or last.text in (")", "]", "…") or last.text.endswith(".") or last.tag is Tag.QUOTE
