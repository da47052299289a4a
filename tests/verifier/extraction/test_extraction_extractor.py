from verifier.extraction import RuleExtractor
from verifier.values import Article, StatementKind


def test_a_direct_quotation_has_marks_cue_and_speaker() -> None:
    text = "Mary Poole met the council.\n\n“The bridge is safe,” Poole said on Monday."
    direct = [s for s in RuleExtractor().extract(Article("a", text)) if s.kind is StatementKind.DIRECT]
    assert [(s.text, s.speaker.name if s.speaker else None, s.claim) for s in direct] == [
        ("“The bridge is safe,”", "Mary Poole", "The bridge is safe")
    ]
