"""Documents for staff and operators: what is on its way, what failed, what is owed next."""

from datetime import datetime

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from clinic import clock
from clinic.errors import Invalid, NotFound
from clinic.models import Report
from notifications.models import Delivery, DeliveryAttempt, DeliveryStatus
from notifications.models.delivery import ON_ITS_WAY

MOST = 100
_LEAVING = (DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)


def deliveries(*, report: str = "", status: str = "") -> list[Delivery]:
    """Return deliveries, the newest first: all, those of a report, or those of a status. Raises `Invalid`."""
    found = _loaded()
    if report:
        if not report.isdecimal() or len(report) > 18:
            raise Invalid(fields={"report": "Name the report by its id."})
        found = found.filter(report_id=int(report))
    if status:
        if status not in DeliveryStatus.values:
            raise Invalid(fields={"status": f"Choose one of: {', '.join(DeliveryStatus.values)}."})
        found = found.filter(status=status)
    return list(found[:MOST])


def delivery(pk: int) -> Delivery:
    """Return one delivery. Raises `NotFound`."""
    found = _loaded().filter(pk=pk).first()
    if found is None:
        raise NotFound("No such document.")
    return found


def of_report(report: Report) -> list[Delivery]:
    """Return the deliveries of a report, the newest first, without their attempts."""
    return list(Delivery.objects.filter(report=report).select_related("report__center").order_by("-id"))


def _loaded() -> QuerySet[Delivery]:
    tries = Prefetch("tries", DeliveryAttempt.objects.order_by("number").prefetch_related("outcomes"))
    rows = Delivery.objects.select_related("report__episode__patient", "report__center", "asked_by")
    return rows.prefetch_related(tries, "receipts").order_by("-id")


def next_due(after: datetime) -> datetime | None:
    """Return the first instant later than ``after`` at which a document is due."""
    found: datetime | None = Delivery.objects.filter(status=DeliveryStatus.DUE, due_at__gt=after).aggregate(
        at=Min("due_at")
    )["at"]
    return found


def waiting() -> int:
    """Return how many documents are due, or at the carrier without an answer, now."""
    due = Q(status=DeliveryStatus.DUE, due_at__lte=clock.now())
    return Delivery.objects.filter(due | Q(status__in=_LEAVING)).count()


def by_status() -> dict[str, int]:
    """Return how many documents there are in each status."""
    return dict(Delivery.objects.order_by().values_list("status").annotate(Count("pk")))


def oldest_unconfirmed() -> dict[str, float]:
    """Return for how many seconds the oldest document that may still arrive has been owed, by way; 0 where none is."""
    now, live = clock.now(), Delivery.objects.order_by().filter(status__in=ON_ITS_WAY)
    oldest = dict(live.values_list("way").annotate(Min("created_at")))
    return {way: max((now - oldest[way]).total_seconds(), 0.0) if way in oldest else 0.0 for way in ("fax", "direct")}
