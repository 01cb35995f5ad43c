"""The follow-up table of the clinical rules, row by row."""

import pytest

from clinic.models import ResultCategory, Role, StepKind
from clinic.pathway import PlannedStep, Risk, planned

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
    assert _days(planned("chronic_post_thrombotic", Risk(equivocal=True)), SCAN) == [(1, 3), (7, 10)]
    assert _days(planned("non_diagnostic", Risk()), SCAN) == [(5, 7)]


def test_a_clear_repeat_scan_leaves_only_the_signature() -> None:
    assert planned("no_dvt_complete", Risk(previous="no_dvt_limited")) == ()


@pytest.mark.parametrize("category", ResultCategory.values)
def test_every_category_has_a_row_whose_steps_the_kernel_knows(category: str) -> None:
    steps = planned(category, Risk())
    assert steps
    assert {step.kind for step in steps} <= set(StepKind.values)
    assert {step.owner_role for step in steps} <= set(Role.values)
    assert len({step.code for step in steps}) == len(steps)
