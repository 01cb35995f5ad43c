"""The exact days, minutes and birthdays at which a decision changes."""

from datetime import date
from typing import Any

import pytest

from tests.triage.factories import answers
from triage.answers import parse
from triage.decision import Decision
from triage.rules import decide

TODAY = date(2026, 11, 24)


def decided(on: date | None = TODAY, **changes: Any) -> Decision:
    return decide(parse(answers(**changes), on=on))


@pytest.mark.parametrize(
    ("onset", "worsening", "rule"),
    [(28, "no", "R8"), (29, "no", "R10"), (29, "yes", "R8"), (None, "no", "R8"), (0, "no", "R8")],
)
def test_one_leg_is_recent_up_to_28_days(onset: int | None, worsening: str, rule: str) -> None:
    assert decided(onset_days=onset, worsening=worsening, symptoms__swelling="yes").rule == rule


@pytest.mark.parametrize(
    ("onset", "worsening", "rule"),
    [(14, "no", "R8"), (15, "no", "R10"), (15, "yes", "R8"), (None, "no", "R8")],
)
def test_both_legs_are_recent_up_to_14_days(onset: int | None, worsening: str, rule: str) -> None:
    decision = decided(limb="both_legs", onset_days=onset, worsening=worsening, symptoms__pain_persistent="yes")
    assert decision.rule == rule


@pytest.mark.parametrize(("onset", "rule"), [(14, "R9"), (15, "R10")])
def test_both_legs_swollen_without_more_are_called_up_to_14_days(onset: int, rule: str) -> None:
    assert decided(limb="both_legs", onset_days=onset, symptoms__swelling="yes").rule == rule


TIER_1 = {"symptoms__swelling": "yes", "wells__active_cancer": "yes"}
TIER_1_UNKNOWN = {"symptoms__swelling": "yes", "wells__active_cancer": "unknown"}
TIER_2 = {"symptoms__swelling": "yes"}
ARM_1 = {"limb": "left_arm", "symptoms__swelling": "yes", "symptoms__redness": "unknown"}
ARM_2 = {"limb": "left_arm", "symptoms__swelling": "yes"}


@pytest.mark.parametrize(
    ("changes", "minutes", "expected"),
    [
        (TIER_1, 240, ("SAME_DAY_DVT_SCAN", 1, 240)),
        (TIER_1, 241, ("ED_NOW", None, 60)),
        (TIER_1, None, ("ED_NOW", None, 60)),
        (TIER_1_UNKNOWN, 240, ("SAME_DAY_DVT_SCAN", 1, 240)),
        (TIER_1_UNKNOWN, 241, ("CLINICIAN_CALLBACK", None, 30)),
        (TIER_2, 720, ("SAME_DAY_DVT_SCAN", 2, 720)),
        (TIER_2, 721, ("CLINICIAN_CALLBACK", None, 60)),
        (TIER_2, None, ("CLINICIAN_CALLBACK", None, 60)),
        (ARM_1, 240, ("SAME_DAY_DVT_SCAN", 1, 240)),
        (ARM_1, 241, ("ED_NOW", None, 60)),
        (ARM_2, 720, ("SAME_DAY_DVT_SCAN", 2, 720)),
        (ARM_2, 721, ("CLINICIAN_CALLBACK", None, 60)),
    ],
)
def test_a_result_counts_to_the_minute(changes: dict[str, Any], minutes: int | None, expected: tuple[Any, ...]) -> None:
    decision = decided(**changes, site__next_result_min=minutes)
    assert (decision.disposition, decision.tier, decision.within_minutes) == expected


@pytest.mark.parametrize(("born", "rule"), [("2008-11-25", "R4"), ("2008-11-24", "R8"), ("2008-11-23", "R8")])
def test_an_adult_from_the_18th_birthday_on(born: str, rule: str) -> None:
    assert decided(patient={"birth_date": born}, symptoms__swelling="yes").rule == rule


def test_a_child_born_today_is_read() -> None:
    assert parse({"patient": {"birth_date": str(TODAY)}}, on=TODAY).patient.age == 0


def test_a_leap_day_child_is_an_adult_on_march_1() -> None:
    assert parse({"patient": {"birth_date": "2008-02-29"}}, on=date(2026, 2, 28)).patient.age == 17
    assert parse({"patient": {"birth_date": "2008-02-29"}}, on=date(2026, 3, 1)).patient.age == 18


@pytest.mark.parametrize(
    ("kept", "item"),
    [
        ({"surgery_date": "2026-09-01", "anesthesia": "general", "days_in_bed": 0}, "yes"),
        ({"surgery_date": "2026-09-01", "anesthesia": "regional"}, "yes"),
        ({"surgery_date": "2026-08-31", "anesthesia": "general", "days_in_bed": 0}, "no"),
        ({"surgery_date": "2026-08-31", "anesthesia": "general", "days_in_bed": 2}, "no"),
        ({"surgery_date": "2026-08-31", "anesthesia": "general", "days_in_bed": 3}, "yes"),
        ({"surgery_date": "2026-08-31", "anesthesia": "general", "days_in_bed": 4}, "yes"),
        ({"surgery_date": "2026-08-31", "anesthesia": "general"}, "unknown"),
        ({"surgery_date": "2026-11-20", "anesthesia": "local", "days_in_bed": 0}, "no"),
        ({"surgery_date": "2026-11-20", "anesthesia": "none", "days_in_bed": 0}, "no"),
        ({"surgery_date": "2026-11-20", "days_in_bed": 0}, "unknown"),
        ({"days_in_bed": 0}, "unknown"),
    ],
)
def test_surgery_counts_up_to_day_84(kept: dict[str, Any], item: str) -> None:
    assert (TODAY - date(2026, 9, 1)).days == 84
    assert parse({"kept": kept}, on=TODAY).wells.bedridden_3d_or_surgery_12w == item


@pytest.mark.parametrize(("born", "item"), [("2026-10-13", "yes"), ("2026-10-12", "no"), ("2026-11-24", "yes")])
def test_postpartum_counts_up_to_day_42(born: str, item: str) -> None:
    assert (TODAY - date(2026, 10, 13)).days == 42
    assert parse({"kept": {"delivery_date": born}}, on=TODAY).context.postpartum_6wk == item
