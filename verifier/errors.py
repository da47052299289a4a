"""Errors, by what the caller should do about them.

CrossquoteError
├── BadInput          skip the item: it names the item and the remedy (exit code 2 if nothing else is left)
├── Unavailable       retry: something outside did not answer (network, locked database)
└── BrokenSetup       abort: a model, a setting or the database is wrong; the message says how to mend it
"""

from __future__ import annotations


class CrossquoteError(Exception):
    """Base of all errors of this project; the message is one line for the user. Survives pickling."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(CrossquoteError):
    """One item cannot be used; the rest of the batch goes on."""


class Unavailable(CrossquoteError):
    """Something outside did not answer and may answer later."""


class BrokenSetup(CrossquoteError):
    """The installation or configuration is wrong; nothing can go on."""
