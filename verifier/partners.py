"""Who is compared with whom: the store finds the nearest statements, the gates choose among the few that come back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from verifier.pairing import Pairing, Pool
from verifier.ports import Space, UnitOfWork
from verifier.verdicts import Candidate

WIDER = 4


def partners(work: UnitOfWork, pairing: Pairing, space: Space, ids: Sequence[str]) -> list[Candidate]:
    """The candidate pairs of these statements, each pair once, sorted.

    Where the gates leave fewer than they may of a statement's nearest (an agency's copy in forty papers), it is looked
    further off until there are enough or no more.
    """
    reach, waiting = pairing.reach, sorted(ids)
    found: dict[tuple[str, str], Candidate] = {}
    while waiting:
        lists = work.nearest(space, waiting, reach)
        pool = _pool(
            work, pairing, space, {*waiting, *(one for found_ in lists.values() for one in found_.ids)}, waiting
        )
        again = [one for one in waiting if one in lists and lists[one].more and pool.wants_more(one, lists[one].ids)]
        found |= {(one.a, one.b): one for one in pool.candidates(sorted({*waiting}.difference(again)))}
        waiting = again
        reach = replace(reach, most=WIDER * reach.most)
    return [found[key] for key in sorted(found)]


def _pool(work: UnitOfWork, pairing: Pairing, space: Space, ids: Iterable[str], own: Sequence[str]) -> Pool:
    """These statements, and all of the articles that `own` are of."""
    sides = {side.statement.id: side for side in work.sides_of(sorted(ids))}
    versions = sorted({sides[id_].version_id for id_ in own if id_ in sides})
    sides |= {side.statement.id: side for side in work.sides(space.extractor, versions)}
    ordered = [sides[id_] for id_ in sorted(sides)]
    vectors = work.embeddings(space.model, space.revision, [side.statement.claim_hash for side in ordered])
    return pairing.pool(ordered, vectors, work.texts(sorted({side.version_id for side in ordered})))
