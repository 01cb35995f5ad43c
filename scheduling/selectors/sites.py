"""The network's centers with who is on duty when, as a replay reads them: from the rota, not from what is booked."""

from collections.abc import Iterable
from datetime import date, timedelta

from clinic.models import Center, ZipCode
from scheduling import calendar
from scheduling.models import Resource, ResourceKind
from scheduling.services.calendar import Rota, load_rota
from scheduling.simulation.site import Day, Point, Site
from scheduling.slots import Unit

_KINDS = (ResourceKind.ROOM, ResourceKind.SONOGRAPHER)


def sites(first: date, last: date, *, codes: Iterable[str] = ()) -> list[Site]:
    """Return the active centers (those with these codes, or all) and their days between two dates."""
    centers = Center.objects.filter(active=True)
    wanted = list(codes)
    if wanted:
        centers = centers.filter(code__in=wanted)
    resources = list(
        Resource.objects.filter(center__in=centers, kind__in=_KINDS, active=True, remote=False).order_by("id")
    )
    rota = load_rota(resources, first, last)
    by_center: dict[int, list[Resource]] = {}
    for resource in resources:
        by_center.setdefault(resource.center_id, []).append(resource)
    dates = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    return [_site(center, by_center.get(center.pk, []), rota, dates) for center in centers]


def points() -> dict[str, Point]:
    """Return where each ZIP code lies."""
    rows = ZipCode.objects.values_list("zip", "latitude", "longitude")
    return {code: (latitude, longitude) for code, latitude, longitude in rows}


def _site(center: Center, resources: list[Resource], rota: Rota, dates: list[date]) -> Site:
    days = {}
    for on in dates:
        units = []
        for resource in resources:
            found = rota.day(resource, on)
            if found is not None and found[0] == center.pk:
                units.append(Unit(str(resource.kind), found[1], 0))
        if units:
            days[on] = Day(calendar.origin(center.zone, on), calendar.noon(center.zone, on), tuple(units))
    scanners = min(sum(resource.kind == kind for resource in resources) for kind in _KINDS)
    return Site(center.code, center.zone, (center.latitude, center.longitude), scanners, days)
