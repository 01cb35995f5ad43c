"""Doing an edit, or rehearsing it: the same work, rolled back.

Order of locks: the rota's (shared), centers by id, then as everywhere appointments by id (holds only), resource-days by
resource. A booking locks the same days, so that neither slips past the other: what an edit displaces is in its own
transaction either refused, or flagged by a `Displacement`, and from then on found by a sweep.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import StaleState
from clinic.models import Center
from scheduling.errors import ShiftDisplacesBookings
from scheduling.models import Appointment, AppointmentStatus, Displacement, DisplacementStatus, ShiftEdit
from scheduling.selectors.displaced import Affected, affected, counted
from scheduling.services.calendar import lock_rota
from scheduling.services.editing.edit import NO_HITS, Edit, Hits, Span
from scheduling.services.editing.following import follow, held_in
from scheduling.services.freeing import free
from scheduling.services.news import record

#: How often an edit begins anew because somebody held a slot while it waited for the days.
TRIES = 5


@dataclass(frozen=True)
class Rehearsal:
    """What an edit would displace: visits by their remaining clock, and how many slots that somebody just holds."""

    edit: Edit
    visits: tuple[Affected, ...]
    holds: int
    hits: Hits = NO_HITS


class _Rehearsed(Exception):
    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__()
        self.rehearsal = rehearsal


class _MoreHolds(Exception):
    """A slot was held between the look and the lock."""


def rehearse(actor: Actor, edit: Edit) -> Rehearsal:
    """Do the edit, see what it displaces, and take all of it back. Raises `Invalid` where it makes no sense."""
    require(actor, Permission.EDIT_SHIFTS)
    edit.check()

    def work() -> None:
        hits = edit.hits()
        edit.before(actor)
        visits, holds = _written(edit)
        raise _Rehearsed(Rehearsal(edit, tuple(affected(visits)), len(_current(holds)), hits))

    try:
        in_transaction(work)
    except _Rehearsed as done:
        return done.rehearsal
    raise AssertionError("unreachable")


def apply(actor: Actor, edit: Edit, *, displace: bool = False) -> ShiftEdit:
    """Do the edit. What it displaces is flagged with ``displace``, to be rebooked after this transaction.

    Raises `Invalid` where it makes no sense, and without ``displace`` `ShiftDisplacesBookings` with the visits and
    holds that would lose their time; nothing has changed then.
    """
    require(actor, Permission.EDIT_SHIFTS)
    edit.check()

    def work() -> ShiftEdit:
        edit.before(actor)
        visits, holds = _written(edit)
        current = _current(holds)
        if (visits or current) and not displace:
            ids = sorted(each.pk for each in (*visits, *current))
            raise ShiftDisplacesBookings(extra={"appointments": ids, **counted(affected(visits))})
        _release(actor, holds)
        row = _recorded(actor, edit, visits, len(current))
        events.record(
            "shift.changed",
            actor=actor,
            center=edit.center,
            subject=edit.unit or edit.center,
            codes={"edit": row.pk, "kind": edit.kind, "displaced": len(visits), **row.codes},
        )
        return row

    return in_transaction(work)


def _written(edit: Edit) -> tuple[list[Appointment], list[Appointment]]:
    """Write the edit and let the days follow; return the visits and the holds that stand outside their shifts now."""
    lock_rota(alone=False)
    unit = (edit.unit.center_id,) if edit.unit else ()
    centers = {edit.center.pk, *unit, *(center.pk for center in edit.others)}
    list(Center.objects.select_for_update(no_key=True).filter(pk__in=centers).order_by("pk"))
    span = edit.write()
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _followed(span)
        except _MoreHolds:
            # The savepoint gave back the day locks: holds are locked before their days, as everywhere.
            continue
    raise StaleState


def _followed(span: Span) -> tuple[list[Appointment], list[Appointment]]:
    locked = set(held_in(span))
    displaced = follow(span)
    holds = [each for each in displaced if each.status == AppointmentStatus.HELD]
    if not {each.pk for each in holds} <= locked:
        raise _MoreHolds
    waiting = set(
        Displacement.objects.filter(
            appointment__in=[each.pk for each in displaced], status=DisplacementStatus.WAITING
        ).values_list("appointment_id", flat=True)
    )
    visits = [each for each in displaced if each.status != AppointmentStatus.HELD and each.pk not in waiting]
    return visits, holds


def _current(holds: Sequence[Appointment]) -> list[Appointment]:
    """Return the holds that somebody still has: one that ran out is nobody's, and stands in no edit's way."""
    now = clock.now()
    return [hold for hold in holds if hold.hold_expires_at is not None and hold.hold_expires_at > now]


def _release(actor: Actor, holds: Sequence[Appointment]) -> None:
    """End the holds in time that is no more: booking one would book outside a shift."""
    ids = [hold.pk for hold in holds]
    ended = {"status": AppointmentStatus.CANCELLED, "ended_at": clock.now(), "end_reason": "shift_changed"}
    Appointment.objects.filter(pk__in=ids).update(**ended)
    free(ids)
    for hold in holds:
        record(actor, "appointment.released", hold)


def _recorded(actor: Actor, edit: Edit, visits: Sequence[Appointment], holds: int) -> ShiftEdit:
    now = clock.now()
    row = ShiftEdit.objects.create(
        kind=edit.kind,
        center=edit.center,
        resource=edit.unit,
        codes=_plain(edit.codes()),
        holds_released=holds,
        at=now,
        by_kind=actor.kind,
        by_id=actor.id,
    )
    Displacement.objects.bulk_create(
        Displacement(
            edit=row, appointment=visit, was_center=visit.center, was_starts_at=visit.starts_at, created_at=now
        )
        for visit in visits
    )
    return row


def _plain(value: object) -> object:
    """Dates and hours as words, so that they can be kept as JSON."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, int | str) else str(value)
