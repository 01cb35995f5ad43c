"""Opening, moving and ending steps. Each service ends with the database's own check of the safety net."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic import clock, events, rows
from clinic.access import Actor
from clinic.db import in_transaction, settle
from clinic.errors import Invalid, StaleState
from clinic.models import Episode, Event, Step, StepKind, StepStatus
from clinic.step_states import sources

_MAY_MOVE = "t.status = ANY(%(sources)s)"
_MAY_BE_MISSED = f"{_MAY_MOVE} AND t.attended_since IS NULL"


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """A step to be opened: what, by when, and whose. ``scheduled`` says that a visit is already booked for it."""

    kind: StepKind
    due_at: datetime
    owner_role: str = ""
    owner_id: int | None = None
    center_id: int | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    plan_id: int | None = None
    plan_code: str = ""
    scheduled: bool = False
    rung: int = 0
    missed_since: datetime | None = None


def open_step(actor: Actor, *, episode: Episode, new: NewStep) -> Step:
    """Open a step in an open episode."""
    return in_transaction(lambda: _settled(_open(actor, episode, new)))


def open_in_place_of(actor: Actor, *, episode: Episode, former: Sequence[Step], new: NewStep, outcome: str) -> Step:
    """Open a step in an open episode, and record that those which led to it are done; return the new one. Within the
    caller's transaction."""
    opened = _opened(episode, new)
    for step in former:
        _change(step, StepStatus.DONE, outcome=outcome, **_ended(actor))
    done = [_news(actor, step, "step.done", outcome=outcome) for step in former]
    events.tell(_news(actor, opened, "step.opened"), *done)
    return _settled(opened)


def complete_step(actor: Actor, *, step: Step, outcome: str, then: Sequence[NewStep] = ()) -> Step:
    """Record that a step was done, and open what follows from it in the same transaction."""
    return _end(actor, step, StepStatus.DONE, "step.done", outcome, then)


def cancel_step(actor: Actor, *, step: Step, outcome: str, then: Sequence[NewStep] = ()) -> Step:
    """Record that a step no longer applies, with the reason's code, and open what takes its place."""
    return _end(actor, step, StepStatus.CANCELLED, "step.cancelled", outcome, then)


def miss_step(actor: Actor, *, step: Step, successor: NewStep, outcome: str) -> Step:
    """Record that a step's time passed without it, open its successor, and return that one."""

    def work() -> Step:
        missed = _move(actor, step, StepStatus.MISSED, "step.missed", outcome=outcome, **_ended(actor))
        return _settled(_open(actor, missed.episode, successor, succeeds=missed))

    return in_transaction(work)


def schedule_step(actor: Actor, *, step: Step, due_at: datetime) -> Step:
    """A visit is booked for this step: it is due when the visit starts."""
    return in_transaction(lambda: _settled(_move(actor, step, StepStatus.SCHEDULED, "step.scheduled", due_at=due_at)))


def unschedule_step(actor: Actor, *, step: Step, due_at: datetime | None = None) -> Step:
    """The visit was given up: the step is open again, due as it was or at ``due_at``. One that was raised while its
    patient waited stays with whom it was raised to."""
    status = StepStatus.ESCALATED if step.status == StepStatus.ESCALATED else StepStatus.OPEN
    changes = {"attended_since": None, **({"due_at": due_at} if due_at else {})}
    return in_transaction(lambda: _settled(_move(actor, step, status, "step.unscheduled", **changes)))


def move_step(actor: Actor, *, step: Step, due_at: datetime, center_id: int) -> Step:
    """The visit of a scheduled step was moved: who is to do it is found where it takes place now."""

    def work() -> Step:
        scheduled = Step.objects.filter(pk=step.pk, status=StepStatus.SCHEDULED)
        if not scheduled.update(due_at=due_at, center_id=center_id):
            raise StaleState
        step.refresh_from_db()
        _record(actor, step, "step.moved")
        return _settled(step)

    return in_transaction(work)


def postpone_step(actor: Actor, *, step: Step, due_at: datetime, center_id: int | None = None) -> Step:
    """A step that was tried and goes on is due again at another time; it stays with whom it is, unless what it is about
    goes to another center."""

    def work() -> Step:
        changes: dict[str, object] = {"due_at": due_at}
        if center_id is not None:
            changes["center_id"] = center_id
        if not Step.objects.filter(pk=step.pk, status__in=_live()).update(**changes):
            raise StaleState
        step.refresh_from_db()
        _record(actor, step, "step.postponed")
        return _settled(step)

    return in_transaction(work)


def carry_step(actor: Actor, *, step: Step, plan_id: int) -> Step:
    """A step of the former plan belongs to the plan that takes its place: same step, same time, same visit."""

    def work() -> Step:
        if not Step.objects.filter(pk=step.pk, status__in=_live()).update(plan_id=plan_id, ends_as=""):
            raise StaleState
        step.refresh_from_db()
        _record(actor, step, "step.carried", plan=plan_id)
        return _settled(step)

    return in_transaction(work)


