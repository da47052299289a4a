"""The examination behind `crossquote doctor`: each check finds one thing and never raises."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crossquote.settings import Settings, read_settings
from verifier.errors import CrossquoteError

if TYPE_CHECKING:
    from verifier.ports import NliModel

OK: Final = "ok"
BROKEN: Final = "broken"
NOTE: Final = "note"
FREE_BYTES: Final = 1_000_000_000
PREFECT_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `state` is ok, note (works, but you should know) or broken."""

    check: str
    state: str
    detail: str
    remedy: str | None = None


def examine(db: str | None = None, profile: str | None = None) -> list[Finding]:
    """All findings; where the settings cannot be read, only that one."""
    try:
        settings = read_settings(db, profile)
    except CrossquoteError as error:
        return [Finding("settings", BROKEN, error.message, "correct the setting named")]
    checks: tuple[tuple[str, Callable[[Settings], Iterator[Finding]]], ...] = (
        ("models", _models),
        ("database", _database),
        ("prefect", _prefect),
        ("disk", _disk),
    )
    found = [Finding("settings", OK, f"profile {settings.profile}, device {settings.device}")]
    for name, check in checks:
        found += _guarded(name, check, settings)
    return found


def _guarded(name: str, check: Callable[[Settings], Iterator[Finding]], settings: Settings) -> list[Finding]:
    try:
        return list(check(settings))
    except CrossquoteError as error:
        return [Finding(name, BROKEN, error.message, error.message.rpartition(";")[2].strip())]


def _models(settings: Settings) -> Iterator[Finding]:
    """Load the models, let each do one thing, and see that it comes out as it must."""
    from crossquote.bootstrap import open_models, policy

    models = open_models(settings)
    embedder, (nli, stances), quick = models.embedder, models.readers.deciding, models.readers.quick
    vector = embedder.embed(["The bridge is open."])
    yield Finding("embedder", OK, f"{embedder.model_id} {embedder.revision}, {vector.shape[1]} dimensions")
    yield _nli("nli", nli)
    if quick is not None:
        yield _nli("first look", quick)
    if stances is not None:
        (stood,) = stances.stances([("Ann Orr said: the bridge is open", "Bo Lind said: the bridge is not open")])
        detail = f"{stances.model_id} {stances.revision}, “open” and “not open” are related ({1 - stood.unrelated:.2f})"
        yield Finding("verdict model", OK, detail)
    yield Finding("policy", OK, policy(settings, models).version)


def _nli(name: str, model: NliModel) -> Finding:
    said = model.score([("The bridge is open.", "The bridge is not open.")])[0]
    called = f"{model.model_id} {model.revision}"
    if said.contradiction > max(said.entailment, said.neutral):
        return Finding(name, OK, f"{called}, knows open from not open ({said.contradiction:.2f})")
    detail = f"{called} sees no contradiction between “open” and “not open”"
    return Finding(name, BROKEN, detail, "choose another checkpoint, or check its id2label")


def _database(settings: Settings) -> Iterator[Finding]:
    from db import migrate
    from db.engine import open_engine
    from db.queries import totals

    url = settings.db
    at, head = migrate.revision(url), migrate.head()
    if at is None:
        yield Finding("database", NOTE, "there is none yet", "`crossquote run` or `crossquote db upgrade` makes it")
        return
    if at != head:
        yield Finding("database", BROKEN, f"schema {at}, this program needs {head}", "crossquote db upgrade")
        return
    engine = open_engine(url)
    try:
        counts = totals(engine)
    finally:
        engine.dispose()
    yield Finding("database", OK, ", ".join(f"{count} {name}" for name, count in counts.items()))


def _prefect(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    import httpx

    url = os.environ.get("PREFECT_API_URL")
    if not url:
        detail = "PREFECT_API_URL is not set: each run starts a server of its own"
        yield Finding("prefect", NOTE, detail)
        return
    try:
        httpx.get(f"{url.rstrip('/')}/health", timeout=PREFECT_SECONDS).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        detail = f"{url} does not answer ({type(error).__name__})"
        yield Finding("prefect", BROKEN, detail, "start it with `prefect server start`, or unset PREFECT_API_URL")
        return
    yield Finding("prefect", OK, url)


def _disk(settings: Settings) -> Iterator[Finding]:
    from db.engine import sqlite_file

    file = sqlite_file(settings.db)
    folder = next(p for p in ((file or Path()).absolute(), *(file or Path()).absolute().parents) if p.is_dir())
    free = shutil.disk_usage(folder).free
    state = OK if free >= FREE_BYTES else BROKEN
    yield Finding("disk", state, f"{free / 1e9:.1f} GB free in {folder}", None if state == OK else "make room")
