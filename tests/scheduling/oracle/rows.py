"""The oracle's network, read from the rows: plain reads, none of the product's own."""

from collections import defaultdict
from datetime import date

from clinic.models import Center, Closure, License, OpeningHours
from scheduling.models import Absence, Reserve, Resource, ShiftException, ShiftPattern, VisitType
from tests.scheduling.oracle.rota import Hours, House, Kept, Network, Unit, Visit, Weekly, minute_of


def read_network() -> Network:
    """All active centers and resources, with their hours as they are now."""
    return Network(_houses(), _units(), read_visits()["dvt_scan"])


def read_visits() -> dict[str, Visit]:
    """The visit types, by what each is."""
    return {
        row.kind: Visit(
            row.code,
            row.minutes,
            row.buffer_minutes,
            row.reading_minutes,
            row.step_minutes,
            tuple(row.takes),
            row.kind == "dvt_scan",
        )
        for row in VisitType.objects.all()
    }


def _houses() -> dict[int, House]:
    weekly: dict[int, list[Weekly]] = defaultdict(list)
    for row in OpeningHours.objects.all():
        hours = Hours(row.center_id, row.opens, row.closes)
        weekly[row.center_id].append(Weekly(row.weekday, hours, row.valid_from, row.valid_until))
    closed: dict[int, set[date]] = defaultdict(set)
    shut: dict[int, dict[date, tuple[Hours, ...]]] = defaultdict(dict)
    for each in Closure.objects.all():
        if each.starts is None or each.ends is None:
            closed[each.center_id].add(each.on)
        else:
            part = Hours(each.center_id, each.starts, each.ends)
            shut[each.center_id][each.on] = (*shut[each.center_id].get(each.on, ()), part)
    keeps: dict[int, dict[str, Kept]] = defaultdict(dict)
    for kept in Reserve.objects.prefetch_related("releases"):
        steps = tuple((step.minutes_before, step.kept_percent) for step in kept.releases.all())
        keeps[kept.center_id][kept.half] = Kept(kept.scans, steps)
    return {
        row.pk: House(
            row.pk,
            row.code,
            row.zone,
            row.state,
            (row.latitude, row.longitude),
            row.arm_scans,
            row.iliac_doppler,
            tuple(weekly[row.pk]),
            frozenset(closed[row.pk]),
            shut[row.pk],
            keeps[row.pk],
        )
        for row in Center.objects.filter(active=True)
    }


def _units() -> dict[int, Unit]:
    weekly: dict[int, list[Weekly]] = defaultdict(list)
    for row in ShiftPattern.objects.all():
        hours = Hours(row.center_id, row.starts, row.ends)
        weekly[row.resource_id].append(Weekly(row.weekday, hours, row.valid_from, row.valid_until))
    exceptions: dict[int, dict[date, Hours | None]] = defaultdict(dict)
    for each in ShiftException.objects.all():
        off = each.center_id is None or each.starts is None or each.ends is None
        exceptions[each.resource_id][each.on] = None if off else Hours(each.center_id, each.starts, each.ends)  # type: ignore[arg-type]
    licenses: dict[int, dict[str, date]] = defaultdict(dict)
    for staff_id, state, expires_on in License.objects.values_list("staff_id", "state", "expires_on"):
        licenses[staff_id][state] = expires_on
    absent: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for absence in Absence.objects.all():
        absent[absence.resource_id].append((minute_of(absence.starts_at), minute_of(absence.ends_at)))
    return {
        row.pk: Unit(
            row.pk,
            row.kind,
            row.center_id,
            row.remote,
            tuple(weekly[row.pk]),
            exceptions[row.pk],
            licenses[row.staff_id] if row.staff_id else {},
            tuple(absent[row.pk]),
            row.retired_from,
        )
        for row in Resource.objects.filter(active=True).order_by("id")
    }
