"""Web archives (WARC, gzipped or not), such as Common Crawl's news: the pages in them, read as a stream.

https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from crossquote.fetching.bodies import GZIP
from crossquote.fetching.values import MOST_PAGE_BYTES, PAGE, Fetched
from verifier.errors import BadInput
from verifier.text.urls import is_url

_TAIL = 65_536
_LENGTH = re.compile(rb"^content-length:\s*(\d{1,15})\s*$", re.IGNORECASE | re.MULTILINE)


def warc_pages(path: Path, start: int = 0) -> Iterator[tuple[int, Fetched]]:
    """The pages of an archive from a byte on, each with the byte at which its record begins, where one can go on.

    Answers other than 200 and other media than pages are passed over. BadInput where the archive is damaged or cut off:
    what stood before has been given out.
    """
    with path.open("rb") as file:
        file.seek(start)
        for offset, page in _pages(file, start):
            if page is not None:
                yield offset, page


def _pages(file: BinaryIO, offset: int) -> Iterator[tuple[int, Fetched | None]]:
    """Every record as a page, or as None if it is none; one is given out when it is whole."""
    from warcio.archiveiterator import ArchiveIterator

    records = ArchiveIterator(file)
    while True:
        try:
            record = next(records, None)
            if record is None:
                break
            offset = records.offset  # not `get_record_offset`, which reads to the record's end
            page = _page(record)
            _require_whole(record)
        except BadInput as error:
            raise BadInput(f"{error.message} at byte {offset}; what stands before it was read") from None
        except Exception as error:  # whatever a hostile archive makes the parser raise costs the rest of this one
            raise BadInput(f"is damaged, or no WARC, at byte {offset}; what stands before it was read") from error
        yield offset, page
    if not _complete(file, offset):
        raise BadInput(f"is cut off after byte {offset}; what stands before it was read")


def _require_whole(record: Any) -> None:
    """BadInput if the record is shorter than its header says."""
    stream = record.raw_stream
    while stream.read(_TAIL):
        pass
    if getattr(stream, "limit", 0) > 0:
        raise BadInput("is cut off")


def _complete(file: BinaryIO, offset: int) -> bool:
    """Whether nothing but the end stands behind the last record, which begins at `offset`; the library does not tell."""
    file.seek(offset)
    head = file.read(_TAIL)
    if not head.startswith(GZIP):
        return _end_of_plain(file, head, offset)
    unzip = zlib.decompressobj(31)
    while head and not unzip.eof:
        unzip.decompress(head, _TAIL)
        head = unzip.unconsumed_tail or unzip.unused_data or file.read(_TAIL)
    return unzip.eof and not (unzip.unused_data or file.read(1))


def _end_of_plain(file: BinaryIO, head: bytes, offset: int) -> bool:
    """A plain record ends with two line ends, which is all that may follow its block."""
    length = _LENGTH.search(head)
    block = head.find(b"\r\n\r\n")
    if length is None or block < 0:
        return False
    file.seek(offset + block + 4 + int(length[1]))
    return file.read(5) == b"\r\n\r\n"


def _page(record: Any) -> Fetched | None:
    headers = record.http_headers
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type != "response" or headers is None or not is_url(url) or headers.get_statuscode() != "200":
        return None
    media_type, _, parameters = (headers.get_header("Content-Type") or "").lower().partition(";")
    if not media_type.strip() or not PAGE.takes(media_type.strip()):
        return None
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'") or None
    body = record.content_stream().read(MOST_PAGE_BYTES + 1)
    return Fetched(url, media_type.strip(), charset, body)
