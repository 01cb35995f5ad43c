"""One center's visits of one local day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from clinic.models import Center, Departure, OpeningHours, Order, OrderStatus, Report
from scheduling.models import HAS_PATIENT, Appointment, Occupancy, Resource, ResourceKind


@dataclass(frozen=True)
class LocalDay:
    """A date where a center's clocks stand, from midnight to midnight: 23 to 25 hours."""

    on: date
    zone: str

    @property
    def first(self) -> datetime:
        """Its midnight."""
        return datetime.combine(self.on, time.min, ZoneInfo(self.zone))

    @property
    def end(self) -> datetime:
        """The midnight after it."""
        return datetime.combine(self.on + timedelta(days=1), time.min, ZoneInfo(self.zone))


def shown() -> QuerySet[Appointment]:
    """Booked visits with all that a line of the day shows; ``has_report`` says whether the scan's report exists,
    ``unsigned`` whether its order waits for a signature."""
    taken = Prefetch("occupancies", queryset=Occupancy.objects.select_related("resource").order_by("resource_id"))
    return (
        Appointment.objects.filter(status__in=HAS_PATIENT)
        .select_related("patient__registration", "visit_type", "center", "episode", "step", "overbook__approved_by")
        .annotate(
            has_report=Exists(Report.objects.filter(step_id=OuterRef("step_id"))),
            unsigned=Exists(Order.objects.filter(step_id=OuterRef("step_id"), status=OrderStatus.WANTED)),
        )
        .prefetch_related(taken)
    )


def visits_of_day(center: Center, on: date) -> list[Appointment]:
    """Return a center's visits of a local date by their start, in two queries."""
    day = LocalDay(on, center.zone)
    return list(
        shown().filter(center=center, starts_at__gte=day.first, starts_at__lt=day.end).order_by("starts_at", "id")
    )


def scanned_report(visit: Appointment) -> Report | None:
    """Return the report of the visit's scan, or None."""
    return Report.objects.select_related("episode").filter(step_id=visit.step_id or 0).first()


def departure_of(report: Report) -> Departure | None:
    """Return how the patient left after this study, or None."""
    return Departure.objects.select_related("released_by").filter(report=report).first()


def rooms_of(center: Center) -> list[tuple[int, str]]:
    """Return id and name of a center's rooms that are used, by name."""
    rooms = Resource.objects.filter(center=center, kind=ResourceKind.ROOM, active=True)
    return list(rooms.order_by("name").values_list("pk", "name"))


def opening_of(center: Center, on: date) -> tuple[datetime, datetime] | None:
    """Return when a center opens and closes on a local date by its weekly hours, or None."""
    hours = OpeningHours.objects.on(on).filter(center=center, weekday=on.weekday()).last()
    if hours is None:
        return None
    zone = ZoneInfo(center.zone)
    return datetime.combine(on, hours.opens, zone), datetime.combine(on, hours.closes, zone)
