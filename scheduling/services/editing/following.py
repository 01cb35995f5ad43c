"""The calendar's days follow an edit: rewritten under the locks that a booking takes, with what stands outside then."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from clinic import clock
from scheduling import bits
from scheduling.calendar import DAY
from scheduling.models import Appointment, AppointmentStatus, Occupancy, ResourceDay, ResourceKind
from scheduling.selectors.covered import COVER, not_read_at_once, read_at_once_between
from scheduling.selectors.scanning import CenterDate, unscanned_add_ons
from scheduling.services.calendar import Row, dates_of, load_rota
from scheduling.services.editing.edit import Span
from scheduling.services.freeing import remask

_WRITE = """
INSERT INTO scheduling_resourceday (resource_id, center_id, kind, "on", origin, shift, busy)
SELECT *, %s FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::timestamptz[], %s::bytea[])
ON CONFLICT (resource_id, "on") DO UPDATE
SET center_id = EXCLUDED.center_id, origin = EXCLUDED.origin, shift = EXCLUDED.shift
"""


def held_in(span: Span) -> list[int]:
    """Lock the holds on a span's days by id, and return them."""
    ids = [resource.pk for resource in span.resources]
    on_days = Occupancy.objects.filter(
        live=True, resource_id__in=ids, day__on__range=(span.first, span.last), day__resource_id__in=ids
    )
    held = Appointment.objects.filter(pk__in=on_days.values("appointment_id"), status=AppointmentStatus.HELD)
    return list(held.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))


def follow(span: Span) -> list[Appointment]:
    """Rewrite the span's days from the rota as it is now; return what stands outside its shifts on the changed ones,
    and the tier-1 scans after which nobody reads or treats any more.

    What is over or ended long ago does not count. A visit's buffer may run past a shift, so its own end counts.
    """
    days = _locked(span)
    # Read after the days are locked: an edit that was first is seen.
    rota = load_rota(span.resources, span.first - DAY, span.last)
    rows: list[Row] = []
    changed: dict[int, tuple[int, datetime, int]] = {}
    turned: list[int] = []
    left: set[CenterDate] = set()
    for resource in span.resources:
        for on in dates_of(span.first, span.last):
            former, row = days.get((resource.pk, on)), rota.row(resource, on)
            if row is None and former is not None:
                row = resource.pk, former.center_id, resource.kind, on, former.origin, bits.encode(0)
            if row is None or (former is not None and _same(former, row)):
                continue
            rows.append(row)
            if former is not None:
                changed[former.pk] = row[1], row[4], bits.decode(row[5])
                if resource.kind == ResourceKind.SONOGRAPHER:
                    left.add((former.center_id, on))
                if former.origin != row[4]:
                    turned.append(former.pk)
    promised = _promised(span) if rows else []
    _write(rows)
    remask(turned)
    outside = _outside(changed)
    # Who scans an add-on, reads a scan or treats is booked for it by no row: it loses them where the last of them goes.
    found = {visit.pk: visit for visit in (*not_read_at_once(promised), *unscanned_add_ons(left), *outside)}
    return [found[pk] for pk in sorted(found)]


def _promised(span: Span) -> list[Appointment]:
    """Return the tier-1 scans ahead that are read at once as it is now, where the edit is about somebody who reads or
    treats."""
    if not any(resource.kind in COVER for resource in span.resources):
        return []
    return read_at_once_between(span.first, span.last)


def _locked(span: Span) -> dict[tuple[int, date], ResourceDay]:
    ids = [resource.pk for resource in span.resources]
    days = ResourceDay.objects.select_for_update(no_key=True).filter(
        resource_id__in=ids, on__range=(span.first, span.last)
    )
    return {(day.resource_id, day.on): day for day in days.order_by("resource_id", "id")}


def _same(day: ResourceDay, row: Row) -> bool:
    return (day.center_id, day.origin, bytes(day.shift)) == (row[1], row[4], row[5])


def _write(rows: Sequence[Row]) -> None:
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [bits.encode(0), *columns])


def _outside(changed: dict[int, tuple[int, datetime, int]]) -> list[Appointment]:
    """Return the live appointments that are not over and lie outside these days' shifts, each once."""
    found: dict[int, Appointment] = {}
    taken = Occupancy.objects.filter(day_id__in=changed, live=True, appointment__ends_at__gt=clock.now())
    for each in taken.select_related(
        "appointment__center", "appointment__visit_type", "appointment__patient", "appointment__episode"
    ).order_by("appointment_id"):
        center_id, origin, mask = changed[each.day_id]
        visit = each.appointment
        if visit.center_id != center_id or bits.between(origin, visit.starts_at, visit.ends_at) & ~mask:
            found[visit.pk] = visit
    return list(found.values())
