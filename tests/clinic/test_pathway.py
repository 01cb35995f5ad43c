"""The follow-up table of the clinical rules, row by row."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.models import ResultCategory, Role, StepKind
from clinic.pathway import CATEGORIES, DOSE_CHANGES, PlannedStep, Risk, planned
from clinic.result_rules import NEGATIVE
from tests.risks import risks

CALL, SCAN, VISIT = "follow_up_call", "follow_up_scan", "follow_up_visit"


def _days(steps: tuple[PlannedStep, ...], kind: str) -> list[tuple[int, int]]:
    return [(step.first_day, step.last_day) for step in steps if step.kind == kind]


def test_a_clear_complete_study_is_followed_by_one_call_on_day_seven() -> None:
    assert _days(planned("no_dvt_complete", Risk()), CALL) == [(5, 9)]


@pytest.mark.parametrize(
    ("risk", "repeat"),
    [
        (Risk(pretest_category="likely", d_dimer="negative"), True),
        (Risk(pretest_category="unlikely", d_dimer="positive"), True),
        (Risk(pretest_category="unlikely", d_dimer="unknown"), True),
        (Risk(pretest_category="unlikely", d_dimer="negative"), False),
    ],
)
def test_a_limited_study_is_repeated_unless_all_is_known_and_low(risk: Risk, repeat: bool) -> None:
    assert _days(planned("no_dvt_limited", risk), SCAN) == ([(6, 8)] if repeat else [])


@pytest.mark.parametrize("category", ["acute_proximal_dvt", "svt_near_sfj", "upper_extremity_dvt"])
def test_an_acute_clot_is_followed_for_a_year(category: str) -> None:
    steps = planned(category, Risk())
    assert steps[0].code == "treatment_start"
    assert steps[0].minutes == 60
    assert _days(steps, CALL) == [(1, 1), (5, 7), (19, 21)]
    assert _days(steps, VISIT) == [(7, 14), (23, 37), (76, 104), (168, 196), (351, 379)]


def test_a_threatened_limb_is_handed_over_before_anything_else() -> None:
    assert planned("acute_iliofemoral_threatened", Risk())[0].kind == "handover"


def test_a_distal_clot_is_watched_or_treated() -> None:
    assert _days(planned("isolated_distal_dvt", Risk()), SCAN) == [(6, 8), (13, 15)]
    treated = planned("isolated_distal_dvt", Risk(treated=True))
    assert _days(treated, VISIT)[-1] == (76, 104)


def test_a_pregnant_patient_is_scanned_again_on_days_three_and_seven() -> None:
    assert _days(planned("no_dvt_complete", Risk(pregnant=True)), SCAN) == [(3, 3), (7, 7)]
    settled = Risk(pregnant=True, suspicion_persists=False)
    assert _days(planned("no_dvt_complete", settled), SCAN) == []


def test_superficial_and_old_clots_have_their_own_rows() -> None:
    assert _days(planned("svt_long", Risk()), VISIT) == [(40, 50)]
    assert _days(planned("svt_short", Risk()), SCAN) == [(7, 10)]
    assert _days(planned("chronic_post_thrombotic", Risk()), SCAN) == []
    assert _days(planned("chronic_post_thrombotic", Risk(equivocal=True)), SCAN) == [(1, 3), (7, 10)]
    assert _days(planned("svt_long", Risk()), SCAN) == [(7, 14)]


def test_a_study_that_showed_nothing_is_repeated_or_another_one_is_made_within_a_day() -> None:
    today, repeat = planned("non_diagnostic", Risk())
    assert (today.kind, today.minutes) == ("decision", 60)
    assert (repeat.kind, repeat.first_day, repeat.last_day) == (SCAN, 5, 7)
    _, other = planned("non_diagnostic", Risk(other_imaging=True))
    assert (other.kind, other.minutes) == ("other_imaging", 24 * 60)


def test_three_months_bring_a_visit_and_a_baseline_scan_in_one_window() -> None:
    at_three_months = [step for step in planned("acute_proximal_dvt", Risk()) if step.day == 90]
    assert [(step.kind, step.first_day, step.last_day) for step in at_three_months] == [
        (VISIT, 76, 104),
        (SCAN, 76, 104),
    ]


def test_another_finding_is_a_named_persons_call_within_two_working_days() -> None:
    call = planned("incidental", Risk())[0]
    assert (call.working_days, call.named_owner) == (2, True)


def test_the_drug_says_when_its_dose_changes() -> None:
    assert {drug: step.day for drug, step in DOSE_CHANGES.items()} == {"apixaban": 7, "rivaroxaban": 21}


def test_a_long_superficial_clot_has_a_first_dose_but_no_clock_of_an_hour() -> None:
    start = planned("svt_long", Risk())[0]
    assert (start.kind, start.minutes) == ("treatment_start", 24 * 60)


@pytest.mark.parametrize("category", ResultCategory.values)
def test_every_category_has_a_row_whose_steps_the_kernel_knows(category: str) -> None:
    steps = planned(category, Risk())
    assert steps
    assert {step.kind for step in steps} <= set(StepKind.values)
    assert {step.owner_role for step in steps} <= set(Role.values)
    assert len({step.code for step in steps}) == len(steps)


@given(category=st.sampled_from(CATEGORIES), risk=risks())
def test_every_row_for_every_risk_is_dated_owned_and_never_empty(category: str, risk: Risk) -> None:
    steps = planned(category, risk)
    assert steps
    assert len({step.code for step in steps}) == len(steps)
    for step in steps:
        assert step.owner_role in {"clinician", "representative"}
        assert step.first_day <= step.day <= step.last_day
        assert step.minutes is None or step.minutes > 0


@given(category=st.sampled_from(sorted(NEGATIVE)), risk=risks())
def test_less_known_of_a_negative_study_never_means_less_looking(category: str, risk: Risk) -> None:
    unsure = replace(risk, d_dimer="unknown", suspicion_persists=None, pretest_category="")
    scans = len(_days(planned(category, risk), SCAN))
    assert len(_days(planned(category, unsure), SCAN)) >= scans
