"""Keeping a slot for somebody who is deciding."""

from datetime import datetime, timedelta
from functools import partial

from clinic import clock, rows
from clinic.access import Actor, Permission
from clinic.db import in_transaction
from clinic.models import ActorKind, Center, Episode
from scheduling.errors import HoldAlreadyUsed, HoldExpired, HoldNotYours
from scheduling.models import Appointment, AppointmentStatus, HoldPurpose, Occupancy, VisitType
from scheduling.services.callers import is_clinician, require_or_own
from scheduling.services.freeing import expire_one, free
from scheduling.services.news import record
from scheduling.services.refusals import Asked, refusable
from scheduling.services.taking import insert_hold, lock_candidates
from scheduling.services.wanted import SlotChoice, Wanted, want

#: How long a slot is kept for somebody who is choosing.
CHOOSING_TIME = timedelta(minutes=10)
_ENDED = (AppointmentStatus.EXPIRED, AppointmentStatus.CANCELLED)
_LOCK_OWN = f"""
SELECT {rows.columns(Appointment, "a")}, {rows.columns(Center, "c")}, {rows.columns(VisitType, "v")}
FROM scheduling_appointment a JOIN clinic_center c ON c.id = a.center_id
JOIN scheduling_visittype v ON v.id = a.visit_type_id
WHERE a.id = %(hold)s AND (a.holder = %(holder)s OR (%(clinician)s AND a.hold_purpose = 'callback'))
FOR NO KEY UPDATE OF a
"""  # noqa: S608 - built of constants


def hold_slot(
    actor: Actor,
    *,
    slot: SlotChoice,
    purpose: HoldPurpose = HoldPurpose.CHOOSING,
    holder: str = "",
    expires_at: datetime | None = None,
) -> Appointment:
    """Keep a slot for ``holder`` (the caller), for ten minutes unless ``expires_at`` says otherwise.

    A visitor keeps one slot at a time: the one before it is given back. Raises `SlotTaken` where somebody was first,
    and the errors of `scheduling.services.wanted` for a time that was never offered.
    """
    require_or_own(actor, Permission.HOLD)

    def work() -> Appointment:
        wanted = want(slot)
        if actor.kind == ActorKind.VISITOR:
            _give_back_others(actor, wanted)
        hold = insert_hold(
            wanted,
            holder=holder or actor.key,
            purpose=purpose,
            expires_at=expires_at or clock.now() + CHOOSING_TIME,
        )
        record(actor, "appointment.held", hold)
        return hold

    return refusable(actor, Asked(act="hold", slot=slot), work)


def release_hold(actor: Actor, *, hold_id: int) -> None:
    """Give a hold back. Raises `HoldNotYours`, `HoldExpired` or `HoldAlreadyUsed`."""
    require_or_own(actor, Permission.HOLD)

    def work() -> None:
        give_back(actor, own_hold(actor, hold_id))

    in_transaction(work)


def own_hold(actor: Actor, hold_id: int) -> Appointment:
    """Lock and return the caller's live hold. Raises what is wrong with it, by its own name.

    A slot kept for a callback is any clinician's to book.
    """
    whose = {"hold": hold_id, "holder": actor.key, "clinician": is_clinician(actor)}
    found = rows.side_by_side(_LOCK_OWN, whose, Appointment, Center, VisitType)
    if not found:
        raise HoldNotYours
    hold, center, visit_type = found[0]
    rows.relate(hold, "center", center)
    rows.relate(hold, "visit_type", visit_type)
    if hold.status in _ENDED:
        raise HoldExpired
    if hold.status != AppointmentStatus.HELD:
        raise HoldAlreadyUsed
    if hold.hold_expires_at is None or hold.hold_expires_at <= clock.now():
        raise HoldExpired
    kept: Appointment = hold
    return kept


def expire_holds(limit: int = 1000) -> int:
    """End the holds that ran out, each in a transaction of its own, and return how many."""
    overdue = Appointment.objects.filter(status=AppointmentStatus.HELD, hold_expires_at__lte=clock.now()).order_by(
        "hold_expires_at"
    )
    ids = list(overdue.values_list("id", flat=True)[:limit])
    return sum(in_transaction(partial(expire_one, pk)) for pk in ids)


def next_expiry(after: datetime) -> datetime | None:
    """Return when the next hold runs out."""
    return (
        Appointment.objects.filter(status=AppointmentStatus.HELD, hold_expires_at__gt=after)
        .order_by("hold_expires_at")
        .values_list("hold_expires_at", flat=True)
        .first()
    )


def stale_holds() -> int:
    """Return how many holds ran out and still stand."""
    return Appointment.objects.filter(status=AppointmentStatus.HELD, hold_expires_at__lte=clock.now()).count()


def _give_back_others(actor: Actor, wanted: Wanted) -> None:
    """Give back what a visitor keeps besides, its days locked together with those of the time that they want now."""
    held = (
        Appointment.objects.filter(status=AppointmentStatus.HELD, holder=actor.key, hold_purpose=HoldPurpose.CHOOSING)
        .select_for_update(no_key=True, of=("self",))
        .select_related("center", "visit_type")
        .order_by("id")
    )
    others = list(held)
    if not others:
        return
    days = Occupancy.objects.filter(appointment__in=others, live=True).values_list("day_id", flat=True)
    lock_candidates(wanted, list(days))
    for hold in others:
        give_back(actor, hold)


def give_back(actor: Actor, hold: Appointment) -> None:
    """End a hold that the caller has locked, before its time is over."""
    hold.status, hold.ended_at, hold.end_reason = AppointmentStatus.CANCELLED, clock.now(), "released"
    hold.save(update_fields=["status", "ended_at", "end_reason"])
    free([hold.pk])
    record(actor, "appointment.released", hold)


def give_back_kept(actor: Actor, episode: Episode, *, but: Appointment | None = None) -> None:
    """Give back what is kept for the callback of a locked episode, except for one hold."""
    kept = Appointment.objects.filter(
        episode=episode, status=AppointmentStatus.HELD, hold_purpose=HoldPurpose.CALLBACK
    ).exclude(pk=but.pk if but else 0)
    rows = kept.select_for_update(no_key=True, of=("self",)).select_related("center", "visit_type", "patient")
    for hold in rows.order_by("id"):
        give_back(actor, hold)
