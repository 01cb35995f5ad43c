"""Rule-outs that time runs away from: who has not come is called, and whose result would be late goes to a clinician.

Each finds its visits by a sweep, opens one step a visit, and notes it on the visit, so that run twice it does nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Min, Q, QuerySet

from clinic import clock
from clinic.access import SYSTEM, Actor
from clinic.db import in_transaction
from clinic.models import LIVE_STEP, EpisodeStatus, Role, Step, StepKind
from clinic.services.steps import NewStep, cancel_step, complete_step, open_step
from scheduling.models import Appointment, AppointmentStatus, VisitKind
from scheduling.selectors.day import shown
from scheduling.selectors.running import RUNNING, running_day, turn_of
from scheduling.services.news import record
from scheduling.services.transition import find

S = AppointmentStatus
#: A rule-out that has not arrived is called so long after its start; the sweep for no-shows follows at 30 minutes.
CALLED_AFTER = timedelta(minutes=15)
CALL_WITHIN = timedelta(minutes=5)
DECIDE_WITHIN = timedelta(minutes=10)
#: No local day reaches further from now than this.
A_DAY = timedelta(hours=25)

_RULE_OUT = Q(visit_type__kind=VisitKind.DVT_SCAN)
_OPEN = Q(episode__status=EpisodeStatus.OPEN)
_AWAITED = Appointment.objects.filter(_RULE_OUT, _OPEN, status__in=(S.BOOKED, S.CONFIRMED), late_call=None)


def call_late_rule_outs(limit: int = 200) -> int:
    """Have those called who should be here for a rule-out since 15 minutes; return how many."""
    ids = list(_late().values_list("id", flat=True)[:limit])
    return sum(in_transaction(partial(_call, pk)) for pk in ids)


def next_late_call(after: datetime) -> datetime | None:
    """Return when the next rule-out will be called if nobody comes."""
    at: datetime | None = _AWAITED.filter(starts_at__gt=after - CALLED_AFTER).aggregate(at=Min("starts_at"))["at"]
    return at + CALLED_AFTER if at else None


def uncalled() -> int:
    """Return how many are late and not called."""
    return _late().count()


def raise_late_results() -> int:
    """Hand each rule-out that would miss its deadline, as the day runs, to a clinician; return how many."""
    return sum(in_transaction(partial(_raise, pk)) for pk in _losing())


def next_late_result(after: datetime) -> datetime | None:
    """Return when the next waiting rule-out loses its deadline if it has not begun."""
    last = [turn_of(visit).latest_start for visit in _waiting()]
    return min((at + timedelta(seconds=1) for at in last if at and at + timedelta(seconds=1) > after), default=None)


def unraised() -> int:
    """Return how many will miss their deadline and nobody knows."""
    return len(_losing())


def end_late_call(actor: Actor, visit: Appointment, outcome: str) -> None:
    """The patient came, or will not: whoever was to call them need not any more."""
    step = visit.late_call
    if step is not None and step.status in LIVE_STEP:
        end = complete_step if outcome == "arrived" else cancel_step
        end(actor, step=step, outcome=outcome)


def _late() -> QuerySet[Appointment]:
    now = clock.now()
    return _AWAITED.filter(starts_at__lte=now - CALLED_AFTER, starts_at__gt=now - A_DAY).order_by("starts_at", "id")


def _call(pk: int) -> bool:
    def still(visit: Appointment) -> bool:
        awaited = visit.status in (S.BOOKED, S.CONFIRMED) and visit.late_call_id is None
        return awaited and visit.starts_at <= clock.now() - CALLED_AFTER

    return _opened(pk, still, "late_call", StepKind.CONTACT, Role.REPRESENTATIVE, CALL_WITHIN, "appointment.late")


def _raise(pk: int) -> bool:
    def still(visit: Appointment) -> bool:
        return visit.pk in _losing()

    kind = StepKind.DECISION
    return _opened(pk, still, "late_result", kind, Role.CLINICIAN, DECIDE_WITHIN, "appointment.deadline_at_risk")


def _opened(
    pk: int,
    still: Callable[[Appointment], bool],
    mark: str,
    kind: StepKind,
    role: Role,
    within: timedelta,
    event: str,
) -> bool:
    """Open the step and note it on the visit; whether it was still wanted, seen under the episode's lock."""
    visit = find(pk)
    if visit.episode is None or visit.episode.status != EpisodeStatus.OPEN or not still(visit):
        return False
    new = NewStep(kind=kind, due_at=clock.now() + within, owner_role=role, center_id=visit.center_id)
    step: Step = open_step(SYSTEM, episode=visit.episode, new=new)
    if not Appointment.objects.filter(pk=pk, **{f"{mark}__isnull": True}).update(**{mark: step}):
        return False
    record(SYSTEM, event, visit)
    return True


def _waiting() -> QuerySet[Appointment]:
    """Rule-outs of today that have not begun, and that no clinician was told of."""
    now = clock.now()
    waiting = (S.BOOKED, S.CONFIRMED, S.ARRIVED)
    return shown().filter(
        _RULE_OUT,
        _OPEN,
        status__in=waiting,
        late_result=None,
        starts_at__gt=now - A_DAY,
        starts_at__lt=now + A_DAY,
        episode__result_by__isnull=False,
    )


def _losing() -> list[int]:
    """Return the waiting rule-outs that will miss their deadline as their center's day runs."""
    now = clock.now()
    waiting = {visit.pk: visit.center_id for visit in _waiting()}
    if not waiting:
        return []
    around = shown().filter(
        center_id__in=set(waiting.values()),
        status__in=RUNNING,
        starts_at__gt=now - A_DAY,
        starts_at__lt=now + A_DAY,
    )
    found = running_day(around, now).expected
    return sorted(pk for pk in waiting if pk in found and found[pk].deadline_lost)
