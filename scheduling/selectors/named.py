"""Rows by the codes that callers name them by."""

from django.db import DEFAULT_DB_ALIAS

from clinic.errors import NotFound
from clinic.models import Center, Patient
from scheduling.errors import NoSuchCenter, NoSuchVisitType
from scheduling.models import Appointment, VisitType
from scheduling.selectors.rows import fetch

_VISIT_TYPE = ("id", "code", "kind", "minutes", "buffer_minutes", "reading_minutes", "takes", "step_minutes")
# Raw: building this query anew costs a search more than asking it.
_BY_CODE = f"SELECT {', '.join(_VISIT_TYPE)} FROM scheduling_visittype WHERE code = %(code)s"  # noqa: S608 - constants


def visit_type(code: str) -> VisitType:
    """Return a visit type by its opaque code, or raise `NoSuchVisitType`."""
    rows = fetch(_BY_CODE, {"code": code})
    if not rows:
        raise NoSuchVisitType
    return VisitType.from_db(DEFAULT_DB_ALIAS, _VISIT_TYPE, rows[0])


def center(code: str) -> Center:
    """Return an active center by its code, or raise `NoSuchCenter`."""
    found = Center.objects.filter(code=code, active=True).first()
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
