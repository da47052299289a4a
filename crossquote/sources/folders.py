"""From what a user names to single files and URLs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from verifier.errors import BadInput
from verifier.ports import ItemFailure
from verifier.text.urls import canonical_url, is_url
from verifier.text.words import one_line_of

EXTENSIONS = (".txt", ".html", ".htm", ".jsonl", ".warc", ".warc.gz")
_KINDS = ", ".join(EXTENSIONS)


def shown(location: str) -> str:
    """A location as it can be printed and stored: bytes that are no UTF-8 and control characters are escaped."""
    escaped = location.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in escaped)


def failure(item: str, message: str, *, transient: bool = False) -> ItemFailure:
    """One dropped item of the first stage."""
    return ItemFailure("ingest", shown(item), message, transient)


def expand(locations: list[str]) -> Iterator[str | ItemFailure]:
    """The files and URLs behind the locations, each file once however it is reached."""
    seen: set[str] = set()
    for location in locations:
        for found in _behind(location):
            if isinstance(found, ItemFailure):
                yield found
            elif (key := _identity(found)) not in seen:
                seen.add(key)
                yield found


def _identity(item: str) -> str:
    return canonical_url(item) if is_url(item) else os.path.realpath(item)


def _behind(location: str) -> Iterator[str | ItemFailure]:
    try:
        yield from _found(location)
    except BadInput as error:
        yield failure(location, error.message)
    except (OSError, ValueError) as error:
        yield failure(location, f"cannot be looked at ({one_line_of(error)}); check the path and its permissions")


def _found(location: str) -> Iterator[str | ItemFailure]:
    if is_url(location) or ("://" in location and not Path(location).exists()):
        canonical_url(location)
        yield location
        return
    path = Path(location)
    if not location or not path.exists():
        raise BadInput("there is no such file or folder; check the path (a URL begins with http:// or https://)")
    if path.is_dir():
        yield from _in_folder(location)
    elif extension(location) in EXTENSIONS:
        yield location
    else:
        raise BadInput(f"is of no kind that can be read; give {_KINDS}")


def articles_below(path: str) -> Iterator[str | ItemFailure]:
    """The files of readable kinds below a folder, sorted, or the file itself; an empty folder is no failure."""
    if not Path(path).is_dir():
        yield path
        return
    failures: list[ItemFailure] = []
    files = sorted(_walk(path, failures))
    yield from failures
    yield from files


def _in_folder(folder: str) -> Iterator[str | ItemFailure]:
    found = list(articles_below(folder))
    yield from found
    if not found:
        raise BadInput(f"this folder holds no articles; put {_KINDS} files into it")


def _walk(folder: str, failures: list[ItemFailure]) -> Iterator[str]:
    """Readable kinds below a folder. Links to folders are followed, each real folder is entered once, so loops end."""

    def refused(error: OSError) -> None:
        failures.append(failure(str(error.filename), "this folder cannot be read; check its permissions"))

    entered: set[str] = set()
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=refused):
        real = os.path.realpath(parent)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (str(Path(parent, name)) for name in files if _is_article(name))


def _is_article(name: str) -> bool:
    return not name.startswith(".") and extension(name) in EXTENSIONS


def extension(name: str) -> str:
    """A file's ending in small letters, with what stands before `.gz`."""
    suffixes = Path(name.lower()).suffixes
    return "".join(suffixes[-2:]) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])
