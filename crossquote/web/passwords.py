"""Passwords, by Argon2id (argon2-cffi, the parameters of RFC 9106 for limited memory)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from verifier.errors import BadInput

SHORTEST = 10
LONGEST = 1000


class Passwords:
    """Hashes and checks; a check takes the same time whether the user exists or not."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is stored; BadInput for a password that is too short or too long."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise BadInput(f"a password has between {SHORTEST} and {LONGEST} characters")
        return self._hasher.hash(password)

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether this is the password; `stored` is None for a user that does not exist."""
        try:
            right = self._hasher.verify(stored or self._nobody, password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
        return right and stored is not None
