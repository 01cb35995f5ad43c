"""Patients who do not exist, with numbers that are reserved for fiction."""

from datetime import date, datetime
from random import Random

from clinic.models import Center, Language, Patient, Sex, Staff
from clinic.seeding.ledger import Ledger
from clinic.seeding.names import FAMILY, GIVEN

#: 555-0160 to 0199: what lies below is left to the centers and to those who try the demo.
_LINES = range(160, 200)


def register(ledger: Ledger, chance: Random, center: Center, *, at: datetime, by: Staff) -> Patient:
    """Register somebody who lives near a center."""
    patient = Patient(
        given_name=chance.choice(GIVEN),
        family_name=chance.choice(FAMILY),
        birth_date=date(at.year - chance.randint(19, 90), chance.randint(1, 12), chance.randint(1, 28)),
        sex=chance.choice((Sex.FEMALE, Sex.MALE)),
        phone=f"{center.phone[:5]}5550{chance.choice(_LINES)}",
        language=Language.SPANISH if chance.random() < 0.2 else Language.ENGLISH,
        zip=center.zip,
        created_at=at,
    )
    ledger.patients.append(patient)
    ledger.note("patient.registered", at=at, by=by, subject=patient, patient=patient)
    return patient
