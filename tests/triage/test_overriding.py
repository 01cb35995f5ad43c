"""Who may put which decision beside another, and what an override must say."""

import pytest

from triage.overriding import Target, may_override
from triage.urgency import Disposition, Urgency


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("representative", False), ("sonographer", False), ("manager", False), ("clinician", True), ("physician", True)],
)
def test_a_scan_on_the_next_day_is_a_clinicians_word(role: str, allowed: bool) -> None:
    target = Target(Disposition.NEXT_DAY_DVT_SCAN, interim_anticoagulant="declined")
    assert may_override(role, Urgency.TIER_1, target) is allowed
    assert may_override(role, Urgency.CONSULT, target) is allowed


@pytest.mark.parametrize(
    ("target", "minutes", "days", "urgency"),
    [
        (Target(Disposition.EMERGENCY_911), 0, None, Urgency.EMERGENCY),
        (Target(Disposition.ED_NOW), 60, None, Urgency.ED),
        (Target(Disposition.CLINICIAN_CALLBACK, within_minutes=10), 10, None, Urgency.CALLBACK_10),
        (Target(Disposition.CLINICIAN_CALLBACK, within_minutes=30), 30, None, Urgency.CALLBACK_30),
        (Target(Disposition.CLINICIAN_CALLBACK, within_minutes=60), 60, None, Urgency.CALLBACK_60),
        (Target(Disposition.SAME_DAY_DVT_SCAN, tier=1), 240, None, Urgency.TIER_1),
        (Target(Disposition.SAME_DAY_DVT_SCAN, tier=2), 720, None, Urgency.TIER_2),
        (Target(Disposition.NEXT_DAY_DVT_SCAN, interim_anticoagulant="given"), 1440, None, Urgency.NEXT_DAY),
        (Target(Disposition.VASCULAR_CONSULT), None, 14, Urgency.CONSULT),
        (Target(Disposition.SELF_CARE), None, None, Urgency.SELF_CARE),
    ],
)
def test_a_target_brings_its_limits(target: Target, minutes: int | None, days: int | None, urgency: Urgency) -> None:
    assert target.faults() == {}
    assert (target.minutes, target.days, target.urgency) == (minutes, days, urgency)


WHICH_TIER = {"tier": "Choose tier 1 or tier 2."}
NO_TIER = {"tier": "Only a same-day scan has a tier."}
WHICH_MINUTES = {"within_minutes": "Choose 10, 30 or 60 minutes."}
NO_MINUTES = {"within_minutes": "Only a callback has minutes to choose."}
WHICH_INTERIM = {"interim_anticoagulant": "Say what protects the patient until then: given, declined, contraindicated."}
NO_INTERIM = {"interim_anticoagulant": "Only a scan on the next day asks for this."}


@pytest.mark.parametrize(
    ("target", "faults"),
    [
        (Target(Disposition.SAME_DAY_DVT_SCAN, tier=3), WHICH_TIER),
        (Target(Disposition.VASCULAR_CONSULT, tier=2), NO_TIER),
        (Target(Disposition.SAME_DAY_DVT_SCAN), WHICH_TIER),
        (Target(Disposition.SAME_DAY_DVT_SCAN, tier=0), WHICH_TIER),
        *(
            (Target(Disposition.CLINICIAN_CALLBACK, within_minutes=minutes), WHICH_MINUTES)
            for minutes in (None, 0, 9, 11, 20, 29, 31, 59, 61)
        ),
        (Target(Disposition.NEXT_DAY_DVT_SCAN), WHICH_INTERIM),
        (Target(Disposition.ED_NOW, within_minutes=60), NO_MINUTES),
        (Target(Disposition.NEXT_DAY_DVT_SCAN, interim_anticoagulant="maybe"), WHICH_INTERIM),
        (Target(Disposition.SELF_CARE, interim_anticoagulant="given"), NO_INTERIM),
    ],
)
def test_a_target_says_what_is_missing_or_does_not_belong(target: Target, faults: dict[str, str]) -> None:
    assert target.faults() == faults


@pytest.mark.parametrize("disposition", [Disposition.SAME_DAY_DVT_SCAN, Disposition.VASCULAR_CONSULT])
def test_a_representative_makes_it_more_urgent_by_any_decision_of_the_table(disposition: Disposition) -> None:
    target = Target(disposition, tier=1 if disposition is Disposition.SAME_DAY_DVT_SCAN else None)
    assert may_override("representative", Urgency.SELF_CARE, target)
    assert not may_override("representative", target.urgency, target)


def test_what_a_target_lacks_and_what_it_has_too_much_are_told_together() -> None:
    target = Target(Disposition.ED_NOW, tier=1, within_minutes=10, interim_anticoagulant="given")
    assert target.faults() == NO_TIER | NO_MINUTES | NO_INTERIM


def test_only_a_consultation_has_days_and_only_a_scan_of_a_known_tier_has_minutes() -> None:
    assert Target(Disposition.SAME_DAY_DVT_SCAN).minutes is None
    assert [each for each in Disposition if Target(each).days is not None] == [Disposition.VASCULAR_CONSULT]
