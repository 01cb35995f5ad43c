"""Moving an appointment along its table: one UPDATE that must change one row."""

from clinic.errors import NotFound, StaleState
from clinic.models import Episode
from scheduling.models import Appointment, AppointmentStatus
from scheduling.states import sources

_WITH = ("center", "visit_type", "patient", "episode", "step", "late_call")


def find(appointment_id: int) -> Appointment:
    """Return an appointment that was booked, as it stands once its episode is locked, or raise `NotFound`.

    It is read after the lock: whoever held that may have moved it.
    """
    its_episode = Appointment.objects.filter(pk=appointment_id).values("episode_id")
    list(Episode.objects.select_for_update(no_key=True).filter(pk__in=its_episode))
    appointment = Appointment.objects.select_related(*_WITH).filter(pk=appointment_id).first()
    if appointment is None or appointment.booked_at is None:
        raise NotFound("There is no such appointment.")
    return appointment


def move(appointment: Appointment, target: AppointmentStatus, **changes: object) -> Appointment:
    """Move an appointment and return it anew, or raise `StaleState` where its table does not allow it."""
    found = Appointment.objects.filter(pk=appointment.pk, status__in=sources(target))
    if found.update(status=target, **changes) != 1:
        raise StaleState(
            f"An appointment that is {appointment.get_status_display().lower()} can't become {target.label.lower()}.",
            extra={"appointment_status": appointment.status},
        )
    return Appointment.objects.select_related(*_WITH).get(pk=appointment.pk)
