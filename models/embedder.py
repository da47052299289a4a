"""Embeddings by sentence-transformers; the model is loaded at the first batch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.checkpoint import FromCheckpoint, loading
from verifier.errors import BrokenSetup
from verifier.ports import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MINILM = "card:minilm"


class SentenceEmbedder(FromCheckpoint):
    """Any sentence-transformers model; the default is the packaged all-MiniLM-L6-v2 (384 dimensions, 256 tokens)."""

    def __init__(self, spec: str = MINILM, *, device: str = "cpu", batch_size: int = 16) -> None:
        super().__init__(spec, device)
        self._batch_size = batch_size

    @cached_property
    def _model(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer

        found = self.checkpoint
        try:
            with loading():
                return SentenceTransformer(found.location, device=self._device, revision=found.hub_revision)
        except (OSError, ValueError, KeyError) as error:
            raise BrokenSetup(f"embedder {self._spec!r} cannot be loaded: {str(error).splitlines()[0]}") from error

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions), float32, in the order of the texts."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=self._batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, dtype=np.float32)
