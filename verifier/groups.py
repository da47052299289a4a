"""Union-find: things that belong together because of links between some of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Groups(Generic[K]):
    """Each key starts alone. A group is named by its first key in the order given, whatever the order of the links."""

    def __init__(self, keys: Iterable[K]) -> None:
        self._rank: dict[K, int] = {}
        for key in keys:
            self._rank.setdefault(key, len(self._rank))
        self._parent: dict[K, K] = {key: key for key in self._rank}

    def find(self, key: K) -> K:
        """The name of the key's group."""
        root = key
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[key] != root:  # the way is shortened for the next search
            self._parent[key], key = root, self._parent[key]
        return root

    def unite(self, a: K, b: K) -> bool:
        """Make one group of two; False if they were one."""
        first, second = sorted((self.find(a), self.find(b)), key=self._rank.__getitem__)
        self._parent[second] = first
        return first != second

    def all(self) -> dict[K, list[K]]:
        """The members of each group by its name, all in the order given."""
        found: dict[K, list[K]] = {}
        for key in self._rank:
            found.setdefault(self.find(key), []).append(key)
        return found
