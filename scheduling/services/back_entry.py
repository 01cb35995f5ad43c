"""Entering what happened while the system was down: the clinical clocks run from when it happened.

What others recorded meanwhile is never overwritten: where the paper says otherwise, a person decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic import clock
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import EpisodeStatus, Role, Staff, StepKind
from clinic.services.steps import NewStep, open_step
from scheduling.errors import NotYet
from scheduling.models import Appointment, AppointmentStatus, BackEntry, BackEntryOutcome, Happening
from scheduling.selectors.search import local_date
from scheduling.services import visits
from scheduling.services.news import record
from scheduling.services.transition import find
from scheduling.states import sources

#: How long a person has to decide between two records.
DECIDE_WITHIN = timedelta(minutes=30)
#: Two records of one happening agree where they differ by less than this: papers hold minutes.
AGREE_WITHIN = timedelta(minutes=1)

S = AppointmentStatus
Move = Callable[..., Appointment]
#: In the order in which they happen: what it makes of a visit, and which service moves it.
_MOVES: dict[Happening, tuple[AppointmentStatus, Move]] = {
    Happening.ARRIVED: (S.ARRIVED, visits.arrive),
    Happening.STARTED: (S.IN_PROGRESS, visits.begin),
    Happening.COMPLETED: (S.COMPLETED, visits.end),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """When a visit's patient arrived, when it began and when it was over, as the paper says; None: it does not.

    ``side``: the one that was on the table, where a scan began and its order names a side.
    """

    arrived_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    side: str = ""

    def times(self) -> list[tuple[Happening, datetime]]:
        """What is said, in the order in which it happens."""
        said = [(what, getattr(self, field_of(what))) for what in _MOVES]
        return [(what, at) for what, at in said if at is not None]


@dataclass(frozen=True, slots=True)
class _Paper:
    """Who enters what a paper says, and answers for it."""

    actor: Actor
    author: Staff
    side: str


class EpisodeClosed(Conflict):
    """The paper contradicts the record of an episode that is over: there is nobody left to decide."""

    code, title = "episode_closed", "This episode is closed, and its record says otherwise. Tell a manager."


def field_of(what: Happening) -> str:
    """The visit's field, and the body's, of a happening."""
    return f"{what.value}_at"


def enter_back(actor: Actor, *, appointment_id: int, happened: Happened) -> list[BackEntry]:
    """Enter what happened to a visit while the system was down; return what is new.

    Each is applied with its own time, or contradicts what others recorded and becomes a step; what is recorded already
    is left as it is. Raises `Invalid`, by field, for times in the future, before the booking or out of order, `NotYet`
    for a visit of a later day, what a start is refused for (`OrderMissing`, `SideMismatch`), and `Forbidden` for a
    program: a person answers for what a paper says.
    """
    require(actor, Permission.RUN_VISIT)
    author = actor.staff
    if author is None:
        raise Forbidden("What was written on paper is entered by a person, who answers for it.")

    def work() -> list[BackEntry]:
        visit = find(appointment_id)
        _check(visit, happened)
        entered = []
        for what, at in happened.times():
            entry = _enter(_Paper(actor, author, happened.side), visit, what, at)
            entered += [entry] if entry else []
            visit = find(appointment_id)
        return entered

    return in_transaction(work)


def _check(visit: Appointment, happened: Happened) -> None:
    times, now = happened.times(), clock.now()
    if not times:
        raise Invalid("Enter at least one time.", fields={"arrived_at": "When did the patient arrive?"})
    wrong: dict[str, str] = {}
    for (what, at), before in zip(times, [None, *(at for _, at in times)], strict=False):
        if at > now:
            wrong[field_of(what)] = "This is in the future. Enter when it happened."
        elif visit.booked_at is not None and at < visit.booked_at - AGREE_WITHIN:
            wrong[field_of(what)] = "This is before the visit was booked. Look at the date, and at whose visit it is."
        elif before is not None and at < before:
            wrong[field_of(what)] = "This is earlier than what must come before it."
    if wrong:
        raise Invalid(fields=wrong)
    if local_date(visit.starts_at, visit.center.zone) > local_date(times[0][1], visit.center.zone):
        raise NotYet("This visit is on a later day. Look at whose visit it is.")


def _enter(paper: _Paper, visit: Appointment, what: Happening, at: datetime) -> BackEntry | None:
    recorded: datetime | None = getattr(visit, field_of(what))
    if recorded is not None and abs(recorded - at) < AGREE_WITHIN:
        return None
    known = BackEntry.objects.filter(appointment=visit, what=what, occurred_at=at).first()
    if known is not None:
        return None
    target, service = _MOVES[what]
    if recorded is not None or visit.status in (S.CANCELLED, S.NO_SHOW) or _comes_before(visit, what, at):
        return _contradicts(paper, visit, what, at)
    if visit.status not in sources(target):
        raise Invalid(fields={field_of(what): "Enter what comes before it as well: the arrival, then the start."})
    more = {"side": paper.side} if what == Happening.STARTED else {}
    service(paper.actor, visit, **more, at=at, occurred_at=at.isoformat(), back_entered=True)
    return _written(paper, visit, what, at, outcome=BackEntryOutcome.APPLIED)


def _comes_before(visit: Appointment, what: Happening, at: datetime) -> bool:
    """Whether a time is earlier than what others recorded of what must come before it."""
    former = [getattr(visit, field_of(each)) for each in list(_MOVES)[: list(_MOVES).index(what)]]
    return any(known is not None and at < known - AGREE_WITHIN for known in former)


def _contradicts(paper: _Paper, visit: Appointment, what: Happening, at: datetime) -> BackEntry:
    """Have a person decide: a clinician where the patient is said not to have come, else a manager."""
    episode = visit.episode
    if episode is None or episode.status != EpisodeStatus.OPEN:
        raise EpisodeClosed
    gone = visit.status in (S.CANCELLED, S.NO_SHOW)
    new = NewStep(
        kind=StepKind.DECISION,
        owner_role=Role.CLINICIAN if gone else Role.MANAGER,
        center_id=visit.center_id,
        due_at=clock.now() + DECIDE_WITHIN,
    )
    step = open_step(paper.actor, episode=episode, new=new)
    entry = _written(paper, visit, what, at, outcome=BackEntryOutcome.CONFLICT, step=step)
    codes = {"what": what.value, "occurred_at": at.isoformat(), "step": step.kind, "status": visit.status}
    record(paper.actor, "appointment.contradicted", visit, **codes)
    return entry


def _written(paper: _Paper, visit: Appointment, what: Happening, at: datetime, **more: object) -> BackEntry:
    return BackEntry.objects.create(
        appointment=visit, what=what, occurred_at=at, recorded_at=clock.now(), author=paper.author, **more
    )
