"""The sweep that has missed steps of a plan climb their ladder: one transaction a step, and never to "closed"."""

from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet

from clinic import clock
from clinic.access import SYSTEM, Actor
from clinic.db import in_transaction, settle
from clinic.errors import StaleState
from clinic.missed import CALLED_WITHIN, CLIMBING, MEASURING, Rung, pursued, rung
from clinic.models import LIVE_STEP, Role, Step, StepKind, StepStatus
from clinic.services.steps import NewStep, miss_step, open_step

#: However late it was noticed, the next in line has this long.
AT_LEAST = timedelta(hours=1)
#: `clinic.missed.pursued`, as a question to the database.
_PURSUED = Q(kind=StepKind.DOSE_CHANGE) | (Q(kind=StepKind.FOLLOW_UP_SCAN) & ~Q(plan_code__in=MEASURING))
#: Who pursues a missed step at first; who it was raised to meanwhile goes back to other work.
_CALLERS = {StepKind.FOLLOW_UP_CALL: Role.CLINICIAN, StepKind.DOSE_CHANGE: Role.CLINICIAN}


def missed(limit: int = 500) -> QuerySet[Step]:
    """Steps of plans that nobody did in their time, oldest first. A booked visit is missed when nobody comes to it."""
    now = clock.now()
    return _unbooked().filter(_window_over(now) | Q(window_end=None, due_at__lte=now)).order_by("due_at", "id")[:limit]


def next_missed(after: datetime) -> datetime | None:
    """The first instant later than ``after`` at which a step of a plan is missed."""
    steps = _unbooked()
    called = steps.filter(_PURSUED, window_end__gt=after + CALLED_WITHIN).aggregate(at=Min("window_end"))["at"]
    windows = steps.filter(window_end__gt=after).exclude(_PURSUED).aggregate(at=Min("window_end"))["at"]
    others = steps.filter(window_end=None, due_at__gt=after).aggregate(at=Min("due_at"))["at"]
    found = (called - CALLED_WITHIN if called else None, windows, others)
    return min((at for at in found if at is not None), default=None)


def climb_missed() -> int:
    """Move every missed step up its ladder, and return how many. One that somebody just worked is left alone."""
    count = 0
    for step in missed():
        try:
            climb(SYSTEM, step=step, outcome="not_done")
        except StaleState:
            continue
        count += 1
    return count


def climb(actor: Actor, *, step: Step, outcome: str, center_id: int | None = None) -> Step:
    """Record that a step was missed, and open what `clinic.missed` says follows; return the step that takes its place.

    Where a certified letter is due it is a step of its own beside it.
    """

    def work() -> Step:
        first = step.missed_since or _over_at(step)
        up = rung(step.kind, step.plan_code, step.rung + 1)
        successor = miss_step(
            actor, step=step, successor=_successor(step, up, first, center_id or step.center_id), outcome=outcome
        )
        if up.letter:
            _owe_letter(actor, successor, first + up.after)
        settle()
        return successor

    return in_transaction(work)


def _unbooked() -> QuerySet[Step]:
    """Steps that climb and wait for no visit: missed at the end of their window, or when their rung's time is over.

    One whose patient is here climbs no further, however late it is: see `climbing`.
    """
    waiting = Step.objects.filter(
        status__in=(StepStatus.OPEN, StepStatus.ESCALATED),
        kind__in=CLIMBING,
        plan__isnull=False,
        attended_since__isnull=True,
    )
    return waiting.select_related("episode__center", "episode__patient")


def climbing() -> Q:
    """Steps that `climb_missed` takes care of from now on: nobody else raises them."""
    mine = Q(kind__in=CLIMBING, plan__isnull=False, attended_since__isnull=True)
    return mine & (Q(rung__gt=0) | _window_over(clock.now()) | Q(window_end=None))


def _window_over(now: datetime) -> Q:
    return Q(window_end__lte=now) | (_PURSUED & Q(window_end__lte=now + CALLED_WITHIN))


def _over_at(step: Step) -> datetime:
    """When a step was missed first: on its window's last day, or for a visit to which nobody came at its start."""
    if step.status == StepStatus.SCHEDULED or step.window_end is None:
        return step.due_at or clock.now()
    return step.window_end - CALLED_WITHIN if pursued(step.kind, step.plan_code) else step.window_end


def _successor(step: Step, up: Rung, first: datetime, center_id: int | None) -> NewStep:
    role = up.role or _CALLERS.get(StepKind(step.kind), Role.REPRESENTATIVE)
    return NewStep(
        kind=StepKind(step.kind),
        due_at=max(first + up.after, clock.now() + AT_LEAST),
        owner_role=role,
        # A named owner goes on until the next in line takes over.
        owner_id=None if up.role else step.owner_id,
        center_id=center_id,
        plan_id=step.plan_id,
        plan_code=step.plan_code,
        rung=step.rung + 1,
        missed_since=first,
    )


def _owe_letter(actor: Actor, step: Step, due_at: datetime) -> None:
    code = f"letter_{step.plan_code}"[:40]
    if Step.objects.filter(episode_id=step.episode_id, plan_code=code, status__in=LIVE_STEP).exists():
        return
    new = NewStep(
        kind=StepKind.LETTER,
        due_at=max(due_at, clock.now() + AT_LEAST),
        owner_role=Role.REPRESENTATIVE,
        center_id=step.center_id,
        plan_id=step.plan_id,
        plan_code=code,
    )
    open_step(actor, episode=step.episode, new=new)
