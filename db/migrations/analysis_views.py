"""The views of the fourth revision: what is held of pairs, speakers over time, outlets against outlets, review, calibration.

Names that PostgreSQL reserves (`right`, `precision`) are no column names here.
"""

from __future__ import annotations

_DECIDED = "('agree', 'conflict', 'neutral')"

_HELD = """
SELECT p.id AS pair_id, p.a_id AS a_statement, p.b_id AS b_statement, coalesce(j.stance, d.stance) AS stance,
  CASE WHEN j.id IS NULL THEN d.kind ELSE j.kind END AS kind, d.stance AS verdict, d.confidence,
  j.id IS NOT NULL AS is_judged
FROM pairs p
JOIN verdicts d ON d.pair_id = p.id AND d.is_current
JOIN statements a ON a.id = p.a_id
JOIN statements b ON b.id = p.b_id
JOIN article_versions av ON av.id = a.version_id AND av.is_current
JOIN article_versions bv ON bv.id = b.version_id AND bv.is_current
JOIN extractions ae ON ae.version_id = a.version_id AND ae.extractor = a.extractor AND ae.is_current
JOIN extractions be ON be.version_id = b.version_id AND be.extractor = b.extractor AND be.is_current
LEFT JOIN judgements j ON j.pair_id = p.id AND j.superseded_at IS NULL
"""

# Partitioned by the name too, so that both dialects can push a condition on it down.
_TIMELINE = """
SELECT sp.name AS known_as, c.speaker_id, c.speaker_kind,
  row_number() OVER speaker AS nth, c.published_at, {days} AS days_since_last,
  m.story_id, coalesce(f.title, fa.url) AS story, c.statement_id, c.statement_kind, c.outlet, c.article, c.cue_class,
  c.text, c.start_char, c.end_char, c.claim,
  (SELECT count(*) FROM v_held_pairs h
   WHERE (h.a_statement = c.statement_id OR h.b_statement = c.statement_id) AND h.stance = 'agree') AS agreements,
  (SELECT count(*) FROM v_held_pairs h
   WHERE (h.a_statement = c.statement_id OR h.b_statement = c.statement_id) AND h.stance = 'conflict') AS conflicts,
  (SELECT count(*) FROM v_held_pairs h
   WHERE (h.a_statement = c.statement_id OR h.b_statement = c.statement_id) AND h.kind = 'position_changed') AS changes
FROM v_current_statements c
JOIN speakers sp ON sp.id = c.speaker_id
JOIN article_versions v ON v.id = c.version_id
LEFT JOIN story_articles m ON m.article_id = v.article_id
LEFT JOIN stories t ON t.id = m.story_id
LEFT JOIN articles fa ON fa.id = t.founder_id
LEFT JOIN article_versions f ON f.article_id = fa.id AND f.is_current
WINDOW speaker AS (
  PARTITION BY c.speaker_id, sp.name ORDER BY c.published_at NULLS LAST, c.version_id, c.start_char, c.statement_id)
"""

_DAYS = {
    "sqlite": "round(julianday(c.published_at) - julianday(lag(c.published_at) OVER speaker), 2)",
    "postgresql": "CAST(round(CAST(extract(epoch FROM c.published_at - lag(c.published_at) OVER speaker) / 86400"
    " AS numeric), 2) AS double precision)",
}

# What a statement goes back to: the wire cluster of its paragraph, or else its claim's words.
_ORIGINS = """
  SELECT s.id AS statement_id, v.outlet_id, coalesce('wire ' || w.cluster_id, 'claim ' || s.claim_hash) AS origin,
    w.cluster_id
  FROM statements s
  JOIN article_versions v ON v.id = s.version_id
  LEFT JOIN (
    SELECT m.version_id, m.cluster_id, p.start_char, p.end_char
    FROM wire_members m JOIN paragraphs p ON p.version_id = m.version_id AND p.position = m.position
  ) w ON w.version_id = s.version_id AND w.start_char <= s.start_char AND w.end_char > s.start_char
"""

