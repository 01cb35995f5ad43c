"""Giving up a visit that lies ahead, where its step has been ended by what made it pointless."""

from clinic import clock
from clinic.access import Actor
from clinic.models import Episode
from scheduling.models import Appointment, AppointmentStatus
from scheduling.services.freeing import free
from scheduling.services.lateness import end_late_call
from scheduling.services.news import record
from scheduling.services.transition import move

AHEAD = (AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED)


def give_up_visits(actor: Actor, *, episode: Episode, reason: str, step_ids: list[int] | None = None) -> None:
    """Cancel the visits that an episode still has ahead, or those of some of its steps. Those steps are ended already.

    Whoever has arrived is seen: a visit that has begun is left alone.
    """
    ahead = Appointment.objects.filter(episode=episode, status__in=AHEAD)
    if step_ids is not None:
        ahead = ahead.filter(step_id__in=step_ids)
    for visit in ahead.order_by("id"):
        moved = move(visit, AppointmentStatus.CANCELLED, ended_at=clock.now(), end_reason=reason)
        free([moved.pk])
        end_late_call(actor, moved, reason)
        record(actor, "appointment.cancelled", moved)
