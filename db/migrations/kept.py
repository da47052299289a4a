"""What the desk sorts, filters and counts by, kept by triggers, so that no page has to join or sort tens of thousands of rows.

`statements.is_current`: the version is current, and the extractor was the last to read it. Of a verdict: `queue_rank`, its place
in the queue (the least comes first), whether a judgement of its pair holds, and the times of its earlier and its later side.
"""

from __future__ import annotations

from typing import Final

STANCE_WIDTH: Final = 1 << 48
"""The ranks of one stance lie in a range of this width: conflict, agree, undecided, neutral."""

_CURRENT: Final = (
    "EXISTS (SELECT 1 FROM article_versions v JOIN extractions x ON x.version_id = v.id AND x.is_current "
    "WHERE v.id = statements.version_id AND v.is_current AND x.extractor = statements.extractor)"
)
STATEMENTS: Final = f"UPDATE statements SET is_current = {_CURRENT} WHERE is_current <> {_CURRENT}"

# Stance; confidence in twentieths; kind; independent sources of both sides; the pair that was found last.
_WEIGHT: Final = (
    "coalesce((SELECT CASE WHEN w.a_independent + w.b_independent > 1023 THEN 1023 "
    "ELSE w.a_independent + w.b_independent END FROM pair_weights w WHERE w.pair_id = verdicts.pair_id), 2)"
)
_RANK: Final = f"""
  CASE stance WHEN 'conflict' THEN 0 WHEN 'agree' THEN 1 WHEN 'undecided' THEN 2 ELSE 3 END * {STANCE_WIDTH}
  + (20 - CAST(round(confidence * 20) AS bigint)) * {1 << 43}
  + CASE WHEN kind IN ('contradiction', 'denial', 'numeric', 'corroboration') THEN 0
    WHEN kind IN ('tension', 'same_utterance') THEN 2 ELSE 1 END * {1 << 41}
  + (1023 - {_WEIGHT}) * {1 << 31}
  + {(1 << 31) - 1} - pair_id"""
_JUDGED: Final = "EXISTS (SELECT 1 FROM judgements j WHERE j.pair_id = verdicts.pair_id AND j.superseded_at IS NULL)"
_TIMES: Final = (
    "(SELECT {}(coalesce(v.published_at, v.stored_at)) FROM pairs p JOIN statements s ON s.id IN (p.a_id, p.b_id) "
    "JOIN article_versions v ON v.id = s.version_id WHERE p.id = verdicts.pair_id)"
)
VERDICTS: Final = (
    f"UPDATE verdicts SET queue_rank = {_RANK}, is_judged = {_JUDGED}, "
    f"earliest_at = {_TIMES.format('min')}, latest_at = {_TIMES.format('max')}"
)
_OF_PAIR: Final = "WHERE pair_id = {}.pair_id"
_WEIGHED: Final = f"UPDATE verdicts SET queue_rank = {_RANK} {_OF_PAIR}"
_HELD: Final = f"UPDATE verdicts SET is_judged = {_JUDGED} {_OF_PAIR} AND is_judged <> {_JUDGED}"
# name, when and on which table, what
_KEPT: Final = (
    ("statements_kept_added", "AFTER INSERT ON statements", f"{STATEMENTS} AND id = new.id"),
    (
        "versions_kept_changed",
        "AFTER UPDATE OF is_current ON article_versions",
        f"{STATEMENTS} AND version_id = new.id",
    ),
    ("extractions_kept_added", "AFTER INSERT ON extractions", f"{STATEMENTS} AND version_id = new.version_id"),
    (
        "extractions_kept_changed",
        "AFTER UPDATE OF is_current ON extractions",
        f"{STATEMENTS} AND version_id = new.version_id",
    ),
    ("verdicts_kept_added", "AFTER INSERT ON verdicts", f"{VERDICTS} WHERE id = new.id"),
    ("judgements_kept_added", "AFTER INSERT ON judgements", _HELD.format("new")),
    ("judgements_kept_changed", "AFTER UPDATE OF superseded_at ON judgements", _HELD.format("new")),
    ("judgements_kept_deleted", "AFTER DELETE ON judgements", _HELD.format("old")),
    ("weights_kept_added", "AFTER INSERT ON pair_weights", _WEIGHED.format("new")),
    ("weights_kept_changed", "AFTER UPDATE ON pair_weights", _WEIGHED.format("new")),
    ("weights_kept_deleted", "AFTER DELETE ON pair_weights", _WEIGHED.format("old")),
)
SQLITE: Final = tuple(f"CREATE TRIGGER {name} {when} BEGIN {act}; END" for name, when, act in _KEPT)
SQLITE_DROP: Final = tuple(f"DROP TRIGGER {name}" for name, *_ in _KEPT)
POSTGRES: Final = tuple(
    made
    for name, when, act in _KEPT
    for made in (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {act}; RETURN NULL; END $$",
        f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
)
POSTGRES_DROP: Final = tuple(
    gone
    for name, when, _ in _KEPT
    for gone in (f"DROP TRIGGER {name} ON {when.split()[-1]}", f"DROP FUNCTION {name}()")
)