_MATRIX = """
WITH origins AS ({origins}),
sided AS (
  SELECT h.stance, h.is_judged, a.cluster_id = b.cluster_id AS is_reprint,
    CASE WHEN a.outlet_id <= b.outlet_id THEN a.outlet_id ELSE b.outlet_id END AS one_id,
    CASE WHEN a.outlet_id <= b.outlet_id THEN b.outlet_id ELSE a.outlet_id END AS other_id,
    CASE WHEN a.outlet_id < b.outlet_id OR (a.outlet_id = b.outlet_id AND a.origin <= b.origin)
      THEN a.origin || ', ' || b.origin ELSE b.origin || ', ' || a.origin END AS origins
  FROM v_held_pairs h
  JOIN origins a ON a.statement_id = h.a_statement
  JOIN origins b ON b.statement_id = h.b_statement
)
SELECT one.name AS one, other.name AS other,
  count(DISTINCT s.origins) AS compared,
  count(DISTINCT CASE WHEN s.stance = 'agree' THEN s.origins END) AS agreements,
  count(DISTINCT CASE WHEN s.stance = 'agree' AND s.is_reprint THEN s.origins END) AS reprints,
  count(DISTINCT CASE WHEN s.stance = 'conflict' THEN s.origins END) AS conflicts,
  count(*) AS pairs,
  count(CASE WHEN s.stance = 'agree' THEN 1 END) AS agreeing_pairs,
  count(CASE WHEN s.stance = 'conflict' THEN 1 END) AS conflicting_pairs,
  count(CASE WHEN s.is_judged THEN 1 END) AS judged_pairs
FROM sided s
JOIN outlets one ON one.id = s.one_id
JOIN outlets other ON other.id = s.other_id
GROUP BY one.id, one.name, other.id, other.name
"""

# The order of `db.queries` as it is with this revision.
_QUEUE = """
SELECT row_number() OVER (
    ORDER BY CASE c.kind WHEN 'contradiction' THEN 0 WHEN 'denial' THEN 0 WHEN 'numeric' THEN 0 WHEN 'corroboration' THEN 0
      WHEN 'tension' THEN 2 WHEN 'same_utterance' THEN 2 ELSE 1 END, c.confidence DESC, c.pair_id) AS place,
  c.pair_id, c.kind, c.confidence, c.reasons, c.decided_at, coalesce(am.story_id, bm.story_id) AS story_id,
  CASE WHEN c.b_published_at IS NULL OR c.a_published_at >= c.b_published_at
    THEN c.a_published_at ELSE c.b_published_at END AS latest_published_at,
  {a}, {b}, c.judgement IS NOT NULL AS is_judged, c.judgement, c.judgement_kind, c.reviewer, c.judged_at, c.comment
FROM v_conflicts c
JOIN articles aa ON aa.url = c.a_article
JOIN articles ba ON ba.url = c.b_article
LEFT JOIN story_articles am ON am.article_id = aa.id
LEFT JOIN story_articles bm ON bm.article_id = ba.id
"""

_SIDE = "statement article outlet published_at speaker text start end claim"

_CALIBRATION = """
SELECT d.stance, CAST(bin.n AS double precision) / 10 AS low, CAST(bin.n + 1 AS double precision) / 10 AS high,
  count(*) AS verdicts,
  count(CASE WHEN j.stance IN {decided} THEN 1 END) AS judged,
  count(CASE WHEN j.stance = d.stance THEN 1 END) AS correct,
  CAST(count(CASE WHEN j.stance = d.stance THEN 1 END) AS double precision)
    / nullif(count(CASE WHEN j.stance IN {decided} THEN 1 END), 0) AS share_correct,
  avg(CASE WHEN j.stance IN {decided} THEN d.confidence END) AS mean_confidence,
  count(CASE WHEN j.stance = 'agree' THEN 1 END) AS held_agree,
  count(CASE WHEN j.stance = 'conflict' THEN 1 END) AS held_conflict,
  count(CASE WHEN j.stance = 'neutral' THEN 1 END) AS held_neutral,
  count(CASE WHEN j.stance = 'undecided' THEN 1 END) AS unsure
FROM verdicts d
JOIN ({bins}) bin ON (d.confidence >= bin.n / 10.0 OR bin.n = 0) AND (d.confidence < (bin.n + 1) / 10.0 OR bin.n = 9)
LEFT JOIN judgements j ON j.pair_id = d.pair_id AND j.superseded_at IS NULL
WHERE d.is_current AND d.stance IN {decided}
GROUP BY d.stance, bin.n
"""


def _side(name: str) -> str:
    return ", ".join(f"c.{name}_{column}" for column in _SIDE.split())


def _views(dialect: str) -> dict[str, str]:
    bins = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(10))
    return {
        "v_held_pairs": _HELD,
        "v_speaker_timeline": _TIMELINE.format(days=_DAYS[dialect]),
        "v_outlet_matrix": _MATRIX.format(origins=_ORIGINS),
        "v_review_queue": _QUEUE.format(a=_side("a"), b=_side("b")),
        "v_calibration": _CALIBRATION.format(decided=_DECIDED, bins=bins),
    }


ANALYSIS_VIEWS = {dialect: _views(dialect) for dialect in _DAYS}
"""By dialect: name and query of each view, in the order in which they are made."""
