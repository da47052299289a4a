"""`make demo`: the main job on the sample articles, in a database of its own, twice: the second run has nothing to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
DATABASE = ROOT / "demo" / "crossquote.db"


def run(*arguments: str) -> None:
    """One command as a user would type it, shown before it runs."""
    print(f"\n$ crossquote {' '.join(arguments)}", flush=True)
    command = [str(Path(sys.executable).parent / "crossquote"), *arguments]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    finished = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603
    if finished.returncode:
        sys.exit(finished.returncode)


def main() -> None:
    """Run twice, then show where to go on."""
    DATABASE.parent.mkdir(exist_ok=True)
    database = str(DATABASE.relative_to(ROOT))
    run("run", "samples/articles", "--db", database)
    print("\nThe same again: everything is known, so nothing is added and no pair is scored twice.")
    run("run", "samples/articles", "--db", database, "--direct", "--json")
    print(f"\nThe verdicts are in {database}. Try:")
    print(f"  .venv/bin/crossquote verdicts --label conflict --db {database}")
    print("  .venv/bin/crossquote extract samples/articles/bridge-1-harbour-gazette.txt")


if __name__ == "__main__":
    main()
