"""What time itself does to visits. Each row in a transaction of its own; one that somebody just moved is left alone."""

from datetime import datetime

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Min, QuerySet, Value, When

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import StaleState
from scheduling.models import Appointment, AppointmentStatus, VisitKind
from scheduling.services.calendar import materialise
from scheduling.services.visits import ROUTINE_GRACE, RULE_OUT_GRACE, no_show

_AWAITED = (AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED)


def _awaited() -> QuerySet[Appointment]:
    grace = Case(When(visit_type__kind=VisitKind.DVT_SCAN, then=Value(RULE_OUT_GRACE)), default=Value(ROUTINE_GRACE))
    late = ExpressionWrapper(F("starts_at") + grace, output_field=DateTimeField())
    return Appointment.objects.filter(status__in=_AWAITED).annotate(missed_at=late)


def _missed() -> QuerySet[Appointment]:
    # The second condition lets the index of live appointments bound what is read.
    now = clock.now()
    return _awaited().filter(missed_at__lte=now, starts_at__lte=now - RULE_OUT_GRACE).order_by("starts_at", "id")


def mark_no_shows(limit: int = 500) -> int:
    """Mark the visits to which nobody came: a rule-out after 30 minutes, any other after an hour."""
    count = 0
    for pk in list(_missed().values_list("id", flat=True)[:limit]):
        try:
            no_show(SYSTEM, appointment_id=pk)
        except StaleState:
            continue
        count += 1
    return count


def next_no_show(after: datetime) -> datetime | None:
    """Return when the next visit that nobody came to will be marked."""
    found: datetime | None = _awaited().filter(missed_at__gt=after).aggregate(at=Min("missed_at"))["at"]
    return found


def unmarked_no_shows() -> int:
    """Return how many visits are past their grace and not marked."""
    return _missed().count()


def extend_calendar() -> int:
    """Open the calendar up to its horizon, and return how many resource-days that added."""
    return materialise()
