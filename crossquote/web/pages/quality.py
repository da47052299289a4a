"""Quality: how often the reviewers find the machine right, and each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import combinations

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import TheDesk
from crossquote.web.render import page
from db.quality import Judged, decisions, judged
from verifier.agreement import cohen_kappa
from verifier.verdicts import Stance

router = APIRouter(prefix="/quality")
BINS = 5
DAYS = 30


@router.get("")
def index(request: Request, desk: TheDesk) -> Response:
    """All three measures."""
    with desk.engine.connect() as connection:
        found, decided = judged(connection), list(decisions(connection))
    days = Counter(day for *_, day in decided)
    return page(
        request,
        "quality.html",
        bins=precision(found),
        kappas=kappas(decided),
        days=sorted(days.items())[-DAYS:],
    )


def precision(found: Iterable[Judged]) -> list[tuple[float, float, int, float]]:
    """(from, to, judged, share that was right) of each bin of confidence that has judgements."""
    right: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for one in found:
        at = min(int(one.confidence * BINS), BINS - 1)
        total[at] += 1
        right[at] += one.verdict is one.judgement
    return [(at / BINS, (at + 1) / BINS, total[at], right[at] / total[at]) for at in sorted(total)]


def kappas(decided: Iterable[tuple[int, str, Stance, date]]) -> list[tuple[str, str, int, float | None]]:
    """(one, other, pairs that both judged, Cohen's kappa) of every two reviewers, by each one's latest judgement."""
    latest: dict[str, dict[int, Stance]] = {}
    for pair, reviewer, stance, _ in decided:
        latest.setdefault(reviewer, {})[pair] = stance
    found = []
    for one, other in combinations(sorted(latest), 2):
        both = [(latest[one][pair], latest[other][pair]) for pair in latest[one] if pair in latest[other]]
        if both:
            found.append((one, other, len(both), cohen_kappa(both)))
    return found
