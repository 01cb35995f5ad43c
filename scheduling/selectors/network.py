"""Every center at a glance: today's visits by status, overdue steps, open results. Four queries, however many."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, DateField, DateTimeField, F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce

from clinic.models import LIVE_STEP, Center, Report, ReportStatus, Step
from scheduling.models import HAS_PATIENT, Appointment

#: No local day reaches further from now than this, whatever the zone and the clock change.
A_DAY = timedelta(hours=25)


@dataclass
class CenterToday:
    """How one center stands now."""

    center: Center
    visits: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    open_results: int = 0

    @property
    def total(self) -> int:
        """All visits of its day."""
        return self.visits.total()

    @property
    def ahead(self) -> int:
        """Visits still to come."""
        return self.visits["booked"] + self.visits["confirmed"]

    @property
    def here(self) -> int:
        """Patients in the house."""
        return self.visits["arrived"] + self.visits["in_progress"]


def network_today(now: datetime) -> list[CenterToday]:
    """Return the active centers, those with most overdue steps first, then by code."""
    rows = {center.pk: CenterToday(center) for center in Center.objects.filter(active=True)}
    for center_id, status, count in _visits(now):
        if center_id in rows:
            rows[center_id].visits[status] = count
    overdue, unread = _overdue(now), _open_results()
    for center_id, row in rows.items():
        row.overdue, row.open_results = overdue[center_id], unread[center_id]
    return sorted(rows.values(), key=lambda row: (-row.overdue, row.center.code))


class _LocalDate(Func):
    """The date that a zone's clocks show at an instant."""

    function = "timezone"
    output_field = DateTimeField()


def _visits(now: datetime) -> Iterable[tuple[int, str, int]]:
    return (
        Appointment.objects.filter(status__in=HAS_PATIENT, starts_at__gt=now - A_DAY, starts_at__lt=now + A_DAY)
        .annotate(
            on=Cast(_LocalDate(F("center__zone"), F("starts_at")), DateField()),
            today=Cast(_LocalDate(F("center__zone"), Value(now, DateTimeField())), DateField()),
        )
        .filter(on=F("today"))
        .values_list("center_id", "status")
        .annotate(Count("pk"))
        .order_by()
    )


def _overdue(now: datetime) -> dict[int, int]:
    steps = Step.objects.filter(status__in=LIVE_STEP, due_at__lt=now)
    found = steps.annotate(at=Coalesce("center_id", "episode__center_id")).values_list("at").annotate(Count("pk"))
    return defaultdict(int, found.order_by())


def _open_results() -> dict[int, int]:
    untold = Q(status=ReportStatus.PRELIMINARY) | Q(patient_told_at=None, result_sent_at=None)
    return defaultdict(int, Report.objects.filter(untold).values_list("center_id").annotate(Count("pk")).order_by())
