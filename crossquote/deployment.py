"""The flow `verify` with this installation's services: what served and deployed runs import. Building it is no I/O."""

from __future__ import annotations

from crossquote.bootstrap import wiring
from flows.verify import build_verify

verify = build_verify(wiring())
