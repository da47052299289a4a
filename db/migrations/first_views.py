"""The views of the first revision, as they were then; a later change comes with its own revision and its own text."""

from __future__ import annotations

_CURRENT = """
SELECT s.id AS statement_id, s.kind AS statement_kind, a.url AS article, o.name AS outlet, v.title, v.published_at,
  s.speaker_id, s.speaker_name AS speaker, sp.kind AS speaker_kind, s.text, s.start_char AS start_char,
  s.end_char AS end_char, s.claim, s.cue_class, s.confidence, s.nested_in, s.extractor, v.id AS version_id
FROM statements s
JOIN article_versions v ON v.id = s.version_id AND v.is_current
JOIN extractions e ON e.version_id = s.version_id AND e.extractor = s.extractor AND e.is_current
JOIN articles a ON a.id = v.article_id
LEFT JOIN outlets o ON o.id = v.outlet_id
LEFT JOIN speakers sp ON sp.id = s.speaker_id
"""

_SIDE = (
    "{0}.statement_id AS {0}_statement, {0}.article AS {0}_article, {0}.outlet AS {0}_outlet, "
    "{0}.published_at AS {0}_published_at, {0}.speaker AS {0}_speaker, {0}.text AS {0}_text, "
    "{0}.start_char AS {0}_start, {0}.end_char AS {0}_end, {0}.claim AS {0}_claim"
)

_PAIRS = """
SELECT p.id AS pair_id, d.stance, d.kind, d.confidence, d.reasons, d.policy_version, d.decided_at, p.similarity,
  {a}, {b},
  j.stance AS judgement, j.kind AS judgement_kind, j.reviewer, j.decided_at AS judged_at, j.comment
FROM verdicts d
JOIN pairs p ON p.id = d.pair_id
JOIN v_current_statements a ON a.statement_id = p.a_id
JOIN v_current_statements b ON b.statement_id = p.b_id
LEFT JOIN judgements j ON j.pair_id = p.id AND j.superseded_at IS NULL
WHERE d.is_current AND d.stance = '{stance}'
"""

_SPEAKERS = """
SELECT sp.name AS known_as, c.speaker_id, c.speaker, c.speaker_kind, c.statement_id, c.statement_kind, c.article,
  c.outlet, c.published_at, c.text, c.start_char, c.end_char, c.claim, c.cue_class, c.confidence
FROM v_current_statements c JOIN speakers sp ON sp.id = c.speaker_id
"""

_RUNS = """
SELECT r.id AS run_id, r.started_at, r.finished_at, {seconds} AS seconds, r.profile, r.locations,
  (SELECT count(*) FROM article_versions v WHERE v.run_id = r.id) AS articles,
  (SELECT count(*) FROM statements s WHERE s.run_id = r.id) AS statements,
  (SELECT count(*) FROM pairs p WHERE p.run_id = r.id) AS pairs,
  {stances},
  (SELECT count(*) FROM run_failures f WHERE f.run_id = r.id) AS failures
FROM runs r
"""

_SECONDS = {
    "sqlite": "round((julianday(r.finished_at) - julianday(r.started_at)) * 86400, 3)",
    "postgresql": "round(extract(epoch FROM r.finished_at - r.started_at), 3)",
}


def _pairs(stance: str) -> str:
    return _PAIRS.format(a=_SIDE.format("a"), b=_SIDE.format("b"), stance=stance)


def _runs(dialect: str) -> str:
    count = "(SELECT count(*) FROM verdicts d WHERE d.run_id = r.id AND d.stance = '{0}') AS {0}"
    stances = ",\n  ".join(count.format(stance) for stance in ("agree", "conflict", "neutral", "undecided"))
    return _RUNS.format(seconds=_SECONDS[dialect], stances=stances)


FIRST_VIEWS = {
    dialect: {
        "v_current_statements": _CURRENT,
        "v_conflicts": _pairs("conflict"),
        "v_agreements": _pairs("agree"),
        "v_speaker_statements": _SPEAKERS,
        "v_runs": _runs(dialect),
    }
    for dialect in _SECONDS
}
"""By dialect: name and query of each view, in the order in which they are made."""
