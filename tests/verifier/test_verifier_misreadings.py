"""Pairs that were judged wrongly by rule, each with what is right of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.calibration import WITH_STANCES, read_calibration
from models.fakes import FakeStances
from tests.verifier.sides import side
from verifier.deciding import Question, deciding_words
from verifier.features import evidence
from verifier.independence import changed
from verifier.judging import claim_of_words, pair_of
from verifier.polarity import directions
from verifier.policy import Policy
from verifier.polls import is_poll, other_polls
from verifier.quantities import figures_of
from verifier.terms import common, terms_of
from verifier.values import CueClass, Side, SpeakerKind, StatementKind
from verifier.verdicts import BothWays, NliProbabilities, ReasonCode, Stance, StanceProbabilities, Verdict, VerdictKind

NO = NliProbabilities(0.01, 0.02, 0.97)
OPEN = NliProbabilities(0.02, 0.96, 0.02)
CLASH = StanceProbabilities(0.03, 0.9, 0.05, 0.02)
NOTHING = StanceProbabilities(0.02, 0.05, 0.04, 0.89)
POLICY = Policy(read_calibration(WITH_STANCES), "test", "1")


def compare(
    a: Side, b: Side, scores: NliProbabilities = NO, stances: StanceProbabilities = CLASH, similarity: float = 0.9
) -> Verdict:
    return POLICY.compare(a, b, similarity, BothWays(scores, scores), stances)


def elsewhere(text: str, speaker: str | None = "Bo Lind", **rest: object) -> Side:
    return side(text, speaker, article="two", version=2, **rest)  # type: ignore[arg-type]


def of_kind(one: Side, kind: SpeakerKind) -> Side:
    assert one.statement.speaker is not None
    return replace(one, statement=replace(one.statement, speaker=replace(one.statement.speaker, kind=kind)))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The new reservoir will cost $5 billion", "The new reservoir will cost £5 billion"),
        ("Nights in Orsk will reach -10 degrees this week", "Nights in Orsk will reach 10 degrees this week"),
        ("The economy of Orsk grew by 0.5 percent", "The economy of Orsk grew by -0.5 percent"),
        ("He should resign now over the tapes", "He should resign now over the tapes"),
    ],
)
def test_the_same_words_with_another_sign_or_of_another_person_are_not_the_same_by_rule(a: str, b: str) -> None:
    found = compare(side(a, "Ann Orr"), elsewhere(b))
    assert found.stance is not Stance.AGREE


def test_who_doubts_a_claim_does_not_repeat_it() -> None:
    words = "the Orsk bridge is safe for lorries"
    doubting = elsewhere(words, cue="doubts", cue_class=CueClass.BELIEF)
    assert compare(side(words, "Ann Orr"), doubting).stance is not Stance.AGREE
    assert claim_of_words(f"that {words}", "Bo Lind", "doubts", CueClass.BELIEF).startswith("Bo Lind doubts")


def test_a_quotation_turned_to_its_opposite_is_no_drift_that_agrees() -> None:
    quoted = {"kind": StatementKind.DIRECT}
    found = compare(
        side("We will support the deal with Iran this year", "Ann Orr", day=1, **quoted),  # type: ignore[arg-type]
        elsewhere("We will oppose the deal with Iran this year", "Ann Orr", day=5, **quoted),
    )
    assert found.stance is not Stance.AGREE


@pytest.mark.parametrize(
    "text",
    [
        "The tax cut has led to a 3 percent rise in wages",
        "Leading senators consider the treaty a good starting point",
        "Some 20 percent of people live in poverty in Orsk",
    ],
)
def test_what_is_no_poll(text: str) -> None:
    assert not other_polls(f"nyt … {text}", f"nyt … {text}", 2, one_article=True)


@pytest.mark.parametrize(
    "text",
    [
        "Clinton leads Trump 45 percent to 40 percent",
        "Clinton is ahead of Trump by 5 points",
        "Trump trails by three to 4 points",
        "Clinton was leading in Ohio with 46 percent",
        "A survey found that 40 percent want him to leave",
        "28 percent of voters have a positive view of him",
    ],
)
def test_what_is_a_poll(text: str) -> None:
    assert is_poll(f"nyt … {text}")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Some 52 percent in Orsk voted for the new bridge", "Some 52.1 percent in Orsk voted against the new bridge"),
        ("Shares of Orsk Steel were up 5 percent", "Shares of Orsk Steel were down 5.2 percent"),
        ("Oil rose $2 to $52 a barrel in London", "Oil rose $2 to $60 a barrel in London"),
    ],
)
def test_figures_of_opposite_things_do_not_agree(a: str, b: str) -> None:
    assert compare(side(a), elsewhere(b, None)).stance is not Stance.AGREE


def test_a_range_is_still_one() -> None:
    (one,) = figures_of("Prices rose $3 to $5 billion", "Prices rose $4 billion").comparisons
    assert (one.a.low, one.a.high) == (3e9, 5.5e9)  # as far as “$5 billion” is rounded


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The country held elections in 2014", "The country held elections in 2018"),
        ("Orsk Steel opened a plant in Ohio in 2014", "Orsk Steel opened a plant in Ohio in 2016"),
    ],
)
def test_what_happens_again_does_not_conflict_by_its_years(a: str, b: str) -> None:
    assert compare(side(a), elsewhere(b, None), OPEN, NOTHING).kind is not VerdictKind.NUMERIC


@pytest.mark.parametrize(
    "word", ["warned", "bank", "quite", "letter", "fellow", "factory", "wonder", "Barack", "won't"]
)
def test_words_that_only_begin_like_a_direction(word: str) -> None:
    assert directions(word) == {}


def test_the_longest_beginning_counts() -> None:
    assert directions("endorsed") == {"support": 1}
    assert directions("the talks ended") == {"stay": -1}


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("officials", "Israeli officials", SpeakerKind.GROUP),
        ("officials", "officials", SpeakerKind.GROUP),
        ("spokesman", "spokesman", SpeakerKind.ROLE),
        ("foreign ministry", "Iran's foreign ministry", SpeakerKind.BODY),
    ],
)
def test_groups_roles_and_bodies_are_not_one_speaker_by_their_last_word(a: str, b: str, kind: SpeakerKind) -> None:
    first = of_kind(side("The Orsk bridge was inspected in March", a), kind)
    second = of_kind(elsewhere("The Orsk bridge was never inspected in March", b, day=9), kind)
    assert compare(first, second).kind is not VerdictKind.POSITION_CHANGED


def test_bodies_of_one_name_and_people_by_surname_are_one_speaker() -> None:
    both = BothWays(NO, NO)
    bodies = [
        of_kind(one, SpeakerKind.BODY) for one in (side("Yes", "the White House"), elsewhere("No", "White House"))
    ]
    assert evidence(bodies[0], bodies[1], 0.5, both).same_speaker
    assert evidence(side("Yes", "Donald Trump"), elsewhere("No", "Trump"), 0.5, both).same_speaker


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (side("No one was hurt when the dam burst at the farm"), elsewhere("Three workers were hurt when the dam burst at the farm", None)),
        (
            side("the talks on the dam have collapsed for good", "Two officials"),
            elsewhere("the talks on the dam have succeeded at last", "Three diplomats"),
        ),
    ],
)  # fmt: skip
def test_figures_of_the_source_and_no_one_leave_a_common_subject(a: Side, b: Side) -> None:
    assert compare(a, b).reason_code is not ReasonCode.NO_SHARED_SUBJECT


def test_a_month_is_nothing_in_common() -> None:
    a, b = (terms_of(text) for text in ("A fire destroyed a school in March", "The team would sign a striker in March"))
    assert common(a, b).entities == ()


def test_without_a_common_subject_none_is_shown() -> None:
    found = compare(side("The dam burst at 5", "A B"), elsewhere("Rice costs 7 at the dam"), similarity=0.4)
    assert found.reason_code is ReasonCode.NO_SHARED_SUBJECT
    assert not any(sentence.startswith("In common") for sentence in found.reasons)


def test_a_denial_and_a_report_of_it_do_not_conflict() -> None:
    words = "Ann Orr denied any wrongdoing in Orsk"
    denial = side(words, "Ann Orr", cue="denied", cue_class=CueClass.DENIAL)
    denial = replace(denial, statement=replace(denial.statement, content=()))
    for told in (words, "On Friday Ann Orr denied any wrongdoing in the town of Orsk"):
        report = elsewhere(told, None, kind=StatementKind.NARRATED, cue_class=None)
        assert compare(denial, report, OPEN, replace(CLASH, agree=0.5, conflict=0.2)).kind is not VerdictKind.DENIAL


def test_a_question_asserts_nothing() -> None:
    asked = side("Should there be a database of all lorries in Orsk?", "Radio Orsk")
    never = elsewhere("Ann Orr never suggested a database of all lorries in Orsk", "Ann Orr")
    found = compare(asked, never, NO, CLASH)
    assert (found.stance, found.reason_code) == (Stance.UNDECIDED, ReasonCode.LOW_CONFIDENCE)
    told = side("They asked why. Should there be a database of all lorries in Orsk?", "Radio Orsk")
    assert compare(told, never, NO, CLASH).stance is Stance.CONFLICT


def test_shares_of_people_whom_who_stands_for_are_polls() -> None:
    might = side("22 percent might change their mind", "22 percent")
    could = side("61 percent could change their mind", "61 percent")
    statement = could.statement
    assert statement.source is not None
    who = replace(could, statement=replace(statement, source=replace(statement.source, text="who")))
    assert evidence(might, who, 0.9, BothWays(NO, NO)).other_polls
    assert compare(might, who, NO, CLASH).stance is not Stance.CONFLICT


def test_an_altered_copy_says_something_else() -> None:
    told = "Twelve people were killed in the blast in Orsk on Tuesday"
    assert changed(told, told.replace("Twelve", "Twenty"))
    assert changed(told, told.replace("were", "were not"))
    assert not changed(told, f"{told}, police said")


def test_no_word_decided_what_the_model_does_not_hold() -> None:
    class Against(FakeStances):
        def stances(self, pairs: object, *, both_orders: bool = True) -> list[StanceProbabilities]:
            return [StanceProbabilities(0.1, 0.05 * ("blast" in a), 0.0, 0.85) for a, _ in pairs]  # type: ignore[attr-defined]

    a, b = side("Twelve people died in the blast in Orsk"), elsewhere("Nineteen people died in the blast in Orsk", None)
    assert deciding_words(Against(), [Question(a, b, Stance.CONFLICT)]) == [None]


def test_figures_are_tried_among_many_words() -> None:
    class Counting(FakeStances):
        def stances(self, pairs: object, *, both_orders: bool = True) -> list[StanceProbabilities]:
            return [
                StanceProbabilities(0.0, 0.9 if "Twelve" in a and "Nineteen" in b else 0.1, 0.0, 0.1)
                for a, b in pairs  # type: ignore[attr-defined]
            ]

    rest = "people were killed around midnight by the powerful blast near the central railway station in Quetta"
    a, b = side(f"Twelve {rest}"), elsewhere(f"Nineteen {rest}", None)
    (found,) = deciding_words(Counting(), [Question(a, b, Stance.CONFLICT)])
    assert found is not None
    assert [a.statement.text[low:high] for low, high in found.a] == ["Twelve"]


def test_one_paper_repeating_one_speaker_corroborates_nothing() -> None:
    words = "the Orsk bridge will be rebuilt by the spring"
    said = {"agree": 0.97, "conflict": 0.01, "tension": 0.01, "unrelated": 0.01}
    yes = NliProbabilities(0.97, 0.02, 0.01)
    for outlet, kind in (("one", None), ("other", VerdictKind.CORROBORATION)):
        a = side(words, "Ann Orr", outlet="one")
        b = elsewhere(f"{words} at the latest", "Ann Orr", outlet=outlet, day=3)
        found = compare(a, b, yes, StanceProbabilities(**said))
        assert (found.stance, found.kind) == (Stance.AGREE, kind)


def test_words_given_with_a_doubting_cue_are_told_as_doubts() -> None:
    a, _ = pair_of({"a": "The bridge is safe.", "b": "x y", "a_speaker": "Bo Lind", "a_cue": "is skeptical"})
    assert a.statement.claim.startswith("Bo Lind is skeptical")


def test_who_denies_having_said_something_denies_the_utterance_alone() -> None:
    said = "having said that the Orsk bridge is unsafe"
    denial = side(said, "Ann Orr", cue="denied", cue_class=CueClass.DENIAL)
    denial = replace(denial, statement=replace(denial.statement, claim=f"Ann Orr denied {said}"))
    thing = elsewhere("the Orsk bridge is unsafe", "Bo Lind")
    hers = elsewhere("the Orsk bridge is unsafe", "Ann Orr")
    told = elsewhere(
        "On Friday Orr said that the Orsk bridge is unsafe", None, kind=StatementKind.NARRATED, cue_class=None
    )
    about_thing = compare(denial, thing, OPEN)
    assert (about_thing.stance, about_thing.kind) == (Stance.NEUTRAL, None)
    assert about_thing.reasons[0].startswith("What is denied is having said something")
    for one in (hers, told):
        found = compare(denial, one, OPEN)
        assert (found.stance, found.kind) == (Stance.CONFLICT, VerdictKind.DENIAL)
        assert found.reasons[0] == "Ann Orr denies (“denied”) having said what the other side reports."


def test_one_not_in_a_sentence_turns_it_round() -> None:
    yes, no = (
        "Talmyra will close the Orsa crossing, guards are hunted there",
        "Talmyra will not close the Orsa crossing. It is a road",
    )
    unrelated = StanceProbabilities(0.4, 0.1, 0.1, 0.4)
    changed = compare(side(no, "Ann Orr", day=1), elsewhere(yes, "Ann Orr", day=30), OPEN, unrelated)
    assert (changed.stance, changed.kind) == (Stance.CONFLICT, VerdictKind.POSITION_CHANGED)
    others = compare(side(no, "Ann Orr", day=1), elsewhere(yes, "Bo Lind", day=2), OPEN, unrelated)
    assert (others.stance, others.kind) == (Stance.CONFLICT, VerdictKind.CONTRADICTION)
    assert compare(side(no, "Ann Orr", day=1), elsewhere(yes, "Bo Lind", day=30), OPEN, NOTHING).kind is None
    first = "I will {} in the autumn of this year".format
    mine = compare(side(first("resign"), "Ann Orr"), elsewhere(first("not resign"), "Bo Lind"), OPEN, NOTHING)
    assert mine.stance is not Stance.CONFLICT


def test_near_claims_that_exclude_each_other_are_not_called_unrelated() -> None:
    even = NliProbabilities(0.05, 0.35, 0.60)
    a, b = (
        side("The Orsk bridge was inspected in March", "A B"),
        elsewhere("The Orsk bridge has not been inspected since 2019"),
    )
    assert compare(a, b, even, NOTHING, similarity=0.7).stance is not Stance.NEUTRAL


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("You know, it happens, but you gotta get over it", "Everybody said that nothing happened there at all"),
        ("Ann Orr backed the deal", "Ann Orr was against it"),
    ],
)
def test_a_position_changes_on_something_beside_the_speaker(first: str, second: str) -> None:
    a, b = side(first, "Ann Orr", day=1), elsewhere(second, "Ann Orr", day=20)
    found = compare(a, b, similarity=0.72)
    assert found.stance is not Stance.CONFLICT
    before = side("Ann Orr backed the Orsk treaty", "Ann Orr", day=1)
    named = compare(before, elsewhere("Ann Orr was against the Orsk treaty", "Ann Orr", day=20))
    assert (named.stance, named.kind) == (Stance.CONFLICT, VerdictKind.POSITION_CHANGED)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "The margin of sampling error is plus or minus six percentage points.",
            "Out of 542 registered Republican primary voters, the margin of error is plus or minus 4.21 percentage points.",
        ),
        ("48 percent of registered voters approve of the treaty", "55 percent of registered voters approve of the treaty"),
    ],
)  # fmt: skip
def test_shares_of_registered_voters_and_margins_of_error_are_polls(first: str, second: str) -> None:
    assert other_polls(f"nyt … {first}", f"politico … {second}", 1)
    assert not is_poll("54 percent of registered vehicles are electric")
