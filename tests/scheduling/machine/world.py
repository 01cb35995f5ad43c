"""Four centers in four zones, short of everything: two share a sonographer, two have no reader of their own, one keeps
nothing for rule-outs, and all others have a unit for add-ons.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import transaction

from clinic import clock
from clinic.access import Actor, visitor_actor
from clinic.models import Center, Patient, Role
from scheduling.models import Reserve, ReserveRelease, Resource, ResourceKind, ShiftPattern, VisitType
from scheduling.visit_types import ensure_visit_types
from tests.factories import (
    actor_of,
    make_center,
    make_cover,
    make_patient,
    make_resource,
    make_scanner,
    make_shift,
    make_staff,
    make_zip,
)
from tests.scheduling.oracle.rota import Visit
from tests.scheduling.oracle.rows import read_visits

#: Mornings in the east, each with a clock change two or three days ahead, or none near.
MORNINGS = (
    datetime(2027, 6, 8, 11, 3, 7, tzinfo=UTC),
    datetime(2027, 3, 12, 12, 58, 41, tzinfo=UTC),
    datetime(2026, 10, 30, 11, 20, 0, tzinfo=UTC),
)
#: Days that the calendar is open.
DAYS = 6
EASTERN, CENTRAL, ARIZONA, PACIFIC = "America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles"
#: Two ZIP codes on either side of the line between the first two zones, 18 miles apart.
CHATTANOOGA, JASPER = (35.05, -85.31), (35.07, -85.63)


@dataclass(frozen=True)
class World:
    """What an example starts from. The first two visitors hold; nobody else does so without a name."""

    centers: list[Center]
    resources: list[Resource]
    types: dict[str, VisitType]
    visits: dict[str, Visit]
    patients: list[Patient]
    holders: list[Actor]
    manager: Actor

    @property
    def clinician(self) -> Actor:
        """The one of the holders whose name a clinical exception needs."""
        return self.holders[1]

    @property
    def approvers(self) -> list[Actor]:
        """Who asks for an add-on: one who may not, and two in whose name it is."""
        return [self.holders[0], self.clinician, self.manager, self.clinician, self.manager]


def build() -> World:
    """Write the rows that no example changes for good."""
    make_zip("37402", zone=EASTERN, at=CHATTANOOGA)
    make_zip("37347", zone=CENTRAL, at=JASPER)
    east = make_center("EAST", zone=EASTERN, state="TN", at=(35.04, -85.28), arm_scans=True)
    edge = make_center("EDGE", zone=CENTRAL, state="TN", at=JASPER, opens=time(7, 30), closes=time(16, 40))
    desert = make_center("PHX", zone=ARIZONA, state="AZ", at=(33.45, -112.07), iliac_doppler=True)
    coast = make_center("LAX", zone=PACIFIC, state="CA", at=(34.05, -118.24), closes=time(18))
    make_scanner(east, count=2)
    make_scanner(coast)
    make_cover(coast)
    for center in (edge, desert):
        make_resource(center, ResourceKind.ROOM)
    _shared_sonographer(edge, east)
    late = make_resource(desert, ResourceKind.SONOGRAPHER, staff=make_staff(Role.SONOGRAPHER))
    make_shift(late, time(9, 15), time(13))
    make_shift(late, time(13, 30), time(19))
    _clinicians(east, edge, desert)
    _readers(east, coast)
    for center in (east, edge, coast):
        make_resource(center, ResourceKind.OVERFLOW)
    _reserves(east, edge, coast)
    types = _visit_types()
    return World(
        centers=[east, edge, desert, coast],
        resources=list(Resource.objects.order_by("id")),
        types=types,
        visits=read_visits(),
        patients=[make_patient() for _ in range(4)],
        holders=[actor_of(), actor_of(Role.CLINICIAN), visitor_actor("one"), visitor_actor("two")],
        manager=actor_of(Role.MANAGER),
    )


def _visit_types() -> dict[str, VisitType]:
    """All four kinds, of lengths of their own, so that each shares its resources with another one."""
    types = ensure_visit_types()
    changed: dict[str, dict[str, object]] = {
        "repeat_scan": {"minutes": 45, "buffer_minutes": 15, "step_minutes": 15},
        "follow_up_visit": {"takes": [ResourceKind.CLINICIAN, ResourceKind.ROOM], "step_minutes": 10},
    }
    for kind, values in changed.items():
        VisitType.objects.filter(pk=types[kind].pk).update(**values)
        types[kind].refresh_from_db()
    return types


def _shared_sonographer(edge: Center, east: Center) -> None:
    """Works at the edge on most days, and in the east on Thursdays."""
    person = make_resource(edge, ResourceKind.SONOGRAPHER, staff=make_staff(Role.SONOGRAPHER))
    make_shift(person, time(7), time(15), weekdays=(0, 1, 2, 4, 5, 6))
    ShiftPattern.objects.create(
        resource=person, center=east, weekday=3, starts=time(9), ends=time(14), valid_from=date(2020, 1, 1)
    )


def _clinicians(east: Center, edge: Center, desert: Center) -> None:
    morning = make_resource(east, ResourceKind.CLINICIAN, staff=make_staff(Role.CLINICIAN, licensed_in=("TN",)))
    make_shift(morning, time(8), time(16), weekdays=(0, 1, 3, 4, 5))
    plain = make_resource(edge, ResourceKind.CLINICIAN, staff=make_staff(Role.CLINICIAN))
    make_shift(plain, time(9), time(12, 30))
    away = make_staff(Role.CLINICIAN, licensed_in=("TN", "AZ"))
    make_shift(make_resource(desert, ResourceKind.CLINICIAN, staff=away, remote=True), time(12), time(0))


def _readers(east: Center, coast: Center) -> None:
    """One on site in the east, one far away who works at night."""
    day = make_resource(east, ResourceKind.PHYSICIAN, staff=make_staff(Role.PHYSICIAN, licensed_in=("TN",)))
    make_shift(day, time(8), time(13, 10))
    night = make_staff(Role.PHYSICIAN, licensed_in=("TN", "AZ"))
    make_shift(make_resource(coast, ResourceKind.PHYSICIAN, staff=night, remote=True), time(19), time(7))


def _reserves(east: Center, edge: Center, coast: Center) -> None:
    """Much, so that it binds: let go by steps at two rooms, never at the edge, the evening before on the coast."""
    steps: dict[tuple[Center, str], tuple[int, tuple[tuple[int, int], ...]]] = {
        (east, "morning"): (6, ((-60, 50), (-180, 0))),
        (east, "afternoon"): (12, ((600, 100), (90, 60), (-60, 34), (-150, 0))),
        (edge, "afternoon"): (4, ()),
        (coast, "morning"): (5, ((600, 0),)),
        (coast, "afternoon"): (5, ((0, 50),)),
    }
    for (center, half), (scans, release) in steps.items():
        reserve = Reserve.objects.create(center=center, half=half, scans=scans)
        for minutes, percent in release:
            ReserveRelease.objects.create(reserve=reserve, minutes_before=minutes, kept_percent=percent)


class Frozen:
    """The machine's time, which stands still: an example is the same whenever it runs."""

    at = MORNINGS[0]

    @classmethod
    def now(cls) -> datetime:
        """In place of `clinic.clock.real_now`."""
        return cls.at


@contextmanager
def undone(at: datetime) -> Iterator[None]:
    """From this instant on, do and undo everything."""
    Frozen.at = at
    with transaction.atomic():
        clock.forget()
        yield
        transaction.set_rollback(True)
    clock.forget()
