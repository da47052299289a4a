"""A command that runs the flow once, as `crossquote run` does: `python -m tests.flows.one_run FOLDER DB [hang]`."""

from __future__ import annotations

import sys
from dataclasses import replace

from flows.runner import run_flow
from tests.flows.wired import HangingExtractor, wiring
from verifier.errors import CrossquoteError
from verifier.pipeline import Services


def main(folder: str, db: str, *words: str) -> int:
    try:
        summary = run_flow(wiring(_hang if "hang" in words else lambda found: found), [folder], db)
    except CrossquoteError as error:
        print(f"error: {error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"articles {summary.articles}", flush=True)
    return 0


def _hang(found: Services) -> Services:
    return replace(found, extractor=HangingExtractor())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
