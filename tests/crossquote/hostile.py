"""A database whose article means harm: formulas, markup, control and bidi characters."""

from __future__ import annotations

from dataclasses import replace

from db.store import SqlStore
from tests.db.samples import EXTRACTOR, GATES, JUDGEMENT, POLICY, VERDICT, article, pairs_to_judge, statement
from verifier.values import Speaker, SpeakerKind
from verifier.verdicts import Candidate, Judgement, Stance

FORMULA = '=HYPERLINK("http://evil.example") said'
ESCAPES = "\x1b[31m\x9b2J‮ </script><script>alert(1)</script> said"
HELD = replace(JUDGEMENT, stance=Stance.CONFLICT, comment="=2+3")


def hostile(store: SqlStore, judgement: Judgement | None = HELD) -> int:
    """A judged conflict between the two; the pair's id."""
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        ids = []
        for number, words in enumerate((FORMULA, ESCAPES)):
            url = "javascript:alert(1)" if number else "https://north.example/bridge"
            one = article(url, words, outlet=f"@outlet{number}")
            version_id, _ = work.add_article(run_id, one)
            found = statement(one, [words.removesuffix(" said")], Speaker(f"+{number}", SpeakerKind.PERSON))
            work.add_statements(run_id, version_id, EXTRACTOR, [found])
            ids.append(found.id)
        a, b = sorted(ids)
        work.add_pairs(run_id, GATES, ids, [Candidate(a, b, -0.25, ())])
        (pair,) = pairs_to_judge(work, POLICY, 10)
        work.add_verdict(run_id, pair.id, VERDICT)
        if judgement:
            work.add_judgement(pair.id, judgement)
        work.commit()
    return pair.id
