"""A response's body within its limits, on the line and decompressed: neither a server's length nor its zip is believed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from verifier.errors import BadInput, Unavailable

_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
GZIP = b"\x1f\x8b"


class Body:
    """Takes the parts of a body as they arrive and counts them."""

    def __init__(self, encoding: str, most: int) -> None:
        """`encoding` as the server names it; BadInput for one that was not asked for, two on top of each other too."""
        self._most = most
        self._encoding = encoding.strip().lower()
        self._unzip = None if self._encoding in {"", "identity"} else _unzipper(self._encoding)
        self._body = bytearray()
        self.wire_bytes = 0

    def __len__(self) -> int:
        return len(self._body)

    def take(self, parts: Iterable[bytes]) -> bytes:
        """The whole body, decompressed; BadInput as soon as it is too large or no such compression, Unavailable if cut off."""
        for part in parts:
            self.wire_bytes += len(part)
            self._add(part)
        if self._unzip is not None and not self._unzip.eof and self.wire_bytes:
            raise Unavailable(f"is cut off ({self._encoding} ends early); try again later")
        return bytes(self._body)

    def _add(self, part: bytes) -> None:
        if self.wire_bytes > self._most:
            raise too_large(self._most)
        if self._unzip is None:
            self._body += part
            return
        room = self._most + 1 - len(self._body)
        try:
            self._body += self._unzip.decompress(part, room)
        except zlib.error:
            self._body += self._bare(part, room)
        if len(self._body) > self._most:
            raise too_large(self._most)

    def _bare(self, part: bytes, room: int) -> bytes:
        """Some servers send `deflate` without its two bytes of header; everything else is not what it says."""
        if self._encoding == "deflate" and self.wire_bytes == len(part):
            self._unzip = zlib.decompressobj(-15)
            try:
                return self._unzip.decompress(part, room)
            except zlib.error:
                pass
        raise BadInput(f"cannot be fetched (it is not {self._encoding} as the server says); check the address")


def unzipped(data: bytes, most: int) -> bytes:
    """A gzip file's content, of at most so many bytes; other data as they are. BadInput for a broken or larger one."""
    if not data.startswith(GZIP):
        return data
    unzip = zlib.decompressobj(31)
    try:
        found = unzip.decompress(data, most + 1)
    except zlib.error:
        raise BadInput("is a broken gzip file; try again later") from None
    if len(found) > most:
        raise too_large(most)
    if not unzip.eof:
        raise BadInput("is a gzip file that is cut off; try again later")
    return found


def too_large(most: int) -> BadInput:
    """The line for what is larger than its limit."""
    megabytes = f"{most / 1_000_000:.0f} MB"
    return BadInput(f"is larger than {megabytes}, no article or list of articles is; check the address")


def _unzipper(encoding: str) -> zlib._Decompress:
    if encoding not in _WINDOWS:
        raise BadInput(f"cannot be fetched (it is compressed as {encoding[:40]!r}, not as asked); check the address")
    return zlib.decompressobj(_WINDOWS[encoding])
