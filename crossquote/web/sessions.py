"""Who is logged in: signed cookies, and the one-time token that opens a desk of one's own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from threading import Lock

from itsdangerous import BadSignature, URLSafeTimedSerializer

from db.access import User

COOKIE = "crossquote_session"
LOCAL = 0
"""The user id in the session of somebody who came by the one-time token."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says: the user, the stamp of the password, and an id, by which log-out ends it."""

    user_id: int
    stamp: str
    id: str


class Sessions:
    """Makes, reads and ends sessions. A session that was ended stays so as long as this process lives.

    `cookie` is the cookie's name. Browsers do not tell the ports of one host apart, so each desk of one's own has a name of its own.
    """

    def __init__(self, secret: str, hours: float = 12.0, cookie: str = COOKIE) -> None:
        self.cookie = cookie
        self._signer = URLSafeTimedSerializer(secret, salt="crossquote session")
        self.seconds = int(hours * 3600)
        self._ended: set[str] = set()

    def start(self, user: User) -> str:
        """The cookie's value."""
        return str(self._signer.dumps([user.id, user.stamp, secrets.token_urlsafe(16)]))

    def read(self, cookie: str) -> Session | None:
        """The session of a cookie; None where it is forged, too old or ended."""
        try:
            session = Session(*self._signer.loads(cookie, max_age=self.seconds))
        except (BadSignature, TypeError):
            return None
        return None if session.id in self._ended else session

    def end(self, cookie: str) -> None:
        """Log out."""
        if (session := self.read(cookie)) is not None:
            self._ended.add(session.id)


class OneTimeToken:
    """A token that opens the desk once."""

    def __init__(self, token: str) -> None:
        self._token: str | None = token
        self._lock = Lock()

    def use(self, token: str) -> bool:
        """Whether it is the token, which is used up then."""
        with self._lock:
            if self._token is None or not secrets.compare_digest(
                self._token.encode(), token.encode("utf-8", "replace")
            ):
                return False
            self._token = None
            return True
