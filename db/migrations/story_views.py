"""The views of the second revision."""

from __future__ import annotations

_STORIES = """
SELECT t.id AS story_id, coalesce(f.title, fa.url) AS title, min(v.published_at) AS first_published_at,
  max(v.published_at) AS last_published_at, count(*) AS articles, count(DISTINCT v.outlet_id) AS outlets,
  (SELECT count(*) FROM verdicts d
   JOIN pairs p ON p.id = d.pair_id
   JOIN statements a ON a.id = p.a_id JOIN article_versions av ON av.id = a.version_id AND av.is_current
   JOIN statements b ON b.id = p.b_id JOIN article_versions bv ON bv.id = b.version_id AND bv.is_current
   JOIN extractions ae ON ae.version_id = a.version_id AND ae.extractor = a.extractor AND ae.is_current
   JOIN extractions be ON be.version_id = b.version_id AND be.extractor = b.extractor AND be.is_current
   JOIN story_articles am ON am.article_id = av.article_id AND am.story_id = t.id
   JOIN story_articles bm ON bm.article_id = bv.article_id AND bm.story_id = t.id
   WHERE d.is_current AND d.stance = 'conflict') AS conflicts
FROM stories t
JOIN articles fa ON fa.id = t.founder_id
JOIN article_versions f ON f.article_id = fa.id AND f.is_current
JOIN story_articles m ON m.story_id = t.id
JOIN article_versions v ON v.article_id = m.article_id AND v.is_current
GROUP BY t.id, f.title, fa.url
"""

_COPIES = """
SELECT m.cluster_id, a.url AS article, o.name AS outlet, v.published_at, m.position, p.start_char AS start_char,
  p.end_char AS end_char, substr(v.text, p.start_char + 1, p.end_char - p.start_char) AS text, m.containment,
  c.first_version_id = m.version_id AND c.first_position = m.position AS is_first,
  (SELECT min(k.agency) FROM credits k WHERE k.version_id = m.version_id AND k.position <= m.position) AS agency
FROM wire_members m
JOIN wire_clusters c ON c.id = m.cluster_id
JOIN article_versions v ON v.id = m.version_id AND v.is_current
JOIN articles a ON a.id = v.article_id
JOIN paragraphs p ON p.version_id = m.version_id AND p.position = m.position
LEFT JOIN outlets o ON o.id = v.outlet_id
"""

STORY_VIEWS = {"v_stories": _STORIES, "v_wire_copies": _COPIES}
"""Name and query of each view, the same on both dialects."""
