"""Real copy that was read wrongly, each with what is right of it: who speaks, and what the claim says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from verifier.extraction import RuleExtractor, names
from verifier.values import Article, SpeakerKind, Statement, StatementKind

WEDNESDAY = datetime(2021, 8, 11, 9, tzinfo=UTC)


def statements(text: str) -> list[Statement]:
    found = RuleExtractor().extract(Article("a", text, published_at=WEDNESDAY, outlet="Tarn News"))
    for one in found:
        assert all(text[span.start : span.end] == span.text for span in one.content)
    return found


def said(text: str) -> list[Statement]:
    return [one for one in statements(text) if one.kind is not StatementKind.NARRATED]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Officials cannot rule out that the dam will fail.", "Officials cannot rule out that the dam will fail"),
        ("The ministry would neither confirm nor deny that the dam was leaking.", "neither confirm nor deny"),
        ("The ministry neither confirmed nor denied that the dam was leaking.", "neither confirmed nor denied"),
        ("Police declined to confirm that two people had died.", "Police declined to confirm"),
        ("Police were unable to confirm that two people had died.", "Police were unable to confirm"),
        ("No expert believes that the dam is safe.", "No expert believes"),
        ("Few economists think the bank will fail.", "Few economists think"),
        ("Nora Feld stopped short of saying that the dam was unsafe.", "stopped short of saying"),
        ("Nora Feld doubts that the dam is safe.", "Nora Feld doubts"),
    ],
)
def test_a_claim_does_not_say_the_opposite(text: str, claim: str) -> None:
    for one in statements(text):
        assert claim in one.claim
        assert "not true" not in one.claim


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A lawyer for Donald Trump said the case was weak.", "Donald Trump"),
        ("A spokesman for Prime Minister Keir Starmer said the plan would fail.", "Keir Starmer"),
        ("Critics of President Nora Feld said the plan was a disaster.", "Nora Feld"),
        ("The wife of Alexei Navalny said he had been poisoned.", "Alexei Navalny"),
    ],
)
def test_who_speaks_for_or_against_somebody_is_another(text: str, name: str) -> None:
    (one,) = said(text)
    assert one.speaker is not None
    assert one.speaker.name != name
    assert one.speaker.kind in (SpeakerKind.ROLE, SpeakerKind.GROUP)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Professor Nora Feld of the Orsk Institute of Health said the water was safe.", "Nora Feld"),
        ("Secretary of State Antony Blinken said the plan would work.", "Antony Blinken"),
        ("Bank of England Governor Andrew Bailey said rates would fall.", "Andrew Bailey"),
        ("Minister for Foreign Affairs Penny Wong said the talks went on.", "Penny Wong"),
        (
            "Donald Trump spoke in Ohio with his son Donald Trump Jr. and left early. Trump said the wall would be built.",
            "Donald Trump",
        ),
        ("Donald Trump met former President Barack Obama on Monday. The president said the plan would work.", "Donald Trump"),
        ("“We must act,” Ursula von der Leyen said. “It is late,” von der Leyen said.", "Ursula von der Leyen"),
        ("Under Nora Feld the board grew. Feld said the bridge was open.", "Nora Feld"),
        (
            "Piers Quill was held. A police spokeswoman said the search went on. He said he was innocent of the charge.",
            "Piers Quill",
        ),
        ("Piers Quill flew to Damascus. Ahmed al-Sharaa said the war was over. He said the border was open.", "Ahmed al-Sharaa"),
    ],
)  # fmt: skip
def test_the_speaker_at_the_end(text: str, name: str) -> None:
    last = said(text)[-1]
    assert last.speaker is not None
    assert last.speaker.name == name


@pytest.mark.parametrize(
    "text",
    [
        "Vice President Kamala Harris visited Ohio on Monday. The president said the plan would work.",
        "Shadow Chancellor Mel Stride attacked the budget. The chancellor said taxes would not rise.",
    ],
)
def test_a_deputy_does_not_speak_as_the_holder(text: str) -> None:
    last = said(text)[-1]
    assert last.speaker is not None
    assert last.speaker.kind is SpeakerKind.ROLE


@pytest.mark.parametrize("between", ["Piers Quill disagreed.", "Residents were unconvinced."])
def test_a_quotation_behind_somebody_elses_sentence_is_not_the_first_speakers(between: str) -> None:
    found = said(
        f"“The dam is safe,” Nora Feld said. {between} “It is leaking badly and everybody in the town knows it.”"
    )
    assert found[0].text.strip("“”,") == "The dam is safe"
    assert all(one.speaker is None or one.speaker.name != "Nora Feld" for one in found[1:])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The minister said the vote will take place on Thursday.", "August 12, 2021"),
        ("The minister said the vote took place on Thursday.", "August 5, 2021"),
        ("The ministry said the plant must close by Friday.", "August 13, 2021"),
        ("The minister said the school will open on Monday, August 16.", "August 16, 2021"),
        ("The minister said the school opened on Monday, August 31, 2020.", "August 31, 2020"),
    ],
)
def test_days_in_claims(text: str, words: str) -> None:
    (one,) = said(text)
    assert words in one.claim
    assert one.claim.count("2021") + one.claim.count("2020") == 1


def test_named_days_are_no_dates() -> None:
    (one,) = said("The minister said the shops were open on Black Friday and every Sunday.")
    assert "2021" not in one.claim


def test_he_inside_a_quotation_is_not_its_speaker() -> None:
    (one,) = said("Piers Quill said “he is a liar” and should resign.")
    assert not one.claim.startswith("Piers Quill is")


@pytest.mark.parametrize(
    "source",
    [
        "American Airlines chief executive Robert Isom",
        "University of Washington president Ana Cauce",
        "Bank of India chief Ravi Lal",
    ],
)
def test_we_of_a_company_is_no_country(source: str) -> None:
    found = said(f"{source} said: “We will close three of the branches.”")
    assert found
    assert not any("United States" in one.claim or "India will" in one.claim for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "ISLAMABAD: The army said on Monday that the dam was safe.\n\nKARACHI: Police denied that two people had died in the flood.",
        "WHAT: A talk on the dam and the bridge\n\nWHEN: Monday at 8 p.m. in the town hall",
    ],
)
def test_places_and_labels_do_not_speak(text: str) -> None:
    sources = {one.source.text for one in statements(text) if one.source}
    assert not sources & {"ISLAMABAD", "KARACHI", "WHAT", "WHEN"}


def test_turns_of_a_dialogue_still_do() -> None:
    text = "SMITH: The bridge is open.\n\nJONES: It is not open at all.\n\nSMITH: It is open, I tell you."
    assert [one.source and one.source.text for one in statements(text)] == ["SMITH", "JONES", "SMITH"]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("The suspect, according to police, was armed with a knife.", "was armed with a knife"),
        ("Nora Feld said two people had died, but not in the flood.", "but not in the flood"),
        ("“Dune” director Denis Villeneuve said the film would open in May.", "the film would open in May"),
    ],
)
def test_contents_are_whole(text: str, content: str) -> None:
    assert any(content in one.text for one in said(text))


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("GOP presidential contender and former neurosurgeon Ben Carson", "Ben Carson"),
        ("Republican incumbent Kelly Ayotte", "Kelly Ayotte"),
        ("chief auditor Mary Brede", "Mary Brede"),
        ("surgeon and writer Ann Orr", "Ann Orr"),
        ("officials and Ben Carson", None),
        ("Hillary Clinton and former rival Bernie Sanders", None),
        ("sources close to Ben Carson", None),
        ("fans who love Ann Orr", None),
        ("a spokesman for Ann Orr", None),
    ],
)
def test_a_name_behind_what_its_bearer_is(phrase: str, name: str | None) -> None:
    assert names.parse(phrase).name == name


def test_a_possessive_inside_single_marks_ends_no_quotation() -> None:
    (one,) = said("‘The miners’ union will never accept this deal,’ Nora Feld said on Monday.")
    assert one.kind is StatementKind.DIRECT
    assert one.speaker is not None
    assert one.claim == "The miners’ union will never accept this deal"


def test_a_headlines_verb_is_no_part_of_a_name() -> None:
    text = (
        "Anton Vale Says Mira Sol Makes Orsk Laugh.\n\nMayor Anton Vale spoke on Tuesday.\n\nSol said the dam was safe."
    )
    assert [one.speaker.name for one in said(text) if one.speaker and "dam" in one.claim] == ["Mira Sol"]


def test_they_are_two_who_were_named_together_rather_than_a_body() -> None:
    text = (
        "The police also released a video. It directly contradicted what Anton Vale and Mira Sol said about the visit.\n\n"
        "They had asserted that the guard never touched the reporter."
    )
    (one,) = [one for one in said(text) if "touched" in one.claim]
    assert one.speaker is not None
    assert one.speaker.name == "Anton Vale and Mira Sol"
