"""What scheduling does when the kernel tells news, in the same transaction."""

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Event
from scheduling.models import Appointment, AppointmentStatus
from scheduling.services.freeing import free
from scheduling.services.news import record
from scheduling.services.transition import move

_AHEAD = (AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED)


def cancel_visits_of_closed_episode(event: Event) -> None:
    """An episode was closed: give up the visits that it still had ahead. Its steps are ended already."""
    ahead = Appointment.objects.filter(episode=event.episode, status__in=_AHEAD).order_by("id")
    for visit in ahead:
        moved = move(visit, AppointmentStatus.CANCELLED, ended_at=clock.now(), end_reason="episode_closed")
        free([moved.pk])
        record(SYSTEM, "appointment.cancelled", moved)
