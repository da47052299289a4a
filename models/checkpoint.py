"""Where a model's files are and which revision they are: a card, a local folder or a hub id, resolved before loading."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from models.cards import Card, card, digest, present, verified
from verifier.errors import BrokenSetup


@dataclass(frozen=True)
class Checkpoint:
    """A model that can be loaded: `place` is a folder or a hub id, `revision` keys everything it computes."""

    model_id: str
    revision: str
    place: str
    hub_revision: str | None = None
    labels: tuple[str, ...] = ()
    card: Card | None = None

    @cached_property
    def location(self) -> str:
        """Where to load it from; BrokenSetup if the weights are not those of the card. A run without news never asks."""
        return self.place if self.card is None else str(verified(self.card))


def resolve(spec: str) -> Checkpoint:
    """Find the checkpoint behind `card:NAME`, a folder, or a hub id (`org/name` or `org/name@revision`)."""
    if spec.startswith("card:"):
        one = card(spec.removeprefix("card:"))
        return Checkpoint(one.model_id, one.revision, str(present(one)), labels=one.labels, card=one)
    if Path(spec).is_dir():
        return _local(Path(spec))
    if spec.startswith((".", "/", "~")) or spec.count("/") != 1:
        raise BrokenSetup(f"model {spec!r}: no such folder, and no hub id like org/name; correct it in the settings")
    return _hub(spec)


def _local(folder: Path) -> Checkpoint:
    shards = sorted(folder.glob("*.safetensors"))
    if not shards:
        raise BrokenSetup(f"model {str(folder)!r} holds no .safetensors file; save it with save_pretrained()")
    revision = "-".join(digest(shard)[:12] for shard in shards[:4])
    return Checkpoint(folder.resolve().name, revision, str(folder), labels=_labels(folder / "config.json"))


def _labels(config: Path) -> tuple[str, ...]:
    """The labels that a config names; none where it cannot be read, which loading will say better."""
    try:
        return tuple(
            str(label) for label in json.loads(config.read_text(encoding="utf-8")).get("id2label", {}).values()
        )
    except (OSError, ValueError, AttributeError):
        return ()


def _hub(spec: str) -> Checkpoint:
    from transformers import AutoConfig

    name, _, wanted = spec.partition("@")
    try:
        config = AutoConfig.from_pretrained(name, revision=wanted or None)
    except (OSError, ValueError) as error:
        raise BrokenSetup(
            f"model {spec!r} cannot be had from the hub or its cache; check the name and the network, or give a folder"
        ) from error
    commit = getattr(config, "_commit_hash", None) or wanted or "main"
    labels = tuple(str(label) for label in (config.id2label or {}).values())
    return Checkpoint(name, commit[:12], name, commit if commit != "main" else None, labels)


class FromCheckpoint:
    """A learned port that loads its weights at the first batch, and knows before that which they are."""

    def __init__(self, spec: str, device: str) -> None:
        self._spec = spec
        self._device = device

    @cached_property
    def checkpoint(self) -> Checkpoint:
        """Which weights they are; BrokenSetup if they are missing. Whether they are altered is seen when they are loaded."""
        return resolve(self._spec)

    @property
    def model_id(self) -> str:
        """The model's name, part of the key of all that it computes."""
        return self.checkpoint.model_id

    @property
    def revision(self) -> str:
        """The weights' revision, part of the key of all that it computes."""
        return self.checkpoint.revision


@contextmanager
def loading() -> Iterator[None]:
    """While a model is loaded: no bars, for the commands show theirs; before and after, freed memory goes back to the system."""
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    give_back()
    yield
    give_back()


def give_back() -> None:
    """Return memory that was freed to the system: glibc keeps it, half a gigabyte after a large model's layers were packed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def fast_bf16(device: Any) -> bool:
    """Whether a torch device computes in bfloat16 itself: an emulated one is slower than float32."""
    import torch

    if device.type == "cpu":
        found = torch.cpu.get_capabilities()
        return bool(found.get("avx512_bf16") or found.get("amx_bf16"))
    return bool(device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False))
