"""Weights in three and a half bits, for checkpoints that would be too large to ship: a file of a ninth of the size in float32.

The values of a matrix are multiples of steps, one a row and one a column, multiplied. Most of these whole numbers are near zero, so a
Huffman code needs few bits for each (entropy-coded uniform quantisation, Gish and Pierce, 1968); they stand column by column, so that
columns of like steps share a code. Everything small stays in float16. `models.training.rounding` makes such a checkpoint of another;
every place that takes a folder takes it, and computes with it as with any.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.cards import COMPACT
from models.checkpoint import give_back
from verifier.errors import BrokenSetup

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

STEP: Final = 0.36
"""Of a row's root mean square, where nothing else is known of a matrix: about 3.5 bits a value, and an error of a tenth of it."""
LEAST: Final = 50_000
"""Values of a matrix from which it is worth it."""
EXACT: Final = "position_embeddings"
LARGEST: Final = 127


@dataclass(frozen=True, slots=True)
class Rounded:
    """A matrix as whole numbers (int8, shape (rows, columns)) and the float16 steps that they are multiples of."""

    codes: NDArray[np.int8]
    rows: NDArray[np.float16]
    columns: NDArray[np.float16]

    @property
    def values(self) -> NDArray[np.float32]:
        """What the matrix is read as."""
        return self.codes * self.rows.astype(np.float32)[:, None] * self.columns.astype(np.float32)

    def packed(self) -> bytes:
        """The codes as they are stored."""
        coder = zlib.compressobj(memLevel=9, strategy=zlib.Z_HUFFMAN_ONLY)
        return coder.compress(np.ascontiguousarray(self.codes.T).tobytes()) + coder.flush()


def is_compact(name: str, shape: tuple[int, ...]) -> bool:
    """Whether a value of a model's state is stored as whole numbers."""
    return len(shape) == 2 and shape[0] * shape[1] >= LEAST and EXACT not in name


def rounded(values: NDArray[np.float32]) -> Rounded:
    """Every value to the nearest multiple of its row's step; nothing is cut off but what is 45 times a row's root mean square."""
    rows = np.maximum(STEP * np.sqrt(np.square(values).mean(1)), 1e-7).astype(np.float16)
    codes = np.clip(np.rint(values / rows.astype(np.float32)[:, None]), -LARGEST, LARGEST)
    return Rounded(codes.astype(np.int8), rows, np.ones(values.shape[1], dtype=np.float16))


def write_compact(folder: Path, state: Mapping[str, Tensor], found: Mapping[str, Rounded] | None = None) -> Path:
    """Write a model's state into a folder, these matrices as they were rounded and the others to the nearest; returns the file."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    parts = (part for name, value in state.items() for part in _parts(name, value, found or {}))
    save_file(dict(parts), folder / COMPACT)
    return folder / COMPACT


def read_compact(file: Path) -> dict[str, Tensor]:
    """The state in float32; BrokenSetup if the file is damaged."""
    import torch
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        found = load_file(file)
        names = sorted({name.partition("|")[0] for name in found})
        return {name: torch.from_numpy(_whole(found, name)) for name in names}
    except (OSError, ValueError, KeyError, SafetensorError, zlib.error) as error:
        raise BrokenSetup(
            f"{file}: cannot be read ({error}); reinstall it, or make it anew with models.training.rounding"
        ) from error


def load_classifier(location: str, config: Any, revision: str | None, dtype: Any, **settings: Any) -> Any:
    """transformers' classifier of a folder or hub id, from compact weights where it has them; errors are transformers' own.

    `settings` go to `from_pretrained` of a checkpoint of any other form.
    """
    import torch
    from transformers import AutoModelForSequenceClassification
    from transformers.initialization import no_init_weights

    file = Path(location) / COMPACT
    if not file.is_file():
        return AutoModelForSequenceClassification.from_pretrained(
            location, config=config, revision=revision, dtype=dtype, **settings
        )
    with no_init_weights():
        model = AutoModelForSequenceClassification.from_config(config, dtype=torch.float32)  # type: ignore[no-untyped-call]
    model.load_state_dict(read_compact(file), assign=True)
    give_back()
    return model.to(dtype)


def _parts(name: str, value: Tensor, found: Mapping[str, Rounded]) -> Iterator[tuple[str, NDArray[Any]]]:
    values = value.detach().float().numpy()
    if not is_compact(name, values.shape):
        yield name, values.astype(np.float16)
        return
    one = found[name] if name in found else rounded(values)
    yield f"{name}|rows", one.rows
    yield f"{name}|columns", one.columns
    yield f"{name}|codes", np.frombuffer(one.packed(), dtype=np.uint8)


def _whole(found: dict[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    """One value in float32; what it is made of is taken out."""
    if name in found:
        return found.pop(name).astype(np.float32)
    rows, columns, packed = (found.pop(f"{name}|{part}") for part in ("rows", "columns", "codes"))
    codes = np.frombuffer(zlib.decompress(packed.tobytes()), dtype=np.int8)
    return np.ascontiguousarray(Rounded(codes.reshape(len(columns), len(rows)).T, rows, columns).values)
