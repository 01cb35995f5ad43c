"""Each clause of the table, one by one, by the answers that fire it."""

from typing import Any

import pytest

from tests.triage.factories import answers
from triage.answers import parse
from triage.decision import Decision
from triage.rules import RULES_VERSION, decide, fallback, fingerprint, needed
from triage.words import WORDS

SWOLLEN = {"symptoms__swelling": "yes"}
ARM = {"limb": "right_arm", **SWOLLEN}
BOTH = {"limb": "both_legs", **SWOLLEN}
LATE = {"site__next_result_min": None}
CHILD = {"patient": {"age": 17}}
THREE_POINTS = dict.fromkeys(("wells__calf_3cm", "wells__pitting_one_leg", "wells__collateral_veins"), "yes")
ARM_ITEMS = ("constans__venous_material", "constans__localized_pain", "constans__unilateral_edema")

CASES: list[tuple[dict[str, Any], str, int]] = [
    ({"emergency__major_bleeding": "yes", "limb_threat__limb_cold": "yes"}, "R1", 0),
    ({"limb_threat__limb_cold": "yes", "emergency__fainted": "unknown"}, "R2", 1),
    ({"emergency__fainted": "unknown"}, "R3.unknown", 2),
    ({"limb_threat__limb_cold": "unknown"}, "R3.unknown", 2),
    ({"emergency__new_cough_or_lightheaded": "yes"}, "R3.cough", 2),
    ({"emergency__new_cough_or_lightheaded": "unknown"}, "R3.unknown", 2),
    ({"emergency__fainted": "unknown", **SWOLLEN, **CHILD}, "R4.child_suspected", 1),
    ({"patient": {}}, "R4.age_missing", 4),
    ({**CHILD, **SWOLLEN}, "R4.child_suspected", 1),
    (CHILD, "R4.child", 6),
    ({**CHILD, "symptoms__swelling": "unknown"}, "R4.child", 6),
    ({"context__inpatient": "yes", **SWOLLEN}, "R5", 4),
    ({"context__inpatient": "unknown", **SWOLLEN}, "R8.tier2", 5),
    ({"context__anticoagulant": "therapeutic", **SWOLLEN}, "R6.therapeutic", 4),
    ({"context__anticoagulant": "unknown", **SWOLLEN}, "R8.tier2", 5),
    ({"context__anticoagulant": "prophylactic", **SWOLLEN}, "R8.tier2", 5),
    ({"symptoms__cellulitis_like_local": "unknown", **SWOLLEN}, "R6.local_infection", 4),
    ({"symptoms__cellulitis_like_local": "yes", **SWOLLEN, "site__upper_extremity": False}, "R6.local_infection", 4),
    ({**ARM, "site__upper_extremity": False}, "R7.no_arm_scan", 1),
    ({**ARM, "constans__localized_pain": "yes", "constans__unilateral_edema": "unknown"}, "R7.tier1", 3),
    ({**ARM, "symptoms__redness": "unknown"}, "R7.tier1", 3),
    ({**ARM, "constans__localized_pain": "yes"}, "R7.tier2", 5),
    ({**ARM, "wells__active_cancer": "yes"}, "R7.tier2", 5),
    ({**ARM, "symptoms__redness": "unknown", **LATE}, "R7.tier1_no_slot", 1),
    ({**ARM, **LATE}, "R7.tier2_no_slot", 6),
    ({**SWOLLEN, "context__pregnant": "yes", "site__iliac_duplex": False}, "R8.no_iliac", 1),
    ({**SWOLLEN, "context__pregnant": "unknown", "site__iliac_duplex": False}, "R8.tier1", 3),
    ({**SWOLLEN, "wells__calf_3cm": "yes", "wells__pitting_one_leg": "unknown"}, "R8.tier1", 3),
    ({**SWOLLEN, "symptoms__warmth": "unknown"}, "R8.tier1", 3),
    ({**SWOLLEN, "context__postpartum_6wk": "unknown"}, "R8.tier1", 3),
    ({**SWOLLEN, "wells__active_cancer": "unknown"}, "R8.tier1", 3),
    ({**SWOLLEN, "wells__prior_dvt_documented": "yes"}, "R8.tier1", 3),
    ({**SWOLLEN, "wells__prior_dvt_documented": "unknown"}, "R8.tier2", 5),
    ({**SWOLLEN, "context__prior_pe": "yes"}, "R8.tier1", 3),
    ({**SWOLLEN, "context__prior_pe": "unknown"}, "R8.tier2", 5),
    ({**SWOLLEN, "wells__calf_3cm": "yes"}, "R8.tier2", 5),
    ({**SWOLLEN, "wells__calf_3cm": "yes", "wells__pitting_one_leg": "yes", **LATE}, "R8.tier1_proven_no_slot", 1),
    ({**SWOLLEN, **THREE_POINTS, **LATE}, "R8.tier1_proven_no_slot", 1),
    ({**SWOLLEN, **THREE_POINTS}, "R8.tier1", 3),
    ({**ARM, **dict.fromkeys(ARM_ITEMS, "yes")}, "R7.tier1", 3),
    ({**SWOLLEN, "context__prior_pe": "yes", **LATE}, "R8.tier1_proven_no_slot", 1),
    ({**SWOLLEN, "context__postpartum_6wk": "yes", **LATE}, "R8.tier1_proven_no_slot", 1),
    ({**SWOLLEN, "symptoms__warmth": "unknown", **LATE}, "R8.tier1_unknown_no_slot", 4),
    ({**SWOLLEN, **LATE}, "R8.tier2_no_slot", 6),
    ({"symptoms__heaviness": "yes", "symptoms__difficulty_walking": "yes"}, "R8.tier2", 5),
    ({"symptoms__heaviness": "yes"}, "R10.listed", 8),
    ({"limb": "both_legs", "symptoms__heaviness": "yes", "symptoms__difficulty_walking": "yes"}, "R10.listed", 8),
    ({**BOTH, "symptoms__asymmetric": "yes"}, "R8.tier2", 5),
    ({**BOTH, "symptoms__asymmetric": "unknown"}, "R9.both_legs", 6),
    ({**BOTH, "wells__prior_dvt_documented": "yes"}, "R8.tier1", 3),
    ({**BOTH, "wells__paralysis_or_cast": "yes"}, "R9.both_legs", 6),
    ({"symptoms__new_visible_veins": "unknown", "onset_days": 400}, "R9.sign_unknown", 4),
    ({"limb": "unknown"}, "R9.limb_unknown", 4),
    ({"limb": "unknown", **SWOLLEN, "worsening": "yes"}, "R9.limb_unknown", 4),
    ({"limb": "unknown", "symptoms__rest_pain_or_open_wound": "yes"}, "R9.limb_unknown", 4),
    ({"symptoms__rest_pain_or_open_wound": "unknown"}, "R9.rest_pain", 6),
    ({"context__pregnant": "unknown"}, "R9.cramps_with_risk", 6),
    ({"wells__paralysis_or_cast": "yes"}, "R9.cramps_with_risk", 6),
    ({"wells__bedridden_3d_or_surgery_12w": "unknown"}, "R9.cramps_with_risk", 6),
    ({"wells__active_cancer": "yes", "onset_days": 29}, "R10.listed", 8),
    ({"wells__active_cancer": "yes", "symptoms__cramps": "no"}, "R10.listed", 8),
    ({"wells__active_cancer": "unknown", "symptoms__cramps": "no"}, "R10.listed", 8),
    ({"wells__active_cancer": "yes", "limb": "right_arm"}, "R10.listed", 8),
    ({"context__pregnant": "yes", "limb": "alternating"}, "R10.listed", 8),
    ({"limb": "alternating", **SWOLLEN}, "R8.tier2", 5),
    ({"limb": "alternating", "symptoms__heaviness": "yes", "symptoms__difficulty_walking": "yes"}, "R10.listed", 8),
    ({"history__smoking": "unknown"}, "R10.listed", 8),
    ({**SWOLLEN, "onset_days": 29}, "R10.listed", 8),
    ({"context__prior_pe": "yes"}, "R10.not_all_no", 8),
    ({"symptoms__heaviness": "unknown"}, "R10.not_all_no", 8),
    ({"context__inpatient": "unknown"}, "R10.not_all_no", 8),
    ({"wells__calf_3cm": "yes"}, "R10.not_all_no", 8),
    ({"limb": "left_arm", "constans__venous_material": "unknown"}, "R10.not_all_no", 8),
    ({"limb": "left_arm", "constans__venous_material": "yes"}, "R10.not_all_no", 8),
    ({"constans__venous_material": "yes"}, "R11", 9),
    ({"wells__calf_3cm": "unknown"}, "R11", 9),
    ({"context__anticoagulant": "therapeutic"}, "R10.not_all_no", 8),
    ({"context__anticoagulant": "unknown"}, "R10.not_all_no", 8),
    ({"context__anticoagulant": "prophylactic"}, "R11", 9),
    ({"symptoms__cellulitis_like_local": "unknown"}, "R10.not_all_no", 8),
    ({"stat_order": True}, "STAT.tier1", 3),
    ({"stat_order": True, **LATE}, "STAT.tier1_no_slot", 1),
    ({}, "R11", 9),
]


