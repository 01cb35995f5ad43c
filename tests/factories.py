"""Plain functions that make what a test needs, with defaults that are true enough."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.access import Actor, staff_actor
from clinic.models import Center, License, OpeningHours, Patient, Role, Staff, ZipCode
from scheduling.models import Resource, ResourceKind, ShiftPattern, VisitType
from scheduling.services.calendar import materialise
from scheduling.visit_types import ensure_visit_types

_number = count(1)
ALL_WEEK = range(7)
GREENBELT = (39.0, -76.88)


def make_zip(zip: str = "20770", *, zone: str = "America/New_York", at: tuple[float, float] = GREENBELT) -> ZipCode:
    """A ZIP code's centroid."""
    found, _ = ZipCode.objects.get_or_create(
        zip=zip,
        defaults={"city": "Greenbelt", "state": "MD", "zone": zone, "latitude": at[0], "longitude": at[1]},
    )
    return found


def make_center(
    code: str = "",
    *,
    zone: str = "America/New_York",
    state: str = "MD",
    at: tuple[float, float] = GREENBELT,
    opens: time | None = time(8),
    closes: time = time(20),
    **fields: object,
) -> Center:
    """A center that is open every day, or never where ``opens`` is None."""
    number = next(_number)
    center = Center.objects.create(
        code=code or f"C{number}",
        name=f"Vein Center {number}",
        short_name=f"Center {number}",
        street=f"{number} Main Street",
        city="Greenbelt",
        state=state,
        zip="20770",
        zone=zone,
        latitude=at[0],
        longitude=at[1],
        phone="+12405550100",
        **{"standing_protocol": True, **fields},
    )
    if opens is not None:
        OpeningHours.objects.bulk_create(
            OpeningHours(center=center, weekday=day, opens=opens, closes=closes) for day in ALL_WEEK
        )
    return center


def make_staff(
    role: str = Role.REPRESENTATIVE, *, center: Center | None = None, licensed_in: tuple[str, ...] = ()
) -> Staff:
    """A member of staff, licensed for years in the states given."""
    number = next(_number)
    staff = Staff.objects.create(
        username=f"{role}{number}", first_name=role.title(), last_name=f"No{number}", role=role, home_center=center
    )
    License.objects.bulk_create(License(staff=staff, state=state, expires_on=date(2100, 1, 1)) for state in licensed_in)
    return staff


def actor_of(role: str = Role.REPRESENTATIVE) -> Actor:
    """The actor that a new member of staff of this role is."""
    return staff_actor(make_staff(role))


def make_resource(
    center: Center, kind: str, *, staff: Staff | None = None, remote: bool = False, name: str = ""
) -> Resource:
    """A resource of a center; people need a shift before they are on duty."""
    return Resource.objects.create(
        center=center, kind=kind, name=name or f"{kind} {next(_number)}", staff=staff, remote=remote
    )


def make_shift(
    resource: Resource, starts: time = time(8), ends: time = time(20), *, weekdays: tuple[int, ...] = tuple(ALL_WEEK)
) -> None:
    """A weekly shift at the resource's own center, valid from long ago."""
    ShiftPattern.objects.bulk_create(
        ShiftPattern(
            resource=resource,
            center=resource.center,
            weekday=day,
            starts=starts,
            ends=ends,
            valid_from=date(2020, 1, 1),
        )
        for day in weekdays
    )


def make_scanner(center: Center, *, count: int = 1) -> list[Resource]:
    """Rooms and the sonographers to work in them, all day."""
    made = []
    for _ in range(count):
        made.append(make_resource(center, ResourceKind.ROOM))
        sonographer = make_staff(Role.SONOGRAPHER, center=center)
        made.append(make_resource(center, ResourceKind.SONOGRAPHER, staff=sonographer))
        make_shift(made[-1])
    return made


def make_cover(center: Center, *, remote: bool = False) -> list[Resource]:
    """A reader and a prescriber, licensed in the center's state, all day."""
    made = []
    for role, kind in ((Role.PHYSICIAN, ResourceKind.PHYSICIAN), (Role.CLINICIAN, ResourceKind.CLINICIAN)):
        staff = make_staff(role, center=center, licensed_in=(center.state,))
        made.append(make_resource(center, kind, staff=staff, remote=remote))
        make_shift(made[-1])
    return made


def open_calendar(days: int = 20) -> dict[str, VisitType]:
    """Materialise every resource's days, and return the visit types by kind."""
    materialise(days=days)
    return ensure_visit_types()


def make_working_center(code: str = "", **fields: Any) -> Center:
    """A center with one scanner, a reader and a clinician; call `open_calendar` after the last one."""
    center = make_center(code, **fields)
    make_scanner(center)
    make_cover(center)
    return center


def make_patient(**fields: object) -> Patient:
    """A patient near the default center."""
    number = next(_number)
    values: dict[str, object] = {
        "given_name": "Ana",
        "family_name": f"Example{number}",
        "birth_date": date(1970, 1, 1),
        "phone": f"+1240555{number % 10_000:04d}",
        "zip": "20770",
        "created_at": clock.now(),
    }
    return Patient.objects.create(**{**values, **fields})


def set_clock(at: datetime) -> None:
    """Move the product's clock forward to an instant, or less than a second past it."""
    clock.advance(timedelta(seconds=max(0, ceil((at - clock.now()).total_seconds()))))


def tomorrow_at(hour: int, minute: int = 0, *, zone: str = "America/New_York", days: int = 1) -> datetime:
    """An hour of a coming day, as the zone's clocks show it."""
    on = clock.today(zone) + timedelta(days=days)
    return datetime.combine(on, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def noon_tomorrow(zone: str = "America/New_York") -> datetime:
    """Noon of the coming day: every center of the tests is open."""
    return tomorrow_at(12, zone=zone)


def center_at_noon() -> Center:
    """A working center that scans arms too, at noon of a day on which it is open."""
    make_zip()
    made = make_working_center(arm_scans=True)
    open_calendar()
    set_clock(noon_tomorrow())
    return made


def phone_of(patient: Patient) -> str:
    """The number of a patient who has one."""
    assert patient.phone is not None
    return patient.phone
