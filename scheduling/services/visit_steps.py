"""What a visit means for the steps of its episode: which step it serves, and what follows when it ends each way."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from clinic import clock, rows
from clinic.access import Actor
from clinic.models import LIVE_STEP, Center, Episode, EpisodeStatus, Report, Role, Step, StepKind, StepStatus
from clinic.services.attending import attend_step, begin_step
from clinic.services.climbing import climb
from clinic.services.plans import decision_where_last
from clinic.services.steps import (
    NewStep,
    cancel_step,
    complete_step,
    miss_step,
    open_in_place_of,
    open_step,
    schedule_step,
    unschedule_step,
)
from clinic.workdays import at_local, working_day_after
from scheduling.errors import VisitBookedAlready
from scheduling.models import STANDING, Appointment, VisitKind
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
_LIVE = "t.episode_id = %(episode)s AND t.status = ANY(%(live)s) ORDER BY t.due_at, t.id"


def new_step(kind: str, *, center: Center, starts_at: datetime) -> NewStep:
    """Return the step of a visit that is booked, due when it starts."""
    serves = SERVES[VisitKind(kind)]
    return NewStep(kind=serves.kind, due_at=starts_at, owner_role=serves.role, center_id=center.pk, scheduled=True)


def on_booking(actor: Actor, *, episode: Episode, kind: str, center: Center, starts_at: datetime) -> Step:
    """Return the step that the visit serves: one that waits for a visit, or a new one in place of the booking step.

    One that was raised while its own visit stands waits for no other. The booking of a rule-out that was promised is
    ended by its scan, and by no other visit. A clinician who books ends the callback that asked for it; anybody else
    leaves it standing. Raises `VisitBookedAlready` where such a visit is ahead and no other step waits for one.
    """
    live = _live_steps(episode)
    wanted = SERVES[VisitKind(kind)].kind
    mine = [step for step in live if step.kind == wanted]
    waiting = next((step for step in mine if step.status != StepStatus.SCHEDULED and not _has_visit(step)), None)
    if waiting is not None:
        return schedule_step(actor, step=waiting, due_at=starts_at)
    if any(not step.ends_as for step in mine):
        raise VisitBookedAlready
    ended = {StepKind.BOOKING, StepKind.CALLBACK} if is_clinician(actor) else {StepKind.BOOKING}
    if kind != VisitKind.DVT_SCAN and _awaits_its_scan(episode):
        ended.discard(StepKind.BOOKING)
    former = [step for step in live if step.kind in ended]
    new = new_step(kind, center=center, starts_at=starts_at)
    return open_in_place_of(actor, episode=episode, former=former, new=new, outcome="booked")


def on_arrival(actor: Actor, appointment: Appointment) -> None:
    """Hold the visit's step for the patient, who is here: from their arrival on only the visit ends it."""
    step = _live(appointment) or _of_its_own(actor, appointment)
    if step is not None:
        attend_step(step, at=appointment.arrived_at or clock.now())


def on_start(appointment: Appointment) -> None:
    """Count the step as due from the beginning on: whoever is begun with early is missed as early."""
    step = _live(appointment)
    if step is not None:
        begin_step(step, at=appointment.started_at or clock.now())


def on_cancel(actor: Actor, appointment: Appointment) -> None:
    """Put in place of a cancelled visit what is owed now."""
    step = _live(appointment)
    if step is None:
        return
    now = clock.now()
    if step.ends_as:
        # They left unseen, and it was owed no longer.
        cancel_step(actor, step=step, outcome=step.ends_as, then=decision_where_last(step))
    elif step.kind == StepKind.SCAN:
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
    """Open what follows from a visit that took place: a reading, or a clinician's decision.

    Whatever became of its step meanwhile: a study that was made is read.
    """
    step = _live(appointment) or _of_its_own(actor, appointment)
    if step is None:
        return
    complete_step(actor, step=step, outcome="visit_completed", then=_follows(appointment, step))


def _follows(appointment: Appointment, step: Step) -> tuple[NewStep, ...]:
    """What a visit that took place leaves owed besides what is owed already."""
    if step.kind in (StepKind.SCAN, StepKind.FOLLOW_UP_SCAN):
        if Report.objects.filter(step=step, signed_at__isnull=False).exists():
            # Read and signed while the patient was still here.
            return decision_where_last(step)
        reading = timedelta(minutes=appointment.visit_type.reading_minutes)
        ended_at = appointment.completed_at or clock.now()
        return (_at(appointment, StepKind.READING, Role.PHYSICIAN, ended_at + reading),)
    if step.kind == StepKind.CONSULT or not _others_live(step):
        due_at = _next_working_day(appointment, DECISION_WORKING_DAYS)
        return (_at(appointment, StepKind.DECISION, Role.CLINICIAN, due_at),)
    return ()


def _awaits_its_scan(episode: Episode) -> bool:
    """Whether an episode was promised a rule-out that is not booked, and has not taken place."""
    if episode.tier is None and episode.scan_by is None:
        return False
    return not episode.steps.filter(kind=StepKind.SCAN, status__in=(*LIVE_STEP, StepStatus.DONE)).exists()


def _live_steps(episode: Episode) -> list[Step]:
    """Return what is owed in an episode, the soonest first."""
    steps = rows.read(Step, _LIVE, episode=episode.pk, live=list(LIVE_STEP))
    for step in steps:
        step.episode = episode
    return steps


def _has_visit(step: Step) -> bool:
    """Whether a step that is not scheduled has a visit all the same: it was raised while that stood."""
    return step.status == StepStatus.ESCALATED and Appointment.objects.filter(step=step, status__in=STANDING).exists()


def _live(appointment: Appointment) -> Step | None:
    """Return the visit's step, or None where something has ended it before the visit."""
    step = appointment.step
    return step if step is not None and step.status in LIVE_STEP else None


def _of_its_own(actor: Actor, appointment: Appointment) -> Step | None:
    """Give a visit whose step was ended before it another one, as long as the episode is open."""
    episode = appointment.episode
    if episode is None or episode.status != EpisodeStatus.OPEN:
        return None
    new = new_step(appointment.visit_type.kind, center=appointment.center, starts_at=appointment.starts_at)
    step = open_step(actor, episode=episode, new=new)
    Appointment.objects.filter(pk=appointment.pk).update(step=step)
    appointment.step = step
    return step


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
