"""The last column of the follow-up table: what forbids to sign that it is over, row by row."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.closing import Course, Done, open_conditions
from clinic.pathway import CATEGORIES, Risk, treated
from tests.risks import risks

TODAY = date(2026, 6, 30)


def _done(*pairs: tuple[str, str, str]) -> tuple[Done, ...]:
    return tuple(Done(code=code, on=TODAY, outcome=outcome, found=found) for code, outcome, found in pairs)


def _open(category: str, *done: tuple[str, str, str], risk: Risk = Risk(), **changes: Any) -> list[str]:
    course = Course(on=TODAY, category=category, risk=risk, done=_done(*done))
    return [each.code for each in open_conditions(replace(course, **changes))]


def test_an_episode_without_a_plan_is_held_by_what_is_owed_and_by_an_unsigned_report() -> None:
    assert _open("") == []
    assert _open("", besides=frozenset({"telling"}), unsigned=True) == ["report_unsigned", "step_owed"]


def test_a_clear_study_waits_for_the_call_and_for_settling_symptoms() -> None:
    assert _open("no_dvt_complete", owed=frozenset({"safety_call_d7"})) == ["step_owed"]
    assert _open("no_dvt_complete", ("safety_call_d7", "not_settling", "")) == ["not_settling"]
    assert _open("no_dvt_complete", ("safety_call_d7", "settling", "")) == []


@pytest.mark.parametrize(("found", "missing"), [("no_dvt_complete", []), ("", ["no_clear_repeat"])])
def test_a_limited_study_waits_for_a_repeat_that_is_negative_and_signed(found: str, missing: list[str]) -> None:
    assert _open("no_dvt_limited", ("repeat_scan_d6_8", "visit_completed", found)) == missing


def test_a_vague_study_waits_for_a_definitive_one() -> None:
    assert _open("non_diagnostic") == ["no_definitive_study"]
    other = Risk(other_imaging=True)
    assert _open("non_diagnostic", ("other_imaging_24h", "definitive_positive", ""), risk=other) == [
        "no_definitive_study"
    ]
    assert _open("non_diagnostic", ("other_imaging_24h", "definitive_negative", ""), risk=other) == []


def _treated(**changes: Any) -> list[str]:
    stopped = TODAY - timedelta(weeks=5)
    done = _done(
        ("handover", "ed_accepted", ""),
        ("end_of_treatment_scan", "", "chronic_post_thrombotic"),
        ("clear_check", "", ""),
    )
    course = Course(on=TODAY, category="acute_proximal_dvt", done=done, choice="stop", last_dose_on=stopped)
    return [each.code for each in open_conditions(replace(course, **changes))]


def test_treatment_ends_with_decision_last_dose_scan_and_one_clear_check() -> None:
    assert _treated() == []
    assert _treated(owed=frozenset({"visit_12_months"})) == []
    assert _treated(choice="") == ["no_stop_decision"]
    assert _treated(last_dose_on=TODAY + timedelta(days=1))[0] == "last_dose_ahead"
    assert _treated(last_dose_on=TODAY - timedelta(days=27)) == ["no_clear_check"]
    assert _treated(done=_done(("clear_check", "", ""))) == ["no_end_scan"]
    assert _treated(done=_done(("end_of_treatment_scan", "", "acute_proximal_dvt"), ("clear_check", "", ""))) == [
        "no_end_scan"
    ]


def test_extended_therapy_never_ends_by_itself() -> None:
    assert _treated(choice="extend") == ["therapy_extended"]


def test_a_threatened_limb_waits_for_the_acknowledged_handover_as_well() -> None:
    assert _treated(category="acute_iliofemoral_threatened") == []
    without = _done(("end_of_treatment_scan", "", "no_dvt_complete"), ("clear_check", "", ""))
    assert _treated(category="acute_iliofemoral_threatened", done=without) == ["handover_open"]


def test_a_watched_clot_waits_for_both_scans_stable_or_resolved() -> None:
    first, second = ("scan_d7", "", "isolated_distal_dvt"), ("scan_d14", "", "no_dvt_complete")
    assert _open("isolated_distal_dvt", first, second) == []
    assert _open("isolated_distal_dvt", first) == ["not_stable"]
    assert _open("isolated_distal_dvt", first, ("scan_d14", "", "non_diagnostic")) == ["not_stable"]


def test_a_long_superficial_clot_waits_for_its_course_and_its_scan() -> None:
    assert _open("svt_long") == ["course_incomplete", "extension_open"]
    assert _open("svt_long", ("scan_d7_14", "", "svt_long"), choice="stop", last_dose_on=TODAY) == []


def test_the_other_rows_wait_for_their_scan_or_referral() -> None:
    assert _open("svt_short") == ["extension_open"]
    assert _open("svt_short", ("scan_d7_10", "", "svt_short")) == []
    assert _open("incidental", ("incidental_call", "reached", "")) == ["referral_open"]
    assert _open("incidental", ("incidental_referral", "referral_completed", "")) == []
    assert _open("chronic_post_thrombotic") == ["no_consult"]
    again = Risk(equivocal=True)
    consult = ("consult_d14", "visit_completed", "")
    assert _open("chronic_post_thrombotic", consult, risk=again) == ["recurrence_open"]
    scans = (("scan_d1_3", "", "chronic_post_thrombotic"), ("scan_d7_10", "", "no_dvt_complete"))
    assert _open("chronic_post_thrombotic", consult, *scans, risk=again) == []


def test_a_watched_pregnancy_waits_for_day_seven() -> None:
    pregnant = Risk(pregnant=True)
    assert _open("no_dvt_complete", ("scan_d3", "", "no_dvt_complete"), risk=pregnant) == ["no_clear_day_7"]
    assert _open("no_dvt_complete", ("scan_d7", "", "no_dvt_complete"), risk=pregnant) == []


@given(category=st.sampled_from(CATEGORIES), risk=risks())
def test_no_row_but_a_settled_one_may_be_signed_before_anything_was_done(category: str, risk: Risk) -> None:
    missing = _open(category, risk=risk, owed=frozenset({"some_step"}))
    assert missing or treated(category, risk)
    assert not treated(category, risk) or "no_stop_decision" in missing
