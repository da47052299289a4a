"""What figures decide in the policy: conflict, update, agreement, or an honest undecided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.services import calibration
from tests.verifier.sides import side
from verifier.policy import Policy
from verifier.polls import is_poll, is_share, other_polls, places
from verifier.values import CueClass, Side, StatementKind
from verifier.verdicts import BothWays, NliProbabilities, ReasonCode, Stance, Verdict, VerdictKind

YES = NliProbabilities(0.97, 0.02, 0.01)
NO = NliProbabilities(0.01, 0.02, 0.97)
OPEN = NliProbabilities(0.01, 0.98, 0.01)
POLICY = Policy(calibration(), "test", "1")
BLAST = "{} people were killed in the blast in Quetta"
COST = "The Lindmoor reservoir would cost {}"
CONFLICT, NEUTRAL, AGREE, UNDECIDED = Stance.CONFLICT, Stance.NEUTRAL, Stance.AGREE, Stance.UNDECIDED
NUMERIC, UPDATE = VerdictKind.NUMERIC, VerdictKind.NUMERIC_UPDATE


def judged(
    a: str,
    b: str,
    scores: NliProbabilities = NO,
    *,
    days: tuple[int | None, int | None] = (1, 1),
    similarity: float = 0.9,
) -> Verdict:
    first, second = side(a, "Ann Orr", day=days[0]), side(b, "Bo Lind", day=days[1], article="two", version=2)
    return POLICY.compare(first, second, similarity, BothWays(scores, scores))


@pytest.mark.parametrize("scores", [NO, YES, OPEN], ids=["contradiction", "entailment", "neutral"])
@pytest.mark.parametrize(
    ("a", "b", "days", "stance", "kind"),
    [
        pytest.param(BLAST.format(12), BLAST.format(19), (1, 1), CONFLICT, NUMERIC, id="same day"),
        pytest.param(BLAST.format(12), BLAST.format(19), (1, 3), NEUTRAL, UPDATE, id="later and higher"),
        pytest.param(BLAST.format(19), BLAST.format(12), (3, 1), NEUTRAL, UPDATE, id="earlier and lower"),
        pytest.param(BLAST.format(19), BLAST.format(12), (1, 3), CONFLICT, NUMERIC, id="later and lower"),
        pytest.param(BLAST.format(12), BLAST.format("At least 15"), (1, 2), NEUTRAL, UPDATE, id="update to a bound"),
        pytest.param(BLAST.format(12), BLAST.format("At least 15"), (1, 1), CONFLICT, NUMERIC, id="below a bound"),
        pytest.param(BLAST.format(12), BLAST.format(19), (None, None), CONFLICT, NUMERIC, id="no dates"),
        pytest.param(COST.format("$5bn"), COST.format("$7bn"), (1, 2), CONFLICT, NUMERIC, id="costs are no toll"),
        pytest.param(
            "9 people are missing in Quetta after the storm", "4 people are missing in Quetta after the storm", (1, 3), NEUTRAL, UPDATE,
            id="the missing are found",
        ),
        pytest.param(
            "The Orsk bridge opened on 12 March 1974", "The Orsk bridge opened on 14 March 1974", (1, 9), CONFLICT, NUMERIC, id="dates",
        ),
    ],
)  # fmt: skip
def test_plain_differences_decide_whatever_the_model_says(
    a: str, b: str, days: tuple[int | None, int | None], stance: Stance, kind: VerdictKind, scores: NliProbabilities
) -> None:
    found = judged(a, b, scores, days=days)
    assert (found.stance, found.kind) == (stance, kind)
    assert found.confidence >= 0.9
    assert found.scores.agree + found.scores.conflict + found.scores.neutral == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(BLAST.format("About 1.2 million"), BLAST.format("1,213,000"), id="rounded"),
        pytest.param(BLAST.format("At least 12"), BLAST.format("15"), id="a bound"),
        pytest.param(COST.format("$5bn"), COST.format("$5.2 billion"), id="money"),
        pytest.param("The Orsk road is 40 miles long", "The Orsk road is 64 km long", id="units"),
    ],
)
@pytest.mark.parametrize("scores", [NO, YES, OPEN], ids=["contradiction", "entailment", "neutral"])
def test_figures_that_go_together_agree_in_the_same_words(a: str, b: str, scores: NliProbabilities) -> None:
    assert judged(a, b, scores).stance is AGREE


def test_figures_that_go_together_never_block_agreement() -> None:
    a = "Floods in Sindh have driven about 1.2 million people from home since the rains began, the province says"
    b = "1,213,000 people have left home in Sindh because of the floods and rains"
    assert judged(a, b, YES).stance is AGREE


def test_figures_that_overlap_are_no_conflict() -> None:
    found = judged(BLAST.format("Between 10 and 15"), BLAST.format("between 14 and 20"), NO)
    assert (found.stance, found.kind) == (UNDECIDED, None)
    assert "can both hold" in found.reasons[1]


def test_other_units_are_undecided() -> None:
    found = judged(COST.format("310 million crowns"), COST.format("290 million euros"), NO)
    assert (found.stance, found.reason_code) == (UNDECIDED, ReasonCode.UNIT_MISMATCH)
    assert "“310 million crowns” beside “290 million euros”" in found.reasons[1]


@pytest.mark.parametrize(
    ("a", "b", "days", "similarity"),
    [
        pytest.param(BLAST.format(12), "19 people were killed in the blast in Lahore", (1, 1), 0.9, id="other places"),
        pytest.param("12 people were killed in the blast", "19 people were killed in the blast", (1, 9), 0.9, id="no name, days apart"),
        pytest.param(COST.format("$5bn"), COST.format("$7bn"), (1, 20), 0.9, id="a cost changes in weeks"),
        pytest.param(
            "The Orsk trial will begin on 3 March", "The Orsk trial will begin on 9 March", (1, 9), 0.9, id="put off"
        ),
        pytest.param(BLAST.format(12), BLAST.format(19), (1, 1), 0.3, id="the embeddings see no likeness"),
        pytest.param("12 killed", "19 killed", (1, 1), 0.9, id="too short"),
    ],
)  # fmt: skip
def test_what_figures_do_not_decide(a: str, b: str, days: tuple[int, int], similarity: float) -> None:
    found = judged(a, b, OPEN, days=days, similarity=similarity)
    assert found.kind not in (NUMERIC, UPDATE)
    assert found.stance is not CONFLICT


@pytest.mark.parametrize("cue", [CueClass.DENIAL, CueClass.QUESTION, CueClass.INTENTION])
def test_only_assertions_are_decided_by_figures(cue: CueClass) -> None:
    other = side(BLAST.format(19), "Bo Lind", article="two", version=2, cue="said", cue_class=cue)
    found = POLICY.compare(side(BLAST.format(12), "Ann Orr"), other, 0.9, BothWays(OPEN, OPEN))
    assert found.kind is not NUMERIC


def test_a_toll_of_one_speaker_that_grew_is_an_update_and_no_changed_position() -> None:
    a, b = side(BLAST.format(12), "Ann Orr"), side(BLAST.format(26), "Ann Orr", article="two", version=2, day=2)
    assert POLICY.compare(a, b, 0.9, BothWays(NO, NO)).kind is UPDATE


def test_two_evenings_are_two_days_and_one_night_is_one() -> None:
    def at(text: str, day: int, hour: int) -> Side:
        return replace(side(text, "Ann Orr", article=str(day)), published_at=datetime(2026, 1, day, hour, tzinfo=UTC))

    early, late = at(BLAST.format(12), 1, 19), at(BLAST.format(26), 2, 17)
    assert POLICY.compare(early, late, 0.9, BothWays(NO, NO)).kind is UPDATE
    before, after = at(BLAST.format(12), 1, 23), at(BLAST.format(26), 2, 1)
    assert POLICY.compare(before, after, 0.9, BothWays(NO, NO)).kind is NUMERIC


def test_quoted_words_with_another_figure_are_no_same_utterance() -> None:
    quoted = {"kind": StatementKind.DIRECT}
    a = side(BLAST.format(12), "Ann Orr", **quoted)  # type: ignore[arg-type]
    b = side(BLAST.format(19), "Ann Orr", article="two", version=2, **quoted)  # type: ignore[arg-type]
    assert POLICY.compare(a, b, 0.95, BothWays(OPEN, OPEN)).kind is NUMERIC


def test_the_order_of_the_sides_does_not_matter() -> None:
    for days in ((1, 1), (1, 3), (3, 1)):
        one = judged(BLAST.format(12), BLAST.format("19"), days=days)
        other = judged(BLAST.format("19"), BLAST.format(12), days=days[::-1])
        assert (one.stance, one.kind, one.scores) == (other.stance, other.kind, other.scores)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        pytest.param((1, 1), "The figures differ: “12 dead” beside “at least 15 dead”.", id="conflict"),
        pytest.param(
            (1, 3),
            "The later figure is higher, an update: “12 dead” (1 January 2026), then “at least 15 dead” (3 January 2026).",
            id="update",
        ),
        pytest.param(
            (3, 1), "The figures differ: “12 dead” beside “at least 15 dead”.", id="the later figure is lower"
        ),
    ],
)
def test_reasons_show_both_figures(days: tuple[int, int], sentence: str) -> None:
    found = judged("The blast in Quetta left 12 dead", "The blast in Quetta left at least 15 dead", days=days)
    assert found.reasons[0] == sentence


POLL = "A poll showed that {} percent of voters in {} support the Lindmoor reservoir"


@pytest.mark.parametrize(
    ("a", "b", "days", "stance"),
    [
        pytest.param(POLL.format(58, "Ohio"), POLL.format(41, "Ohio"), (1, 9), NEUTRAL, id="other days"),
        pytest.param(POLL.format(58, "Ohio"), POLL.format(41, "Iowa"), (1, 1), NEUTRAL, id="other states"),
        pytest.param(POLL.format(58, "Averne"), POLL.format(41, "Korvath"), (1, 1), NEUTRAL, id="other towns"),
        pytest.param(POLL.format(58, "Ohio"), POLL.format(41, "Ohio"), (1, 1), CONFLICT, id="one day and state"),
    ],
)
def test_polls_of_other_days_or_places_do_not_conflict(a: str, b: str, days: tuple[int, int], stance: Stance) -> None:
    assert judged(a, b, NO, days=days).stance is stance


@pytest.mark.parametrize(
    ("text", "poll", "where"),
    [
        pytest.param("A New York Times poll has her ahead in Ohio", True, {"Ohio"}, id="a paper is no place"),
        pytest.param("A national survey found that 40 percent approve", True, {"national"}, id="national"),
        pytest.param("She leads in Ohio", True, {"Ohio"}, id="a lead in points"),
        pytest.param("A poll in March found them tied", True, set(), id="a month is no place"),
        pytest.param("The polls close at noon", True, set(), id="a polling station with a figure is taken for one"),
        pytest.param("He went to Ohio", False, {"Ohio"}, id="no poll"),
    ],
)
def test_what_a_poll_is(text: str, poll: bool, where: set[str]) -> None:
    assert places(text) == where
    assert is_poll(f"{text} by 5 points") is poll


def test_a_statement_that_is_no_poll_has_no_other() -> None:
    assert not other_polls("A poll has her ahead by 5 points in Ohio", "She is ahead in Iowa", 3)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        pytest.param("voters … 28 percent of voters have a positive view of him", True, id="of voters"),
        pytest.param("nyt … 30% of the young women would stay at home", True, id="of some of them"),
        pytest.param("61 percent … 61 percent could change their mind", True, id="who says it"),
        pytest.param("nyt … The margin of sampling error is four points", True, id="margin"),
        pytest.param("nyt … 30 percent of voters turned out", False, id="counted"),
        pytest.param("Sanders … a 5 percent tax on rich people", False, id="a tax"),
        pytest.param("Orsk … 40 percent of the bridges are unsafe", False, id="of things"),
    ],
)
def test_what_a_share_of_people_is(text: str, share: bool) -> None:
    assert is_share(text) is share
    assert is_poll(text) is share
    assert other_polls(text, text, 0, one_article=True) is share
    assert not other_polls(text, text, 0)
