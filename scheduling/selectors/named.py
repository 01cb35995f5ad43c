"""Rows by the codes that callers name them by."""

from clinic import rows
from clinic.errors import NotFound
from clinic.models import Center, Patient
from scheduling.errors import NoSuchCenter, NoSuchVisitType
from scheduling.models import Appointment, VisitType

_OF_SLOT = f"""
SELECT {rows.columns(VisitType, "v")}, {rows.columns(Center, "c")}
FROM (VALUES (1)) AS asked LEFT JOIN scheduling_visittype v ON v.code = %(visit_type)s
LEFT JOIN clinic_center c ON c.code = %(center)s AND c.active
"""  # noqa: S608 - built of constants


def visit_type(code: str) -> VisitType:
    """Return a visit type by its opaque code, or raise `NoSuchVisitType`."""
    # An address may hold what no text in the database can.
    found = [] if "\0" in code else rows.read(VisitType, "t.code = %(code)s", code=code)
    if not found:
        raise NoSuchVisitType
    return found[0]


def of_slot(visit_type: str, center: str) -> tuple[VisitType, Center]:
    """Return a visit type and an active center by their codes, or raise `NoSuchCenter` or `NoSuchVisitType`."""
    [(its_type, where)] = rows.side_by_side(_OF_SLOT, {"visit_type": visit_type, "center": center}, VisitType, Center)
    if where is None:
        raise NoSuchCenter
    if its_type is None:
        raise NoSuchVisitType
    return its_type, where


def center(code: str) -> Center:
    """Return an active center by its code, or raise `NoSuchCenter`."""
    # A path may hold what no text in the database can.
    found = None if "\0" in code else Center.objects.filter(code=code, active=True).first()
    if found is None:
        raise NoSuchCenter
    return found


def patient(patient_id: int) -> Patient:
    """Return a patient, or raise `NotFound`."""
    found = Patient.objects.filter(pk=patient_id).first()
    if found is None:
        raise NotFound("There is no such patient.")
    return found


def appointment(appointment_id: int) -> Appointment:
    """Return a booked visit, past or to come, or raise `NotFound`."""
    found = (
        Appointment.objects.select_related("center", "visit_type", "patient", "episode", "step")
        .filter(pk=appointment_id, booked_at__isnull=False)
        .first()
    )
    if found is None:
        raise NotFound("There is no such appointment.")
    return found
