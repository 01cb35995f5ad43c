"""The life of a booked visit, from the patient's yes to its end."""

from datetime import datetime, timedelta

from clinic import clock
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Invalid
from clinic.models import LIVE_STEP, StepKind
from scheduling.errors import NotYet, SignsNotAsked
from scheduling.models import Appointment, AppointmentStatus
from scheduling.selectors.search import local_date
from scheduling.services.callers import require_or_own
from scheduling.services.freeing import free
from scheduling.services.lateness import end_late_call
from scheduling.services.news import record
from scheduling.services.scan_orders import confirm_order, owe_scan_order
from scheduling.services.transition import find, move
from scheduling.services.visit_steps import on_arrival, on_cancel, on_complete, on_no_show, on_start

#: How late somebody may come before the sweep says that they did not, in minutes.
RULE_OUT_GRACE = timedelta(minutes=30)
ROUTINE_GRACE = timedelta(minutes=60)


def confirm(actor: Actor, *, appointment_id: int) -> Appointment:
    """The patient says that they will come."""
    require_or_own(actor, Permission.BOOK)

    def work() -> Appointment:
        moved = move(find(appointment_id), AppointmentStatus.CONFIRMED, confirmed_at=clock.now())
        record(actor, "appointment.confirmed", moved)
        return moved

    return in_transaction(work)


def check_in(actor: Actor, *, appointment_id: int) -> Appointment:
    """The patient is here. Raises `NotYet` on an earlier local date, `SignsNotAsked` where a clinician wanted that."""
    require(actor, Permission.RUN_VISIT)

    def work() -> Appointment:
        visit = find(appointment_id)
        if local_date(visit.starts_at, visit.center.zone) > clock.today(visit.center.zone):
            raise NotYet("This visit is on a later day.")
        if visit.episode and visit.episode.steps.filter(kind=StepKind.SAFETY_CHECK, status__in=LIVE_STEP).exists():
            raise SignsNotAsked
        return arrive(actor, visit, at=clock.now())

    return in_transaction(work)


def start(actor: Actor, *, appointment_id: int, side: str = "") -> Appointment:
    """The visit begins; ``side`` is the one on the table.

    Raises `OrderMissing` where a scan has no signed order, and `SideMismatch` where that is for another side.
    """
    require(actor, Permission.RUN_VISIT)
    return in_transaction(lambda: begin(actor, find(appointment_id), at=clock.now(), side=side))


def complete(actor: Actor, *, appointment_id: int) -> Appointment:
    """The visit is over: its resources are free again, and its episode's next step opens."""
    require(actor, Permission.RUN_VISIT)
    return in_transaction(lambda: end(actor, find(appointment_id), at=clock.now()))


def arrive(actor: Actor, visit: Appointment, *, at: datetime, **codes: object) -> Appointment:
    """Move a visit whose patient came at ``at``, and all that hangs on it. Within the caller's transaction."""
    moved = move(visit, AppointmentStatus.ARRIVED, arrived_at=at)
    on_arrival(actor, moved)
    owe_scan_order(actor, moved)
    end_late_call(actor, moved, "arrived")
    record(actor, "appointment.arrived", moved, **codes)
    return moved


def begin(actor: Actor, visit: Appointment, *, at: datetime, side: str = "", **codes: object) -> Appointment:
    """Move a visit that began at ``at``, with this side on the table. Within the caller's transaction."""
    moved = move(visit, AppointmentStatus.IN_PROGRESS, started_at=at)
    confirm_order(actor, moved, side)
    on_start(moved)
    record(actor, "appointment.started", moved, **codes)
    return moved


def end(actor: Actor, visit: Appointment, *, at: datetime, **codes: object) -> Appointment:
    """Move a visit that was over at ``at``, and open what follows. Within the caller's transaction."""
    moved = move(visit, AppointmentStatus.COMPLETED, completed_at=at)
    free([moved.pk])
    on_complete(actor, moved)
    record(actor, "appointment.completed", moved, **codes)
    return moved


def cancel(actor: Actor, *, appointment_id: int, reason: str = "") -> Appointment:
    """Give a booked visit up. ``reason`` is a short code, never a patient's words."""
    require_or_own(actor, Permission.BOOK)
    if len(reason) > 40:
        raise Invalid(fields={"reason": "Give a code of at most 40 characters."})

    def work() -> Appointment:
        moved = move(find(appointment_id), AppointmentStatus.CANCELLED, ended_at=clock.now(), end_reason=reason)
        free([moved.pk])
        on_cancel(actor, moved)
        end_late_call(actor, moved, "visit_cancelled")
        record(actor, "appointment.cancelled", moved)
        return moved

    return in_transaction(work)


def no_show(actor: Actor, *, appointment_id: int) -> Appointment:
    """Nobody came. Raises `NotYet` before the visit's start."""
    require(actor, Permission.RUN_VISIT)

    def work() -> Appointment:
        visit = find(appointment_id)
        if visit.starts_at > clock.now():
            raise NotYet("This visit has not started yet.")
        moved = move(visit, AppointmentStatus.NO_SHOW, ended_at=clock.now(), end_reason="no_show")
        free([moved.pk])
        on_no_show(actor, moved)
        end_late_call(actor, moved, "no_show")
        record(actor, "appointment.no_show", moved)
        return moved

    return in_transaction(work)
