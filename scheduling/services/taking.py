"""Taking the time of every resource that a visit needs, in one transaction, or none of it.

Order of locks, everywhere in scheduling: patient, episode, appointments by id, resource-days by resource. The
resource-days of the visit's kinds are locked before one is chosen, so that no shift edit slips past, nobody is sent
away while another unit is free, and rivals queue instead of deadlocking. The exclusion constraint has the last word.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction

from clinic import clock
from clinic.errors import Conflict
from clinic.rows import fetch
from scheduling import bits
from scheduling.errors import ReservedForSameDay, SlotTaken
from scheduling.models import Appointment, AppointmentStatus
from scheduling.reserve import DayReserve
from scheduling.selectors.days import silent_days
from scheduling.selectors.reserves import reserves
from scheduling.services.freeing import end_add_on, expire_stale, has_stale
from scheduling.services.wanted import Wanted, why_nobody
from scheduling.slots import Unit, unit_starts
from scheduling.visit_types import keeps_out_of_reserve, kinds_looked_at

T = TypeVar("T")

_LOCK_CANDIDATES = """
SELECT d.id, d.resource_id, d.kind, d.shift, d.busy
FROM scheduling_resourceday d JOIN scheduling_resource r ON r.id = d.resource_id AND r.active AND NOT r.remote
WHERE (d.center_id = %s AND d."on" = %s AND d.kind = ANY(%s)
       AND (d.kind <> 'room' OR (r.table_limit_lb >= %s AND (r.lift OR NOT %s)))) OR d.id = ANY(%s)
