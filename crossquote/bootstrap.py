"""Wiring: the only place that reads settings; it hands plain values to constructors."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from crossquote.settings import Settings, read_settings
from verifier.pipeline import Services

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crossquote.collecting import Collector
    from crossquote.fetching import Web
    from crossquote.fetching.robots import Robots
    from crossquote.notices import Announcer, Plan
    from crossquote.sources import SourceReader
    from crossquote.web.desk import Desk
    from db.store import SqlStore
    from flows.wiring import Row, StageProgress, Upkeep, Wiring
    from models.attribution.tagger import NeuralTagger
    from verifier.fetching import RobotsFile, Trace
    from verifier.judging import Judge
    from verifier.policy import Policy
    from verifier.ports import Embedder, Extractor
    from verifier.reading import Readers

TOP = 20
RULES = "rules"
"""The setting `attribution` of a profile that uses no tagger."""
ENTRYPOINT = "crossquote.deployment.verify"
RETENTION, VACUUM = "crossquote.deployment.retention", "crossquote.deployment.vacuum"
"""Where served and deployed runs find the flow; named here, because importing that module imports Prefect."""


def open_services(db: str | None = None, profile: str | None = None) -> Services:
    """The services of one run: the database brought up to date, the profile's models ready to load at their first use."""
    from db.engine import open_engine
    from db.migrate import upgrade
    from db.store import SqlStore
    from verifier.apart import Care
    from verifier.pairing import Pairing
    from verifier.ports import Backlog

    settings = read_settings(db, profile)
    models = open_models(settings)
    upgrade(settings.db)
    engine = open_engine(settings.db)
    store = SqlStore(engine)
    return Services(
        unit_of_work=store.unit_of_work,
        reader=open_reader(settings, store),
        extractor=open_extractor(settings),
        embedder=models.embedder,
        readers=models.readers,
        pairing=Pairing(settings.gates, f"{models.embedder.model_id}@{models.embedder.revision}"),
        policy=policy(settings, models),
        profile=settings.profile,
        backlog=Backlog(new_only=not settings.runs.judge_again),
        care=Care(settings.runs.article_seconds, settings.runs.tries),
        alone=partial(_alone, engine, settings),
    )


@contextmanager
def _alone(engine: Engine, settings: Settings) -> Iterator[None]:
    """Hold the run lock; the run's connections are closed at its end."""
    from db.lease import alone

    try:
        with alone(settings.db, settings.runs.wait_seconds, _to_stderr):
            yield
    finally:
        engine.dispose()


def open_reader(settings: Settings, store: SqlStore) -> SourceReader:
    """The reader of all locations; what it fetches is recorded in the store. A flow has its own retries."""
    from crossquote.sources import SourceReader

    def keep(traces: Sequence[Trace]) -> None:
        with store.unit_of_work() as work:
            work.fetches.add(traces, None, None)
            work.commit()

    return SourceReader(open_web(settings, _robots(settings), retries=0), keep)


def open_web(settings: Settings, robots: Robots | None, retries: int) -> Web:
    """The one way to the web, as configured."""
    from crossquote.fetching import Limits, Web
    from crossquote.fetching.addresses import Reachable

    chosen = settings.fetch
    limits = Limits(chosen.connect_seconds, chosen.read_seconds, chosen.whole_seconds, retries)
    return Web(Reachable(chosen.allow), limits, robots, chosen.delay, chosen.agent)


def open_collector(db: str | None = None, sources: str | None = None) -> Collector:
    """The collector of the configured sources, or those of another file; the database is brought up to date.

    BadInput where the file is missing or wrong, or switches nothing on: nothing is started then.
    """
    from pathlib import Path

    from crossquote.collecting import Collector, read_sources
    from crossquote.collecting.collector import Bounds
    from db.engine import open_engine
    from db.migrate import upgrade
    from db.store import SqlStore
    from verifier.errors import BadInput

    settings = read_settings(db)
    file = (Path(sources) if sources else settings.fetch.sources).expanduser()
    named = read_sources(file)
    if not named:
        raise BadInput(f"{file}: no source is switched on; set enabled = true in it, or name another with --sources")
    upgrade(settings.db)
    store = SqlStore(open_engine(settings.db))
    with store.unit_of_work() as work:
        robots = _robots(settings, work.fetches.robots())
    web = open_web(settings, robots, settings.fetch.retries)
    bounds = Bounds(settings.fetch.hosts_at_once, settings.fetch.most_per_host, settings.fetch.keep_pages)
    return Collector(store.unit_of_work, named, web, robots, bounds)


