"""Which tables of scheduling belong to a patient's record, and what FHIR says of their rows."""

from clinic.keeping.record import goes_with, keep, plain
from scheduling.models import Appointment, BackEntry, Displacement, Occupancy, Offer, Overbook, WaitlistEntry

_STATUS = {
    "held": "proposed",
    "confirmed": "booked",
    "in_progress": "checked-in",
    "completed": "fulfilled",
    "expired": "cancelled",
    "no_show": "noshow",
}


def appointment(row: Appointment) -> dict[str, object]:
    """FHIR `Appointment`."""
    status = _STATUS.get(row.status, row.status)
    return {"status": status, "start": plain(row.starts_at), "end": plain(row.ends_at)}


def wait(row: WaitlistEntry) -> dict[str, object]:
    """FHIR `ServiceRequest`."""
    status = {"waiting": "active", "booked": "completed"}.get(row.status, "revoked")
    return {"status": status, "intent": "order", "authoredOn": plain(row.created_at)}


def entered(row: BackEntry) -> dict[str, object]:
    """FHIR `Provenance`."""
    return {"occurredDateTime": plain(row.occurred_at), "recorded": plain(row.recorded_at)}


def register() -> None:
    """Enter them."""
    of_visit = ("appointment__patient", "appointment__episode__patient")
    keep(Appointment, "Appointment", "patient", "episode__patient", shape=appointment, without=("holder",))
    keep(WaitlistEntry, "ServiceRequest", "patient", "episode__patient", shape=wait)
    keep(Offer, "AppointmentResponse", "patient", "entry__patient")
    keep(Overbook, "AppointmentResponse", *of_visit)
    keep(BackEntry, "Provenance", *of_visit, shape=entered)
    keep(Displacement, "AppointmentResponse", *of_visit)
    goes_with(Occupancy, *of_visit)
