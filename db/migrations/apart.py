"""How far the two sides of a verdict are from each other, kept by the trigger that keeps the rest of it (`db.migrations.kept`)."""

from __future__ import annotations

from typing import Final

from db.migrations import kept
from db.migrations.kept import VERDICTS
from db.migrations.triggers import triggers

# 0: in one article; 1: in two; 2: in two outlets that are known.
_APART: Final = (
    "(SELECT CASE WHEN av.article_id = bv.article_id THEN 0 WHEN av.outlet_id <> bv.outlet_id THEN 2 ELSE 1 END FROM pairs p "
    "JOIN statements a ON a.id = p.a_id JOIN article_versions av ON av.id = a.version_id "
    "JOIN statements b ON b.id = p.b_id JOIN article_versions bv ON bv.id = b.version_id WHERE p.id = verdicts.pair_id)"
)
FILL: Final = f"UPDATE verdicts SET apart = {_APART}"
WRONG: Final = kept.WRONG | {"place of a verdict's sides": f"SELECT id FROM verdicts WHERE apart <> {_APART}"}
"""All that would be other if it were worked out again, by its sort."""
SQLITE, SQLITE_DROP, POSTGRES, POSTGRES_DROP = triggers(
    [("verdicts_kept_added", "AFTER INSERT ON verdicts", f"{VERDICTS}, apart = {_APART} WHERE id = new.id")]
)
OLD_SQLITE, _, OLD_POSTGRES, _ = triggers(
    [("verdicts_kept_added", "AFTER INSERT ON verdicts", f"{VERDICTS} WHERE id = new.id")]
)
