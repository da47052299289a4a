"""The sources file (TOML): which feeds, sitemaps, pages, folders and archives are read."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from verifier.errors import BadInput
from verifier.text.urls import canonical_url


class SourceKind(StrEnum):
    """What stands at a source's addresses."""

    FEED = "feed"
    SITEMAP = "sitemap"
    URL = "url"
    FOLDER = "folder"
    JSONL = "jsonl"
    WARC = "warc"

    @property
    def on_the_web(self) -> bool:
        """Whether its addresses are URLs, not paths."""
        return self in {SourceKind.FEED, SourceKind.SITEMAP, SourceKind.URL}


class Source(BaseModel):
    """One table `[sources.NAME]`.

    `at` is one address or path, or several. `outlet` is who publishes, where the pages do not say it well. Of a list,
    only addresses that `only` matches (a regular expression) and items not older than `newer_than_days` are taken, and
    with `refresh` items whose stamp of change is a new one are fetched again.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: SourceKind
    at: tuple[str, ...] = Field(min_length=1)
    enabled: bool = True
    outlet: str | None = None
    only: re.Pattern[str] | None = None
    newer_than_days: float | None = Field(default=None, gt=0)
    refresh: bool = False

    @field_validator("at", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _addresses(self) -> Source:
        for address in self.at if self.kind.on_the_web else ():
            try:
                canonical_url(address)
            except BadInput as error:
                raise ValueError(error.message) from None
        if not all(one.strip() for one in self.at):
            raise ValueError("at: an address or path is empty")
        return self


def read_sources(path: Path) -> list[Source]:
    """The sources of a file that are enabled, in its order; BadInput names the first mistake. `~` is the home folder."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            f"{path}: there is no such sources file; write one like config/sources.toml, or name another with --sources"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path}: cannot be read ({' '.join(str(error).split())}); correct it") from None
    named = tables.pop("sources", {})
    if tables or not isinstance(named, dict):
        raise BadInput(f"{path}: holds tables [sources.NAME] only, not {', '.join(tables) or 'sources as a list'}")
    return [source for name, table in named.items() if (source := _source(path, name, table)).enabled]


def _source(path: Path, name: str, table: object) -> Source:
    if not isinstance(table, dict):
        raise BadInput(f"{path}: sources.{name} is no table; write [sources.{name}] with kind and at")
    try:
        return Source(**{**table, "name": name})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(["sources", name, *(str(part) for part in first["loc"])])
        message = first["msg"].removeprefix("Value error, ")
        raise BadInput(f"{path}: {place}: {message}; the file config/sources.toml shows each form") from None
