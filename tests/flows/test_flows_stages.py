"""How a run is cut into tasks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.stages import batches
from flows.wiring import Limits, is_url

LIMITS = Limits(files_per_task=2, urls_per_task=1)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["a", "b", "c"], [("a", "b"), ("c",)], id="files"),
        pytest.param(["http://x/1", "a", "https://x/2"], [("a",), ("http://x/1",), ("https://x/2",)], id="both"),
    ],
)
def test_batches(items: list[str], expected: list[tuple[str, ...]]) -> None:
    assert list(batches(items, LIMITS)) == expected


@given(st.lists(st.one_of(st.text(max_size=5), st.just("HTTPS://x/y"))), st.integers(1, 5), st.integers(1, 5))
@settings(derandomize=True)
def test_batches_lose_nothing_and_never_mix(items: list[str], files: int, urls: int) -> None:
    found = list(batches(items, Limits(files_per_task=files, urls_per_task=urls)))
    assert sorted(item for batch in found for item in batch) == sorted(items)
    for batch in found:
        assert len({is_url(item) for item in batch}) == 1
        assert 0 < len(batch) <= (urls if is_url(batch[0]) else files)
