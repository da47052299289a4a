"""What the processes of served and deployed runs import in these tests."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

from flows.verify import build_verify
from flows.wiring import Silence
from tests.flows.wired import LineExtractor, wiring
from verifier.apart import Care
from verifier.pipeline import Services
from verifier.values import Article, Statement


class PoisonedExtractor(LineExtractor):
    """Takes its process along where the article says so."""

    def extract(self, article: Article) -> list[Statement]:
        if "CRASH" in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().extract(article)


class Teller(Silence):
    """Writes what it is told beside the database."""

    def failed(self, db: str | None, flow: str, key: str, reason: str) -> None:
        assert db is not None
        with Path(db.removeprefix("sqlite:///")).with_suffix(".told").open("a", encoding="utf-8") as file:
            file.write(f"{flow}: {reason}\n")


def poisoned(found: Services) -> Services:
    return replace(found, extractor=PoisonedExtractor(), care=Care(5, 2))


verify = build_verify(replace(wiring(poisoned), announce=Teller()))
