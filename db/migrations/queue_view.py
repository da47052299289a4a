"""The review queue as a view, in the order of `db.filters` since the sixth revision."""

from __future__ import annotations

_SIDE = "statement article outlet published_at speaker text start end claim"
_SIDES = ", ".join(f"c.{side}_{column}" for side in "ab" for column in _SIDE.split())
_LATER = "CASE WHEN {b} IS NULL OR {a} >= {b} THEN {a} ELSE {b} END"

_SELECT = """
SELECT row_number() OVER (
    ORDER BY round(c.confidence * 20) DESC,
      CASE c.kind WHEN 'contradiction' THEN 0 WHEN 'denial' THEN 0 WHEN 'numeric' THEN 0 WHEN 'corroboration' THEN 0
      WHEN 'tension' THEN 2 WHEN 'same_utterance' THEN 2 ELSE 1 END,
      coalesce(w.a_independent + w.b_independent, 2) DESC, c.pair_id DESC) AS place,
  c.pair_id, c.kind, c.confidence, coalesce(w.a_independent, 1) AS a_independent,
  coalesce(w.b_independent, 1) AS b_independent, c.reasons, c.decided_at, coalesce(am.story_id, bm.story_id) AS story_id,
  {later} AS latest_published_at,
  {sides}, c.judgement IS NOT NULL AS is_judged, c.judgement, c.judgement_kind, c.reviewer, c.judged_at, c.comment
FROM v_conflicts c
JOIN statements a ON a.id = c.a_statement
JOIN statements b ON b.id = c.b_statement
JOIN article_versions av ON av.id = a.version_id
JOIN article_versions bv ON bv.id = b.version_id
LEFT JOIN pair_weights w ON w.pair_id = c.pair_id
LEFT JOIN story_articles am ON am.article_id = av.article_id
LEFT JOIN story_articles bm ON bm.article_id = bv.article_id
"""

QUEUE = _SELECT.format(later=_LATER.format(a="c.a_published_at", b="c.b_published_at"), sides=_SIDES)
"""The query of `v_review_queue`."""
