"""The ladder of missed steps, rung by rung."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.missed import CLIMBING, pursued, rung
from clinic.pathway import CATEGORIES, planned
from tests.risks import risks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(("kind", "code"), [("follow_up_scan", "scan_d7"), ("dose_change", "dose_change_d21")])
def test_a_surveillance_scan_and_a_dose_change_call_are_pursued_within_hours(kind: str, code: str) -> None:
    rungs = [rung(kind, code, times) for times in (1, 2, 3, 4)]
    assert [each.after for each in rungs] == [3 * HOUR, DAY, 2 * DAY, 7 * DAY]
    assert [each.role for each in rungs] == ["", "clinician", "physician", "physician"]
    assert rungs[0].calls == 2
    assert [each.letter for each in rungs] == [False, False, False, True]


@pytest.mark.parametrize(
    ("kind", "code"),
    [("follow_up_visit", "visit_1_month"), ("follow_up_call", "call_d1"), ("follow_up_scan", "baseline_scan_3_months")],
)
def test_any_other_step_comes_again_after_3_7_and_14_days(kind: str, code: str) -> None:
    assert [rung(kind, code, times).after for times in (1, 2, 3)] == [3 * DAY, 7 * DAY, 14 * DAY]
    assert not any(rung(kind, code, times).letter for times in (1, 2, 3, 4))


@given(
    category=st.sampled_from(CATEGORIES),
    risk=risks(),
    times=st.integers(min_value=1, max_value=200),
)
def test_no_step_of_any_plan_ever_lapses(category: str, risk: object, times: int) -> None:
    for step in planned(category, risk):  # type: ignore[arg-type]
        if step.kind in CLIMBING:
            now, after = rung(step.kind, step.code, times), rung(step.kind, step.code, times + 1)
            assert now.after < after.after
            assert times < 4 or after.role == "physician"


def test_every_scan_that_guards_the_patient_is_pursued() -> None:
    assert not pursued("follow_up_scan", "end_of_treatment_scan")
    assert pursued("follow_up_scan", "repeat_scan_d6_8")
