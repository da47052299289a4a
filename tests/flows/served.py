"""What the processes of served and deployed runs import in these tests."""

from __future__ import annotations

from flows.verify import build_verify
from tests.flows.wired import wiring

verify = build_verify(wiring())
