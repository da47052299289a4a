"""What the desk sorts, filters and counts by, kept by triggers, so that no page has to join or sort tens of thousands of rows.

`statements.is_current`: the version is current, and the extractor was the last to read it. Of a verdict: `queue_rank`, its place
in the queue (the least comes first), whether a judgement of its pair holds, and the times of its earlier and its later side.
`outlet_claims`: what two outlets agree or conflict on, a judgement before the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from db.migrations.triggers import triggers

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

# A claim is its wire cluster, or its own words where it is in none; the outlet with the lower id stands first.
_CLAIM: Final = (
    "coalesce((SELECT 'wire ' || m.cluster_id FROM wire_members m JOIN paragraphs g ON g.version_id = m.version_id "
    "AND g.position = m.position WHERE m.version_id = {0}.version_id AND g.start_char <= {0}.start_char "
    "AND g.end_char > {0}.start_char LIMIT 1), {0}.claim_hash)"
)
_COLUMNS: Final = "verdict_id, stance, one_id, other_id, one_claim, other_claim"
_CLAIMS: Final = f"""
  SELECT d.id AS verdict_id, coalesce(j.stance, d.stance), av.outlet_id, bv.outlet_id, {_CLAIM.format("a")}, {_CLAIM.format("b")}
  FROM verdicts d
  JOIN pairs p ON p.id = d.pair_id
  JOIN statements a ON a.id IN (p.a_id, p.b_id) JOIN article_versions av ON av.id = a.version_id
  JOIN statements b ON b.id IN (p.a_id, p.b_id) JOIN article_versions bv ON bv.id = b.version_id
  LEFT JOIN judgements j ON j.pair_id = p.id AND j.superseded_at IS NULL
  WHERE d.is_shown AND av.outlet_id < bv.outlet_id AND coalesce(j.stance, d.stance) IN ('agree', 'conflict')"""
CLAIMS: Final = f"INSERT INTO outlet_claims ({_COLUMNS}) {_CLAIMS}"
FILL: Final = (STATEMENTS, VERDICTS, CLAIMS)
_STORED: Final = f"SELECT {_COLUMNS} FROM outlet_claims"
WRONG: Final = {
    "statement": f"SELECT id FROM statements WHERE is_current <> {_CURRENT}",
    "verdict": f"SELECT id FROM verdicts WHERE queue_rank <> {_RANK} OR is_judged <> {_JUDGED} "
    f"OR earliest_at <> {_TIMES.format('min')} OR latest_at <> {_TIMES.format('max')}",
    "what outlets hold by verdict": f"SELECT verdict_id FROM ({_CLAIMS} EXCEPT {_STORED}) missing "
    f"UNION SELECT verdict_id FROM ({_STORED} EXCEPT {_CLAIMS}) left_over",
}
"""What would be other if it were worked out again, by its sort: nothing, or a trigger is missing."""


def _claims_of(condition: str) -> str:
    """Work out the claims of some verdicts `d` again."""
    gone = f"DELETE FROM outlet_claims WHERE verdict_id IN (SELECT d.id FROM verdicts d WHERE {condition})"
    return f"{gone}; {CLAIMS} AND {condition}"


_COPIED: Final = (
    "SELECT p.id FROM paragraphs g JOIN statements s ON s.version_id = g.version_id AND s.start_char >= g.start_char "
    "AND s.start_char < g.end_char JOIN pairs p ON p.{1}_id = s.id "
    "WHERE g.version_id = {0}.version_id AND g.position = {0}.position"
)
_OF_COPY: Final = f"d.pair_id IN ({_COPIED.format('{0}', 'a')} UNION ALL {_COPIED.format('{0}', 'b')})"


def _three(table: str, columns: str, act: Callable[[str], str]) -> Iterator[tuple[str, str, str]]:
    """What is done when a row comes, changes in one of the columns, or goes."""
    for name, event, row in (
        ("added", "INSERT", "new"),
        ("changed", f"UPDATE OF {columns}", "new"),
        ("deleted", "DELETE", "old"),
    ):
        yield f"{table}_kept_{name}", f"AFTER {event} ON {table}", act(row)


# name, when and on which table, what
_KEPT: Final = (
    ("statements_kept_added", "AFTER INSERT ON statements", f"{STATEMENTS} AND id = new.id"),
    (
        "versions_kept_changed",
        "AFTER UPDATE OF is_current ON article_versions",
        f"{STATEMENTS} AND version_id = new.id",
    ),
    *_three("extractions", "is_current", f"{STATEMENTS} AND version_id = {{}}.version_id".format),
    ("verdicts_kept_added", "AFTER INSERT ON verdicts", f"{VERDICTS} WHERE id = new.id"),
    ("verdicts_kept_shown", "AFTER UPDATE OF is_shown ON verdicts", _claims_of("d.id = new.id")),
    *_three(
        "judgements", "superseded_at", lambda row: f"{_HELD.format(row)}; {_claims_of(f'd.pair_id = {row}.pair_id')}"
    ),
    *_three("pair_weights", "a_independent, b_independent", _WEIGHED.format),
    *_three("wire_members", "cluster_id", lambda row: _claims_of(_OF_COPY.format(row))),
)
SQLITE, SQLITE_DROP, POSTGRES, POSTGRES_DROP = triggers(_KEPT)
