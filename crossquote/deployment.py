"""The flows with this installation's services: what served and deployed runs import. Building it is no I/O."""

from __future__ import annotations

from crossquote.bootstrap import open_collector, wiring
from flows.fetch import build_fetch
from flows.verify import build_verify

verify = build_verify(wiring())
fetch = build_fetch(wiring(), open_collector)
