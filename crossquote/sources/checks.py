"""What every article's text must be: decodable, not empty, not huge, and text. One line says what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

from crossquote.fetching.values import MOST_PAGE_BYTES
from verifier.errors import BadInput
from verifier.text.words import is_whole, one_line

MOST_BYTES = MOST_PAGE_BYTES

_BLANK = re.compile(r"[\s\ufeff\u200b]*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_bytes(path: Path) -> bytes:
    """A whole regular file of at most 5 MB; BadInput for what is none, OSError where the system refuses."""
    if not path.exists():
        raise BadInput("there is no such file; check the path")
    if not path.is_file():
        raise BadInput("is not a regular file; give a file or a folder")
    with path.open("rb") as file:
        return check_size(file.read(MOST_BYTES + 1))


def check_size(data: bytes) -> bytes:
    """The bytes, if an article can be so long."""
    if len(data) > MOST_BYTES:
        raise BadInput("is larger than 5 MB, no single article is; split it into one file an article")
    return data


def decode(data: bytes) -> str:
    """Strict UTF-8; a byte order mark and the line endings stay as they are."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"is not UTF-8 text (byte {error.start}); save it as UTF-8, for example with iconv") from None


def check_text(text: str) -> str:
    """The text, if it is one: some words, no control characters, at most 5 MB in UTF-8."""
    if _BLANK.fullmatch(text):
        raise BadInput("is empty; give a file with an article's text")
    odd = _CONTROL.search(text)
    if odd:
        raise BadInput(
            f"is not text (control character U+{ord(odd.group()):04X} at character {odd.start()}); "
            "give plain text, HTML or JSON lines"
        )
    if not is_whole(text):
        raise BadInput("is not text (half of a surrogate pair); write such characters whole")
    if len(text) > MOST_BYTES // 4:
        check_size(text.encode("utf-8"))
    return text


def clean_field(value: str | None) -> str | None:
    """A title, name or outlet on one line; None if nothing is left. Control characters count as spaces."""
    if value is None:
        return None
    return one_line(_SURROGATE.sub("\ufffd", _CONTROL.sub(" ", value)).strip("\ufeff")) or None
