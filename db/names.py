"""Texts as the database can hold them: what is refused, what is made visible, and names folded for comparison.

PostgreSQL refuses NUL, both dialects refuse lone surrogates, and SQLite's own functions stop at NUL. An article that
carries one is refused whole: replacing characters would break `article.text[start:end] == span.text` for every reader.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping

from verifier.errors import BadInput

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# PostgreSQL's B-tree takes keys of up to 2,704 bytes.
KEY_BYTES = 2048
_KEY_LETTERS = 200


def visible(text: str) -> str:
    """The text with what cannot be stored written out (`\\x00`, `\\ud800`): for messages and file names."""
    return _UNSTORABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def require_storable(item: str, fields: Mapping[str, str | None]) -> None:
    """BadInput that names the item, the field and the place of the first character that no database takes."""
    for name, text in fields.items():
        if text and (found := _UNSTORABLE.search(text)):
            raise BadInput(
                f"{visible(item)}: the {name} holds the character {visible(found[0])} at {found.start()}, which cannot "
                "be stored: save it as clean UTF-8"
            )


def require_short(item: str, fields: Mapping[str, str | None]) -> None:
    """BadInput for a key that is too long to be one."""
    for name, text in fields.items():
        if text and len(text.encode("utf-8", "surrogatepass")) > KEY_BYTES:
            raise BadInput(f"{visible(item[:80])}…: the {name} is longer than {KEY_BYTES} bytes: shorten it")


def name_key(name: str) -> str:
    """A name for comparison: compatibility forms, apostrophes, case, white space folded; very long ones by hash."""
    folded = " ".join(unicodedata.normalize("NFKC", name).replace("’", "'").casefold().split())
    if len(folded) <= _KEY_LETTERS:
        return folded
    return f"{folded[: _KEY_LETTERS // 2]} #{hashlib.sha256(folded.encode()).hexdigest()[:32]}"


def storable_all(texts: Iterable[str]) -> list[str]:
    """Each text made visible."""
    return [visible(text) for text in texts]
