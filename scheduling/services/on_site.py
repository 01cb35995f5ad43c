"""Patients who are still in a center half an hour before it closes: a manager sees to it that nobody is sent home."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from clinic import clock
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.models import (
    LIVE_STEP,
    Center,
    Closure,
    Episode,
    EpisodeStatus,
    Event,
    Report,
    ReportVersion,
    Role,
    Step,
    StepKind,
)
from clinic.result_rules import NEGATIVE
from clinic.services.plans import decision_where_last
from clinic.services.steps import NewStep, complete_step, open_step
from clinic.workdays import at_local
from scheduling.models import Appointment, AppointmentStatus, VisitKind

#: How long before the close a manager hears of it (clinical.md section 4.6).
BEFORE_CLOSE = timedelta(minutes=30)
A_DAY = timedelta(days=1)
#: After an outage, those of the days before are asked after as well.
LOOKED_BACK = timedelta(days=7)
_HERE = (AppointmentStatus.ARRIVED, AppointmentStatus.IN_PROGRESS, AppointmentStatus.COMPLETED)
_SCANS = (VisitKind.DVT_SCAN, VisitKind.REPEAT_SCAN)


def call_managers() -> int:
    """Open a manager's step for each patient who is here shortly before the close; return how many."""
    now, count = clock.now(), 0
    for visit in list(still_here()):
        if _due(visit) <= now:
            count += in_transaction(partial(_call_manager, visit))
    return count


def next_close(after: datetime) -> datetime | None:
    """The first instant later than ``after`` at which a manager will hear of somebody."""
    return min((due for visit in still_here() if (due := _due(visit)) > after), default=None)


def waiting_at_close() -> int:
    """How many are here, and no manager has heard of it."""
    now = clock.now()
    return sum(_due(visit) <= now for visit in still_here())


def end_for_cancelled(event: Event) -> None:
    """Somebody left the waiting room before they were seen: the visit was cancelled, and they are not here any more.

    A visit that was still ahead says nothing of where its patient is.
    """
    visit = event.subject
    if event.episode is None or not isinstance(visit, Appointment) or visit.arrived_at is None:
        return
    for step in event.episode.steps.filter(kind=StepKind.ON_SITE, status__in=LIVE_STEP):
        complete_step(SYSTEM, step=step, outcome="left_unseen", then=decision_where_last(step))


def closes_at(center: Center, at: datetime) -> datetime:
    """When the center closes on the local day of ``at``. Closed that day: at its start, so that it is late already."""
    on = at.astimezone(ZoneInfo(center.zone)).date()
    hours = center.hours.on(on).filter(weekday=on.weekday()).first()
    closures = list(Closure.objects.filter(center=center, on=on))
    if hours is None or any(closure.starts is None for closure in closures):
        return at_local(on, time(), center.zone)
    early = [closure.starts for closure in closures if closure.starts and closure.ends and closure.ends >= hours.closes]
    return at_local(on, min([hours.closes, *early]), center.zone)


def _due(visit: Appointment) -> datetime:
    return closes_at(visit.center, visit.arrived_at or visit.starts_at) - BEFORE_CLOSE


def still_here() -> Iterator[Appointment]:
    """Scanned, or about to be, and nobody has recorded that they left; a clear result that was given lets go.

    So does one of an earlier day, whatever was amended since: they went home with it.
    """
    now = clock.now()
    mine = Report.objects.filter(step_id=OuterRef("step_id"))
    given = Q(category__in=NEGATIVE) & (Q(patient_told_at__isnull=False) | Q(result_sent_at__isnull=False))
    cleared = ReportVersion.objects.filter(report__step_id=OuterRef("step_id"), category__in=NEGATIVE)
    asked = Step.objects.filter(
        episode_id=OuterRef("episode_id"), kind=StepKind.ON_SITE, created_at__gte=OuterRef("arrived_at")
    )
    visits = (
        Appointment.objects.filter(
            status__in=_HERE,
            visit_type__kind__in=_SCANS,
            arrived_at__gt=now - LOOKED_BACK,
            starts_at__gt=now - LOOKED_BACK - A_DAY,
            episode__status=EpisodeStatus.OPEN,
        )
        .exclude(Exists(mine.filter(departure__isnull=False)))
        .exclude(Exists(mine.filter(given)))
        .exclude(Q(arrived_at__lte=now - A_DAY) & Exists(cleared))
        .exclude(Exists(asked))
        .select_related("center", "episode")
        .order_by("id")
    )
    yield from visits


def _call_manager(visit: Appointment) -> int:
    episode = Episode.objects.select_for_update(no_key=True).get(pk=visit.episode_id or 0)
    if episode.status != EpisodeStatus.OPEN or not any(each.pk == visit.pk for each in still_here()):
        return 0
    due_at = max(_due(visit) + BEFORE_CLOSE, clock.now() + BEFORE_CLOSE)
    new = NewStep(kind=StepKind.ON_SITE, owner_role=Role.MANAGER, center_id=visit.center_id, due_at=due_at)
    open_step(SYSTEM, episode=episode, new=new)
    return 1
