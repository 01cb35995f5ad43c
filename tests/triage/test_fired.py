"""Each reason names the very answers that fired it: no more, and none left out."""

from typing import Any

import pytest

from tests.triage.factories import answers
from triage.answers import parse
from triage.answers.groups import History
from triage.rules import decide

LATE = {"site__next_result_min": None}
SWOLLEN = {"symptoms__swelling": "yes"}
WHERE = {"limb": "left_leg", "onset_days": 2}
SIGN = {**WHERE, "symptoms.swelling": "yes"}
COUGH = "emergency__new_cough_or_lightheaded"
NO_SLOT = {"site.next_result_min": None}

CASES: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (
        {"emergency__fainted": "yes", "emergency__chest_pain": "yes", COUGH: "yes"},
        "R1",
        {"emergency.chest_pain": "yes", "emergency.fainted": "yes"},
    ),
    ({"limb_threat__limb_cold": "yes"}, "R2", {"limb_threat.limb_cold": "yes"}),
    ({"emergency__fainted": "unknown"}, "R3.unknown", {"emergency.fainted": "unknown"}),
    (
        {"limb_threat__limb_cold": "unknown", COUGH: "yes"},
        "R3.unknown",
        {"emergency.new_cough_or_lightheaded": "yes", "limb_threat.limb_cold": "unknown"},
    ),
    ({COUGH: "unknown"}, "R3.unknown", {"emergency.new_cough_or_lightheaded": "unknown"}),
    ({COUGH: "yes"}, "R3.cough", {"emergency.new_cough_or_lightheaded": "yes"}),
    ({"patient": {}}, "R4.age_missing", {"patient.age": None}),
    ({"patient": {"age": 17}}, "R4.child", {"patient.age": 17}),
    ({"patient": {"age": 17}, **SWOLLEN}, "R4.child_suspected", {"patient.age": 17, **SIGN}),
    ({"context__inpatient": "yes"}, "R5", {"context.inpatient": "yes"}),
    (
        {**SWOLLEN, "context__anticoagulant": "therapeutic"},
        "R6.therapeutic",
        {**SIGN, "context.anticoagulant": "therapeutic"},
    ),
    (
        {**SWOLLEN, "context__anticoagulant": "therapeutic", "symptoms__cellulitis_like_local": "unknown"},
        "R6.therapeutic",
        {**SIGN, "context.anticoagulant": "therapeutic", "symptoms.cellulitis_like_local": "unknown"},
    ),
    (
        {**SWOLLEN, "symptoms__cellulitis_like_local": "yes"},
        "R6.local_infection",
        {**SIGN, "symptoms.cellulitis_like_local": "yes"},
    ),
    (
        {**SWOLLEN, "limb": "left_arm", "site__upper_extremity": False},
        "R7.no_arm_scan",
        {**SIGN, "limb": "left_arm"},
    ),
    (
        {**SWOLLEN, "limb": "left_arm", "constans__localized_pain": "yes", "constans__venous_material": "unknown"},
        "R7.tier1",
        {**SIGN, "limb": "left_arm", "constans.localized_pain": "yes", "constans.venous_material": "unknown"},
    ),
    (
        {**SWOLLEN, "limb": "left_arm", "symptoms__warmth": "unknown", **LATE},
        "R7.tier1_no_slot",
        {**SIGN, "limb": "left_arm", "symptoms.warmth": "unknown", **NO_SLOT},
    ),
    (
        {**SWOLLEN, "limb": "left_arm", "constans__localized_pain": "yes"},
        "R7.tier2",
        {**SIGN, "limb": "left_arm"},
    ),
    ({**SWOLLEN, "limb": "left_arm", **LATE}, "R7.tier2_no_slot", {**SIGN, "limb": "left_arm", **NO_SLOT}),
    (
        {**SWOLLEN, "context__pregnant": "yes", "site__iliac_duplex": False},
        "R8.no_iliac",
        {"context.pregnant": "yes", **SIGN},
    ),
    (
        {**SWOLLEN, "wells__calf_3cm": "yes", "wells__pitting_one_leg": "unknown"},
        "R8.tier1",
        {**SIGN, "wells.calf_3cm": "yes", "wells.pitting_one_leg": "unknown"},
    ),
    (
        {**SWOLLEN, "wells__calf_3cm": "yes", "context__prior_pe": "yes", "context__postpartum_6wk": "unknown"},
        "R8.tier1",
        {**SIGN, "context.postpartum_6wk": "unknown", "context.prior_pe": "yes"},
    ),
    ({**SWOLLEN, "wells__calf_3cm": "yes"}, "R8.tier2", SIGN),
    ({**SWOLLEN, "onset_days": 40, "worsening": "yes"}, "R8.tier2", {**SIGN, "onset_days": 40, "worsening": "yes"}),
    ({**SWOLLEN, "worsening": "unknown"}, "R8.tier2", SIGN),
    ({**SWOLLEN, **LATE}, "R8.tier2_no_slot", {**SIGN, **NO_SLOT}),
    (
        {**SWOLLEN, "context__prior_pe": "yes", **LATE},
        "R8.tier1_proven_no_slot",
        {**SIGN, "context.prior_pe": "yes", **NO_SLOT},
    ),
    (
        {**SWOLLEN, "symptoms__redness": "unknown", **LATE},
        "R8.tier1_unknown_no_slot",
        {**SIGN, "symptoms.redness": "unknown", **NO_SLOT},
    ),
    ({"symptoms__warmth": "unknown"}, "R9.sign_unknown", {"symptoms.warmth": "unknown"}),
    ({"limb": "unknown", **SWOLLEN}, "R9.limb_unknown", {"limb": "unknown", "symptoms.swelling": "yes"}),
    ({"limb": "both_legs", **SWOLLEN}, "R9.both_legs", {**SIGN, "limb": "both_legs"}),
    (
        {"symptoms__rest_pain_or_open_wound": "unknown"},
        "R9.rest_pain",
        {"symptoms.rest_pain_or_open_wound": "unknown"},
    ),
    (
        {"context__pregnant": "unknown", "wells__active_cancer": "yes"},
        "R9.cramps_with_risk",
        {**WHERE, "symptoms.cramps": "yes", "context.pregnant": "unknown", "wells.active_cancer": "yes"},
    ),
    (
        {**SWOLLEN, "onset_days": 40, "history__smoking": "unknown", "wells__paralysis_or_cast": "yes"},
        "R10.listed",
        {"symptoms.swelling": "yes", "history.smoking": "unknown", "wells.paralysis_or_cast": "yes"},
    ),
    (
        dict.fromkeys([f"history__{key}" for key in History.__slots__], "yes"),
        "R10.listed",
        dict.fromkeys([f"history.{key}" for key in History.__slots__], "yes"),
    ),
    (
        {"context__prior_pe": "yes", "symptoms__heaviness": "unknown", "context__anticoagulant": "unknown"},
        "R10.not_all_no",
        {"context.prior_pe": "yes", "symptoms.heaviness": "unknown", "context.anticoagulant": "unknown"},
    ),
    ({}, "R11", {"symptoms.cramps": "yes"}),
]


@pytest.mark.parametrize(("changes", "clause", "fired"), CASES, ids=[f"{n}-{case[1]}" for n, case in enumerate(CASES)])
def test_a_reason_names_the_answers_that_fired_it(changes: dict[str, Any], clause: str, fired: dict[str, Any]) -> None:
    reason = decide(parse(answers(**changes), on=None)).reasons[0]
    assert reason.clause == clause
    assert dict(reason.answers) == fired
