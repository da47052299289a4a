"""What was read, with what its source says of it, into the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crossquote.collecting.offers import STAGE
from crossquote.sources.articles import Fields, completed
from db.store import SqlUnitOfWork
from verifier.errors import BadInput
from verifier.fetching import FetchItem
from verifier.pipeline import StageReport
from verifier.ports import ItemFailure
from verifier.values import Article


def store(
    work: SqlUnitOfWork, run_id: int, stage: str, item: FetchItem, found: Sequence[Article | ItemFailure]
) -> StageReport:
    """Store articles; what cannot be is a failure beside those that were found."""
    added, failures = 0, []
    for one in found:
        if isinstance(one, ItemFailure):
            failures.append(replace(one, stage=STAGE))
            continue
        try:
            added += work.add_article(run_id, completed(one, Fields(**item.fields)))[1]
        except BadInput as error:
            failures.append(ItemFailure(STAGE, one.url, error.message))
    return StageReport(stage, len(found), added, tuple(failures))
