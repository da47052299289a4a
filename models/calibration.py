"""The fitted calibration of the verdict policy, packaged beside the weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from models.cards import WEIGHTS, digest
from verifier.errors import BrokenSetup
from verifier.policy import Calibration, calibration_of

CALIBRATION: Final = WEIGHTS / "verdict.json"
WITH_STANCES: Final = WEIGHTS / "verdict_stances.json"
"""For a model that knows stances; `CALIBRATION` is for any other."""


def read_calibration(path: Path = CALIBRATION) -> Calibration:
    """Read the calibration; BrokenSetup if it is missing or fitted on other features."""
    try:
        return calibration_of(json.loads(path.read_text(encoding="utf-8")), digest(path)[:12])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BrokenSetup(f"{path.name}: {error}; reinstall, or run `python -m models.training.verdict`") from error
