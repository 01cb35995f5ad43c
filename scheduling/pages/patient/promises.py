"""What an episode has promised the patient: a call by a time, a time that is kept, a visit that is ahead."""

from clinic.models import LIVE_STEP, Episode, Step, StepKind
from scheduling.models import Appointment, AppointmentStatus
from scheduling.states import MOVABLE


def promised_call(episode: Episode | None) -> Step | None:
    """Return the call that was promised, with its due time."""
    if episode is None:
        return None
    calls = episode.steps.filter(status__in=LIVE_STEP, kind__in=(StepKind.CALLBACK, StepKind.ARRIVAL_CALL))
    return calls.order_by("due_at").first()


def kept_time(episode: Episode | None) -> Appointment | None:
    """Return the slot that is kept beside a callback."""
    return _of(episode, (AppointmentStatus.HELD,))


def visit_ahead(episode: Episode | None) -> Appointment | None:
    """Return the visit that the patient has booked and that is still to come."""
    return _of(episode, MOVABLE)


def _of(episode: Episode | None, statuses: tuple[AppointmentStatus, ...]) -> Appointment | None:
    if episode is None:
        return None
    found = Appointment.objects.filter(episode=episode, status__in=statuses).select_related("center")
    return found.order_by("-id").first()
