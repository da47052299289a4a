"""The flows with this installation's services: what served and deployed runs import. Building them is no I/O."""

from __future__ import annotations

from crossquote.bootstrap import open_collector, upkeep, wiring
from flows.fetch import build_fetch
from flows.upkeep import build_rescore, build_retention, build_vacuum
from flows.verify import build_verify

fetch = build_fetch(wiring(), open_collector)
verify = build_verify(wiring())
rescore = build_rescore(wiring())
retention = build_retention(upkeep())
vacuum = build_vacuum(upkeep())