def decided(**changes: Any) -> Decision:
    return decide(parse(answers(**changes), on=None))


@pytest.mark.parametrize(("changes", "clause", "urgency"), CASES)
def test_a_clause_fires(changes: dict[str, Any], clause: str, urgency: int) -> None:
    decision = decided(**changes)
    assert decision.reasons[0].clause == clause
    assert decision.urgency == urgency
    assert decision.version == RULES_VERSION


def test_every_clause_with_words_is_reached() -> None:
    reached = {clause for _, clause, _ in CASES}
    # What is said after the table, by the search, the roster, a person or time itself, is tested where that is.
    after = ("R6.no_slot", "ROSTER", "OVERRIDE", "UNREACHED")
    assert reached == {clause for clause in WORDS if not clause.startswith(after)}


def test_r3_that_wins_and_the_match_it_beat_are_both_told() -> None:
    decision = decided(**SWOLLEN, emergency__fainted="unknown")
    assert [reason.rule for reason in decision.reasons] == ["R3", "R8"]
    assert (decision.tier, decision.hold_slot, decision.within_minutes) == (None, False, 10)


def test_an_ed_match_beats_r3() -> None:
    decision = decided(**SWOLLEN, context__prior_pe="yes", emergency__fainted="unknown", **LATE)
    assert [reason.rule for reason in decision.reasons] == ["R8", "R3"]
    assert decision.disposition == "ED_NOW"


def test_the_search_is_asked_for_before_its_outcome_is_known() -> None:
    read = parse(answers(**SWOLLEN, wells__active_cancer="yes", **LATE), on=None)
    first = needed(read)
    assert (first.disposition, first.tier) == ("SAME_DAY_DVT_SCAN", 1)
    assert fallback(read, first, 240) is first
    assert fallback(read, first, 241).disposition == "ED_NOW"
    assert fallback(read, first, None).disposition == "ED_NOW"


def test_the_fallback_of_a_callback_in_ten_minutes_may_be_the_ed() -> None:
    read = parse(answers(**SWOLLEN, wells__active_cancer="yes", emergency__fainted="unknown"), on=None)
    first = needed(read)
    assert first.rule == "R3"
    assert fallback(read, first, None).disposition == "ED_NOW"


def test_the_fingerprint_is_a_sha_256_of_the_text() -> None:
    assert len(fingerprint()) == 64
    assert int(fingerprint(), 16)