ORDER BY d.resource_id, d.id FOR NO KEY UPDATE OF d
"""
# One statement for the row and all that it takes. A plain INSERT under contention costs a deadlock a rival.
_HOLD = """
WITH kept AS (
    INSERT INTO scheduling_appointment
        (visit_type_id, center_id, status, starts_at, ends_at, holder, hold_purpose, hold_expires_at, sequence,
         created_at, end_reason, needs)
    VALUES (%s, %s, 'held', %s, %s, %s, %s, %s, 0, %s, '', %s) RETURNING id
)
INSERT INTO scheduling_occupancy (appointment_id, resource_id, day_id, during, live)
SELECT kept.id, taken.resource_id, taken.day_id, tstzrange(%s, %s), true
FROM kept, unnest(%s::bigint[], %s::bigint[]) AS taken(resource_id, day_id)
ON CONFLICT DO NOTHING RETURNING appointment_id
"""
_OCCUPY = """
INSERT INTO scheduling_occupancy (appointment_id, resource_id, day_id, during, live)
SELECT %s, taken.resource_id, taken.day_id, tstzrange(%s, %s), true
FROM unnest(%s::bigint[], %s::bigint[]) AS taken(resource_id, day_id)
ON CONFLICT DO NOTHING RETURNING appointment_id
"""


class _Short(Exception):
    """Fewer resources were free than the visit needs, or than leave the reserve whole; ``refusal`` says which.

    ``where`` is the time in which holds that ran out may be all that stands in the way.
    """

    def __init__(self, wanted: Wanted, refusal: Conflict) -> None:
        super().__init__()
        self.refusal = refusal
        self.where = _around(wanted)


def _around(wanted: Wanted) -> tuple[int, datetime, datetime]:
    """Return the center and the time that a visit depends on: for what keeps out of the reserve all of the day."""
    around = timedelta(hours=25) if keeps_out_of_reserve(wanted.visit_type) else timedelta()
    return wanted.center.pk, wanted.starts_at - around, wanted.free_at + around


def insert_hold(wanted: Wanted, *, holder: str, purpose: str, expires_at: datetime) -> Appointment:
    """Hold a time and return the appointment, with the center and the visit type that are known already.

    What the patient needs of a center stays with it: a later move must not forget it. Raises `SlotTaken`,
    `ReservedForSameDay`, or why nobody is on duty then.
    """
    hold = Appointment(
        visit_type=wanted.visit_type,
        center=wanted.center,
        status=AppointmentStatus.HELD,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        holder=holder,
        hold_purpose=purpose,
        hold_expires_at=expires_at,
        created_at=clock.now(),
        needs=wanted.needs.codes,
    )

    def attempt() -> int:
        days, resources = _choose(wanted, lock_candidates(wanted))
        row: list[Any] = [wanted.visit_type.pk, wanted.center.pk, wanted.starts_at, wanted.ends_at, holder, purpose]
        row += [expires_at, hold.created_at, hold.needs, wanted.starts_at, wanted.free_at, resources, days]
        return _inserted(wanted, _HOLD, row, len(days))

    hold.pk = _trying_twice(wanted, attempt)
    hold._state.adding = False  # noqa: SLF001 - the row stands: a later save must be an update
    return hold


def move_occupancy(wanted: Wanted, *, appointment_id: int, held_days: Sequence[int]) -> None:
    """Give up what an appointment takes and take a new time for it.

    Raises `SlotTaken` or `ReservedForSameDay`, and nothing has changed.

    The days of both times are locked together in order before anything is freed, so that two visits that change places
    can't deadlock; freeing first then lets old and new overlap.
    """

    def attempt() -> None:
        lock_candidates(wanted, held_days)
        before = lock_candidates(wanted) if keeps_out_of_reserve(wanted.visit_type) else None
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE scheduling_occupancy SET live = false WHERE appointment_id = %s AND live",
                [appointment_id],
            )
        days, resources = _choose(wanted, lock_candidates(wanted), before)
        taken: list[Any] = [appointment_id, wanted.starts_at, wanted.free_at, resources, days]
        _inserted(wanted, _OCCUPY, taken, len(days))
        end_add_on(appointment_id)

    _trying_twice(wanted, attempt)


def _trying_twice(wanted: Wanted, attempt: Callable[[], T]) -> T:
    """Try; where only holds that ran out stand in the way, end them and try once more.

    What the reserve still has room for can't be counted beside such holds: for whom it binds they end first.
    """
    if keeps_out_of_reserve(wanted.visit_type):
        expire_stale(*_around(wanted))
    try:
        with transaction.atomic():
            try:
                return attempt()
            except _Short as short:
                # Asked while the days are locked: a sweep that ends such a hold now can't hide it from us.
                if not has_stale(*short.where):
                    raise short.refusal from None
                raise
    except _Short as short:
        # The savepoint gave back the day locks: stale holds are locked before their days, as everywhere.
        expire_stale(*short.where)
    try:
        with transaction.atomic():
            return attempt()
    except _Short as short:
        raise short.refusal from None


_Day = tuple[int, int, str, int, int]


def lock_candidates(wanted: Wanted, further_days: Sequence[int] = ()) -> list[_Day]:
    """Lock and return (day, resource, kind, shift, busy) of every unit that could serve, of those by which the reserve
    is counted where it binds the visit, and of ``further_days``: whoever frees one time and takes another locks both in
    one order."""
    kinds = kinds_looked_at(wanted.shape.takes, keeps_out=keeps_out_of_reserve(wanted.visit_type))
    needs = wanted.needs
    parameters: list[Any] = [wanted.center.pk, wanted.on, kinds, needs.table, needs.lift, list(further_days)]
    return [
        (day, resource, kind, bits.decode(shift), bits.decode(busy))
        for day, resource, kind, shift, busy in fetch(_LOCK_CANDIDATES, parameters)
    ]


def _choose(
    wanted: Wanted, candidates: Sequence[_Day], before: Sequence[_Day] | None = None
) -> tuple[list[int], list[int]]:
    """Return (days, resources), one of each kind, in the order of resources.

    ``before``: the same units before the time of a visit that moves was freed.
    """
    at = 1 << wanted.bit
    units, mine = _units(candidates), _settled(wanted, candidates)
    for kind in wanted.shape.takes:
        of_kind = [units[index] for index in mine if units[index].kind == kind]
        if not any(unit_starts(wanted.shape, unit.shift, 0) & at for unit in of_kind):
            raise why_nobody(wanted)
        if not any(unit_starts(wanted.shape, unit.shift, unit.busy) & at for unit in of_kind):
            raise _Short(wanted, SlotTaken())
    chosen = _reserve(wanted, units).choice(
        wanted.shape, units, wanted.bit, instead_of=None if before is None else _units(before), among=mine
    )
    if chosen is None:
        raise _Short(wanted, ReservedForSameDay())
    taken = sorted((candidates[index][1], candidates[index][0]) for index in chosen)
    return [day for _, day in taken], [resource for resource, _ in taken]


def _settled(wanted: Wanted, candidates: Sequence[_Day]) -> Sequence[int]:
    """Return which of the candidates the visit may take: all but who does not speak the language that it needs, or
    of one kind the person alone who is to do it."""
    if wanted.by is None:
        silent = silent_days([day for day, *_ in candidates], wanted.needs, wanted.shape.takes)
        return [at for at, each in enumerate(candidates) if each[0] not in silent]
    kind = next((kind for _, resource, kind, _, _ in candidates if resource == wanted.by), "")
    return [at for at, each in enumerate(candidates) if each[2] != kind or each[1] == wanted.by]


def _units(candidates: Sequence[_Day]) -> list[Unit]:
    return [Unit(kind, shift, busy) for _, _, kind, shift, busy in candidates]


def _reserve(wanted: Wanted, units: Sequence[Unit]) -> DayReserve:
    """Return what the center keeps that day, read while its days are locked: no rule-out can be booked meanwhile."""
    if keeps_out_of_reserve(wanted.visit_type):
        center_id = wanted.center.pk
        kept = reserves([center_id], from_=wanted.starts_at, until=wanted.ends_at, now=clock.now())
        found = kept.on(center_id, wanted.on, units)
        if found is not None:
            return found
    return DayReserve(wanted.shape, ())


def _inserted(wanted: Wanted, statement: str, parameters: Sequence[Any], wanted_rows: int) -> int:
    rows = fetch(statement, parameters)
    if len(rows) < wanted_rows:
        raise _Short(wanted, SlotTaken())
    return int(rows[0][0])