def _robots(settings: Settings, known: Sequence[RobotsFile] = ()) -> Robots | None:
    from crossquote.fetching.robots import Robots

    return Robots(settings.fetch.agent, known) if settings.fetch.robots else None


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Models(NamedTuple):
    """What compares statements."""

    embedder: Embedder
    readers: Readers


def open_models(settings: Settings) -> Models:
    """The models of the configured profile; BrokenSetup if their files are missing or altered, or its verdict model is none."""
    from models.embedder import SentenceEmbedder
    from models.nli import CrossEncoderNli, readers
    from verifier.errors import BrokenSetup

    chosen = settings.models()
    embedder = SentenceEmbedder(chosen.embedder, device=settings.device)
    nli = CrossEncoderNli(chosen.nli, device=settings.device, precision=settings.precision)
    larger = None
    if chosen.verdict:
        larger = CrossEncoderNli(chosen.verdict, device=settings.device, precision=settings.precision)
        if not larger.knows_stances:
            raise BrokenSetup(
                f"verdict model {chosen.verdict!r} knows no stances; train one with models.training.pairs, or unset it"
            )
    return Models(embedder, readers(nli, larger))


def open_extractor(settings: Settings) -> Extractor:
    """The statement extractor with the configured profile's tagger, or by rules alone where it is `rules`.

    BrokenSetup if the tagger's files are missing or altered.
    """
    from verifier.extraction import RuleExtractor, TaggedExtractor

    if settings.models().attribution == RULES:
        return RuleExtractor()
    return TaggedExtractor(open_tagger(settings))


def open_tagger(settings: Settings) -> NeuralTagger:
    """The attribution tagger of the configured profile."""
    from models.attribution.tagger import NeuralTagger

    return NeuralTagger(settings.models().attribution, device=settings.device, precision=settings.precision)


def policy(settings: Settings, models: Models) -> Policy:
    """The policy over the packaged calibration for models of this sort."""
    from models.calibration import CALIBRATION, WITH_STANCES, read_calibration
    from verifier.policy import Policy

    (nli, stances), quick = models.readers.deciding, models.readers.quick
    beside = [one for one in (stances, quick) if one and one.revision != nli.revision]
    return Policy(
        read_calibration(WITH_STANCES if stances else CALIBRATION),
        nli.model_id,
        nli.revision,
        settings.bounds,
        ", ".join(f"{one.model_id}@{one.revision}" for one in beside),
    )


def wiring(progress: StageProgress | None = None) -> Wiring:
    """What the flow is built with."""
    from flows.wiring import Wiring, unwatched

    return Wiring(
        open_services=open_services,
        progress=progress or unwatched,
        top_rows=top_rows,
        runner=runner,
        announce=announcer(),
    )


def runner() -> str:
    """Where a run's parts are done."""
    return read_settings().runner


def announcer() -> Announcer:
    """Tells whom the settings name; reads them when there is something to tell, so that wrong ones break no run."""
    from crossquote.notices import Announcer

    return Announcer(notices)


def notices(db: str | None = None) -> Plan:
    """Whom the settings name, and what they are told."""
    from crossquote.notices import Plan
    from crossquote.notices.channels import Channel, Mail, Webhook

    settings = read_settings(db)
    chosen = settings.notify
    channels: list[Channel] = [Webhook(chosen.webhook)] if chosen.webhook else []
    if to := [one.strip() for one in chosen.email_to.split(",") if one.strip()]:
        place = (chosen.smtp_host, chosen.smtp_port, chosen.email_from, to)
        channels.append(Mail(*place, chosen.smtp_security, chosen.smtp_user, chosen.smtp_password))
    return Plan(settings.db, channels, chosen.confidence, chosen.late_hours, chosen.tries, desk_url=chosen.desk_url)


