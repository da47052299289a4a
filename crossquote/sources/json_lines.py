"""JSON lines: one article a line, read as a stream."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

from crossquote.sources.articles import Fields, article_of
from crossquote.sources.checks import MOST_BYTES, check_size, decode
from verifier.errors import BadInput
from verifier.ports import ItemFailure
from verifier.text.words import one_line_of
from verifier.values import Article

MOST_LINE_BYTES = 6 * MOST_BYTES  # a character may be written as six, \u0627
OPTIONAL = ("outlet", "title", "author", "published_at")


def read_json_lines(
    file: BinaryIO, name: str, most_line_bytes: int = MOST_LINE_BYTES
) -> Iterator[Article | ItemFailure]:
    """The articles of an open file, a line each; a wrong line is a failure that names `name:line`, the rest goes on.

    A line is an object with `url` and `text`, and optionally outlet, title, author and published_at; other keys are
    ignored, so are empty lines. Memory holds one line at a time, and of no line more than `most_line_bytes`.
    """
    number = 0
    for number, line in enumerate(_lines(file, most_line_bytes), 1):
        try:
            if len(line) > most_line_bytes:
                raise BadInput("this line is larger than any article; split it into one object a line")  # noqa: TRY301
            if line.strip():
                yield _article(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)
        except BadInput as error:
            yield ItemFailure("ingest", f"{name}:{number}", error.message)
    if number == 0:
        yield ItemFailure("ingest", name, "is empty; give one JSON object a line with url and text")


def _lines(file: BinaryIO, most: int) -> Iterator[bytes]:
    """The lines; of one that is too long only its first `most` + 1 bytes."""
    while line := file.readline(most + 1):
        yield line
        while len(line) > most and not line.endswith(b"\n"):
            line = file.readline(most + 1)


def _article(line: bytes) -> Article:
    value = _object(decode(line))
    url, text = _required(value, "url"), _required(value, "text")
    check_size(text.encode("utf-8", "surrogatepass"))
    optional = {key: _optional(value, key) for key in OPTIONAL}
    return article_of(text, Fields(url=url, **optional), otherwise=url)


def _object(line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"is not JSON ({error.msg} at column {error.colno}); write one JSON object a line with url and text"
        ) from None
    except (ValueError, RecursionError) as error:
        raise BadInput(f"is not JSON that can be read ({one_line_of(error)}); write a plain object") from None
    if not isinstance(value, dict):
        raise BadInput(f'is a JSON {type(value).__name__}, not an object; write {{"url": …, "text": …}}')
    return value


def _required(value: dict[str, object], key: str) -> str:
    found = _optional(value, key)
    if not found:
        raise BadInput(f"has no {key}; every line needs url and text")
    return found


def _optional(value: dict[str, object], key: str) -> str | None:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise BadInput(f"{key} is a JSON {type(found).__name__}, not a string; write it in quotation marks")
    return found
