"""What time itself does to visits. Each row in a transaction of its own; one that somebody just moved is left alone."""

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max, Min, Q, QuerySet

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import StaleState
from scheduling.errors import NotYet
from scheduling.models import Appointment, AppointmentStatus, ResourceDay, VisitKind
from scheduling.services.calendar import HORIZON_DAYS, materialise
from scheduling.services.pulse import Downtime, beat, last_downtime
from scheduling.services.visits import ROUTINE_GRACE, RULE_OUT_GRACE, no_show

#: The calendar is never let run this low, not even by a clock that is moved.
LEAST_DAYS = 30

_AWAITED = Appointment.objects.filter(status__in=(AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED))
_RULE_OUT = Q(visit_type__kind=VisitKind.DVT_SCAN)
_GRACES = ((_RULE_OUT, RULE_OUT_GRACE), (~_RULE_OUT, ROUTINE_GRACE))


def _missed() -> QuerySet[Appointment]:
    now = clock.now()
    late = Q()
    for which, grace in _GRACES:
        late |= which & Q(starts_at__lte=now - grace)
    # The shorter grace alone bounds what is read, by the index of live appointments.
    missed = _AWAITED.filter(late, starts_at__lte=now - RULE_OUT_GRACE).order_by("starts_at", "id")
    down = last_downtime()
    # Who came while the system was down stands on paper only.
    return missed.exclude(_of(down)) if down else missed


def _of(down: Downtime) -> Q:
    """The visits whose patients may have come in a downtime: those that it left no time to be checked in before."""
    return Q(starts_at__gt=down.down_from - ROUTINE_GRACE, starts_at__lte=down.back_at)


def mark_no_shows(limit: int = 500) -> int:
    """Mark the visits to which nobody came: a rule-out after 30 minutes, any other after an hour.

    After a downtime those of its span wait until the papers are entered.
    """
    beat()
    count = 0
    for pk in list(_missed().values_list("id", flat=True)[:limit]):
        try:
            no_show(SYSTEM, appointment_id=pk)
        except (StaleState, NotYet):
            # Somebody has just come, or was moved to a later time.
            continue
        count += 1
    return count


def next_no_show(after: datetime) -> datetime | None:
    """Return when the next visit that nobody came to will be marked."""
    found = []
    for which, grace in _GRACES:
        starts_at = _AWAITED.filter(which, starts_at__gt=after - grace).aggregate(at=Min("starts_at"))["at"]
        if starts_at is not None:
            found.append(starts_at + grace)
    down = last_downtime()
    if down and after < down.entered_by and _AWAITED.filter(_of(down)).exists():
        found.append(down.entered_by)
    return min(found, default=None)


def unmarked_no_shows() -> int:
    """Return how many visits are past their grace and not marked."""
    return _missed().count()


def extend_calendar() -> int:
    """Open the calendar up to its horizon, and return how many days that added. Cheap where none is missing."""
    last = _last_day()
    return materialise() if last is None or last < clock.now().date() + timedelta(days=HORIZON_DAYS) else 0


def next_thin_calendar(after: datetime) -> datetime | None:
    """Return when the calendar will hold less than it must."""
    last = _last_day()
    if last is None:
        return None
    due = datetime.combine(last - timedelta(days=LEAST_DAYS), time(), UTC)
    return due if due > after else None


def thin_calendar() -> int:
    """Return 1 where the calendar holds less than it must, else 0. A network without a calendar lacks nothing yet."""
    last = _last_day()
    return int(last is not None and last <= clock.now().date() + timedelta(days=LEAST_DAYS))


def _last_day() -> date | None:
    found: date | None = ResourceDay.objects.aggregate(last=Max("on"))["last"]
    return found
