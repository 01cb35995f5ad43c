"""Writing the roster: staff, licenses, rooms, and what of them can be booked. What is there already is left alone."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from clinic import clock
from clinic.models import Center, License, Role, Staff
from clinic.seeding.logins import DEMO_LOGINS
from clinic.seeding.names import everyone, lines
from clinic.seeding.places import CenterRow
from clinic.seeding.roster import Member, roster
from scheduling.models import Resource, ResourceKind, ShiftPattern

#: How far back the weekly shifts reach, so that the seeded past lies within them.
WORKING_SINCE_DAYS = 365
#: Who may be on call, and has a number to be paged at.
PAGED = (Role.CLINICIAN, Role.PHYSICIAN)
#: Who is alerted to a finding that nobody acknowledges.
MEDICAL_DIRECTORS = frozenset({"peter"})
#: Licenses run out at the end of a quarter, between so many and so many quarters from now.
LICENSE_QUARTERS = range(6, 14)

_LOGINS = {login.username: login for login in DEMO_LOGINS}


def staff_centers(centers: dict[str, Center], rows: Sequence[CenterRow]) -> None:
    """Give the centers their rooms and everybody on their roster, each once by name."""
    add_rooms(centers, rows)
    members = list(roster(rows))
    staff = _add_staff(centers, members)
    _add_licenses(staff, members)
    _put_on_rota(centers, staff, members)


def add_rooms(centers: dict[str, Center], rows: Iterable[CenterRow]) -> int:
    """Give each center the rooms that its row counts, and one overflow unit; return how many were added."""
    wanted = [
        (centers[row.code], kind, name)
        for row in rows
        for kind, name in (
            *((ResourceKind.ROOM, f"Room {number}") for number in range(1, row.scan_rooms + 1)),
            (ResourceKind.OVERFLOW, "Overflow 1"),
        )
    ]
    there = set(Resource.objects.values_list("center_id", "kind", "name"))
    missing = [
        Resource(center=center, kind=kind, name=name, **_fittings(center, name))
        for center, kind, name in wanted
        if (center.pk, kind, name) not in there
    ]
    Resource.objects.bulk_create(missing)
    return len(missing)


def _fittings(center: Center, name: str) -> dict[str, int | bool]:
    """The first room of every third center has a lift, and a table that carries more."""
    return {"table_limit_lb": 700, "lift": True} if name == "Room 1" and center.pk % 3 == 1 else {}


def _add_staff(centers: dict[str, Center], members: Iterable[Member]) -> dict[str, Staff]:
    there = {row.username: row for row in Staff.objects.all()}
    taken = {(row.first_name, row.last_name) for row in there.values()} | {login.name for login in DEMO_LOGINS}
    names = (name for name in everyone() if name not in taken)
    in_use = {row.phone for row in there.values()}
    numbers = (number for number in lines() if number not in in_use)
    # Nobody logs in as the others. A real hash costs a third of a second; the public password needs only one.
    hashed, unusable = cache(make_password), make_password(None)
    missing: list[Staff] = []
    for member in members:
        if member.username not in there:
            login = _LOGINS.get(member.username)
            given, family = login.name if login else next(names)
            missing.append(
                Staff(
                    username=member.username,
                    first_name=given,
                    last_name=family,
                    role=member.role,
                    home_center=centers.get(member.center),
                    medical_director=member.username in MEDICAL_DIRECTORS,
                    phone=next(numbers) if member.role in PAGED else "",
                    password=hashed(login.password) if login else unusable,
                    languages=["es"] if len(missing) % 4 == 1 else [],
                    is_staff=member.role == Role.ADMINISTRATOR,
                    is_superuser=member.role == Role.ADMINISTRATOR,
                )
            )
    Staff.objects.bulk_create(missing)
    return there | {row.username: row for row in missing}


def _add_licenses(staff: dict[str, Staff], members: Iterable[Member]) -> None:
    today = clock.now().date()
    licenses = (
        License(staff=staff[member.username], state=state, expires_on=_quarter_end(today, number + place))
        for number, member in enumerate(members)
        for place, state in enumerate(member.states)
    )
    License.objects.bulk_create(licenses, ignore_conflicts=True)


def _quarter_end(today: date, which: int) -> date:
    """Return the last day of the quarter that lies one of `LICENSE_QUARTERS` ahead."""
    quarters = today.year * 4 + (today.month - 1) // 3 + LICENSE_QUARTERS[which % len(LICENSE_QUARTERS)] + 1
    return date(quarters // 4, quarters % 4 * 3 + 1, 1) - timedelta(days=1)


def _put_on_rota(centers: dict[str, Center], staff: dict[str, Staff], members: Iterable[Member]) -> None:
    """Make bookable those who are, with their weekly shifts. Remote people keep the hours of the first center."""
    first = next(iter(centers.values()))
    there = set(Resource.objects.exclude(staff=None).values_list("staff_id", flat=True))
    since = clock.now().date() - timedelta(days=WORKING_SINCE_DAYS)
    missing = [
        (member, Resource(center=centers.get(member.center, first), kind=member.kind, remote=member.remote))
        for member in members
        if member.kind and staff[member.username].pk not in there
    ]
    for member, resource in missing:
        resource.staff = staff[member.username]
        resource.name = str(resource.staff)
    Resource.objects.bulk_create(resource for _, resource in missing)
    ShiftPattern.objects.bulk_create(
        ShiftPattern(
            resource=resource, center=resource.center, weekday=weekday, starts=starts, ends=ends, valid_from=since
        )
        for member, resource in missing
        for weekday, starts, ends in member.shifts
    )
