"""Labelled attributions in PolNeAR's form: `{id, text, annotations: [{attributions: [{source, cue, content}]}]}`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.training.corpus import lines_of
from verifier.values import Attribution


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """One text with the attributions of its first annotator."""

    id: str
    text: str
    attributions: tuple[Attribution, ...]


def read_labelled(path: Path) -> Iterator[LabelledArticle]:
    """Yield the articles of a `.jsonl` or `.jsonl.gz` file; a ValueError names the first line that is not one."""
    for where, line in lines_of(path):
        try:
            yield _article(json.loads(line))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ValueError(
                f"{where}: not an article with id, text and annotations ({type(error).__name__}: {error})"
            ) from error


def _article(row: dict[str, Any]) -> LabelledArticle:
    text = row["text"]
    found = [_attribution(one, len(text)) for one in row["annotations"][0]["attributions"]]
    return LabelledArticle(str(row["id"]), text, tuple(one for one in found if one is not None))


def _attribution(row: dict[str, Any], size: int) -> Attribution | None:
    """None where the content or the cue is empty; several pieces of a source or cue are taken as one."""
    parts = {name: sorted((int(start), int(end)) for start, end in row[name]) for name in ("source", "cue", "content")}
    if any(not 0 <= start < end <= size for places in parts.values() for start, end in places):
        raise ValueError(f"a span lies outside the text of {size} characters")
    if not parts["cue"] or not parts["content"]:
        return None
    source = (parts["source"][0][0], parts["source"][-1][1]) if parts["source"] else None
    cue = (parts["cue"][0][0], parts["cue"][-1][1])
    return Attribution(cue=cue, source=source, content=tuple(parts["content"]))
