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
    Resource,
    ResourceDay,
    ResourceKind,
    ShiftException,
    ShiftPattern,
    VisitKind,
    VisitType,
)
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
    "Appointment",
    "AppointmentStatus",
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
    "ShiftException",
    "ShiftPattern",
    "VisitKind",
    "VisitType",
    "WaitlistEntry",
]
