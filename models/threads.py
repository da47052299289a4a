"""Work on several batches at once, each on one core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Item], Result], items: Sequence[Item], device: Any) -> list[Result]:
    """Do some work on each item; on a processor several at once, each on one core.

    So none waits for the slowest part of every multiplication, as where each is cut into one part a core; and while one
    does what Python does, the other goes on. The number of threads is torch's own.
    """
    threads = torch.get_num_threads()
    if device.type != "cpu" or threads == 1 or len(items) < 2:
        return [work(item) for item in items]
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            return list(pool.map(work, items))
    finally:
        torch.set_num_threads(threads)  # what a thread sets for itself is also what new threads begin with
