"""Resources, shifts, visit types, appointments and the time they take."""

from scheduling.models.appointment import (
    HAS_PATIENT,
    TAKES_TIME,
    Appointment,
    AppointmentStatus,
    HoldPurpose,
    Occupancy,
)
from scheduling.models.resource import (
    Resource,
    ResourceDay,
    ResourceKind,
    ShiftException,
    ShiftPattern,
    VisitKind,
    VisitType,
)

__all__ = [
    "HAS_PATIENT",
    "TAKES_TIME",
    "Appointment",
    "AppointmentStatus",
    "HoldPurpose",
    "Occupancy",
    "Resource",
    "ResourceDay",
    "ResourceKind",
    "ShiftException",
    "ShiftPattern",
    "VisitKind",
    "VisitType",
]
