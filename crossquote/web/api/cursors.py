"""Cursors: where a page of a list ended, in a form that nobody takes for a number to count with."""

from __future__ import annotations

import base64
import binascii

from fastapi import HTTPException


def closed(key: str) -> str:
    """The cursor after the item of this key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """The key in a cursor, "" in that of the first page; 422 for what is none."""
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise HTTPException(422, "cursor: this is no cursor of this list") from None
    if (key and not key.isalnum()) or len(key) > 16:
        raise HTTPException(422, "cursor: this is no cursor of this list")
    return key
