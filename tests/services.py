"""The use cases wired for tests: real store, reader and extractor; deterministic stand-ins for the learned parts."""

from __future__ import annotations

from pathlib import Path

from crossquote.sources import SourceReader
from db.engine import open_engine
from db.store import SqlStore
from models.fakes import FakeEmbedder, FakeNli
from verifier.extraction import RuleExtractor
from verifier.features import NAMES
from verifier.pairing import GateSettings, Pairing
from verifier.pipeline import Services
from verifier.policy import Calibration, Policy
from verifier.reading import Reader, Readers

SAMPLES = Path(__file__).parent.parent / "samples" / "articles"


def calibration(**weights: tuple[float, float, float]) -> Calibration:
    """A readable calibration: contradiction speaks for conflict, entailment for agreement, all else weighs nothing."""
    table = {"entailment_max": (1.0, -0.5, -0.5), "contradiction_max": (-0.5, 1.0, -0.5)} | weights
    rows = zip(*(table.get(name, (0.0, 0.0, 0.0)) for name in NAMES), strict=True)
    n = len(NAMES)
    return Calibration(
        NAMES, (0.0,) * n, (1.0,) * n, tuple(tuple(row) for row in rows), (0.0, 0.0, 1.0), (0.0,) * (n + 1), "test"
    )


def services(url: str, nli: FakeNli | None = None) -> Services:
    """Services over a database that has its schema."""
    store = SqlStore(open_engine(url))
    judge = nli or FakeNli()
    return Services(
        unit_of_work=store.unit_of_work,
        reader=SourceReader(),
        extractor=RuleExtractor(),
        embedder=FakeEmbedder(),
        readers=Readers(Reader(judge)),
        pairing=Pairing(GateSettings()),
        policy=Policy(calibration(), judge.model_id, judge.revision),
        profile="test",
    )
