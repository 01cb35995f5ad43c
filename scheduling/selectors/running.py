"""How late a center's day runs: the visits' actual times as the pure rule reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduling.models import Appointment, AppointmentStatus, ResourceKind
from scheduling.running import Expected, Turn, expected, late_now

S = AppointmentStatus
#: Who waits, or is being seen: only they can be late.
RUNNING = (S.BOOKED, S.CONFIRMED, S.ARRIVED, S.IN_PROGRESS)


@dataclass(frozen=True)
class RunningDay:
    """A day's expected starts by visit, and who of the people runs late by how many minutes."""

    expected: dict[int, Expected]
    late: list[tuple[str, int]]


def running_day(visits: Iterable[Appointment], now: datetime) -> RunningDay:
    """Return how a day runs, of visits that `scheduling.selectors.day.shown` has loaded."""
    rows = [visit for visit in visits if visit.status in RUNNING]
    turns = [turn_of(visit) for visit in rows]
    people = {
        taken.resource_id: taken.resource.name
        for visit in rows
        for taken in visit.occupancies.all()
        if taken.resource.kind != ResourceKind.ROOM
    }
    late = late_now(turns, now)
    named = sorted((people[unit], minutes) for unit, minutes in late.items() if unit in people)
    return RunningDay({each.id: each for each in expected(turns, now)}, named)


def turn_of(visit: Appointment) -> Turn:
    """Return a visit as far as time matters; a rule-out with its clinical limits."""
    episode = visit.episode if visit.visit_type.kind == "dvt_scan" else None
    return Turn(
        id=visit.pk,
        starts_at=visit.starts_at,
        minutes=visit.visit_type.minutes,
        buffer_minutes=visit.visit_type.buffer_minutes,
        units=tuple(taken.resource_id for taken in visit.occupancies.all() if taken.live),
        here=visit.status == S.ARRIVED,
        started_at=visit.started_at if visit.status == S.IN_PROGRESS else None,
        scan_by=episode.scan_by if episode else None,
        result_by=episode.result_by if episode else None,
        reading_minutes=visit.visit_type.reading_minutes,
    )
