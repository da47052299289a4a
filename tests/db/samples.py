"""An article with statements, and a store with a judged pair in it, for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from db.store import SqlStore, SqlUnitOfWork
from verifier.ports import UnitOfWork
from verifier.values import (
    Article,
    CueClass,
    Paragraph,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
    statement_id,
)
from verifier.verdicts import (
    BothWays,
    Candidate,
    Gate,
    Judgement,
    NliProbabilities,
    Pair,
    Scores,
    Stance,
    Verdict,
    VerdictKind,
)

TEXT = "“The bridge is safe,” Mayor Ana Ortiz said.\n\nOrtiz added that “repairs” would end in May, an aide said."
OTHER = "Engineers said the bridge is not safe."
EXTRACTOR, GATES, POLICY = "rules-1", "gates-1", "policy-1"
ORTIZ = Speaker("Ana Ortiz", SpeakerKind.PERSON, ("Ortiz", "Mayor Ana Ortiz"))
ENGINEERS = Speaker("Engineers", SpeakerKind.GROUP)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def article(url: str = "https://north.example/bridge", text: str = TEXT, outlet: str | None = "North") -> Article:
    """An article of one paragraph a line."""
    starts = [at for at, _ in enumerate(text) if at == 0 or text[at - 2 : at] == "\n\n"]
    ends = [at - 2 for at in starts[1:]] + [len(text)]
    paragraphs = tuple(Paragraph(start, end) for start, end in zip(starts, ends, strict=True) if start < end)
    return Article(url, text, outlet, "Bridge", "A. Writer", NOON, paragraphs=paragraphs)


def span(text: str, words: str) -> Span:
    """Where the words are in the text."""
    start = text.index(words)
    return Span.cut(text, start, start + len(words))


def statement(
    of: Article, words: Sequence[str], speaker: Speaker | None = ORTIZ, extractor: str = EXTRACTOR, **more: object
) -> Statement:
    """A statement whose content is these words of the article."""
    content = tuple(span(of.text, piece) for piece in words)
    made = Statement(
        id=statement_id(of.url, of.content_hash, extractor, content),
        kind=StatementKind.DIRECT,
        speaker=speaker,
        source=content[0],
        cue=span(of.text, "said"),
        cue_class=CueClass.SPEECH,
        content=content,
        claim=" ".join(words),
        confidence=0.75,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def statements(of: Article) -> list[Statement]:
    """Two statements of the main article, the first nested in the second."""
    outer = statement(of, ["Ortiz added that “repairs”", "would end in May"], None, speaker_reason="two candidates")
    inner = statement(of, ["The bridge is safe"], nested_in=outer.id)
    return [inner, outer]


NLI = BothWays(NliProbabilities(0.1, 0.2, 0.7), NliProbabilities(0.25, 0.25, 0.5))
VERDICT = Verdict(
    stance=Stance.CONFLICT,
    kind=VerdictKind.CONTRADICTION,
    confidence=0.7,
    scores=Scores(0.1, 0.7, 0.2),
    probabilities=NLI,
    reasons=("“safe” against “not safe”", "same bridge"),
    reason_code=None,
    policy_version=POLICY,
    nli_model="model",
    nli_revision="r1",
)
JUDGEMENT = Judgement(Stance.NEUTRAL, None, "Kim", NOON, "two bridges")


@dataclass(frozen=True)
class Stored:
    """What `with_pair` put in: ids, and the pair as it was handed out."""

    run_id: int
    versions: tuple[int, int]
    pair: Pair


GATE = Gate("subject", "bridge")


def add_pair(work: SqlUnitOfWork, run_id: int, similarity: float = 0.8125, gates: tuple[Gate, ...] = (GATE,)) -> Stored:
    """Two articles of two outlets, a statement of each, and the pair of them."""
    first, second = article(), article("https://south.example/bridge", OTHER, "South")
    safe, unsafe = statement(first, ["The bridge is safe"]), statement(second, ["the bridge is not safe"], ENGINEERS)
    versions = []
    for one, found in ((first, safe), (second, unsafe)):
        version_id, _ = work.add_article(run_id, one)
        work.add_statements(run_id, version_id, EXTRACTOR, [found])
        versions.append(version_id)
    a, b = sorted((safe.id, unsafe.id))
    work.add_pairs(run_id, GATES, [a, b], [Candidate(a, b, similarity, gates)])
    (pair,) = pairs_to_judge(work, POLICY, 10)
    return Stored(run_id, (versions[0], versions[1]), pair)


def pairs_to_judge(work: UnitOfWork, policy: str, most: int) -> list[Pair]:
    """The first pairs that the policy has not judged."""
    return work.pairs(work.pair_ids_to_judge(policy)[:most])


def with_pair(store: SqlStore, *verdicts: Verdict) -> Stored:
    """A committed run with one pair and these verdicts on it."""
    with store.unit_of_work() as work:
        stored = add_pair(work, work.start_run(["samples"], "embedded"))
        for verdict in verdicts:
            work.add_verdict(stored.run_id, stored.pair.id, verdict)
        work.commit()
    return stored
