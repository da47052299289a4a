"""Whether an article is in English, the only language the models have learned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from verifier.errors import BadInput
from verifier.values import Paragraph

LEAST_CHARACTERS = 200
MOST_CHARACTERS = 4_000
SURE = 0.98

# The languages news is written in; the other ones the identifier knows are small, and take names and lists for theirs.
_LANGUAGES = (
    "am ar az be bg bn bs ca cs da de el en es et fa fi fr gu ha he hi hr hu hy id it ja ka kk km kn ko ku ky lo lt lv "
    "mk ml mn mr ms my ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur uz vi zh"
)


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...

    def set_languages(self, langs: list[str]) -> None: ...


def check_english(text: str, paragraphs: Sequence[Paragraph]) -> None:
    """BadInput if the article is surely in another language.

    Only paragraphs without a mark are looked at, and at most 4,000 characters of them: a page's furniture is often
    English where its story is not. Fewer than 200 characters are not judged, and a doubt is decided for the article.
    """
    sample = _sample(text, paragraphs)
    if len(sample) < LEAST_CHARACTERS:
        return
    language, confidence = _identifier().classify(sample)
    if language != "en" and confidence >= SURE:
        raise BadInput(f"is not in English (language {language!r}, {confidence:.0%} sure); give English articles only")


def _sample(text: str, paragraphs: Sequence[Paragraph]) -> str:
    pieces: list[str] = []
    length = 0
    for paragraph in paragraphs:
        if paragraph.mark is None and length < MOST_CHARACTERS:
            pieces.append(text[paragraph.start : min(paragraph.end, paragraph.start + MOST_CHARACTERS - length)])
            length += len(pieces[-1])
    return "\n".join(pieces)


@cache
def _identifier() -> _Identifier:
    """Loading the model takes about a second, so it is done at the first article and once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(  # type: ignore[no-untyped-call]
        MODEL_FILE, norm_probs=True
    )
    identifier.set_languages(_LANGUAGES.split())
    return identifier
