"""How somebody's identity stands: whether the phone is closed to disclosures, and the check that is in force."""

import operator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.authority import Claim, Ruling, ruling
from clinic.models import IdentityCheck, Patient, Representative, ZipCode

#: So many checks that failed in a row close the phone.
FAILURES = 3
#: How long a check holds for whoever made it: one call.
HOLDS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class IdentityState:
    """How many checks failed in a row. At three nothing is disclosed until we called the recorded number."""

    failures: int

    @property
    def locked(self) -> bool:
        """Whether nothing is disclosed to whoever calls."""
        return self.failures >= FAILURES


def identity_state(patient: Patient) -> IdentityState:
    """Count the checks that failed since the last one that was passed; more than close the phone are not counted."""
    spoken = IdentityCheck.objects.filter(patient=patient, recorded_at=None)
    last = spoken.order_by("-id").values_list("passed", flat=True)[:FAILURES]
    return IdentityState(len(list(takewhile(operator.not_, last))))


def check_in_force(patient: Patient, *, by: int, representative: Representative | None = None) -> IdentityCheck | None:
    """The check that this colleague made of this person on the phone just now, unless one failed since."""
    lately = IdentityCheck.objects.filter(patient=patient, recorded_at=None, at__gt=clock.now() - HOLDS)
    made = lately.order_by("-id")
    last = made.filter(by_id=by, representative=representative).first()
    return last if last is not None and last.passed and not identity_state(patient).locked else None


def zone_of(patient: Patient) -> str:
    """The zone where a patient lives."""
    zone = ZipCode.objects.filter(pk=patient.zip).values_list("zone", flat=True).first()
    return zone or "America/New_York"


def today_of(patient: Patient, at: datetime | None = None) -> date:
    """The date where a patient lives, now or at an instant."""
    return (at or clock.now()).astimezone(ZoneInfo(zone_of(patient))).date()


def ruling_on(representative: Representative, at: datetime | None = None) -> Ruling:
    """On what ground a representative may hear a result now, or might at an instant; or why not."""
    then = at or clock.now()
    patient, word = representative.patient, representative.permissions.filter(at__lte=then).order_by("-id").first()
    claim = Claim(
        kind=representative.kind,
        born=patient.birth_date,
        document=bool(representative.document),
        expires_on=representative.expires_on,
        ended=representative.ended_at is not None and representative.ended_at <= then,
        permitted=word is not None and word.granted,
        permitted_until=word.expires_on if word is not None else None,
    )
    return ruling(claim, on=today_of(patient, then))
