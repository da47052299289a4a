"""Pages from templates. Every value is escaped, and what a browser would obey in a text is left out, at one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from crossquote.harmless import harmless_lines
from db.access import Role
from verifier.verdicts import Stance

TEMPLATES = Path(__file__).parent / "templates"
UNTITLED = "Untitled article"
TITLES = {
    401: "Log in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Nothing was changed",
    413: "Too large",
    422: "That cannot be done",
    500: "Something went wrong",
    503: "Not available now",
}
"""What a page says over an error; the API gives the words of the protocol."""


def environment() -> Environment:
    """The templates."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_neutral,
    )
    filters = (day, time, clock, percent, titled, words, held, count, sentence)
    made.filters |= {one.__name__: one for one in filters}
    made.tests["web_address"] = web_address
    return made


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, with who is looking at it."""
    user = getattr(request.state, "user", None)
    judges = user is not None and user.role.may(Role.REVIEWER)
    rules = user is not None and user.role.may(Role.ADMIN)
    known: Mapping[str, Any] = {"user": user, "judges": judges, "rules": rules, "path": request.url.path}
    made = request.app.state.desk.templates.get_template(template)
    return HTMLResponse(made.render({**known, **values}), status)


def message(request: Request, status: int, detail: str) -> Response:
    """A page that says one thing, such as an error."""
    title = TITLES.get(status, HTTPStatus(status).phrase)
    return page(request, "message.html", status, title=title, detail=sentence(detail))


def _neutral(value: object) -> object:
    """Plain text loses its control, bidi and zero-width characters; markup was made by a template."""
    return harmless_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def count(value: int) -> str:
    """A number of things, its thousands apart."""
    return f"{value:,}"


def sentence(value: str) -> str:
    """What went wrong, as a sentence: our errors begin small and end without a stop, as a command's line does."""
    return value[:1].upper() + value[1:] + ("" if value[-1:] in ".!?" else ".")


def day(value: date | None) -> str:
    """A date in words."""
    return f"{value.day} {value:%B} {value:%Y}" if value else "undated"


def time(value: datetime | None) -> str:
    """A date and time in UTC."""
    return f"{day(value)}, {clock(value)}" if value else "undated"


def clock(value: datetime) -> str:
    """A time of this day in UTC."""
    return f"{value:%H:%M} UTC"


def held(value: Stance) -> str:
    """What a person holds, in the words of the buttons."""
    return {Stance.NEUTRAL: "neither", Stance.UNDECIDED: "unsure"}.get(value, value.value)


def percent(value: float) -> str:
    """A probability."""
    return f"{value * 100:.0f} %"


def titled(value: str | None) -> str:
    """A title that can be seen and clicked."""
    seen = " ".join(harmless_lines(value or "").split())
    return seen or UNTITLED


def words(value: object) -> str:
    """A word of the code as one of the page: `position_changed`, as "position changed"."""
    return str(value).replace("_", " ")


def web_address(value: str) -> bool:
    """Whether an article's address may be a link; `javascript:` and files may not."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and value.isprintable()
