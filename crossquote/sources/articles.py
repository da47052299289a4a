"""From the fields that a source gives to an Article, with the same checks for every source."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crossquote.sources.checks import check_text, clean_field
from crossquote.sources.dates import parse_date
from crossquote.sources.languages import check_english
from verifier.errors import BadInput
from verifier.text.boilerplate import mark_furniture
from verifier.text.paragraphs import paragraphs_of
from verifier.text.urls import canonical_url, outlet_of
from verifier.values import Article


@dataclass(frozen=True, slots=True)
class Fields:
    """What a source says of an article, as it stands there."""

    outlet: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    published_at: str | None = None


def article_of(text: str, fields: Fields, otherwise: str) -> Article:
    """The article, or BadInput with one line for the user.

    Without a URL it is known by `otherwise` (a file's absolute path) and has an outlet only if one is named; with a URL
    and no outlet, the URL's host is its outlet.
    """
    check_text(text)
    url = canonical_url(fields.url) if clean_field(fields.url) and fields.url else None
    published = parse_date(fields.published_at) if clean_field(fields.published_at) and fields.published_at else None
    title = clean_field(fields.title)
    paragraphs = mark_furniture(text, paragraphs_of(text), title)
    check_english(text, paragraphs)
    return Article(
        url=url or otherwise,
        text=text,
        outlet=clean_field(fields.outlet) or (outlet_of(url) if url else None),
        title=title,
        author=clean_field(fields.author),
        published_at=published,
        paragraphs=paragraphs,
    )


def completed(article: Article, said: Fields) -> Article:
    """The article with what a list says of it: the outlet that it names, and where the page is silent, title and date."""
    published = article.published_at
    if published is None and said.published_at:
        try:
            published = parse_date(said.published_at)
        except BadInput:
            published = None
    return replace(
        article, outlet=said.outlet or article.outlet, title=article.title or said.title, published_at=published
    )
