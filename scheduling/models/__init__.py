"""Resources, shifts, visit types, appointments and the time they take."""

from scheduling.models.appointment import (
    HAS_PATIENT,
    TAKES_TIME,
    USES_RESERVE,
    Appointment,
    AppointmentStatus,
    HoldPurpose,
    Occupancy,
)
from scheduling.models.reserve import AddOnLimit, HalfDay, Reserve, ReserveRelease
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
    "USES_RESERVE",
    "AddOnLimit",
    "Appointment",
    "AppointmentStatus",
    "HalfDay",
    "HoldPurpose",
    "Occupancy",
    "Reserve",
    "ReserveRelease",
    "Resource",
    "ResourceDay",
    "ResourceKind",
    "ShiftException",
    "ShiftPattern",
    "VisitKind",
    "VisitType",
]
