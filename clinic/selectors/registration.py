"""What is still missing of a patient's registration."""

from clinic.models import Patient, RegistrationPart


def missing_of(patient: Patient | None) -> list[RegistrationPart]:
    """The parts that nobody asked yet; of a patient that was loaded with their registration, at no query."""
    if patient is None:
        return []
    row = getattr(patient, "registration", None)
    return list(RegistrationPart) if row is None else row.missing
