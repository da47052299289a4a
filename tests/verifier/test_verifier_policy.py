"""The policy's rules on pairs whose scores are given: which word, which kind, which reason, and when it will not decide."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.services import calibration
from tests.verifier.sides import side
from verifier.features import NAMES, STANCE_NAMES, evidence, same_name, vector
from verifier.policy import Bounds, Calibration, Policy
from verifier.values import CueClass, Side, StatementKind
from verifier.verdicts import BothWays, NliProbabilities, ReasonCode, Stance, StanceProbabilities, Verdict, VerdictKind

YES = NliProbabilities(0.97, 0.02, 0.01)
NO = NliProbabilities(0.01, 0.02, 0.97)
UNSURE = NliProbabilities(0.05, 0.65, 0.30)
OPEN = NliProbabilities(0.01, 0.98, 0.01)
BRIDGE = "The Orsk bridge was inspected in March"
NEVER = "The Orsk bridge was never inspected in March"
POLICY = Policy(calibration(), "test", "1", Bounds(tension=0.02))


def compare(
    a: Side, b: Side, there: NliProbabilities, back: NliProbabilities | None = None, similarity: float = 0.7
) -> Verdict:
    return POLICY.compare(a, b, similarity, BothWays(there, back or there))


def elsewhere(text: str, speaker: str | None = "Bo Lind", **rest: object) -> Side:
    return side(text, speaker, article="two", version=2, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "scores", "stance", "kind"),
    [
        pytest.param(side(BRIDGE, "Ann Orr"), elsewhere(NEVER), NO, Stance.CONFLICT, VerdictKind.CONTRADICTION, id="contradiction"),
        pytest.param(
            side(BRIDGE, "Ann Orr"),
            elsewhere(NEVER, cue="denied", cue_class=CueClass.DENIAL),
            YES, Stance.CONFLICT, VerdictKind.DENIAL, id="denial",
        ),
        pytest.param(
            side(BRIDGE, "Ann Orr"), elsewhere(NEVER, "Ann Orr", day=9), NO, Stance.CONFLICT, VerdictKind.POSITION_CHANGED, id="changed",
        ),
        pytest.param(side(BRIDGE, "Ann Orr"), elsewhere(BRIDGE), YES, Stance.AGREE, VerdictKind.CORROBORATION, id="corroboration"),
        pytest.param(
            side(BRIDGE, "Ann Orr", kind=StatementKind.DIRECT),
            elsewhere(BRIDGE, "Orr", kind=StatementKind.DIRECT),
            OPEN, Stance.AGREE, VerdictKind.SAME_UTTERANCE, id="same utterance",
        ),
        pytest.param(side(BRIDGE, "Ann Orr"), elsewhere("The Orsk bridge is red and old"), OPEN, Stance.NEUTRAL, None, id="neutral"),
        pytest.param(
            side("there was “no request” for bases in Orsk", "Ann Orr"),
            elsewhere("to close the camps of Orsk", "Bo Lind", cue="pressed them"),
            UNSURE, Stance.CONFLICT, VerdictKind.TENSION, id="tension by opposite directions",
        ),
    ],
)  # fmt: skip
def test_rules(a: Side, b: Side, scores: NliProbabilities, stance: Stance, kind: VerdictKind | None) -> None:
    found = compare(a, b, scores)
    assert (found.stance, found.kind) == (stance, kind)
    assert found.reasons
    assert found.reason_code is None


@pytest.mark.parametrize(
    ("a", "b", "there", "back", "code"),
    [
        pytest.param(
            side(BRIDGE, "A B"), elsewhere(NEVER), YES, NO, ReasonCode.MODELS_DISAGREE, id="directions disagree"
        ),
        pytest.param(side("Orsk denied it", "A B"), elsewhere(NEVER), NO, NO, ReasonCode.TOO_SHORT, id="too short"),
        pytest.param(
            side("it was what it was", "A B"), elsewhere(NEVER), NO, NO, ReasonCode.UNRESOLVED_PRONOUN, id="pronoun"
        ),
        pytest.param(
            side("Rice became dearer in the capital", "A B"),
            elsewhere(NEVER),
            NO,
            NO,
            ReasonCode.NO_SHARED_SUBJECT,
            id="subject",
        ),
    ],
)
def test_it_says_undecided_and_why(
    a: Side, b: Side, there: NliProbabilities, back: NliProbabilities, code: ReasonCode
) -> None:
    found = compare(a, b, there, back)
    assert (found.stance, found.reason_code) == (Stance.UNDECIDED, code)
    assert found.reasons[0].startswith("Undecided")


@pytest.mark.parametrize("there", [YES, NO, OPEN])
@pytest.mark.parametrize("back", [YES, NO, OPEN])
def test_the_order_of_the_sides_does_not_matter(there: NliProbabilities, back: NliProbabilities) -> None:
    a, b = side(BRIDGE, "Ann Orr"), elsewhere(NEVER)
    one, other = compare(a, b, there, back), compare(b, a, back, there)
    assert (one.stance, one.kind, one.scores, one.confidence) == (
        other.stance,
        other.kind,
        other.scores,
        other.confidence,
    )


def test_scores_sum_to_one_and_confidence_is_the_stance_s() -> None:
    found = compare(side(BRIDGE, "Ann Orr"), elsewhere(NEVER), NO)
    assert found.scores.agree + found.scores.conflict + found.scores.neutral == pytest.approx(1.0, abs=1e-9)
    assert found.confidence == found.scores.conflict


def test_a_change_of_bounds_calibration_or_weights_is_another_policy() -> None:
    versions = {
        POLICY.version,
        replace(POLICY, bounds=Bounds(conflict=0.6)).version,
        replace(POLICY, nli_revision="2").version,
        replace(POLICY, calibration=replace(POLICY.calibration, revision="other")).version,
        replace(POLICY, reader="larger@1").version,
    }
    assert len(versions) == 5


def test_a_calibration_for_other_features_is_refused() -> None:
    c = POLICY.calibration
    with pytest.raises(ValueError, match="other features"):
        Calibration(("one",), c.mean, c.scale, c.weights, c.bias, c.tension, "x")


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Donald Trump", "Mr. Trump", True),
        ("Ann Orr", "ann orr", True),
        ("Ann Orr", "Bo Orr", False),
        ("Ann Orr", "Ann", False),
    ],
)
def test_names_of_one_speaker(a: str, b: str, same: bool) -> None:
    assert same_name(a, b) is same


def test_the_vector_has_a_number_for_each_name() -> None:
    found = vector(evidence(side(BRIDGE, "Ann Orr"), elsewhere(NEVER), 0.7, BothWays(NO, OPEN)))
    assert found.shape == (len(NAMES),)
    assert found[NAMES.index("negation_one_side")] == 1.0


@pytest.mark.parametrize(
    ("other", "same", "days"),
    [
        (side(NEVER, "Bo Lind"), 1.0, 0.0),
        (elsewhere(NEVER, day=3), 0.0, math.log(3)),
        (elsewhere(NEVER, day=None), 0.0, 0.0),
        (replace(elsewhere(NEVER), published_at=datetime(2020, 1, 1, tzinfo=UTC)), 0.0, math.log(31)),
    ],
)
def test_a_verdict_model_also_sees_whether_both_stand_in_one_article_and_the_days_between(
    other: Side, same: float, days: float
) -> None:
    stood = StanceProbabilities(0.1, 0.2, 0.3, 0.4)
    found = vector(evidence(side(BRIDGE, "Ann Orr"), other, 0.7, BothWays(NO, OPEN), stood))
    assert found.shape == (len(STANCE_NAMES),)
    assert found[-2:] == pytest.approx([same, days])


@pytest.mark.parametrize(
    ("words", "stance"),
    [
        pytest.param(BRIDGE, Stance.AGREE, id="of a thing"),
        pytest.param("I have never seen the Orsk bridge", Stance.CONFLICT, id="of oneself"),
    ],
)
def test_the_same_words_of_two_people_agree_whatever_the_scores(words: str, stance: Stance) -> None:
    assert compare(side(words, "Ann Orr"), elsewhere(words), NO, similarity=1.0).stance is stance


def test_one_speaker_s_words_in_two_articles_are_one_utterance() -> None:
    assert compare(side(BRIDGE, "Ann Orr"), elsewhere(BRIDGE, "Ann Orr"), OPEN).kind is VerdictKind.SAME_UTTERANCE


def test_nearly_the_same_words_that_nothing_opposes_are_no_tension() -> None:
    towers = (
        "The Orsk bridge was inspected in March by two engineers",
        "The old Orsk bridge was inspected in March by engineers",
    )
    a, b = side(towers[0], "Ann Orr"), elsewhere(towers[1])
    tension = Policy(replace(calibration(), tension=(*calibration().tension[:-1], 9.0)), "test", "1")
    scores = BothWays(NO, NO)
    assert tension.compare(a, b, 0.7, scores).kind is VerdictKind.TENSION
    close = tension.compare(a, b, 0.9, scores)
    assert (close.stance, close.reason_code) == (Stance.UNDECIDED, ReasonCode.LOW_CONFIDENCE)


def test_a_change_of_position_needs_near_claims_or_a_sure_score() -> None:
    a, b = side(BRIDGE, "Ann Orr"), elsewhere(NEVER, "Ann Orr", day=9)
    weights = tuple(tuple(w / 4 for w in row) for row in calibration().weights)
    unsure = Policy(replace(calibration(), weights=weights), "test", "1")
    near, far = (unsure.compare(a, b, similarity, BothWays(NO, NO)) for similarity in (0.7, 0.5))
    assert 0.55 <= far.scores.conflict < 0.75
    assert near.kind is VerdictKind.POSITION_CHANGED
    assert (far.stance, far.reason_code) == (Stance.UNDECIDED, ReasonCode.LOW_CONFIDENCE)
    assert compare(a, b, NO, similarity=0.5).kind is VerdictKind.POSITION_CHANGED


def test_who_plainly_opposes_what_he_supported_has_changed_position_between_far_claims_too() -> None:
    weights = tuple(tuple(w / 4 for w in row) for row in calibration().weights)
    unsure = Policy(replace(calibration(), weights=weights), "test", "1")
    a, b = side("I support the Orsk bridge", "Ann Orr"), elsewhere("I oppose the Orsk bridge", "Ann Orr", day=9)
    found = unsure.compare(a, b, 0.5, BothWays(NO, NO))
    assert (found.stance, found.kind) == (Stance.CONFLICT, VerdictKind.POSITION_CHANGED)


def test_a_denial_of_the_same_claim_conflicts_whatever_the_scores() -> None:
    denied = elsewhere(f"It is not true that {BRIDGE}", cue="denied", cue_class=CueClass.DENIAL)
    near, far = (compare(side(BRIDGE, "Ann Orr"), denied, OPEN, similarity=s) for s in (0.76, 0.74))
    assert (near.stance, near.kind, near.confidence) == (Stance.CONFLICT, VerdictKind.DENIAL, 0.7)
    assert far.stance is not Stance.CONFLICT


def test_one_direction_alone_contradicts_nearly_the_same_words_in_doubt_only() -> None:
    sure = Policy(calibration(contradiction_max=(0.0, 9.0, 0.0)), "test", "1", Bounds(exclusive=0.4))
    a, b = side(BRIDGE, "Ann Orr"), elsewhere("The bridge of Orsk was inspected in March and April")
    doubtful = sure.compare(a, b, 0.9, BothWays(NO, OPEN))
    assert (doubtful.stance, doubtful.reason_code) == (Stance.UNDECIDED, ReasonCode.LOW_CONFIDENCE)
    assert sure.compare(a, b, 0.8, BothWays(NO, OPEN)).kind is VerdictKind.CONTRADICTION


def test_a_denial_of_the_opposite_conflicts_with_nothing() -> None:
    """Of a denial the scores are those of what is denied: the other side contradicts that, so both say the same."""
    denied = elsewhere(f"It is not true that {NEVER}", cue="denied", cue_class=CueClass.DENIAL)
    alike, against = (compare(side(BRIDGE, "Ann Orr"), denied, scores, similarity=0.8) for scores in (NO, YES))
    assert alike.stance is not Stance.CONFLICT
    assert (against.stance, against.kind) == (Stance.CONFLICT, VerdictKind.DENIAL)


def test_a_paper_s_own_voice_takes_no_position() -> None:
    told = [
        side("The Orsk bridge is the best of the county", "North", kind=StatementKind.NARRATED),
        elsewhere("The Orsk bridge is the longest of the state", "North", day=9, kind=StatementKind.NARRATED),
        elsewhere("The Orsk bridge is not the best of the county", "North", day=9, kind=StatementKind.NARRATED),
    ]
    other, negated = (compare(told[0], one, NO, similarity=0.8) for one in told[1:])
    assert (other.stance, other.reason_code) == (Stance.UNDECIDED, ReasonCode.LOW_CONFIDENCE)
    assert negated.stance is Stance.CONFLICT
    assert negated.kind is not VerdictKind.POSITION_CHANGED


def test_whom_him_means_must_be_known_for_a_change_of_position() -> None:
    a, b = (
        side("Ann Orr calls Bo Lind a true friend of the Orsk bridge", "Ann Orr"),
        elsewhere("Ann Orr called him no friend of the Orsk bridge", "Ann Orr", day=9),
    )
    assert compare(a, b, NO).stance is Stance.UNDECIDED
    named = elsewhere("Ann Orr called Bo Lind no friend of the Orsk bridge", "Ann Orr", day=9)
    assert compare(a, named, NO).kind is VerdictKind.POSITION_CHANGED
    beside = elsewhere("Ann Orr called Bo Lind no friend of the Orsk bridge. She had met him.", "Ann Orr", day=9)
    assert compare(a, beside, NO).kind is VerdictKind.POSITION_CHANGED


def test_as_many_dead_in_one_thing_is_never_neutral() -> None:
    a, killed = (
        side("Twenty-six people have died in the collapse", "Ann Orr"),
        "The collapse on Tuesday killed {} people",
    )
    same, other = (compare(a, elsewhere(killed.format(count)), OPEN, similarity=0.5) for count in ("26", "many"))
    assert (same.stance, same.reason_code) == (Stance.UNDECIDED, ReasonCode.LOW_CONFIDENCE)
    assert other.stance is Stance.NEUTRAL
