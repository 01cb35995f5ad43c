"""The clocks of a finding that nobody has acknowledged, and of a patient whom no call reaches. Pure.

clinical.md section 4.5: unacknowledged at 15 min → second clinician, at 30 → medical director, at 45 and patient
unreachable → ED transfer advice. Patient unreachable: 3 calls in 30 min → the emergency contact → a named clinician
decides on a welfare check.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: From one rung to the next.
RUNG = timedelta(minutes=15)
#: The rungs in their order, as `clinic.models.Rung` names them, and whose the step is from each on.
LADDER: tuple[tuple[str, str], ...] = (
    ("clinician", "clinician"),
    ("second_clinician", "clinician"),
    ("medical_director", "physician"),
    ("emergency_transfer", "physician"),
)
#: After the last rung the step is a manager's, and is raised day by day.
AT_LAST = timedelta(days=1)
CALLS = 3
CALLS_WITHIN = timedelta(minutes=30)
TRANSFER_AFTER = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Unreached:
    """A patient who is owed a spoken result: the calls that reached nobody, and what was done about it so far."""

    calls: tuple[datetime, ...]
    contact_asked: bool
    transfer_advised: bool

    def contact_due(self) -> datetime | None:
        """When the emergency contact is owed a call: at the third call in vain, or half an hour after the first."""
        if self.contact_asked or not self.calls:
            return None
        third = self.calls[CALLS - 1] if len(self.calls) >= CALLS else None
        return min(at for at in (third, self.calls[0] + CALLS_WITHIN) if at is not None)

    def transfer_due(self) -> datetime | None:
        """When emergency care is advised to somebody who still was not reached."""
        return None if self.transfer_advised or not self.calls else self.calls[0] + TRANSFER_AFTER

    def next_due(self) -> datetime | None:
        """The first instant at which either falls due."""
        return min((at for at in (self.contact_due(), self.transfer_due()) if at is not None), default=None)


def next_rung(climbed: Sequence[str]) -> tuple[str, str] | None:
    """Return the rung after those climbed, and the role that has the step from there on; None above the last."""
    return next(((rung, role) for rung, role in LADDER if rung not in climbed), None)
