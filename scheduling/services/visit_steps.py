"""What a visit means for the steps of its episode: which step it serves, and what follows when it ends each way."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from clinic import clock
from clinic.access import Actor
from clinic.models import LIVE_STEP, Center, Episode, Role, Step, StepKind, StepStatus
from clinic.services.climbing import climb
from clinic.services.steps import (
    NewStep,
    cancel_step,
    complete_step,
    miss_step,
    open_in_place_of,
    schedule_step,
    unschedule_step,
)
from clinic.workdays import at_local, working_day_after
from scheduling.errors import VisitBookedAlready
from scheduling.models import Appointment, VisitKind
from scheduling.selectors.search import local_date
from scheduling.services.callers import is_clinician


@dataclass(frozen=True)
class Serves:
    """The step that a kind of visit serves, and who owes it."""

    kind: StepKind
    role: Role


SERVES = {
    VisitKind.DVT_SCAN: Serves(StepKind.SCAN, Role.SONOGRAPHER),
    VisitKind.REPEAT_SCAN: Serves(StepKind.FOLLOW_UP_SCAN, Role.SONOGRAPHER),
    VisitKind.CONSULT: Serves(StepKind.CONSULT, Role.CLINICIAN),
    VisitKind.FOLLOW_UP_VISIT: Serves(StepKind.FOLLOW_UP_VISIT, Role.CLINICIAN),
}
#: A cancelled rule-out is a clinical event, not just a free slot: a clinician calls within this many minutes.
CANCELLED_SCAN_CALL = timedelta(minutes=30)
MISSED_SCAN_CALL = timedelta(minutes=15)
DECISION_WORKING_DAYS = 2


def new_step(kind: str, *, center: Center, starts_at: datetime) -> NewStep:
    """Return the step of a visit that is booked, due when it starts."""
    serves = SERVES[VisitKind(kind)]
    return NewStep(kind=serves.kind, due_at=starts_at, owner_role=serves.role, center_id=center.pk, scheduled=True)


def on_booking(actor: Actor, *, episode: Episode, kind: str, center: Center, starts_at: datetime) -> Step:
    """Return the step that the visit serves: one that waits for a visit, or a new one in place of the booking step.

    A clinician who books ends the callback that asked for it; anybody else leaves it standing. Raises
    `VisitBookedAlready` where such a visit is ahead and no other waits for one.
    """
    live = list(episode.steps.filter(status__in=LIVE_STEP).order_by("due_at", "id"))
    wanted = SERVES[VisitKind(kind)].kind
    mine = [step for step in live if step.kind == wanted]
    waiting = next((step for step in mine if step.status != StepStatus.SCHEDULED), None)
    if waiting is not None:
        return schedule_step(actor, step=waiting, due_at=starts_at)
    if mine:
        raise VisitBookedAlready
    ended = {StepKind.BOOKING, StepKind.CALLBACK} if is_clinician(actor) else {StepKind.BOOKING}
    former = [step for step in live if step.kind in ended]
    new = new_step(kind, center=center, starts_at=starts_at)
    return open_in_place_of(actor, episode=episode, former=former, new=new, outcome="booked")


def on_cancel(actor: Actor, appointment: Appointment) -> None:
    """Put in place of a cancelled visit what is owed now."""
    step = _live(appointment)
    if step is None:
        return
    now = clock.now()
    if step.kind == StepKind.SCAN:
        cancel_step(actor, step=step, outcome="visit_cancelled", then=[_callback(appointment, CANCELLED_SCAN_CALL)])
    elif step.kind == StepKind.CONSULT and not step.plan_id:
        cancel_step(actor, step=step, outcome="visit_cancelled", then=[_booking(appointment)])
    else:
        # Due again by the end of its window, or on the next working day where that is over.
        due = step.window_end if step.window_end and step.window_end > now else _next_working_day(appointment)
        unschedule_step(actor, step=step, due_at=due)


def on_no_show(actor: Actor, appointment: Appointment) -> None:
    """Open what follows from a visit to which nobody came."""
    step = _live(appointment)
    if step is None:
        return
    if step.kind == StepKind.SCAN:
        miss_step(actor, step=step, successor=_callback(appointment, MISSED_SCAN_CALL), outcome="no_show")
    elif step.kind == StepKind.CONSULT and not step.plan_id:
        miss_step(actor, step=step, successor=_booking(appointment), outcome="no_show")
    else:
        climb(actor, step=step, outcome="no_show", center_id=appointment.center_id)


def on_complete(actor: Actor, appointment: Appointment) -> None:
    """Open what follows from a visit that took place: a reading, or a clinician's decision."""
    step = _live(appointment)
    if step is None:
        return
    then: list[NewStep] = []
    if step.kind in (StepKind.SCAN, StepKind.FOLLOW_UP_SCAN):
        reading = timedelta(minutes=appointment.visit_type.reading_minutes)
        then = [_at(appointment, StepKind.READING, Role.PHYSICIAN, clock.now() + reading)]
    elif step.kind == StepKind.CONSULT or not _others_live(step):
        then = [
            _at(appointment, StepKind.DECISION, Role.CLINICIAN, _next_working_day(appointment, DECISION_WORKING_DAYS))
        ]
    complete_step(actor, step=step, outcome="visit_completed", then=then)


def _live(appointment: Appointment) -> Step | None:
    """Return the visit's step, or None where the episode was closed and has ended it."""
    step = appointment.step
    return step if step is not None and step.status in LIVE_STEP else None


def _others_live(step: Step) -> bool:
    return Step.objects.filter(episode_id=step.episode_id, status__in=LIVE_STEP).exclude(pk=step.pk).exists()


def _callback(appointment: Appointment, within: timedelta) -> NewStep:
    return _at(appointment, StepKind.CALLBACK, Role.CLINICIAN, clock.now() + within)


def _booking(appointment: Appointment) -> NewStep:
    return _at(appointment, StepKind.BOOKING, Role.REPRESENTATIVE, _next_working_day(appointment))


def _at(appointment: Appointment, kind: StepKind, role: Role, due_at: datetime) -> NewStep:
    return NewStep(kind=kind, due_at=due_at, owner_role=role, center_id=appointment.center_id)


def _next_working_day(appointment: Appointment, days: int = 1) -> datetime:
    """Return noon of the working day so many days ahead, where the center is."""
    zone = appointment.center.zone
    return at_local(working_day_after(local_date(clock.now(), zone), days), time(12), zone)
