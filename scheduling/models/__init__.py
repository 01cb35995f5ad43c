"""Resources, shifts, visit types, appointments and the time they take; who waits, and what they were offered."""

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
    Absence,
    AbsenceKind,
    Resource,
    ResourceDay,
    ResourceKind,
    ShiftException,
    ShiftPattern,
    VisitKind,
    VisitType,
)
from scheduling.models.shift_edit import Displacement, DisplacementStatus, EditKind, ShiftEdit
from scheduling.models.waiting import (
    EntryStatus,
    FreedTime,
    Offer,
    OfferKind,
    OfferStatus,
    Overbook,
    OverbookReason,
    WaitlistEntry,
)

__all__ = [
    "HAS_PATIENT",
    "TAKES_TIME",
    "USES_RESERVE",
    "Absence",
    "AbsenceKind",
    "AddOnLimit",
    "Appointment",
    "AppointmentStatus",
    "Displacement",
    "DisplacementStatus",
    "EditKind",
    "EntryStatus",
    "FreedTime",
    "HalfDay",
    "HoldPurpose",
    "Occupancy",
    "Offer",
    "OfferKind",
    "OfferStatus",
    "Overbook",
    "OverbookReason",
    "Reserve",
    "ReserveRelease",
    "Resource",
    "ResourceDay",
    "ResourceKind",
    "ShiftEdit",
    "ShiftException",
    "ShiftPattern",
    "VisitKind",
    "VisitType",
    "WaitlistEntry",
]
