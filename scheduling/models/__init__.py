"""Resources, shifts, visit types, appointments and the time they take; who waits, and what they were offered."""

from scheduling.models.appointment import (
    HAS_PATIENT,
    TAKES_TIME,
    Appointment,
    AppointmentStatus,
    HoldPurpose,
    Occupancy,
)
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
    "Absence",
    "AbsenceKind",
    "Appointment",
    "AppointmentStatus",
    "Displacement",
    "DisplacementStatus",
    "EditKind",
    "EntryStatus",
    "FreedTime",
    "HoldPurpose",
    "Occupancy",
    "Offer",
    "OfferKind",
    "OfferStatus",
    "Overbook",
    "OverbookReason",
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
