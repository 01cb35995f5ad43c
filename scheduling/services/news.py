"""The events that appointments cause."""

from clinic import events
from clinic.access import Actor
from scheduling.models import Appointment


def record(actor: Actor, kind: str, appointment: Appointment, **codes: object) -> None:
    """Write an appointment's event, with the codes that every one of them carries."""
    events.record(
        kind,
        actor=actor,
        episode=appointment.episode,
        patient=appointment.patient,
        center=appointment.center,
        subject=appointment,
        codes={"visit": appointment.visit_type.code, "sequence": appointment.sequence, **codes},
    )
