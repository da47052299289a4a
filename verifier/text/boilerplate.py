"""Which paragraphs are boilerplate. They are marked, never deleted: offsets always refer to the unchanged text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from verifier.text.captions import bare_caption, caption_end, is_caption, reads_like_caption
from verifier.text.furniture import furniture_mark
from verifier.text.words import folded_words
from verifier.values import Mark, Paragraph

OPENING = 3
LEAST_WORDS = 3
LEAST_CONTAINED = 8
LONG = 200

_QUOTATION = re.compile(r"[“”„«»\"]|(?<!\w)[‘'](?=\w)")


def mark_furniture(text: str, paragraphs: Sequence[Paragraph], title: str | None = None) -> tuple[Paragraph, ...]:
    """The same paragraphs with marks on what an article alone shows to be boilerplate; marks already there stay.

    Where a picture's caption and the text behind it are glued in the first paragraph, that paragraph comes back as
    two, the caption and the rest. `title` is the article's title where it is known: the first paragraph that gives
    it is a headline, not a caption.
    """
    pieces = _unglued(text, paragraphs)
    marked = [_alone(text, pieces, index) for index in range(len(pieces))]
    marked = _twin_captions(text, marked, title)
    return tuple(_repeated(text, marked))


def _unglued(text: str, paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    if not paragraphs or paragraphs[0].mark is not None:
        return list(paragraphs)
    first = paragraphs[0]
    cut = caption_end(text[first.start : first.end])
    if cut is None:
        return list(paragraphs)
    start = first.start + cut
    while text[start].isspace() or text[start] in ".)":
        start += 1
    return [Paragraph(first.start, first.start + cut, Mark.CAPTION), Paragraph(start, first.end), *paragraphs[1:]]


def _alone(text: str, paragraphs: Sequence[Paragraph], index: int) -> Paragraph:
    paragraph = paragraphs[index]
    if paragraph.mark is not None:
        return paragraph
    words = text[paragraph.start : paragraph.end]
    mark = furniture_mark(words)
    if mark is None and is_caption(words, opening=index < OPENING, closing=index == len(paragraphs) - 1):
        mark = Mark.CAPTION
    return replace(paragraph, mark=mark)


def _twin_captions(text: str, paragraphs: Sequence[Paragraph], title: str | None) -> list[Paragraph]:
    """Captions that stand twice among the first paragraphs are marked, each of them."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, one in enumerate(paragraphs[: OPENING + 1]):
        if one.mark in {None, Mark.CAPTION}:
            key = tuple(folded_words(bare_caption(text[one.start : one.end])))
            groups.setdefault(key, []).append(index)
    groups.pop(tuple(folded_words(title or "")), None)
    captions = {index for group in groups.values() if _is_twin_caption(text, paragraphs, group) for index in group}
    return [replace(one, mark=Mark.CAPTION) if index in captions else one for index, one in enumerate(paragraphs)]


def _is_twin_caption(text: str, paragraphs: Sequence[Paragraph], group: Sequence[int]) -> bool:
    found = [paragraphs[index] for index in group]
    if any(one.mark is Mark.CAPTION for one in found):
        return True
    return len(found) > 1 and all(reads_like_caption(text[one.start : one.end]) for one in found)


def _repeated(text: str, paragraphs: Iterable[Paragraph]) -> Iterable[Paragraph]:
    """REPEATED on a paragraph whose words stand together in an earlier one that is not boilerplate.

    Fewer than 3 words prove nothing ("No comment."), and words within a longer paragraph only count from 8.
    """
    earlier: list[str | None] = []
    seen: set[tuple[str, ...]] = set()
    places: dict[int, int] = {}
    for paragraph in paragraphs:
        if paragraph.mark is not None:
            yield paragraph
            continue
        words = folded_words(text[paragraph.start : paragraph.end])
        if (len(words) >= LEAST_WORDS and tuple(words) in seen) or _contained(words, earlier, places):
            yield replace(paragraph, mark=Mark.REPEATED)
            continue
        seen.add(tuple(words))
        _remember(words, earlier, places)
        yield paragraph


def _contained(words: list[str], earlier: list[str | None], places: Mapping[int, int]) -> bool:
    if len(words) < LEAST_CONTAINED:
        return False
    place = places.get(hash(tuple(words[:LEAST_CONTAINED])))
    return place is not None and earlier[place : place + len(words)] == words


def _remember(words: list[str], earlier: list[str | None], places: dict[int, int]) -> None:
    """Index every run of 8 words by its first place: a search then costs a paragraph's length, not the text's."""
    for offset in range(len(words) - LEAST_CONTAINED + 1):
        places.setdefault(hash(tuple(words[offset : offset + LEAST_CONTAINED])), len(earlier) + offset)
    earlier.extend(words)
    earlier.append(None)


def recurring(shared: Mapping[int, frozenset[int]], paragraphs: Sequence[Paragraph], text: str) -> dict[int, Mark]:
    """RECURRING by paragraph index, for paragraphs that stand in other articles of the same outlet.

    `shared` is `UnitOfWork.paragraph_sharing`: for each paragraph the other articles that carry its words. An
    article that shares more than half of this one's paragraphs of the story (those without a mark, or marked
    RECURRING before) is the same story updated or reprinted, and proves nothing. Of the articles left, a short
    paragraph needs one, a paragraph that holds a quotation or is longer than 200 characters needs two: a sentence
    may well be used again. Doing it again gives the same marks.
    """
    story = [index for index, one in enumerate(paragraphs) if one.mark in {None, Mark.RECURRING}]
    reprints = _reprints(shared, story)
    return {
        index: Mark.RECURRING
        for index in story
        if len(shared.get(index, frozenset()) - reprints) >= _proof(paragraphs[index], text)
    }


def _reprints(shared: Mapping[int, frozenset[int]], story: Sequence[int]) -> frozenset[int]:
    counts: dict[int, int] = {}
    for index in story:
        for article in shared.get(index, ()):
            counts[article] = counts.get(article, 0) + 1
    return frozenset(article for article, count in counts.items() if 2 * count > len(story))


def _proof(paragraph: Paragraph, text: str) -> int:
    quotes = _QUOTATION.search(text, paragraph.start, paragraph.end)
    return 2 if quotes or paragraph.end - paragraph.start > LONG else 1
