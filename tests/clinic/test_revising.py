"""What a further result makes of a plan: it ends nothing that still guards the patient."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.pathway import CATEGORIES, Risk, planned, treated
from clinic.result_rules import ACUTE, NEGATIVE
from clinic.revising import Revision, Standing, after_change, after_study, still_applies
from tests.risks import risks


def _after(former: str, category: str, was: Risk = Risk(), now: Risk = Risk()) -> Revision:
    return after_study(Standing(category=former, risk=was), category, now)


def _codes(revision: Revision) -> set[str]:
    return {step.code for step in revision.steps}


@pytest.mark.parametrize("former", sorted(ACUTE))
@pytest.mark.parametrize("category", sorted(NEGATIVE | {"chronic_post_thrombotic", "svt_short"}))
def test_a_clear_or_lesser_study_in_the_middle_of_a_treatment_ends_none_of_it(former: str, category: str) -> None:
    assert _after(former, category) == Revision(goes_on=True)


def test_the_first_clear_surveillance_scan_does_not_stand_for_the_second() -> None:
    assert _after("isolated_distal_dvt", "no_dvt_complete") == Revision(goes_on=True)
    assert _after("isolated_distal_dvt", "isolated_distal_dvt") == Revision(goes_on=True)


def test_an_extension_puts_the_proximal_plan_in_the_place_of_surveillance() -> None:
    extended = _after("isolated_distal_dvt", "acute_proximal_dvt")
    assert not extended.goes_on
    assert {"treatment_start", "visit_3_months", "visit_12_months"} <= _codes(extended)


def test_day_three_of_a_pregnant_patient_does_not_stand_for_day_seven() -> None:
    pregnant = Risk(pregnant=True, suspicion_persists=True)
    for former in NEGATIVE:
        for category in NEGATIVE:
            assert _after(former, category, pregnant, pregnant) == Revision(goes_on=True)


def test_a_suspicion_that_is_over_ends_the_scans_of_a_pregnancy() -> None:
    over = _after(
        "no_dvt_complete", "no_dvt_complete", Risk(pregnant=True), Risk(pregnant=True, suspicion_persists=False)
    )
    assert (over.goes_on, _codes(over)) == (False, {"safety_call_d7"})


def test_a_definitive_study_leaves_only_the_signature_and_a_second_vague_one_is_repeated() -> None:
    assert _after("non_diagnostic", "no_dvt_complete") == Revision(goes_on=False)
    assert "repeat_scan_d5_7" in _codes(_after("non_diagnostic", "non_diagnostic"))
    assert _codes(_after("non_diagnostic", "no_dvt_limited")) == {"repeat_scan_d6_8"}


def test_another_finding_is_followed_beside_the_plan_and_outlives_it() -> None:
    beside = _after("acute_proximal_dvt", "incidental")
    assert beside.goes_on
    assert _codes(beside) == {"incidental_call", "incidental_referral"}
    assert still_applies("incidental_referral", category="acute_proximal_dvt", risk=Risk())
    assert not still_applies("incidental_referral", category="acute_proximal_dvt", risk=Risk(), amends=True)
    assert not _after("incidental", "acute_proximal_dvt").goes_on


def test_a_dose_change_is_owed_on_as_long_as_treatment_is() -> None:
    assert still_applies("dose_change_d7", category="acute_proximal_dvt", risk=Risk())
    assert still_applies("clear_check", category="upper_extremity_dvt", risk=Risk(), amends=True)
    assert not still_applies("dose_change_d7", category="no_dvt_complete", risk=Risk())


def test_watching_a_distal_clot_and_the_course_of_a_superficial_one_go_side_by_side() -> None:
    assert "scan_d14" in _codes(_after("svt_long", "isolated_distal_dvt"))
    both = _after("isolated_distal_dvt", "svt_long")
    assert both.goes_on
    assert "course_start" in _codes(both)


def test_a_clinician_who_treats_what_was_watched_draws_the_plan_up_anew() -> None:
    changed = after_change(Standing(category="isolated_distal_dvt", risk=Risk()), Risk(treated=True))
    assert "treatment_start" in _codes(changed)
    assert "scan_d14" not in _codes(changed)


@given(former=st.sampled_from(CATEGORIES), category=st.sampled_from(CATEGORIES), was=risks(), now=risks())
def test_an_acute_clot_is_always_under_a_plan_that_treats_it(former: str, category: str, was: Risk, now: Risk) -> None:
    revision = _after(former, category, was, now)
    if category in ACUTE or (category == "isolated_distal_dvt" and now.treated):
        assert "treatment_start" in _codes(revision) or (revision.goes_on and treated(former, was))
    if former in ACUTE:
        assert revision.goes_on or "treatment_start" in _codes(revision)


@given(former=st.sampled_from(CATEGORIES), category=st.sampled_from(CATEGORIES), was=risks(), now=risks())
def test_only_a_clear_study_after_a_vague_one_asks_for_nothing(
    former: str, category: str, was: Risk, now: Risk
) -> None:
    revision = _after(former, category, was, now)
    if not revision.goes_on and not revision.steps:
        assert (former, category) == ("non_diagnostic", "no_dvt_complete")


@given(category=st.sampled_from(CATEGORIES), risk=risks())
def test_the_first_study_brings_its_row(category: str, risk: Risk) -> None:
    assert after_study(None, category, risk) == Revision(goes_on=False, steps=planned(category, risk))


@pytest.mark.parametrize("category", sorted(NEGATIVE | {"non_diagnostic"}))
@pytest.mark.parametrize("standing", CATEGORIES)
def test_an_earlier_study_that_found_nothing_says_nothing_of_what_was_seen_since(standing: str, category: str) -> None:
    revision = after_study(Standing(category=standing, risk=Risk()), category, Risk(), earlier=True)
    assert revision == Revision(goes_on=True)


def test_an_earlier_study_that_found_a_clot_counts_as_ever() -> None:
    found = after_study(Standing(category="non_diagnostic", risk=Risk()), "acute_proximal_dvt", Risk(), earlier=True)
    assert not found.goes_on
    assert "treatment_start" in _codes(found)
