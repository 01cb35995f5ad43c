"""What a person may make of a decision. Pure; the original never changes, the override stands beside it.

Source: clinical.md section 3. Representatives may make a disposition more urgent; only a clinician may make it less so,
with a reason; a scan on the next day is a clinician's word alone, with what protects the patient until then.
"""

from dataclasses import dataclass

from triage.rules.match import CONSULT_DAYS, ED_MINUTES, TIER_1_MINUTES, TIER_2_MINUTES
from triage.urgency import RAISE_OR_LOWER, Disposition, Urgency, override_allowed, urgency_of

CALLBACK_MINUTES = (10, 30, 60)
INTERIM = ("given", "declined", "contraindicated")
NEXT_DAY_MINUTES = 24 * 60
_MINUTES = {
    Disposition.EMERGENCY_911: 0,
    Disposition.ED_NOW: ED_MINUTES,
    Disposition.NEXT_DAY_DVT_SCAN: NEXT_DAY_MINUTES,
}
_SCAN_MINUTES = {1: TIER_1_MINUTES, 2: TIER_2_MINUTES}


@dataclass(frozen=True, slots=True)
class Target:
    """The disposition that a person asks for. ``within_minutes`` is asked for a callback only, ``tier`` for a scan."""

    disposition: Disposition
    tier: int | None = None
    within_minutes: int | None = None
    interim_anticoagulant: str = ""

    @property
    def minutes(self) -> int | None:
        """Minutes until help, the call, or the result; None where it is counted in days or not at all."""
        if self.disposition is Disposition.CLINICIAN_CALLBACK:
            return self.within_minutes
        if self.disposition is Disposition.SAME_DAY_DVT_SCAN:
            return _SCAN_MINUTES.get(self.tier or 0)
        return _MINUTES.get(self.disposition)

    @property
    def days(self) -> int | None:
        """Days until a consultation."""
        return CONSULT_DAYS if self.disposition is Disposition.VASCULAR_CONSULT else None

    @property
    def urgency(self) -> Urgency:
        """Its place in the order of urgency."""
        return urgency_of(self.disposition, self.tier, self.minutes)

    def faults(self) -> dict[str, str]:
        """What is missing or does not belong, by field."""
        wrong = {}
        is_scan = self.disposition is Disposition.SAME_DAY_DVT_SCAN
        is_callback = self.disposition is Disposition.CLINICIAN_CALLBACK
        is_next_day = self.disposition is Disposition.NEXT_DAY_DVT_SCAN
        if is_scan and self.tier not in _SCAN_MINUTES:
            wrong["tier"] = "Choose tier 1 or tier 2."
        if not is_scan and self.tier is not None:
            wrong["tier"] = "Only a same-day scan has a tier."
        if is_callback and self.within_minutes not in CALLBACK_MINUTES:
            wrong["within_minutes"] = "Choose 10, 30 or 60 minutes."
        if not is_callback and self.within_minutes is not None:
            wrong["within_minutes"] = "Only a callback has minutes to choose."
        if is_next_day and self.interim_anticoagulant not in INTERIM:
            wrong["interim_anticoagulant"] = f"Say what protects the patient until then: {', '.join(INTERIM)}."
        if not is_next_day and self.interim_anticoagulant:
            wrong["interim_anticoagulant"] = "Only a scan on the next day asks for this."
        return wrong


def may_override(role: str, before: Urgency, target: Target) -> bool:
    """Whether somebody of this role may put ``target`` beside a decision of urgency ``before``."""
    if target.disposition is Disposition.NEXT_DAY_DVT_SCAN:
        return role in RAISE_OR_LOWER
    return override_allowed(role, before, target.urgency)