def escalate_step(actor: Actor, *, step: Step, owner_role: str, due_at: datetime, center_id: int | None = None) -> Step:
    """Hand an overdue step to the role above, due anew. A person's ownership ends with it."""
    return in_transaction(
        lambda: _settled(
            _move(
                actor,
                step,
                StepStatus.ESCALATED,
                "step.escalated",
                owner_role=owner_role,
                owner_id=None,
                center_id=center_id or step.center_id,
                due_at=due_at,
                escalated_at=clock.now(),
            )
        )
    )


def reassign_step(
    actor: Actor,
    *,
    step: Step,
    owner_id: int | None = None,
    owner_role: str = "",
    center_id: int | None = None,
) -> Step:
    """Give a live step to a person, or to a role at a center."""
    if owner_id is None and not (owner_role and center_id):
        raise Invalid(fields={"owner": "Name a person, or a role and a center."})

    def work() -> Step:
        live = Step.objects.filter(pk=step.pk, status__in=_live())
        role, center = owner_role or step.owner_role, center_id or step.center_id
        if not live.update(owner_id=owner_id, owner_role=role, center_id=center):
            raise StaleState
        step.refresh_from_db()
        _record(actor, step, "step.reassigned")
        return _settled(step)

    return in_transaction(work)


def record_attempt(actor: Actor, *, step: Step, outcome: str) -> Step:
    """Count one try at a live step (a call that reached nobody, say); the step goes on."""

    def work() -> Step:
        live = Step.objects.select_for_update(no_key=True).filter(pk=step.pk, status__in=_live()).first()
        if live is None:
            raise StaleState
        live.attempts += 1
        live.save(update_fields=["attempts"])
        _record(actor, live, "step.attempted", outcome=outcome, attempts=live.attempts)
        return live

    return in_transaction(work)


def _open(
    actor: Actor, episode: Episode, new: NewStep, succeeds: Step | None = None, reads: Step | None = None
) -> Step:
    step = _opened(episode, new, succeeds, reads)
    _record(actor, step, "step.opened")
    return step


def _opened(episode: Episode, new: NewStep, succeeds: Step | None = None, reads: Step | None = None) -> Step:
    step = Step(
        episode=episode,
        kind=new.kind,
        status=StepStatus.SCHEDULED if new.scheduled else StepStatus.OPEN,
        owner_role=new.owner_role,
        owner_id=new.owner_id,
        center_id=new.center_id or episode.center_id,
        due_at=new.due_at,
        window_start=new.window_start,
        window_end=new.window_end,
        plan_id=new.plan_id,
        plan_code=new.plan_code,
        rung=new.rung,
        missed_since=new.missed_since,
        succeeds=succeeds,
        reads=reads,
        created_at=clock.now(),
    )
    rows.insert(step)
    return step


def _end(actor: Actor, step: Step, status: StepStatus, event: str, outcome: str, then: Sequence[NewStep]) -> Step:
    def work() -> Step:
        ended = _move(actor, step, status, event, outcome=outcome, **_ended(actor))
        for new in then:
            _open(actor, ended.episode, new, reads=ended if new.kind == StepKind.READING else None)
        return _settled(ended)

    return in_transaction(work)


def _move(actor: Actor, step: Step, status: StepStatus, event: str, **changes: object) -> Step:
    """Move a step, and tell it."""
    _change(step, status, **changes)
    _record(actor, step, event, **({"outcome": step.outcome} if step.outcome else {}))
    return step


def _change(step: Step, status: StepStatus, **changes: object) -> None:
    """Move a step by one UPDATE that must change one row."""
    # Nobody misses what they are here for, whenever they arrived.
    where = _MAY_BE_MISSED if status == StepStatus.MISSED else _MAY_MOVE
    if not rows.change(step, {"status": status, **changes}, where=where, sources=sources(status)):
        raise StaleState


def _record(actor: Actor, step: Step, kind: str, **codes: object) -> None:
    events.tell(_news(actor, step, kind, **codes))


def _news(actor: Actor, step: Step, kind: str, **codes: object) -> Event:
    return events.news(kind, actor=actor, episode=step.episode, subject=step, codes={"step": step.kind, **codes})


def _ended(actor: Actor) -> dict[str, object]:
    return {"ended_at": clock.now(), "ended_by_id": actor.staff_id, "attended_since": None, "ends_as": ""}


def _live() -> list[StepStatus]:
    return [StepStatus.OPEN, StepStatus.SCHEDULED, StepStatus.ESCALATED]


def _settled(step: Step) -> Step:
    settle()
    return step
