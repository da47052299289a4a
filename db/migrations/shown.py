"""`verdicts.is_shown`, kept by triggers: the verdict is current, and so are both statements.

A statement is current if its version is and its extractor was the last to read it. The desk sorts and counts by this column
alone; without it each of tens of thousands of verdicts would be joined to both of its articles for every page.
"""

from __future__ import annotations

from typing import Final

from db.migrations.triggers import triggers

_SIDE: Final = (
    "JOIN statements {0} ON {0}.id = p.{0}_id "
    "JOIN article_versions {0}v ON {0}v.id = {0}.version_id AND {0}v.is_current "
    "JOIN extractions {0}x ON {0}x.version_id = {0}.version_id AND {0}x.extractor = {0}.extractor AND {0}x.is_current"
)
_SHOWN: Final = (
    f"is_current AND EXISTS (SELECT 1 FROM pairs p {_SIDE.format('a')} {_SIDE.format('b')} "
    "WHERE p.id = verdicts.pair_id)"
)
_OF_VERSION: Final = (
    "SELECT p.id FROM statements s JOIN pairs p ON p.a_id = s.id WHERE s.version_id = {0} "
    "UNION ALL SELECT p.id FROM statements s JOIN pairs p ON p.b_id = s.id WHERE s.version_id = {0}"
)
FILL: Final = f"UPDATE verdicts SET is_shown = ({_SHOWN})"
_OWN: Final = f"{FILL} WHERE id = new.id"
_VERSION: Final = f"{FILL} WHERE pair_id IN ({_OF_VERSION})"
# name, when and on which table, what
_KEPT: Final = (
    ("verdicts_shown_added", "AFTER INSERT ON verdicts", _OWN),
    ("verdicts_shown_changed", "AFTER UPDATE OF is_current ON verdicts", _OWN),
    ("versions_shown_changed", "AFTER UPDATE OF is_current ON article_versions", _VERSION.format("new.id")),
    ("extractions_shown_added", "AFTER INSERT ON extractions", _VERSION.format("new.version_id")),
    ("extractions_shown_changed", "AFTER UPDATE OF is_current ON extractions", _VERSION.format("new.version_id")),
)
SQLITE, SQLITE_DROP, POSTGRES, POSTGRES_DROP = triggers(_KEPT)
