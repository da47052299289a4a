"""How large the tagger's heads are and how much text they see; kept in the checkpoint's config as `role`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`size`, `layers` and `heads` of the role reader, which sees `before` and `after` words around a cue's first.

    A window holds at most `window` pieces, of which `left` and `right` at its edges are context only.
    """

    size: int = 192
    layers: int = 2
    heads: int = 4
    before: int = 64
    after: int = 96
    window: int = 384
    left: int = 40
    right: int = 32

    @property
    def words(self) -> int:
        """How many words the role reader sees."""
        return self.before + self.after
