"""Who works in the seeded network, where they are licensed, and when they are on duty. Pure: a plan, no rows.

Each state that has a center has a reader and a prescriber at every hour at which one of its centers could scan, and
somebody answers at every hour of the week, Sunday at 02:00 included.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time

from clinic.models import Role
from clinic.seeding.logins import HOME
from clinic.seeding.places import CenterRow
from scheduling.models import ResourceKind

#: One weekly shift: weekday (0 is Monday), start, end; an end at or before its start is the next day's.
Shift = tuple[int, time, time]

WEEK = range(7)
LUNCHES = (time(12, 0), time(12, 40)), (time(12, 40), time(13, 20)), (time(13, 20), time(14, 0))
#: A day shorter than this many hours has no lunch.
LUNCH_FROM_HOURS = 7
#: Remote shifts, in the hours of the first center (Eastern): from the first opening in the East to the last close on
#: the Pacific. They overlap, so that a reading that begins in one is not cut off by its end.
READING_SHIFTS = ((time(6), time(15)), (time(11), time(20)), (time(15), time(0)))
ON_CALL_SHIFTS = ((time(6), time(16)), (time(14), time(0)), (time(22), time(8)))
READERS_A_SHIFT = 8
ON_CALL_A_SHIFT = 4
REPRESENTATIVES_PER_CENTER = 0.25
CENTERS_A_MANAGER = 10


@dataclass(frozen=True)
class Member:
    """A member of staff. ``kind`` is empty for those whose time nobody books; ``center`` for those of the network."""

    username: str
    role: Role
    center: str = ""
    states: tuple[str, ...] = ()
    kind: str = ""
    remote: bool = False
    shifts: tuple[Shift, ...] = ()


def roster(rows: Sequence[CenterRow]) -> Iterator[Member]:
    """Yield everybody who works at these centers, or for them from afar."""
    for row in rows:
        yield from _at(row)
    states = sorted({row.state for row in rows})
    yield from _readers(states)
    yield from _on_call(states)
    yield from _offices(rows)


def _at(row: CenterRow) -> Iterator[Member]:
    code = row.code.lower()
    for number in range(row.sonographers):
        username = "sam" if row.code == HOME and number == 0 else f"sono-{code}-{number + 1}"
        shifts = tuple(_around_lunch(row, number))
        yield Member(username, Role.SONOGRAPHER, row.code, kind=ResourceKind.SONOGRAPHER, shifts=shifts)
    username = "clara" if row.code == HOME else f"clin-{code}"
    shifts = tuple(_around_lunch(row, 1))
    yield Member(username, Role.CLINICIAN, row.code, (row.state,), ResourceKind.CLINICIAN, shifts=shifts)


def _readers(states: Sequence[str]) -> Iterator[Member]:
    """Two readers for each state in each shift: one from Monday to Friday, the other from Wednesday to Sunday."""
    peter = "MD" in states
    for turn, (starts, ends) in enumerate(READING_SHIFTS):
        for number in range(READERS_A_SHIFT):
            licensed = tuple(state for i, state in enumerate(states) if (i - number) % READERS_A_SHIFT in (0, 1))
            if not licensed:
                continue
            username = f"reader-{turn + 1}-{number + 1}"
            if peter and turn == 0 and "MD" in licensed:
                username, peter = "peter", False
            shifts = tuple((weekday, starts, ends) for weekday in (range(2, 7) if number % 2 else range(5)))
            yield Member(username, Role.PHYSICIAN, "", licensed, ResourceKind.PHYSICIAN, remote=True, shifts=shifts)


def _on_call(states: Sequence[str]) -> Iterator[Member]:
    """Clinicians licensed in every state, at least two of them at any hour; each works four days running."""
    for turn, (starts, ends) in enumerate(ON_CALL_SHIFTS):
        for number in range(ON_CALL_A_SHIFT):
            days = sorted((2 * number + day) % 7 for day in range(4))
            shifts = tuple((weekday, starts, ends) for weekday in days)
            username = f"on-call-{turn + 1}-{number + 1}"
            yield Member(
                username, Role.CLINICIAN, "", tuple(states), ResourceKind.CLINICIAN, remote=True, shifts=shifts
            )


def _offices(rows: Sequence[CenterRow]) -> Iterator[Member]:
    yield Member("rosa", Role.REPRESENTATIVE)
    for number in range(1, 1 + max(1, round(len(rows) * REPRESENTATIVES_PER_CENTER))):
        yield Member(f"desk-{number}", Role.REPRESENTATIVE)
    for row in rows[::CENTERS_A_MANAGER]:
        username = "maya" if row.code == HOME else f"manager-{row.code.lower()}"
        yield Member(username, Role.MANAGER, row.code)
    yield Member("ada", Role.ADMINISTRATOR)


def _around_lunch(row: CenterRow, number: int) -> Iterable[Shift]:
    """Somebody's week on site: the center's hours but for lunch, which colleagues take in turns."""
    lunch_starts, lunch_ends = LUNCHES[number % len(LUNCHES)]
    for weekday in WEEK:
        hours = row.hours_on(weekday)
        if hours is None:
            continue
        long_day = hours.closes.hour - hours.opens.hour >= LUNCH_FROM_HOURS
        if long_day and hours.opens < lunch_starts and lunch_ends < hours.closes:
            yield weekday, hours.opens, lunch_starts
            yield weekday, lunch_ends, hours.closes
        else:
            yield weekday, hours.opens, hours.closes
