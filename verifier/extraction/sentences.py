"""Sentences of a paragraph over tokens in which a quotation is one token: marks never split a quotation."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.extraction.cues import cue_forms
from verifier.extraction.tokens import Tag, Token
from verifier.extraction.words import word_set

_BULLETS = frozenset("•-–—*·▪◦●‣○■")
_OPENERS = frozenset("([")
_STARTERS = word_set(
    "the a an he she it they we i in on at but and this that these those his her their there when while"
)


def sentences_of(text: str, tokens: Sequence[Token]) -> list[list[Token]]:
    """The sentences of one paragraph, in order; a leading bullet or dateline is left out."""
    tokens = _without_lead(text, tokens)
    sentences: list[list[Token]] = []
    current: list[Token] = []
    for index, token in enumerate(tokens):
        current.append(token)
        if _ends(text, tokens, index):
            sentences.append(current)
            current = []
    if current:
        sentences.append(current)
    return sentences


def _without_lead(text: str, tokens: Sequence[Token]) -> Sequence[Token]:
    start = 0
    while start < len(tokens) and tokens[start].text in _BULLETS:
        start += 1
    return tokens[_after_dateline(text, tokens, start) :]


def _after_dateline(text: str, tokens: Sequence[Token], start: int) -> int:
    """Behind "LONDON:", "ISLAMABAD (PEN) :", "WASHINGTON (AP) —" or "KABUL, Aug. 3 (Reuters) -", or `start`."""
    if start >= len(tokens) or not (tokens[start].text.isupper() and len(tokens[start].text) > 3):
        return start
    for index in range(start + 1, min(start + 16, len(tokens))):
        token = tokens[index]
        if token.text in (":", "—", "–", "--") or (token.text == "-" and text[token.start - 1].isspace()):
            return index + 1
        if token.tag in (Tag.VERB, Tag.AUX, Tag.STOP, Tag.QUOTE, Tag.PRON):
            return start
    return start


def _ends(text: str, tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is None:
        return True
    if token.tag is Tag.STOP:
        return _starts(following) and not _closes_bracket(following)
    if token.quote is not None:
        return _ends_at_quote(text, tokens, index)
    if token.text.endswith(".") and len(token.text) > 2 and token.text.count(".") > 1:
        return following.text[:1].isupper() and following.low in _STARTERS
    return False


def _starts(token: Token) -> bool:
    return token.tag is Tag.QUOTE or token.text[:1].isupper() or token.text[:1].isdigit() or token.text in _OPENERS


def _closes_bracket(token: Token) -> bool:
    return token.text in (")", "]")


def _ends_at_quote(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a quotation that ends like a sentence ends one: not where its cue follows ("“Is it?” Feld asked")."""
    quote = tokens[index].quote
    following = tokens[index + 1]
    if quote is None or following.tag is Tag.STOP:
        return False
    if following.tag is Tag.QUOTE:
        return _like_a_sentence(text, quote.inner_start, quote.inner_end)
    if not _like_a_sentence(text, quote.inner_start, quote.inner_end) or not _starts(following):
        return False
    return not _cue_soon(tokens, index + 1, strict=text[quote.inner_end - 1] == ".")


def _like_a_sentence(text: str, start: int, end: int) -> bool:
    return text[start:end].rstrip()[-1:] in tuple(".!?…")


def _cue_soon(tokens: Sequence[Token], start: int, *, strict: bool) -> bool:
    """Whether a short subject and a cue follow; `strict` asks that nothing but a full stop comes after them."""
    for index in range(start, min(start + 7, len(tokens))):
        token = tokens[index]
        if token.tag in (Tag.STOP, Tag.QUOTE, Tag.COMMA, Tag.AUX):
            return False
        form = cue_forms().get(token.low)
        if form is not None and token.tag in (Tag.VERB, Tag.VERB_ED) and index > start:
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            return (
                after is None
                or after.tag is Tag.STOP
                or (not strict and after.tag in (Tag.PREP, Tag.COMMA, Tag.DET, Tag.NOUN, Tag.NAME, Tag.PRON))
            )
    return False