def upkeep() -> Upkeep:
    """What the flows `retention` and `vacuum` are built with."""
    from flows.wiring import Upkeep

    return Upkeep(forget=forget, vacuum=vacuum, announce=announcer())


def forget(db: str | None = None, *, dry_run: bool = False) -> Mapping[str, int]:
    """Delete what is older than the settings allow, while no run is at work."""
    from db.engine import open_engine
    from db.lease import alone
    from db.migrate import check
    from db.retention import Ages
    from db.retention import forget as forget_old

    settings = read_settings(db)
    check(settings.db)
    engine = open_engine(settings.db)
    try:
        with alone(settings.db, settings.runs.wait_seconds, _to_stderr):
            return forget_old(engine, Ages(**settings.retention.model_dump()), dry_run=dry_run)
    finally:
        engine.dispose()


def vacuum(db: str | None = None) -> Mapping[str, int]:
    """Give the room of what was deleted back, while no run is at work."""
    from db.lease import alone
    from db.migrate import check
    from db.retention import vacuum as give_back

    settings = read_settings(db)
    check(settings.db)
    with alone(settings.db, settings.runs.wait_seconds, _to_stderr):
        before, after = give_back(settings.db)
    return {"bytes before": before, "bytes after": after}


def top_rows(db: str | None, run_id: int) -> Sequence[Row]:
    """The best conflicts and agreements of one run as flat rows, for the run's table artifact."""
    from db.engine import open_engine
    from db.queries import VerdictFilter, verdict_rows
    from verifier.verdicts import Stance

    engine = open_engine(read_settings(db).db)
    try:
        found = [
            row
            for stance in (Stance.CONFLICT, Stance.AGREE)
            for row in verdict_rows(engine, VerdictFilter(label=stance, limit=TOP, run_id=run_id))
        ]
    finally:
        engine.dispose()
    return [_flat(row.to_dict()) for row in found]


def _flat(row: dict[str, object]) -> Row:
    sides = {name: row[name] for name in ("a", "b")}
    flat = {"verdict": row["label"], "kind": row["kind"], "confidence": row["confidence"]}
    for name, side in sides.items():
        if isinstance(side, dict):
            flat |= {f"{name} {key}": side[key] for key in ("outlet", "speaker", "text")}
    return flat


def judge_of(profile: str | None = None) -> Judge:
    """The judge of single pairs in a profile."""
    from verifier.judging import Judge

    settings = read_settings(profile=profile)
    models = open_models(settings)
    return Judge(models.embedder, models.readers, policy(settings, models))


def open_desk(db: str | None = None) -> Desk:
    """A newsroom's desk over a database that is at its head; BrokenSetup where it is not. Its engine is the caller's to dispose of."""
    return _desk(read_settings(db), None, None)


def open_own_desk(reviewer: str, token: str, db: str | None = None) -> Desk:
    """A desk of one's own, which the token opens once: whoever has it may do everything, under this name."""
    return _desk(read_settings(db), reviewer, token)


def desk_address(host: str | None = None, port: int | None = None) -> tuple[str, int]:
    """Where the desk listens: as given, or as configured."""
    desk = read_settings().desk
    return host or desk.host, desk.port if port is None else port


def _desk(settings: Settings, reviewer: str | None, token: str | None) -> Desk:
    from secrets import token_hex, token_urlsafe

    from crossquote.web.desk import Desk
    from crossquote.web.limiter import Limiter
    from crossquote.web.passwords import Passwords
    from crossquote.web.render import environment
    from crossquote.web.sessions import COOKIE, LOCAL, OneTimeToken, Sessions
    from db.access import Role, User
    from db.engine import open_engine
    from db.migrate import check

    check(settings.db)
    cookie = COOKIE if token is None else f"{COOKIE}_{token_hex(4)}"
    return Desk(
        engine=open_engine(settings.db),
        sessions=Sessions(settings.desk.secret or token_urlsafe(32), settings.desk.session_hours, cookie),
        passwords=Passwords(),
        limiter=Limiter(),
        templates=environment(),
        local=User(LOCAL, reviewer, Role.ADMIN, "") if reviewer else None,
        token=OneTimeToken(token) if token else None,
        https=settings.desk.https and token is None,
        metrics_token=settings.desk.metrics_token,
    )
