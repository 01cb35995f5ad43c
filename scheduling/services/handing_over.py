"""A held time goes over to a visit that is booked already: the same appointment, at the time that was kept for it."""

from collections.abc import Sequence

from django.db import connection

from clinic import clock
from clinic.access import Actor
from clinic.models import Episode, Patient
from scheduling.errors import OfferOver
from scheduling.models import Appointment, AppointmentStatus
from scheduling.services.freeing import days_of, end_add_on
from scheduling.services.rescheduling import moved_to
from scheduling.services.taking import lock_candidates
from scheduling.services.wanted import Wanted

_FREE = "UPDATE scheduling_occupancy SET live = false WHERE appointment_id = %s AND live"
_HAND_OVER = "UPDATE scheduling_occupancy SET appointment_id = %s WHERE appointment_id = %s AND live"


def lock_people(*, patient_ids: Sequence[int], episode_ids: Sequence[int]) -> None:
    """Lock patients, then episodes, each by id: before any appointment of theirs is locked."""
    list(Patient.objects.select_for_update(no_key=True).filter(pk__in=patient_ids).order_by("id"))
    list(Episode.objects.select_for_update(no_key=True).filter(pk__in=episode_ids).order_by("id"))


def lock_appointments(ids: Sequence[int]) -> dict[int, Appointment]:
    """Lock appointments by id, and return them by it."""
    rows = Appointment.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "center", "visit_type", "episode", "patient", "step"
    )
    return {row.pk: row for row in rows.filter(pk__in=ids).order_by("id")}


def hand_over(actor: Actor, *, hold: Appointment, visit: Appointment, also: Wanted | None = None) -> Appointment:
    """Move a locked visit into a locked hold's time: what the hold took is now the visit's, what that took is free.

    The days of both are locked together in order, with those of a time that will be taken next (``also``). Raises
    `PatientBusy`, and `OfferOver` where the hold takes nothing any more; then nothing has changed.
    """
    days = days_of([hold.pk, visit.pk])
    if also is not None:
        lock_candidates(also, days)
    else:
        lock_days(days)
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [visit.pk])
        cursor.execute(_HAND_OVER, [visit.pk, hold.pk])
        if cursor.rowcount == 0:
            raise OfferOver
    end_add_on(visit.pk)
    hold.status, hold.ended_at, hold.end_reason = AppointmentStatus.CANCELLED, clock.now(), "handed_over"
    hold.save(update_fields=["status", "ended_at", "end_reason"])
    return moved_to(actor, visit=visit, center=hold.center, starts_at=hold.starts_at, ends_at=hold.ends_at)


def lock_days(day_ids: Sequence[int]) -> None:
    """Lock resource-days in the order of all of scheduling."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM scheduling_resourceday WHERE id = ANY(%s) ORDER BY resource_id, id FOR NO KEY UPDATE",
            [list(day_ids)],
        )
