"""A desk over a database of its own, with users and a hostile article, for the tests of the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from crossquote.web.app import create_app
from crossquote.web.desk import Desk
from crossquote.web.limiter import Limiter
from crossquote.web.passwords import Passwords
from crossquote.web.render import environment
from crossquote.web.sessions import LOCAL, OneTimeToken, Sessions
from db.access import Role, User
from db.queries import totals
from db.store import SqlStore
from tests.db.samples import EXTRACTOR, GATE, GATES, POLICY, VERDICT, article, pairs_to_judge, statement, with_pair
from verifier.ports import ItemFailure
from verifier.stories import Placement
from verifier.values import Speaker, SpeakerKind
from verifier.verdicts import Candidate

SITE = "http://testserver"
PASSWORD = "correct horse battery"  # noqa: S105 - of the tests' users
OWN = {"origin": SITE}
TEMPLATES = environment()
PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

LONG = "x" * 300
EVIL = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> javascript:alert(3) "
    f"\u202egnitsrever\u202c zero\u200bwidth\u2066 {{{{ 7*7 }}}} {LONG}"
)
HIDDEN = "\u202e\u202c\u200b\u2066\u200f\ufeff"


@dataclass(frozen=True)
class Filled:
    """What is in the database: the pair of tame statements, that of the hostile article, and their versions."""

    pair: int
    evil_pair: int
    version: int
    evil_version: int


FILLED = Filled(1, 2, 1, 3)


def fill(engine: Engine) -> Filled:
    """Two tame articles and two hostile ones, a verdict between each two, in one story."""
    if totals(engine)["pairs"]:
        return FILLED
    store = SqlStore(engine)
    tame = with_pair(store, VERDICT)
    with store.unit_of_work() as work:
        run = work.start_run([EVIL], EVIL)
        versions, ids = [], []
        for number, title in enumerate((None, EVIL)):
            one = article(f"javascript:alert({number})//{EVIL}", f"{EVIL} said {EVIL} so.", EVIL + str(number))
            one = replace(one, title=title, author=EVIL)
            version, _ = work.add_article(run, one)
            found = statement(one, [EVIL], Speaker(EVIL, SpeakerKind.PERSON, (EVIL + "!",)), speaker_reason=EVIL)
            found = replace(found, claim=f"{EVIL} {number}")
            work.add_statements(run, version, EXTRACTOR, [found])
            versions.append(version)
            ids.append(found.id)
        a, b = sorted(ids)
        work.add_pairs(run, GATES, [a, b], [Candidate(a, b, 0.7, (replace(GATE, detail=EVIL),))])
        (pair,) = pairs_to_judge(work, POLICY, 10)
        work.add_verdict(run, pair.id, replace(VERDICT, reasons=(EVIL,), confidence=0.6))
        story = None
        for version in (*versions, *tame.versions):
            story = work.add_to_story(run, version, Placement(story))
        work.add_failures(run, [ItemFailure("read", EVIL, EVIL)])
        work.finish_run(run)
        work.commit()
    filled = Filled(tame.pair.id, pair.id, tame.versions[0], versions[0])
    assert filled == FILLED
    return filled


def desk(engine: Engine, limiter: Limiter | None = None) -> Desk:
    """A newsroom's desk with one user a role, named like the role."""
    made = Desk(engine, Sessions("a secret of the tests"), PASSWORDS, limiter or Limiter(), TEMPLATES)
    for role in Role if not totals(engine)["users"] else ():
        made.accounts.add(role.value, PASSWORDS.hash(PASSWORD), role, "tests")
    return made


def own_desk(engine: Engine) -> Desk:
    """A desk of one's own."""
    token, me = OneTimeToken("the-token"), User(LOCAL, "me", Role.ADMIN, "")
    return Desk(engine, Sessions("s"), PASSWORDS, Limiter(), TEMPLATES, me, token)


_apps: dict[bool, FastAPI] = {}


def app_of(of: Desk) -> FastAPI:
    """The app with this desk behind it; one app of each sort serves all tests, because making one takes a while."""
    app = _apps.setdefault(own := of.token is not None, _apps.get(own) or create_app(of))
    app.state.desk = of
    return app


def client(of: Desk, role: str | None = None, site: str = SITE) -> TestClient:
    """Somebody at the desk, logged in as the user of a role, or a stranger."""
    made = TestClient(app_of(of), base_url=site, follow_redirects=False, headers={"origin": site})
    if role:
        answer = made.post("/login", data={"name": role, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
    return made
