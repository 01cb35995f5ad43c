"""Every single item by its name: what it is where nobody answered it, and what it does where it alone is not a no."""

from typing import Any

import pytest

from tests.triage.factories import TRI_PATHS, ItemPath, answers
from triage.answers import Alternative, Answers, Anticoagulant, Tri, parse
from triage.decision import Decision
from triage.rules import decide

RISKS = (
    "context__pregnant",
    "context__postpartum_6wk",
    "wells__active_cancer",
    "wells__prior_dvt_documented",
    "wells__bedridden_3d_or_surgery_12w",
    "wells__paralysis_or_cast",
)
KEPT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("travel", "hormones", "injury", "activity", "fluids", "medicines", "allergies", "notes"), ("a word",)
    ),
    **dict.fromkeys(("worse_standing", "worse_walking", "worse_foot_flexed_up", "diuretics"), ("yes", "no", "unknown")),
    "cramp_side": ("left", "right", "both", "alternating", "unknown"),
    "cramp_time": ("night", "day", "both", "unknown"),
    "anesthesia": ("general", "regional", "local", "none", "unknown"),
}


def decided(**changes: Any) -> Decision:
    return decide(parse(answers(**changes), on=None))


@pytest.mark.parametrize("path", TRI_PATHS)
def test_an_item_that_nobody_answered_is_unknown(path: ItemPath) -> None:
    group, key = path
    assert getattr(getattr(parse({}, on=None), group), key) is Tri.UNKNOWN


def test_no_answers_at_all_say_nothing_of_the_person_the_limb_and_the_time() -> None:
    read = Answers()
    assert read == parse({}, on=None)
    assert (read.patient.age, read.patient.sex, read.limb, read.onset_days) == (None, "unknown", "unknown", None)
    assert read.worsening is Tri.UNKNOWN
    assert read.context.anticoagulant is Anticoagulant.UNKNOWN
    assert read.wells.alternative_dx_clinician is Alternative.NOT_ASSESSED


@pytest.mark.parametrize("limb", ["left_leg", "right_leg"])
@pytest.mark.parametrize("answer", ["yes", "unknown"])
@pytest.mark.parametrize("risk", RISKS)
def test_cramps_of_one_leg_with_a_risk_are_called_about(risk: str, answer: str, limb: str) -> None:
    decision = decided(limb=limb, **{risk: answer})
    assert decision.reasons[0].clause == "R9.cramps_with_risk"
    assert decision.reasons[0].answers[risk.replace("__", ".")] == answer


@pytest.mark.parametrize("answer", ["yes", "unknown"])
@pytest.mark.parametrize("risk", RISKS)
def test_a_risk_without_cramps_is_a_reason_for_a_consultation(risk: str, answer: str) -> None:
    assert decided(**{risk: answer}, symptoms__cramps="no").reasons[0].clause == "R10.listed"


@pytest.mark.parametrize(
    "change",
    [
        {"context__prior_pe": "yes"},
        {"symptoms__asymmetric": "yes"},
        {"symptoms__cellulitis_like_local": "yes"},
        {"wells__deep_vein_tenderness": "yes"},
        {"wells__entire_leg_swollen": "yes"},
        {"wells__calf_3cm": "yes"},
        {"wells__pitting_one_leg": "yes"},
        {"wells__collateral_veins": "yes"},
        {"symptoms__heaviness": "unknown"},
        {"symptoms__difficulty_walking": "unknown"},
        {"symptoms__cellulitis_like_local": "unknown"},
        {"context__prior_pe": "unknown"},
        {"context__inpatient": "unknown"},
        *(
            {"limb": "left_arm", f"constans__{item}": answer}
            for item in ("venous_material", "localized_pain", "unilateral_edema")
            for answer in ("yes", "unknown")
        ),
    ],
)
def test_self_care_is_not_enough_where_this_is_not_a_no(change: dict[str, str]) -> None:
    assert decided().rule == "R11"
    decision = decided(**change)
    assert decision.reasons[0].clause == "R10.not_all_no"
    path, answer = list(change.items())[-1]
    assert decision.reasons[0].answers == {path.replace("__", "."): answer}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in KEPT.items() for value in values])
def test_what_is_kept_beside_the_answers_is_kept_as_it_was_told(key: str, value: str) -> None:
    assert parse({"kept": {key: value}}, on=None).kept == {key: value}
