"""Labelled files: one error in one line, whatever is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from verifier.errors import BadInput

T = TypeVar("T")


def read_items(path: Path, read: Callable[[Path], Iterable[T]], form: str) -> list[T]:
    """All items of a labelled file; BadInput names the file or the first wrong line, `form` what it should be."""
    try:
        items = list(read(path))
    except (OSError, EOFError) as error:
        raise BadInput(f"{path} cannot be read ({error}); give {form}") from error
    except ValueError as error:
        raise BadInput(str(error)) from error
    if not items:
        raise BadInput(f"{path} holds no labelled item; give {form}")
    return items
