"""Where an export goes: a file that is there whole or not at all, or a stream."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from verifier.errors import BadInput


@contextmanager
def destination(path: Path | None) -> Iterator[BinaryIO]:
    """A binary stream to the file, or to standard output.

    The file is written beside its place and renamed when all is in it, so that a reader never sees half of it and an
    earlier one stays if this one fails. What is no plain file (a pipe, /dev/null) is written to as it is.
    BadInput where it cannot be written.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = path.resolve()
    try:
        with _stream(target) as stream:
            yield stream
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise BadInput(f"{path} cannot be written ({error.strerror}): name another file") from error


@contextmanager
def as_text(stream: BinaryIO) -> Iterator[TextIO]:
    """The stream for text in UTF-8, line ends as they are written."""
    wrapped = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    try:
        yield wrapped
        wrapped.flush()
    finally:
        wrapped.detach()


@contextmanager
def _stream(target: Path) -> Iterator[BinaryIO]:
    if target.exists() and not target.is_file() and not target.is_dir():
        with target.open("wb") as stream:
            yield stream
        return
    if target.is_dir():
        raise IsADirectoryError(21, os.strerror(21))
    beside = target.with_name(f".{target.name[:100]}.{uuid.uuid4().hex}.part")
    try:
        with beside.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
