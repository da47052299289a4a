"""Model cards: what each packaged model is, where its weights lie, and the digest they must have."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from verifier.errors import BrokenSetup

CARDS: Final = Path(__file__).with_name("cards.toml")
WEIGHTS: Final = Path(__file__).with_name("weights")
PLAIN: Final = "model.safetensors"
COMPACT: Final = "compact.safetensors"
"""The file of weights that `models.training.rounding` writes."""


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of `cards.toml`; `folder` is inside the package `package` or, where that is empty, under `models/weights`."""

    name: str
    task: str
    model_id: str
    package: str
    folder: str
    sha256: str
    licence: str
    labels: tuple[str, ...]
    training: str
    scores: dict[str, float]

    @property
    def revision(self) -> str:
        """The first 12 digits of the weights' digest: what scores and vectors are keyed by."""
        return self.sha256[:12]

    @property
    def path(self) -> Path:
        """The folder that holds `config.json` and the weights; BrokenSetup if its package is not installed."""
        if not self.package:
            return WEIGHTS / self.folder
        spec = find_spec(self.package)
        if spec is None or spec.origin is None:
            raise BrokenSetup(f"{self.model_id}: the package {self.package} is not installed; run `make setup`")
        return Path(spec.origin).parent / self.folder


def read_cards(path: Path = CARDS) -> dict[str, Card]:
    """All cards by name."""
    return {name: _card(name, row) for name, row in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def card(name: str) -> Card:
    """One card; BrokenSetup names those there are."""
    cards = read_cards()
    if name not in cards:
        raise BrokenSetup(f"no model card {name!r}; there are {', '.join(sorted(cards))}")
    return cards[name]


def _card(name: str, row: dict[str, Any]) -> Card:
    return Card(
        name=name,
        task=row["task"],
        model_id=row["model_id"],
        package=row.get("package", ""),
        folder=row["folder"],
        sha256=row["sha256"],
        licence=row["licence"],
        labels=tuple(row.get("labels", ())),
        training=row["training"],
        scores=row.get("scores", {}),
    )


def present(one: Card) -> Path:
    """The folder of a card's weights; BrokenSetup if they are missing. No file is opened."""
    weights = weights_of(one.path)
    if not weights.is_file():
        raise BrokenSetup(
            f"{one.model_id}: {weights.name} is missing in {one.folder}; reinstall, or run its recipe in models/training"
        )
    return one.path


def verified(one: Card) -> Path:
    """The folder of a card's weights after checking their digest; BrokenSetup if they are missing or differ."""
    weights = weights_of(present(one))
    if digest(weights) != one.sha256:
        raise BrokenSetup(f"{one.model_id}: {weights.name} has not the sha256 of its card; reinstall it")
    return one.path


def weights_of(folder: Path) -> Path:
    """The file of weights in a checkpoint's folder, whether it is there or not."""
    compact = folder / COMPACT
    return compact if compact.is_file() else folder / PLAIN


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
