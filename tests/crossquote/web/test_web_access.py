"""Who may do what: every route, for an outsider, a reader, a reviewer and an administrator."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from starlette.routing import Route

from crossquote.bootstrap import open_own_desk
from crossquote.web.app import create_app
from crossquote.web.gate import LARGEST_BODY, OPEN
from crossquote.web.headers import HEADERS
from crossquote.web.limiter import Limiter
from crossquote.web.sessions import COOKIE
from db.access import audit
from tests.crossquote.web.desks import PASSWORD, SITE, client, desk, fill, own_desk

ROLES = ("reader", "reviewer", "admin")
PAGE, JSON = "page", "json"
# method, address, what it is, and what a reader, a reviewer and an administrator are answered
ROUTES = [
    ("GET", "/", PAGE, (200, 200, 200)),
    ("GET", "/start", PAGE, (303, 303, 303)),
    ("GET", "/verdicts/{pair}", PAGE, (200, 200, 200)),
    ("POST", "/verdicts/{pair}/judgements", PAGE, (403, 303, 409)),
    ("POST", "/verdicts/{pair}/comments", PAGE, (403, 303, 303)),
    ("POST", "/verdicts/undo", PAGE, (403, 409, 409)),
    ("GET", "/articles/{version}", PAGE, (200, 200, 200)),
    ("GET", "/stories", PAGE, (200, 200, 200)),
    ("GET", "/stories/1", PAGE, (200, 200, 200)),
    ("GET", "/stories/1/print", PAGE, (200, 200, 200)),
    ("GET", "/pairs/{pair}", PAGE, (308, 308, 308)),
    ("GET", "/speakers", PAGE, (200, 200, 200)),
    ("GET", "/speakers/1", PAGE, (200, 200, 200)),
    ("POST", "/speakers/1/merges", PAGE, (403, 303, 409)),
    ("POST", "/speakers/1/splits", PAGE, (403, 422, 422)),
    ("POST", "/speakers/decisions/1/undo", PAGE, (403, 404, 404)),
    ("GET", "/runs", PAGE, (200, 200, 200)),
    ("GET", "/outlets", PAGE, (200, 200, 200)),
    ("GET", "/quality", PAGE, (200, 200, 200)),
    ("GET", "/audit", PAGE, (403, 403, 200)),
    ("GET", "/search", PAGE, (200, 200, 200)),
    ("GET", "/tokens", PAGE, (403, 403, 200)),
    ("POST", "/tokens", PAGE, (403, 403, 201)),
    ("POST", "/tokens/1/revoke", PAGE, (403, 403, 404)),
    ("GET", "/resume", PAGE, (303, 303, 303)),
    ("POST", "/filters", PAGE, (303, 303, 303)),
    ("POST", "/filters/1/delete", PAGE, (404, 404, 404)),
    ("POST", "/verdicts/{pair}/opened", PAGE, (204, 204, 204)),
    ("GET", "/verdicts/{pair}/others", PAGE, (200, 200, 200)),
    ("GET", "/export", PAGE, (200, 200, 200)),
    ("GET", "/export/verdicts", PAGE, (200, 200, 200)),
    ("GET", "/export/claimreview", PAGE, (422, 422, 422)),
    ("POST", "/verdicts/{pair}/assignment", PAGE, (403, 303, 303)),
    ("POST", "/verdicts/{pair}/second-opinion", PAGE, (403, 303, 422)),
    ("POST", "/verdicts/{pair}/second-opinion/withdraw", PAGE, (403, 422, 422)),
    ("GET", "/team", PAGE, (200, 200, 200)),
    ("GET", "/bulk", PAGE, (403, 200, 200)),
    ("POST", "/bulk", PAGE, (403, 409, 409)),
    ("GET", "/bulk/1", PAGE, (404, 404, 404)),
    ("POST", "/bulk/1/undo", PAGE, (403, 404, 404)),
    ("GET", "/api/v1/openapi.json", JSON, (200, 200, 200)),
    ("GET", "/api/v1/verdicts", JSON, (200, 200, 200)),
    ("GET", "/api/v1/counts", JSON, (200, 200, 200)),
    ("GET", "/api/v1/verdicts/{pair}", JSON, (200, 200, 200)),
    ("GET", "/api/v1/verdicts/{pair}/sides", JSON, (200, 200, 200)),
    ("GET", "/api/v1/verdicts/{pair}/judgements", JSON, (200, 200, 200)),
    ("POST", "/api/v1/verdicts/{pair}/judgements", JSON, (403, 201, 409)),
    ("GET", "/api/v1/verdicts/{pair}/team", JSON, (200, 200, 200)),
    ("PUT", "/api/v1/verdicts/{pair}/assignment", JSON, (403, 200, 200)),
    ("PUT", "/api/v1/verdicts/{pair}/second-opinion", JSON, (403, 200, 422)),
    ("DELETE", "/api/v1/verdicts/{pair}/second-opinion", JSON, (403, 422, 422)),
    ("GET", "/api/v1/team", JSON, (200, 200, 200)),
    ("GET", "/api/v1/bulk-scope", JSON, (403, 200, 200)),
    ("GET", "/api/v1/bulk-decisions", JSON, (200, 200, 200)),
    ("POST", "/api/v1/bulk-decisions", JSON, (403, 409, 409)),
    ("GET", "/api/v1/bulk-decisions/1", JSON, (404, 404, 404)),
    ("DELETE", "/api/v1/bulk-decisions/1", JSON, (403, 404, 404)),
    ("GET", "/api/v1/filters", JSON, (200, 200, 200)),
    ("POST", "/api/v1/filters", JSON, (201, 201, 201)),
    ("DELETE", "/api/v1/filters/1", JSON, (404, 404, 404)),
    ("GET", "/api/v1/place", JSON, (200, 200, 200)),
    ("GET", "/api/v1/statements", JSON, (200, 200, 200)),
    ("GET", "/api/v1/statements/{statement}", JSON, (404, 404, 404)),
    ("GET", "/api/v1/speakers", JSON, (200, 200, 200)),
    ("GET", "/api/v1/speakers/1", JSON, (200, 200, 200)),
    ("GET", "/api/v1/speakers/1/decisions", JSON, (200, 200, 200)),
    ("GET", "/api/v1/speakers/1/statements", JSON, (200, 200, 200)),
    ("GET", "/api/v1/speakers/1/changes", JSON, (200, 200, 200)),
    ("POST", "/api/v1/speakers/1/merges", JSON, (403, 201, 409)),
    ("POST", "/api/v1/speakers/1/splits", JSON, (403, 422, 422)),
    ("POST", "/api/v1/speakers/decisions/1/undo", JSON, (403, 404, 404)),
    ("GET", "/api/v1/verdicts/{pair}/comments", JSON, (200, 200, 200)),
    ("POST", "/api/v1/verdicts/{pair}/comments", JSON, (403, 201, 201)),
    ("GET", "/api/v1/articles", JSON, (200, 200, 200)),
    ("GET", "/api/v1/articles/{version}", JSON, (200, 200, 200)),
    ("GET", "/api/v1/articles/{version}/verdicts", JSON, (200, 200, 200)),
    ("GET", "/api/v1/stories", JSON, (200, 200, 200)),
    ("GET", "/api/v1/stories/1", JSON, (200, 200, 200)),
    ("GET", "/api/v1/runs", JSON, (200, 200, 200)),
    ("GET", "/api/v1/outlets", JSON, (200, 200, 200)),
    ("GET", "/api/v1/quality", JSON, (200, 200, 200)),
    ("GET", "/api/v1/users", JSON, (403, 403, 200)),
    ("GET", "/api/v1/tokens", JSON, (403, 403, 200)),
    ("DELETE", "/api/v1/tokens/1", JSON, (403, 403, 404)),
    ("GET", "/api/v1/audit", JSON, (403, 403, 200)),
    ("POST", "/logout", PAGE, (303, 303, 303)),
]
ids = [f"{method} {address}" for method, address, *_ in ROUTES]


def test_every_route_is_in_the_table(engine: Engine) -> None:
    def shape(address: str) -> str:
        return "/".join("*" if part[:1] == "{" or part.isdigit() else part for part in address.split("/"))

    listed = {(method, shape(address)) for method, address, *_ in ROUTES}
    app = create_app(desk(engine))
    found: set[tuple[str, str]] = set()
    for schema in _routes(app.routes):
        found |= {(method, shape(schema.path)) for method in (schema.methods or ()) if method != "HEAD"}
    opened = {(method, path) for method, path in found if path in OPEN}
    assert {path for _, path in opened} == OPEN
    assert found - opened == listed


def _routes(routes: object) -> list[Route]:
    found: list[Route] = []
    for route in routes:  # type: ignore[attr-defined]
        if isinstance(route, Route):
            found.append(route)
        elif hasattr(route, "effective_candidates"):
            found += [Flat(one) for one in route.effective_candidates()]  # type: ignore[misc]
    return found


class Flat:
    """A route of an included router, as this version of FastAPI keeps it."""

    def __init__(self, candidate: object) -> None:
        self.path: str = candidate.path  # type: ignore[attr-defined]
        self.methods: set[str] = candidate.methods  # type: ignore[attr-defined]


@pytest.mark.parametrize(("method", "address", "what", "answers"), ROUTES, ids=ids)
def test_a_route(engine: Engine, method: str, address: str, what: str, answers: tuple[int, ...]) -> None:
    found = fill(engine)
    place = address.format(pair=found.pair, version=found.version, statement="0" * 16)
    at = desk(engine)
    names = {"text": "Seen.", "assignee": "reviewer", "seal": "none", "name": "Mine", "query": "", "filter": ""}
    numbers = {"seen": 0, "other": 2, "other_seen": 0} if what == JSON else {"seen": 0, "other": "2.0"}
    form = {"stance": "conflict"} | names | numbers
    body: dict[str, Any] = {} if method == "GET" else {"json" if what == JSON else "data": form}

    stranger = client(at).request(method, place, **body)
    assert stranger.status_code == (401 if what == JSON else 303)
    if what == PAGE:
        assert stranger.headers["location"].startswith("/login")
    else:
        assert stranger.headers["content-type"] == "application/problem+json"
        assert stranger.headers["www-authenticate"] == "Bearer"
    for role, expected in zip(ROLES, answers, strict=True):
        answer = client(at, role).request(method, place, **body)
        assert answer.status_code == expected, (role, answer.text)
        assert all(answer.headers[name] == value for name, value in HEADERS.items())


def test_what_is_open(engine: Engine) -> None:
    stranger = client(desk(engine))
    assert stranger.get("/healthz").json() == {"status": "ok"}
    assert stranger.get("/login").status_code == 200
    assert stranger.get("/static/desk.css").status_code == 200
    assert stranger.get("/static/../app.py").status_code in (303, 404)
    assert stranger.get("/no/such/page").status_code == 303
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": SITE, "sec-fetch-site": "cross-site"},
        {"origin": SITE, "sec-fetch-site": "same-site"},
    ],
    ids=["other site", "hidden", "nothing", "cross-site", "sister site"],
)
def test_a_change_from_another_site_is_refused(engine: Engine, headers: dict[str, str]) -> None:
    found = fill(engine)
    reviewer = client(desk(engine), "reviewer")
    data = {"stance": "agree", "seen": 0}
    answer = reviewer.post(f"/verdicts/{found.pair}/judgements", data=data, headers=headers)
    assert answer.status_code == 403
    assert reviewer.get(f"/api/v1/verdicts/{found.pair}/judgements").json()["items"] == []


def test_a_browser_that_names_the_site_may_change(engine: Engine) -> None:
    found = fill(engine)
    reviewer = client(desk(engine), "reviewer")
    headers = {"origin": "", "sec-fetch-site": "same-origin"}
    data = {"stance": "agree", "seen": 0}
    assert reviewer.post(f"/verdicts/{found.pair}/judgements", data=data, headers=headers).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/stories", "/stories"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\r\nb", "/"),
        ("", "/"),
    ],
)
def test_a_log_in_leads_inside(engine: Engine, wanted: str, led: str) -> None:
    stranger = client(desk(engine))
    answer = stranger.post("/login", data={"name": "reader", "password": PASSWORD, "next": wanted})
    assert answer.headers["location"] == led


def test_the_cookie(engine: Engine) -> None:
    stranger = client(desk(engine))
    cookie = stranger.post("/login", data={"name": "reader", "password": PASSWORD}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_forged_cookie_and_one_that_was_logged_out(engine: Engine) -> None:
    reader = client(at := desk(engine), "reader")
    cookie = reader.cookies[COOKIE]
    assert reader.post("/logout").status_code == 303
    for value in (cookie, cookie[:-3] + "abc", "nonsense"):
        again = client(at)
        again.cookies.set(COOKIE, value)
        assert again.get("/").status_code == 303


def test_desks_of_ones_own_do_not_log_each_other_out(engine: Engine) -> None:
    """A browser sends the cookies of one port to the others of the host too."""
    url = engine.url.render_as_string()
    desks = [open_own_desk("me", f"token {number}", url) for number in range(2)]
    clients = [TestClient(create_app(one), base_url="http://127.0.0.1", follow_redirects=False) for one in desks]
    for number, one in enumerate(clients):
        assert one.get("/open", params={"token": f"token {number}"}).status_code == 303
    for one, other in (clients, clients[::-1]):
        one.cookies.update(other.cookies)
        assert one.get("/").status_code == 200
    for made in desks:
        made.engine.dispose()


def test_a_new_password_or_a_shut_door_ends_sessions(engine: Engine) -> None:
    at = desk(engine)
    reader, reviewer = client(at, "reader"), client(at, "reviewer")
    at.accounts.change("reader", "tests", "password changed", password_hash=at.passwords.hash("another password"))
    at.accounts.change("reviewer", "tests", "user disabled", disabled_at=at.now())
    assert reader.get("/").status_code == reviewer.get("/").status_code == 303
    assert client(at).post("/login", data={"name": "reviewer", "password": PASSWORD}).status_code == 401


def test_too_many_failures_wait(engine: Engine) -> None:
    now = [0.0]
    at = desk(engine, Limiter(most=3, seconds=60, clock=lambda: now[0]))
    stranger = client(at)
    wrong, right = {"name": "reader", "password": "wrong"}, {"name": "reader", "password": PASSWORD}
    assert [stranger.post("/login", data=wrong).status_code for _ in range(4)] == [401, 401, 401, 429]
    refused = stranger.post("/login", data=right)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "61")
    now[0] = 61
    assert stranger.post("/login", data=right).status_code == 303
    with engine.connect() as connection:
        actions = [entry.action for _, entry in audit(connection, 10)]
    assert actions[:4] == ["logged in", "log-in failed", "log-in failed", "log-in failed"]


def test_a_desk_of_ones_own_opens_once(engine: Engine) -> None:
    at = own_desk(engine)
    me = client(at, site="http://127.0.0.1:8000")
    assert me.get("/").status_code == 303
    assert me.get("/open?token=guess").status_code == 401
    assert me.get("/open?token=the-token").headers["location"] == "/"
    assert me.get("/audit").status_code == 200
    assert client(at, site="http://127.0.0.1:8000").get("/open?token=the-token").status_code == 401


def test_a_desk_of_ones_own_has_no_other_name(engine: Engine) -> None:
    assert client(own_desk(engine), site="http://evil.example").get("/healthz").status_code == 400


def test_head_is_get_without_the_body(engine: Engine) -> None:
    fill(engine)
    reader = client(desk(engine), "reader")
    for address in ("/healthz", "/stories", "/api/v1/statements", "/static/desk.css"):
        head, get = reader.head(address), reader.get(address)
        assert (head.status_code, head.content) == (200, b""), address
        assert head.headers["content-length"] == str(len(get.content))
        assert head.headers.get("etag") == get.headers.get("etag")


@pytest.mark.parametrize("address", ["/stories", "/api/v1/stories"])
def test_a_method_that_an_address_does_not_take(engine: Engine, address: str) -> None:
    answer = client(desk(engine), "reader").delete(address)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "This address takes GET only." in answer.text


@pytest.mark.parametrize("address", ["/login", "/api/v1/verdicts/1/comments"])
def test_what_is_too_large_is_refused_before_it_is_read(engine: Engine, address: str) -> None:
    stranger = client(desk(engine))
    refused = stranger.post(address, content=b"x" * (LARGEST_BODY + 1))
    assert (refused.status_code, refused.headers["x-frame-options"]) == (413, "DENY")
    assert stranger.post(address, content=iter([b"x"])).status_code == 411


@pytest.mark.parametrize(
    ("address", "change"),
    [
        ("/stories", "ALTER TABLE story_articles RENAME TO gone"),
        ("/api/v1/stories", "ALTER TABLE story_articles RENAME TO gone"),
        ("/verdicts/1", "UPDATE verdicts SET stance = 'unheard of'"),
        ("/api/v1/verdicts/1", "UPDATE verdicts SET stance = 'unheard of'"),
    ],
)
def test_a_fault_of_the_desk_says_nothing_of_its_inside(engine: Engine, address: str, change: str) -> None:
    fill(engine)
    at = desk(engine)
    reader = TestClient(create_app(at), base_url=SITE, raise_server_exceptions=False)
    reader.cookies = client(at, "reader").cookies
    with engine.begin() as connection:
        connection.execute(text(change))
    answer = reader.get(address)
    assert (answer.status_code, "This is a fault of the desk" in answer.text) == (500, True)
    assert not any(word in answer.text for word in ("story_articles", "desk.db", "sqlite", "Traceback"))
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
