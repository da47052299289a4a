"""The stages that can be done in parts, in any order and by several processes at once: each part is a list of keys.

Of `stories`, where the order of articles matters, it is the leads' vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from verifier import pipeline
from verifier.grouping import leads_to_embed
from verifier.pipeline import Services, StageReport

STAGES: Final[Mapping[str, Callable[[Services, int, Sequence[Any]], StageReport]]] = {
    "extract": pipeline.extract_some,
    "embed": pipeline.embed_some,
    "stories": pipeline.leads_some,
    "judge": pipeline.judge_some,
}

LEADS: Final = 64
"""Leads in a part: they are longer than claims."""


def left(services: Services, stage: str) -> list[Sequence[Any]]:
    """What the stage has to do, in parts: version ids, claim hashes or pair ids."""
    keys, size = _left(services, stage)
    return [keys[start : start + size] for start in range(0, len(keys), size)]


def do(services: Services, run_id: int, stage: str, ids: Sequence[Any]) -> StageReport:
    """Do one part, as the stage would; what has been done meanwhile changes nothing."""
    return STAGES[stage](services, run_id, ids)


def _left(services: Services, stage: str) -> tuple[Sequence[Any], int]:
    model, extractor = services.embedder, services.extractor.version
    if stage == "stories":
        return leads_to_embed(services.unit_of_work, model), LEADS
    with services.unit_of_work() as work:
        if stage == "extract":
            return work.versions_to_extract(extractor), pipeline.EXTRACT_BATCH
        if stage == "embed":
            claims = work.claims_to_embed(extractor, model.model_id, model.revision)
            return [key for key, _ in claims], pipeline.EMBED_BATCH
        return work.pair_ids_to_judge(services.policy.version), pipeline.NLI_BATCH
