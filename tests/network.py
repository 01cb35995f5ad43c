"""A small network that really works: three centers around ZIP 20770, staffed by the seed's own roster."""

from dataclasses import dataclass, replace

from clinic.access import SYSTEM, Actor, staff_actor
from clinic.models import Center, Staff, ZipCode
from clinic.seeding.people import staff_centers
from clinic.seeding.places import NETWORK, CenterRow, read_centers
from clinic.services.centers import write_centers
from scheduling.models import VisitType
from scheduling.services.calendar import materialise
from scheduling.visit_types import ensure_visit_types


@dataclass(frozen=True)
class Network:
    """Centers by their code, the first one Greenbelt; everybody by user name; visit types by kind."""

    centers: dict[str, Center]
    staff: dict[str, Staff]
    types: dict[str, VisitType]

    @property
    def home(self) -> Center:
        """Greenbelt, where sam and clara work."""
        return next(iter(self.centers.values()))

    def actor(self, username: str) -> Actor:
        """The actor that somebody is, such as rosa, sam, clara, peter or maya."""
        return staff_actor(self.staff[username])


def center_rows(count: int) -> list[CenterRow]:
    """The first rows of the network's file, open every day, so that no test depends on the weekday."""
    with NETWORK.open("rb") as file:
        rows, _ = read_centers(file)
    return [
        replace(row, saturday_hours=row.weekday_hours, sunday_hours=row.weekday_hours, line=0) for row in rows[:count]
    ]


def small_network(*, count: int = 3, days: int = 7) -> Network:
    """Build centers with rooms, people, licenses and shifts, and their calendar of so many days; nothing is booked."""
    rows = center_rows(count)
    ZipCode.objects.bulk_create(
        (
            ZipCode(
                zip=row.zip,
                city=row.city,
                state=row.state,
                zone=row.zone,
                latitude=row.latitude,
                longitude=row.longitude,
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )
    centers = {code: each.center for code, each in write_centers(SYSTEM, rows=rows).items()}
    staff_centers(centers, rows)
    types = ensure_visit_types()
    materialise(days=days)
    return Network(centers, {each.username: each for each in Staff.objects.all()}, types)
