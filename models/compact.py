"""Weights in three and a half bits, for checkpoints that would be too large to ship: a file of a ninth of the size in float32.

Every row of a matrix is rounded to multiples of a step of its own, a share of the row's root mean square; nothing is cut off. Most of
these whole numbers are near zero, so a Huffman code needs few bits for each (entropy-coded uniform quantisation, Gish and Pierce,
1968). Everything small stays in float16. `python -m models.compact --model DIR --out DIR` makes such a checkpoint of another; every
place that takes a folder takes it, and computes with it as with any.
"""

from __future__ import annotations

import argparse
import shutil
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.cards import COMPACT
from verifier.errors import BrokenSetup

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

STEP: Final = 0.36
"""Of a row's root mean square: about 3.5 bits a value, and an error of a tenth of it."""
LEAST: Final = 50_000
"""Values of a matrix from which it is worth it."""
EXACT: Final = "position_embeddings"
BESIDE: Final = ("config.json", "tokenizer.json", "tokenizer_config.json", "training.json")


def write_compact(folder: Path, state: Mapping[str, Tensor]) -> Path:
    """Write a model's state into a folder; returns the file."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(dict(part for name, value in state.items() for part in _parts(name, value)), folder / COMPACT)
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
            f"{file}: cannot be read ({error}); reinstall it, or make it anew with models.compact"
        ) from error


def load_classifier(location: str, config: Any, revision: str | None, dtype: Any) -> Any:
    """transformers' classifier of a folder or hub id, from compact weights where it has them; errors are transformers' own."""
    import torch
    from transformers import AutoModelForSequenceClassification
    from transformers.initialization import no_init_weights

    file = Path(location) / COMPACT
    if not file.is_file():
        return AutoModelForSequenceClassification.from_pretrained(location, revision=revision, dtype=dtype)
    with no_init_weights():
        model = AutoModelForSequenceClassification.from_config(config, dtype=torch.float32)  # type: ignore[no-untyped-call]
    model.load_state_dict(read_compact(file), assign=True)
    return model.to(dtype)


def _parts(name: str, value: Tensor) -> Iterator[tuple[str, NDArray[Any]]]:
    values = value.detach().float().numpy()
    if values.ndim != 2 or values.size < LEAST or EXACT in name:
        yield name, values.astype(np.float16)
        return
    steps = np.maximum(STEP * np.sqrt(np.square(values).mean(1, keepdims=True)), 1e-7).astype(np.float16)
    codes = np.clip(np.rint(values / steps.astype(np.float32)), -127, 127).astype(np.int8)
    coder = zlib.compressobj(strategy=zlib.Z_HUFFMAN_ONLY)
    yield f"{name}|steps", steps
    yield f"{name}|codes", np.frombuffer(coder.compress(codes.tobytes()) + coder.flush(), dtype=np.uint8)


def _whole(found: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    if name in found:
        return found[name].astype(np.float32)
    steps = found[f"{name}|steps"].astype(np.float32)
    codes = np.frombuffer(zlib.decompress(found[f"{name}|codes"].tobytes()), dtype=np.int8)
    return codes.reshape(len(steps), -1) * steps


def main() -> None:
    """Make a compact checkpoint of another."""
    from transformers import AutoModelForSequenceClassification

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="a classifier's folder")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model = AutoModelForSequenceClassification.from_pretrained(args.model)
    file = write_compact(args.out, model.state_dict())
    for name in BESIDE:
        if (args.model / name).is_file():
            shutil.copyfile(args.model / name, args.out / name)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
