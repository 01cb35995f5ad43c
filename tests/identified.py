"""What a patient says on the phone, so that a call about a result may tell it."""

from clinic.models import Patient, Report
from clinic.services.identifying import Said


def said_by(patient: Patient, **changes: object) -> Said:
    """Name, birth date and phone as they are on record, unless something else is said."""
    values: dict[str, object] = {"name": str(patient), "birth_date": patient.birth_date, "phone": patient.phone}
    return Said(**(values | changes))  # type: ignore[arg-type]


def of_report(report: Report) -> Said:
    """What the patient of a report says."""
    return said_by(report.episode.patient)
