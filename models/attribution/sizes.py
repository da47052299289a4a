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
    before: int = 48
    after: int = 72
    window: int = 224
    left: int = 16
    right: int = 16

    @property
    def words(self) -> int:
        """How many words the role reader sees."""
        return self.before + self.after
