"""The stages that can be done in parts, in any order and by several processes at once: each part is a list of keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from verifier import pipeline
from verifier.pipeline import Services, StageReport

STAGES: Final[Mapping[str, Callable[[Services, int, Sequence[Any]], StageReport]]] = {
    "extract": pipeline.extract_some,
    "embed": pipeline.embed_some,
    "judge": pipeline.judge_some,
}


def left(services: Services, stage: str) -> list[Sequence[Any]]:
    """What the stage has to do, in parts: version ids, claim hashes or pair ids."""
    keys, size = _left(services, stage)
    return [keys[start : start + size] for start in range(0, len(keys), size)]


def do(services: Services, run_id: int, stage: str, ids: Sequence[Any]) -> StageReport:
    """Do one part, as the stage would; what has been done meanwhile changes nothing."""
    return STAGES[stage](services, run_id, ids)


def _left(services: Services, stage: str) -> tuple[Sequence[Any], int]:
    model, extractor = services.embedder, services.extractor.version
    with services.unit_of_work() as work:
        if stage == "extract":
            return work.versions_to_extract(extractor), pipeline.EXTRACT_BATCH
        if stage == "embed":
            claims = work.claims_to_embed(extractor, model.model_id, model.revision)
            return [key for key, _ in claims], pipeline.EMBED_BATCH
        return work.pair_ids_to_judge(services.policy.version), pipeline.NLI_BATCH
