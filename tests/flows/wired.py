"""The flow over a real SQLite store, a small reader and extractor, and the deterministic fakes of the models."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import Engine

from db.engine import open_engine
from db.migrate import upgrade
from db.store import SqlStore
from flows.wiring import Limits, Row, Wiring
from models.fakes import FakeEmbedder, FakeNli
from verifier.errors import BrokenSetup
from verifier.features import NAMES
from verifier.pairing import Pairing
from verifier.pipeline import Services
from verifier.policy import Calibration, Policy
from verifier.ports import ItemFailure
from verifier.reading import Reader, Readers
from verifier.values import (
    Article,
    CueClass,
    Paragraph,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
    statement_id,
)

ENTRYPOINT = "tests.flows.served.verify"
LIMITS = Limits(files_per_task=2, urls_per_task=2, url_retries=3, url_backoff=0.05, stage_backoff=0.05)
LINE = re.compile(r"^(?P<speaker>[^:\n]+): (?P<words>.+)$", re.MULTILINE)


class LineReader:
    """Text files and folders of them, and URLs by one GET; `outlet` is the first word of the name."""

    def expand(self, locations: Sequence[str]) -> tuple[list[str], list[ItemFailure]]:
        items: list[str] = []
        failures: list[ItemFailure] = []
        for location in locations:
            path = Path(location)
            if path.is_dir():
                items += sorted(str(one) for one in path.glob("*.txt"))
            elif path.exists() or location.startswith("http"):
                items.append(location)
            else:
                failures.append(ItemFailure("ingest", location, f"{location}: no such file; check the path"))
        return items, failures

    def read(self, location: str) -> Iterator[Article | ItemFailure]:
        if location.startswith("http"):
            yield self._fetch(location)
            return
        path = Path(location)
        text = path.read_bytes().decode("utf-8", "replace")
        if not text.strip():
            yield ItemFailure("ingest", location, f"{location}: empty; remove it")
            return
        yield _article(location, text, path.stem.split("-")[0])

    def _fetch(self, url: str) -> Article | ItemFailure:
        answer = httpx.get(url)
        if answer.status_code != httpx.codes.OK:
            back = answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
            return ItemFailure(
                "ingest", url, f"{url}: answered {answer.status_code}; check the address", transient=back
            )
        return _article(url, answer.text, "web")


def _article(url: str, text: str, outlet: str) -> Article:
    paragraphs = tuple(Paragraph(*found.span()) for found in re.finditer(r"[^\n]+", text))
    return Article(url, text, outlet=outlet, paragraphs=paragraphs)


class LineExtractor:
    """`Speaker: words` on a line is a direct quotation."""

    version = "lines-1"

    def extract(self, article: Article) -> list[Statement]:
        return [self._statement(article, found) for found in LINE.finditer(article.text)]

    def extract_all(self, articles: Sequence[Article]) -> list[list[Statement]]:
        return [self.extract(article) for article in articles]

    def _statement(self, article: Article, found: re.Match[str]) -> Statement:
        source = Span(*found.span("speaker"), found["speaker"])
        content = Span(*found.span("words"), found["words"])
        return Statement(
            id=statement_id(article.url, article.content_hash, self.version, (content,)),
            kind=StatementKind.DIRECT,
            speaker=Speaker(source.text, SpeakerKind.PERSON),
            source=source,
            cue=Span(source.end, source.end + 1, ":"),
            cue_class=CueClass.SPEECH,
            content=(content,),
            claim=content.text,
            confidence=1.0,
        )


def calibration() -> Calibration:
    """Conflict where one side contradicts, agreement where one entails."""
    weigh = {"entailment_max": (9.0, 0.0, 0.0), "contradiction_max": (0.0, 9.0, 0.0)}
    rows = zip(*(weigh.get(name, (0.0, 0.0, 0.0)) for name in NAMES), strict=True)
    flat = (0.0,) * len(NAMES)
    return Calibration(NAMES, flat, (1.0,) * len(NAMES), tuple(rows), (0.0, 0.0, 1.0), (*flat, -1.0), "tests")


def services(db: str | None) -> Services:
    """One run's services; the database is made if it is not there."""
    if db is None:
        raise BrokenSetup("no database: name one")
    upgrade(db)
    embedder, nli = FakeEmbedder(), FakeNli()
    engine = open_engine(db)
    return Services(
        unit_of_work=SqlStore(engine).unit_of_work,
        reader=LineReader(),
        extractor=LineExtractor(),
        embedder=embedder,
        readers=Readers(Reader(nli)),
        pairing=Pairing(embedding=f"{embedder.model_id}@{embedder.revision}"),
        policy=Policy(calibration(), nli.model_id, nli.revision),
        profile="fake",
        alone=partial(_disposing, engine),
    )


@contextmanager
def _disposing(engine: Engine) -> Iterator[None]:
    try:
        yield
    finally:
        engine.dispose()


def wiring(change: Callable[[Services], Services] = lambda found: found, limits: Limits = LIMITS) -> Wiring:
    """The wiring over these services, or over what `change` makes of them."""
    return Wiring(open_services=lambda db, _: change(services(db)), top_rows=_rows, limits=limits)


class BrokenExtractor(LineExtractor):
    """Raises what it is given."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def extract(self, article: Article) -> list[Statement]:
        raise self._error


class HangingExtractor(LineExtractor):
    """Says that it began, then takes half a minute."""

    def extract(self, article: Article) -> list[Statement]:
        print("extracting", flush=True)
        for _ in range(3000):
            time.sleep(0.01)
        return super().extract(article)


class KillsItsWorker(LineExtractor):
    """Kills the first worker process that extracts; the flow's own process goes on."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def extract(self, article: Article) -> list[Statement]:
        if multiprocessing.parent_process() is not None and not self._marker.exists():
            self._marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().extract(article)


def broken(error: Exception) -> Callable[[Services], Services]:
    """Services whose extractor raises, as a lost file, a busy database or a defect would."""
    return lambda found: replace(found, extractor=BrokenExtractor(error))


def _rows(db: str | None, run_id: int) -> Sequence[Row]:
    return [{"verdict": "conflict", "database": "none" if db is None else "a file", "confidence": 0.9}]
