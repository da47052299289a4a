"""The ways to tell people: a webhook and mail. Each sends one message or raises."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Protocol

import httpx

from crossquote.notices.messages import Message

SECONDS = 10.0
PROBLEMS: Final = (OSError, httpx.HTTPError, httpx.InvalidURL, smtplib.SMTPException, ValueError)
"""What a channel raises when a message did not get through."""


class Channel(Protocol):
    """One way to tell people; `name` is what the database remembers it by."""

    @property
    def name(self) -> str: ...

    def send(self, message: Message) -> None:
        """Send, or raise one of `PROBLEMS`."""
        ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """One POST of JSON. A receiver that may be called twice can tell by the header `Idempotency-Key`."""

    url: str = field(repr=False)

    @property
    def name(self) -> str:
        return "webhook"

    def send(self, message: Message) -> None:
        """Post it; anything but 2xx is a failure, and redirects are not followed."""
        headers = {"Idempotency-Key": _digest(message)}
        httpx.post(self.url, json=message.to_dict(), headers=headers, timeout=SECONDS).raise_for_status()


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in plain text; `security` is `none`, `starttls` or `tls` (certificates are checked)."""

    host: str
    port: int
    sender: str
    to: Sequence[str]
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        return "email"

    def send(self, message: Message) -> None:
        """Hand it to the server; its id is the same when it is sent again, so that mail programs show it once."""
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = message.subject, self.sender, ", ".join(self.to)
        mail["Message-ID"] = f"<{_digest(message)}@crossquote>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        with self._server() as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(mail)

    def _server(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)


def _digest(message: Message) -> str:
    return hashlib.sha256("\n".join(message.keys).encode("utf-8", "replace")).hexdigest()[:32]
