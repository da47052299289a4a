"""One attribution a case: the words, and what a careful reader marks as kind, source, cue and content."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from verifier.extraction import RuleExtractor
from verifier.values import Article, CueClass, Statement, StatementKind

DIRECT, INDIRECT, MIXED = StatementKind.DIRECT, StatementKind.INDIRECT, StatementKind.MIXED


@dataclass(frozen=True)
class Case:
    id: str
    text: str
    kind: StatementKind
    source: str | None
    cue: str
    content: tuple[str, ...]
    speaker: str | None = None
    cue_class: CueClass = CueClass.SPEECH


CASES = [
    Case(
        "cue after, curly marks",
        "“The dam will hold,” Nora Feld said in Tarn.",
        DIRECT,
        "Nora Feld",
        "said",
        ("“The dam will hold,”",),
        "Nora Feld",
    ),
    Case(
        "cue before, colon",
        "Nora Feld said: “The dam will hold.”",
        DIRECT,
        "Nora Feld",
        "said:",
        ("“The dam will hold.”",),
        "Nora Feld",
    ),
    Case(
        "cue before, comma, straight marks",
        'Nora Feld said, "The dam will hold."',
        DIRECT,
        "Nora Feld",
        "said",
        ('"The dam will hold."',),
        "Nora Feld",
    ),
    Case(
        "single curly marks",
        "‘The dam’s gates will hold,’ Nora Feld said.",
        DIRECT,
        "Nora Feld",
        "said",
        ("‘The dam’s gates will hold,’",),
        "Nora Feld",
    ),
    Case(
        "guillemets",
        "«The dam will hold», said Nora Feld.",
        DIRECT,
        "Nora Feld",
        "said",
        ("«The dam will hold»",),
        "Nora Feld",
    ),
    Case(
        "doubled apostrophes",
        "''The dam will hold,'' Nora Feld said.",
        DIRECT,
        "Nora Feld",
        "said",
        ("''The dam will hold,''",),
        "Nora Feld",
    ),
    Case(
        "punctuation outside",
        "“The dam will hold”, Nora Feld said.",
        DIRECT,
        "Nora Feld",
        "said",
        ("“The dam will hold”",),
        "Nora Feld",
    ),
    Case(
        "odd spacing at the closing mark",
        "“The dam will hold, ”Nora Feld said on Monday.",
        DIRECT,
        "Nora Feld",
        "said",
        ("“The dam will hold, ”",),
        "Nora Feld",
    ),
    Case(
        "opening mark missing",
        "Nora Feld runs the dam.\n\nWe have checked every gate of the dam,” she said.",
        DIRECT,
        "she",
        "said",
        ("We have checked every gate of the dam,”",),
        "Nora Feld",
    ),
    Case(
        "closing mark missing",
        "“The dam will hold, Nora Feld said on Monday.",
        DIRECT,
        "Nora Feld",
        "said",
        ("“The dam will hold,",),
        "Nora Feld",
    ),
    Case(
        "quotation before and after one cue",
        "“The dam will hold,” Nora Feld said, “and so will the bridge.”",
        DIRECT,
        "Nora Feld",
        "said",
        ("“The dam will hold,”", "“and so will the bridge.”"),
        "Nora Feld",
    ),
    Case(
        "quotation goes on in the next sentence",
        "“The dam will hold,” Nora Feld said. “The bridge will not.”",
        DIRECT,
        "Nora Feld",
        "said",
        ("“The dam will hold,”", "“The bridge will not.”"),
        "Nora Feld",
    ),
    Case(
        "a mark repeated at each paragraph",
        "Nora Feld said: “The dam will hold.\n\n“The bridge will not.\n\n“Nobody will be hurt.”",
        DIRECT,
        "Nora Feld",
        "said:",
        ("“The dam will hold.", "“The bridge will not.", "“Nobody will be hurt.”"),
        "Nora Feld",
    ),
    Case(
        "announced by a colon, quoted in the next paragraph",
        "Nora Feld added:\n\n“The dam will hold and the bridge will not.”",
        DIRECT,
        "Nora Feld",
        "added:",
        ("“The dam will hold and the bridge will not.”",),
        "Nora Feld",
    ),
    Case(
        "inverted, with a relative clause",
        "“The dam will hold,” said Sir Piers Quill, who replaced her in May.",
        DIRECT,
        "Sir Piers Quill, who replaced her in May",
        "said",
        ("“The dam will hold,”",),
        "Piers Quill",
    ),
    Case(
        "inverted, with an apposition",
        "“The dam will hold,” said Piers Quill, an engineer at the plant.",
        DIRECT,
        "Piers Quill, an engineer at the plant",
        "said",
        ("“The dam will hold,”",),
        "Piers Quill",
    ),
    Case(
        "admitted with a colon",
        'Several engineers met. They admitted: "The dam is leaking at two places."',
        DIRECT,
        "They",
        "admitted:",
        ('"The dam is leaking at two places."',),
        "Several engineers",
    ),
    Case(
        "a question is asked in marks",
        "“Will the dam hold?” Nora Feld asked.",
        DIRECT,
        "Nora Feld",
        "asked",
        ("“Will the dam hold?”",),
        "Nora Feld",
        CueClass.QUESTION,
    ),
    Case(
        "brackets and an ellipsis inside",
        "“The dam […] will hold (for now) … we think,” Nora Feld said.",
        DIRECT,
        "Nora Feld",
        "said",
        ("“The dam […] will hold (for now) … we think,”",),
        "Nora Feld",
    ),
    Case(
        "nested marks",
        "“He told me ‘the dam will hold’ and left,” Nora Feld said.",
        DIRECT,
        "Nora Feld",
        "said",
        ("“He told me ‘the dam will hold’ and left,”",),
        "Nora Feld",
    ),
    Case(
        "wrote on a handle",
        "“Glad to see the dam hold,” Feld wrote on her official X handle. Nora Feld is an engineer.",
        DIRECT,
        "Feld",
        "wrote",
        ("“Glad to see the dam hold,”",),
        "Nora Feld",
    ),
    Case(
        "quoted as saying by an agency",
        "“The dam will hold,” Nora Feld was quoted as saying by news agency RPA.",
        DIRECT,
        "Nora Feld",
        "was quoted as saying",
        ("“The dam will hold,”",),
        "Nora Feld",
    ),
    Case(
        "title and role before the name",
        "Ruritania’s Foreign Secretary Nora Feld said that the dam would hold.",
        INDIRECT,
        "Ruritania’s Foreign Secretary Nora Feld",
        "said",
        ("that the dam would hold",),
        "Nora Feld",
    ),
    Case(
        "long office before the name",
        "TARN: Ruritania Office of River Works spokesperson Nora Feld said no gate had failed.",
        INDIRECT,
        "Ruritania Office of River Works spokesperson Nora Feld",
        "said",
        ("no gate had failed",),
        "Nora Feld",
    ),
    Case(
        "apposition before the cue",
        "Nora Feld, the head of the river board, said the dam would hold.",
        INDIRECT,
        "Nora Feld, the head of the river board,",
        "said",
        ("the dam would hold",),
        "Nora Feld",
    ),
    Case(
        "role before an apposed name",
        "The spokesman of the River Board, Piers Quill, said the dam would hold.",
        INDIRECT,
        "The spokesman of the River Board, Piers Quill,",
        "said",
        ("the dam would hold",),
        "Piers Quill",
    ),
    Case(
        "an aside before the cue",
        "Piers Quill, in March this year, said that the dam was safe.",
        INDIRECT,
        "Piers Quill",
        "said",
        ("that the dam was safe",),
        "Piers Quill",
    ),
    Case(
        "trailing attribution",
        "The dam will hold until spring, the river board said on Monday.",
        INDIRECT,
        "the river board",
        "said",
        ("The dam will hold until spring",),
        "river board",
    ),
    Case(
        "trailing attribution over another cue",
        "The ministry hopes the dam will hold until spring, Nora Feld added.",
        INDIRECT,
        "Nora Feld",
        "added",
        ("The ministry hopes the dam will hold until spring",),
        "Nora Feld",
    ),
    Case(
        "in the middle of the clause",
        "The dam, Nora Feld said, will hold until spring.",
        INDIRECT,
        "Nora Feld",
        "said",
        ("The dam", "will hold until spring"),
        "Nora Feld",
    ),
    Case(
        "told somebody that",
        "Nora Feld told the town council that the dam would hold.",
        INDIRECT,
        "Nora Feld",
        "told",
        ("that the dam would hold",),
        "Nora Feld",
    ),
    Case(
        "told reporters without that",
        "Nora Feld told reporters the dam would hold.",
        INDIRECT,
        "Nora Feld",
        "told",
        ("the dam would hold",),
        "Nora Feld",
    ),
    Case(
        "said in a statement that",
        "The river board said in a statement on Friday that the dam would hold.",
        INDIRECT,
        "The river board",
        "said",
        ("that the dam would hold",),
        "river board",
    ),
    Case(
        "according to, leading",
        "According to a press release issued by the River Board, Feld and Quill inspected the dam.",
        INDIRECT,
        "a press release issued by the River Board",
        "According to",
        ("Feld and Quill inspected the dam",),
        "River Board",
    ),
    Case(
        "according to, trailing",
        "The dam lost two gates in the flood, according to Nora Feld.",
        INDIRECT,
        "Nora Feld",
        "according to",
        ("The dam lost two gates in the flood",),
        "Nora Feld",
    ),
    Case(
        "passive without a source",
        "It was reported that the dam had lost two gates.",
        INDIRECT,
        None,
        "was reported",
        ("that the dam had lost two gates",),
        None,
    ),
    Case(
        "a claim as a noun",
        "Nora Feld repeated Quill’s claim that the dam was safe. Piers Quill is an engineer.",
        INDIRECT,
        "Quill’s",
        "claim",
        ("that the dam was safe",),
        "Piers Quill",
    ),
    Case(
        "a short quotation inside a report",
        "Nora Feld said the dam was in “perfect order” after the flood.",
        MIXED,
        "Nora Feld",
        "said",
        ("the dam was in “perfect order” after the flood",),
        "Nora Feld",
    ),
    Case(
        "expressed interest in",
        "Feld expressed interest in rebuilding the dam. Nora Feld is an engineer.",
        INDIRECT,
        "Feld",
        "expressed interest in",
        ("rebuilding the dam",),
        "Nora Feld",
        CueClass.BELIEF,
    ),
    Case(
        "made it clear",
        "Nora Feld made it absolutely clear that the dam would hold.",
        INDIRECT,
        "Nora Feld",
        "made it absolutely clear",
        ("that the dam would hold",),
        "Nora Feld",
    ),
    Case(
        "called for",
        "Nora Feld called for a new dam.",
        INDIRECT,
        "Nora Feld",
        "called for",
        ("a new dam",),
        "Nora Feld",
    ),
    Case(
        "had vowed that",
        "Nora Feld had vowed that the dam would be rebuilt.",
        INDIRECT,
        "Nora Feld",
        "had vowed",
        ("that the dam would be rebuilt",),
        "Nora Feld",
        CueClass.INTENTION,
    ),
    Case(
        "is committed to",
        "The ministry is committed to rebuilding the dam.",
        INDIRECT,
        "The ministry",
        "is committed to",
        ("rebuilding the dam",),
        "ministry",
        CueClass.INTENTION,
    ),
    Case(
        "a message that asks",
        "After the flood, the ministry sent a strong message to the town asking it to close the gates.",
        INDIRECT,
        "the ministry",
        "sent a strong message to the town asking",
        ("to close the gates",),
        "ministry",
    ),
    Case(
        "continues to allege",
        "Ruritania continues to allege that Tarn is diverting the river.",
        INDIRECT,
        "Ruritania",
        "continues to allege",
        ("that Tarn is diverting the river",),
        "Ruritania",
        CueClass.ACCUSATION,
    ),
    Case(
        "denied that",
        "Nora Feld denied that the dam was leaking.",
        INDIRECT,
        "Nora Feld",
        "denied",
        ("that the dam was leaking",),
        "Nora Feld",
        CueClass.DENIAL,
    ),
    Case(
        "rejected the claim",
        "Nora Feld rejected the claim.",
        INDIRECT,
        "Nora Feld",
        "rejected",
        ("the claim",),
        "Nora Feld",
        CueClass.DENIAL,
    ),
    Case(
        "believes",
        "Nora Feld believes the dam will hold.",
        INDIRECT,
        "Nora Feld",
        "believes",
        ("the dam will hold",),
        "Nora Feld",
        CueClass.BELIEF,
    ),
    Case(
        "wants to",
        "The river board wants to rebuild the dam.",
        INDIRECT,
        "The river board",
        "wants",
        ("to rebuild the dam",),
        "river board",
        CueClass.INTENTION,
    ),
    Case(
        "asked whether",
        "Nora Feld asked whether the dam would hold.",
        INDIRECT,
        "Nora Feld",
        "asked",
        ("whether the dam would hold",),
        "Nora Feld",
        CueClass.QUESTION,
    ),
    Case(
        "a study shows",
        "A new study shows that the dam is leaking.",
        INDIRECT,
        "A new study",
        "shows",
        ("that the dam is leaking",),
        "new study",
        CueClass.EVIDENCE,
    ),
    Case(
        "bullet",
        "• The dam will hold until spring, the river board says.",
        INDIRECT,
        "the river board",
        "says",
        ("The dam will hold until spring",),
        "river board",
    ),
    Case(
        "dateline with agency",
        "TARN (RPA) — The dam will hold until spring, Nora Feld said.",
        INDIRECT,
        "Nora Feld",
        "said",
        ("The dam will hold until spring",),
        "Nora Feld",
    ),
    Case(
        "source with brackets",
        "Sen. Nora Feld (R-Tarn) said that the dam would hold.",
        INDIRECT,
        "Sen. Nora Feld (R-Tarn)",
        "said",
        ("that the dam would hold",),
        "Nora Feld",
    ),
    Case(
        "long clause before a trailing cue with a quotation as a part of it",
        "The dam is in “perfect order” and needs no repair, Nora Feld said.",
        MIXED,
        "Nora Feld",
        "said",
        ("The dam is in “perfect order” and needs no repair",),
        "Nora Feld",
    ),
]


def attributions(text: str) -> list[Statement]:
    found = RuleExtractor().extract(Article("file:///case", text))
    return [statement for statement in found if statement.kind is not StatementKind.NARRATED]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_attribution(case: Case) -> None:
    found = [
        (
            s.kind,
            s.source.text if s.source else None,
            s.cue.text if s.cue else None,
            tuple(span.text for span in s.content),
            s.speaker.name if s.speaker else None,
            s.cue_class,
        )
        for s in attributions(case.text)
    ]
    assert (case.kind, case.source, case.cue, case.content, case.speaker, case.cue_class) in found


def test_two_cues_share_their_source() -> None:
    first, second = attributions("“The dam will hold,” said Nora Jones, adding that the bridge would not.")
    assert [s.speaker.name for s in (first, second) if s.speaker] == ["Nora Jones", "Nora Jones"]
    assert (second.cue.text if second.cue else None, second.text) == ("adding", "that the bridge would not")


def test_a_denial_and_what_it_points_out_are_two_statements() -> None:
    found = attributions("Tarn continues to deny any such role while highlighting that it built the dam.")
    assert [(s.cue.text if s.cue else None, s.text) for s in found] == [
        ("continues to deny", "any such role"),
        ("highlighting", "that it built the dam"),
    ]


def test_a_question_and_its_answer() -> None:
    question, answer = attributions("When asked if the dam was leaking, Nora Feld said there was “no leak”.")
    assert (question.cue_class, question.source, question.text) == (CueClass.QUESTION, None, "if the dam was leaking")
    assert (answer.kind, answer.text) == (MIXED, "there was “no leak”")


def test_a_denied_claim_behind_a_comma_is_a_statement_of_its_own() -> None:
    found = attributions("The ministry claimed that it owned the dam, a claim Nora Feld denied.")
    assert [(s.speaker.name if s.speaker else None, s.text, s.claim) for s in found] == [
        ("ministry", "that it owned the dam", "The ministry owned the dam"),
        ("Nora Feld", "a claim", "Nora Feld denies that it owned the dam"),
    ]


def test_an_expectation_of_nobody_named_keeps_its_subject() -> None:
    (found,) = attributions("Piers Quill is expected to resign.")
    assert (found.source, [s.text for s in found.content]) == (None, ["Piers Quill", "to resign"])
    assert found.claim == "Piers Quill is expected to resign"


def test_who_asked_is_the_question_s_source() -> None:
    question = attributions("Asked by Tarn News why the dam had failed, Nora Feld said it had not.")[0]
    assert (question.source.text if question.source else None, question.text) == ("Tarn News", "why the dam had failed")


def test_nested_attributions_name_the_outer_one() -> None:
    outer, inner = attributions("Piers Quill said that Nora Feld said the dam would hold.")
    assert inner.nested_in == outer.id
    assert [s.speaker.name for s in (outer, inner) if s.speaker] == ["Piers Quill", "Nora Feld"]
    assert inner.text == "the dam would hold"


def test_nested_in_a_quotation() -> None:
    outer, inner = attributions(
        "“President Ada Holt and Minister Jon Pike have said that the dam is safe,” Nora Feld said."
    )
    assert inner.nested_in == outer.id
    assert inner.speaker is not None
    assert inner.speaker.name == "Ada Holt and Jon Pike"


def test_transcript_turns() -> None:
    found = attributions(
        "Q: Will the dam hold?\n\nA: It will hold until spring.\n\nQ: And the bridge?\n\nA: It will not."
    )
    assert [(s.source.text if s.source else None, s.cue_class, s.text) for s in found] == [
        ("Q", CueClass.QUESTION, "Will the dam hold?"),
        ("A", CueClass.SPEECH, "It will hold until spring."),
        ("Q", CueClass.QUESTION, "And the bridge?"),
        ("A", CueClass.SPEECH, "It will not."),
    ]


def test_named_transcript_turns() -> None:
    found = attributions("Jane Smith met Tom Marsh.\n\nSMITH: The dam will hold.\n\nMARSH: I doubt it very much.")
    assert [(s.speaker.name if s.speaker else None, s.text) for s in found] == [
        ("Jane Smith", "The dam will hold."),
        ("Tom Marsh", "I doubt it very much."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “wonder dam” was finished in May.",
        "Her novel “The Long River” was published in May.",
        "The ‘wonder dam’ was finished in May.",
    ],
    ids=["scare quotes", "title of a work", "single scare quotes"],
)
def test_quoted_phrases_without_a_cue_are_no_statements(text: str) -> None:
    assert attributions(text) == []
