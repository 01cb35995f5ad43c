"""The order of urgency, and who may move a disposition along it (clinical.md section 3)."""

from enum import IntEnum, StrEnum


class Disposition(StrEnum):
    """Where the rules send a patient (clinical.md section 3).

    A scan within 24 hours is never the table's word: only a clinician who spoke with the patient may record it.
    """

    EMERGENCY_911 = "EMERGENCY_911"
    ED_NOW = "ED_NOW"
    CLINICIAN_CALLBACK = "CLINICIAN_CALLBACK"
    SAME_DAY_DVT_SCAN = "SAME_DAY_DVT_SCAN"
    NEXT_DAY_DVT_SCAN = "NEXT_DAY_DVT_SCAN"
    VASCULAR_CONSULT = "VASCULAR_CONSULT"
    SELF_CARE = "SELF_CARE"


class Urgency(IntEnum):
    """The order: a smaller number is more urgent."""

    EMERGENCY = 0
    ED = 1
    CALLBACK_10 = 2
    TIER_1 = 3
    CALLBACK_30 = 4
    TIER_2 = 5
    CALLBACK_60 = 6
    NEXT_DAY = 7
    CONSULT = 8
    SELF_CARE = 9

    def more_urgent_than(self, other: "Urgency") -> bool:
        """Whether this comes strictly before ``other``."""
        return self < other


FIXED = {
    Disposition.EMERGENCY_911: Urgency.EMERGENCY,
    Disposition.ED_NOW: Urgency.ED,
    Disposition.NEXT_DAY_DVT_SCAN: Urgency.NEXT_DAY,
    Disposition.VASCULAR_CONSULT: Urgency.CONSULT,
    Disposition.SELF_CARE: Urgency.SELF_CARE,
}

CALLBACK_NOW = 10
CALLBACK_SOON = 30


def urgency_of(disposition: Disposition, tier: int | None, within_minutes: int | None) -> Urgency:
    """The place of a disposition in the order. A callback later than 30 minutes ranks as callback 60."""
    fixed = FIXED.get(disposition)
    if fixed is not None:
        return fixed
    if disposition is Disposition.SAME_DAY_DVT_SCAN:
        return Urgency.TIER_1 if tier == 1 else Urgency.TIER_2
    if within_minutes is None or within_minutes > CALLBACK_SOON:
        return Urgency.CALLBACK_60
    return Urgency.CALLBACK_10 if within_minutes <= CALLBACK_NOW else Urgency.CALLBACK_30


RAISE_ONLY = frozenset({"representative"})
RAISE_OR_LOWER = frozenset({"clinician", "physician"})


def override_allowed(role: str, before: Urgency, after: Urgency) -> bool:
    """Whether someone of this role may move a disposition from ``before`` to ``after``.

    Representatives may only make it more urgent; clinicians and physicians may move it either way, with a reason that
    their service demands. Nobody else may. Source: clinical.md section 3.
    """
    if role in RAISE_OR_LOWER:
        return True
    return role in RAISE_ONLY and after.more_urgent_than(before)
