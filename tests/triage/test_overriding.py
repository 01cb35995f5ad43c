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
        (Target(Disposition.CLINICIAN_CALLBACK, within_minutes=30), 30, None, Urgency.CALLBACK_30),
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


@pytest.mark.parametrize(
    ("target", "field"),
    [
        (Target(Disposition.SAME_DAY_DVT_SCAN, tier=3), "tier"),
        (Target(Disposition.VASCULAR_CONSULT, tier=2), "tier"),
        (Target(Disposition.CLINICIAN_CALLBACK, within_minutes=20), "within_minutes"),
        (Target(Disposition.ED_NOW, within_minutes=60), "within_minutes"),
        (Target(Disposition.NEXT_DAY_DVT_SCAN, interim_anticoagulant="maybe"), "interim_anticoagulant"),
        (Target(Disposition.SELF_CARE, interim_anticoagulant="given"), "interim_anticoagulant"),
    ],
)
def test_a_target_names_what_is_missing_or_does_not_belong(target: Target, field: str) -> None:
    assert list(target.faults()) == [field]
