"""The claim of a statement stands alone: one case a rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from verifier.extraction import RuleExtractor
from verifier.extraction.dates import resolve_dates
from verifier.values import Article, StatementKind

PUBLISHED = datetime(2021, 8, 11, 9, 0, tzinfo=UTC)  # a Wednesday

CLAIMS = [
    ("marks off", "“The dam will hold,” Nora Feld said.", "The dam will hold"),
    ("that off", "Nora Feld said that the dam will hold.", "The dam will hold"),
    ("he is the speaker", "Piers Quill said that he will resign.", "Piers Quill will resign"),
    ("she is not Piers", "Piers Quill met Nora Feld. Mr Quill said she will resign.", "She will resign"),
    ("it is the body", "The River Board said it will rebuild the dam.", "The River Board will rebuild the dam"),
    ("it is nobody", "The River Board said it is raining in Tarn.", "It is raining in Tarn"),
    (
        "we is the side",
        "US State Department spokesperson Nora Feld said: “We will send our engineers.”",
        "The United States will send the United States’ engineers.",
    ),
    ("we of an unknown side", "Nora Feld said: “We will send our engineers.”", "We will send our engineers."),
    (
        "two pieces",
        "“The dam will hold,” Nora Feld said. “The bridge will not.”",
        "The dam will hold. The bridge will not.",
    ),
    ("an object", "Nora Feld praised the new dam.", "Nora Feld praised the new dam"),
    ("a participle", "“It will hold,” said Nora Feld, praising the dam.", "Nora Feld praised the dam"),
    ("an infinitive", "Nora Feld wants to rebuild the dam.", "Nora Feld wants to rebuild the dam"),
    (
        "interest",
        "Nora Feld expressed interest in rebuilding the dam.",
        "Nora Feld expressed interest in rebuilding the dam",
    ),
    ("denied that", "Nora Feld denied that the dam was leaking.", "It is not true that the dam was leaking"),
    ("denied a thing", "Nora Feld denied any leak at the dam.", "Nora Feld denied any leak at the dam"),
    (
        "denied any such role",
        "Ruritania alleges that Tarn is diverting the river. Tarn continues to deny any such role.",
        "Tarn denies that Tarn is diverting the river",
    ),
    (
        "denied the allegations",
        "Piers Quill accused Feld of fraud. Nora Feld denied the allegations.",
        "Nora Feld denies it: Piers Quill accused Feld of fraud",
    ),
    (
        "rejected the claim that",
        "Nora Feld rejected the claim that the dam was leaking.",
        "It is not true that the dam was leaking",
    ),
    (
        "rejected an idea that",
        "Nora Feld dismissed the persistent rumors that the dam was leaking.",
        "It is not true that the dam was leaking",
    ),
    (
        "rejected a thing",
        "Nora Feld rejected a treaty that would close the dam.",
        "Nora Feld rejected a treaty that would close the dam",
    ),
    (
        "did not deny",
        "Nora Feld did not deny that the dam was leaking.",
        "Nora Feld did not deny the dam was leaking",
    ),
    (
        "refused to deny",
        "Nora Feld refused to deny that the dam was leaking.",
        "Nora Feld refused to deny that the dam was leaking",
    ),
    ("that as a subject", "Nora Feld said that was never the plan.", "That was never the plan"),
    ("that before a clause", "Nora Feld said that the dam is safe.", "The dam is safe"),
    ("a bare clause", "Nora Feld denied the dam was leaking.", "It is not true that the dam was leaking"),
    (
        "an answer carries its question",
        "When asked if the dam was leaking, Nora Feld said there was “no leak”.",
        "Asked if the dam was leaking: there was no leak",
    ),
    ("a question", "Nora Feld asked whether the dam was leaking.", "Nora Feld asked whether the dam was leaking"),
    ("a date", "Nora Feld said the dam will open by August 31.", "The dam will open by August 31, 2021"),
    (
        "the end of this month",
        "Nora Feld said it will open by the end of this month.",
        "It will open by the end of August 2021",
    ),
    ("a weekday", "Nora Feld said the dam broke on Tuesday.", "The dam broke on August 10, 2021"),
]


@pytest.mark.parametrize(("text", "claim"), [case[1:] for case in CLAIMS], ids=[case[0] for case in CLAIMS])
def test_claim(text: str, claim: str) -> None:
    found = RuleExtractor().extract(Article("a", text, published_at=PUBLISHED))
    assert claim in [s.claim for s in found if s.kind is not StatementKind.NARRATED]


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("today", "August 11, 2021"),
        ("yesterday and tomorrow", "August 10, 2021 and August 12, 2021"),
        ("last Wednesday", "August 4, 2021"),
        ("next Monday", "August 16, 2021"),
        ("this year", "2021"),
        ("last month", "July 2021"),
        ("January 5", "January 5, 2022"),
        ("December 30", "December 30, 2021"),
        ("August 31, 2020", "August 31, 2020"),
        ("February 31", "February 31"),
        ("today's most pressing challenges", "today's most pressing challenges"),
        ("yesterday's vote", "August 10, 2021's vote"),
        ("March 23 of this year", "March 23, 2021"),
        ("March 23 of last year", "March 23, 2020"),
        ("March 23 of 2019", "March 23 of 2019"),
    ],
    ids=lambda value: value,
)
def test_dates(text: str, resolved: str) -> None:
    assert resolve_dates(text, PUBLISHED) == resolved


def test_dates_stay_without_a_day_of_publication() -> None:
    assert resolve_dates("today", None) == "today"
