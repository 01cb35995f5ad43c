"""The people and rooms of the seeded network, with their weekly shifts: everything that time can be booked on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from itertools import cycle

from django.contrib.auth.hashers import make_password

from clinic.models import Center, License, Role, Staff
from clinic.seeding.logins import NAMES, PASSWORD, ROLES
from clinic.seeding.places import CenterRow
from scheduling.models import Resource, ResourceKind, ShiftPattern

SINCE, LICENSED_UNTIL = date(2026, 1, 1), date(2029, 12, 31)
LUNCH = (time(12, 0), time(12, 40)), (time(12, 40), time(13, 20)), (time(13, 20), time(14, 0))
#: Remote readers' shifts, in the Eastern hours of the first center: from the first opening in the East to the last
#: close on the Pacific.
READING_SHIFTS = ((time(6), time(15)), (time(11), time(20)), (time(15), time(0)))
READERS_A_SHIFT = 8
#: States that one reader is licensed in, at the most.
STATES_A_READER = 8
#: Clinicians who answer for the whole network, by day and by night: Sunday, 02:00, has one as well.
ON_CALL_SHIFTS = ((time(7), time(19)), (time(19), time(7)))
ON_CALL_A_SHIFT = 3
GIVEN = ("Alex", "Jordan", "Taylor", "Morgan", "Casey", "Riley", "Jamie", "Avery", "Quinn", "Rowan", "Drew", "Skyler")
FAMILY = ("Nguyen", "Patel", "Garcia", "Kim", "Brown", "Haddad", "Olsen", "Rossi", "Silva", "Cohen", "Mbeki", "Larsen")

Shift = tuple[int, time, time]


class Crew:
    """Makes members of staff and what of them can be booked, each once by name."""

    def __init__(self, states: Sequence[str]) -> None:
        self.states = list(states)
        self._names = cycle((given, family) for family in FAMILY for given in GIVEN)
        self._unusable = make_password(None)
        self.staff = {row.username: row for row in Staff.objects.all()}

    def member(self, username: str, role: str, center: Center | None, states: Iterable[str] = ()) -> Staff:
        """Somebody without a password: they are on the rota, and nobody logs in as them."""
        if username in self.staff:
            return self.staff[username]
        given, family = NAMES.get(username, next(self._names))
        staff = Staff.objects.create(
            username=username,
            first_name=given,
            last_name=family,
            role=role,
            home_center=center,
            password=make_password(PASSWORD) if username in ROLES else self._unusable,
            is_staff=role == Role.ADMINISTRATOR,
            is_superuser=role == Role.ADMINISTRATOR,
        )
        License.objects.bulk_create(
            License(staff=staff, state=state, expires_on=LICENSED_UNTIL) for state in sorted(set(states))
        )
        self.staff[username] = staff
        return staff

    def on_rota(
        self, staff: Staff, kind: str, center: Center, shifts: Iterable[Shift], *, remote: bool = False
    ) -> None:
        """Put somebody on the rota, with their weekly shifts."""
        resource, made = Resource.objects.get_or_create(
            center=center, kind=kind, name=staff.username, defaults={"staff": staff, "remote": remote}
        )
        if made:
            ShiftPattern.objects.bulk_create(
                ShiftPattern(
                    resource=resource, center=center, weekday=weekday, starts=starts, ends=ends, valid_from=SINCE
                )
                for weekday, starts, ends in shifts
            )


def staff_centers(centers: dict[str, Center], rows: Iterable[CenterRow]) -> None:
    """Give each center its rooms, sonographers and a clinician; the demo's own people work at the first one."""
    crew = Crew(sorted({center.state for center in centers.values()}))
    first = next(iter(centers.values()))
    for row in rows:
        center = centers[row.code]
        at_home = center == first
        for number in range(1, row.scan_rooms + 1):
            Resource.objects.get_or_create(center=center, kind=ResourceKind.ROOM, name=f"Room {number}")
        Resource.objects.get_or_create(center=center, kind=ResourceKind.OVERFLOW, name="Overflow 1")
        for number in range(row.sonographers):
            username = "sam" if at_home and number == 0 else f"sono-{row.code.lower()}-{number + 1}"
            sonographer = crew.member(username, Role.SONOGRAPHER, center)
            crew.on_rota(sonographer, ResourceKind.SONOGRAPHER, center, _around_lunch(row, number))
        username = "clara" if at_home else f"clin-{row.code.lower()}"
        clinician = crew.member(username, Role.CLINICIAN, center, [center.state])
        crew.on_rota(clinician, ResourceKind.CLINICIAN, center, _open_hours(row))
    _remote(crew, first)
    crew.member("rosa", Role.REPRESENTATIVE, None)
    crew.member("maya", Role.MANAGER, first)
    crew.member("ada", Role.ADMINISTRATOR, None)


def _remote(crew: Crew, first: Center) -> None:
    """Readers and on-call clinicians who serve the network from afar, each state having two readers at every hour."""
    whole_week = range(7)
    for turn, (starts, ends) in enumerate(READING_SHIFTS):
        for number in range(READERS_A_SHIFT):
            states = [state for i, state in enumerate(crew.states) if (i - number) % READERS_A_SHIFT in (0, 1)]
            username = f"reader-{turn + 1}-{number + 1}"
            if turn == 0 and first.state in states and "peter" not in crew.staff:
                username = "peter"
            reader = crew.member(username, Role.PHYSICIAN, None, states[:STATES_A_READER])
            shifts = [(weekday, starts, ends) for weekday in whole_week]
            crew.on_rota(reader, ResourceKind.PHYSICIAN, first, shifts, remote=True)
    for turn, (starts, ends) in enumerate(ON_CALL_SHIFTS):
        for number in range(ON_CALL_A_SHIFT):
            clinician = crew.member(f"on-call-{turn + 1}-{number + 1}", Role.CLINICIAN, None, crew.states)
            shifts = [(weekday, starts, ends) for weekday in whole_week]
            crew.on_rota(clinician, ResourceKind.CLINICIAN, first, shifts, remote=True)


def _open_hours(row: CenterRow) -> Iterator[Shift]:
    for weekday in range(7):
        if hours := row.hours_on(weekday):
            yield weekday, hours.opens, hours.closes


def _around_lunch(row: CenterRow, number: int) -> Iterator[Shift]:
    """A sonographer's day: the center's hours but for lunch, taken in turns; a short day has none."""
    lunch_starts, lunch_ends = LUNCH[number % len(LUNCH)]
    for weekday, opens, closes in _open_hours(row):
        if opens < lunch_starts and lunch_ends < closes and closes.hour - opens.hour > 6:
            yield weekday, opens, lunch_starts
            yield weekday, lunch_ends, closes
        else:
            yield weekday, opens, closes
