"""Rebooking what an edit displaced: one visit a transaction, by remaining clock, whoever asks first.

The edit flagged the visits in its own transaction, and a visit keeps what it takes until it has something else:
whatever dies in between, the sweep finds the rest.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from django.db import DatabaseError

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.db import REFUSALS, constraint_of, in_transaction
from clinic.errors import DomainError
from clinic.models import LIVE_STEP, Center, Episode, EpisodeStatus, Patient, Role, Step, StepKind
from clinic.selectors.reach import unreachable
from clinic.services.steps import NewStep, open_step
from scheduling import bits
from scheduling.models import Appointment, AppointmentStatus, Displacement, DisplacementStatus, Overbook
from scheduling.needs import Needs
from scheduling.selectors.covered import not_read_at_once
from scheduling.selectors.displaced import HERE, is_rule_out, waiting
from scheduling.selectors.elsewhere import needs_of_visit, other_times
from scheduling.selectors.scanning import is_scanned
from scheduling.services.interpreters import arrange_for
from scheduling.services.news import record
from scheduling.services.rescheduling import reschedule
from scheduling.services.taking import move_occupancy
from scheduling.services.unread import displace_unread, unread
from scheduling.services.visits import cancel
from scheduling.services.wanted import SlotChoice, want
from scheduling.states import MOVABLE

logger = logging.getLogger(__name__)
#: Visits that are rebooked while a manager waits for the page, and for how long; the sweep does the others.
AT_ONCE, AT_ONCE_FOR = 20, timedelta(seconds=4)
#: Times that are tried for one visit: others book while we look.
MOST_TRIES = 30
#: Within how many minutes a person reaches somebody whom no text reaches.
CALL_RULE_OUT, CALL_ROUTINE = timedelta(minutes=15), timedelta(minutes=120)
CALL_BEFORE_VISIT = timedelta(minutes=30)
D = DisplacementStatus


def rebook_displaced(limit: int = 500) -> int:
    """Settle displaced visits, rule-outs first by their deadline; return how many. One that fails holds up no other.

    Scans that an edit could not see are flagged first.
    """
    displace_unread()
    rows = waiting()[:limit]
    for row in rows:
        _settle_whatever_happens(row.pk)
    return len(rows)


def rebook_at_once(edit_id: int) -> None:
    """Settle the first visits that one edit displaced, while somebody waits for the answer."""
    until = clock.real_now() + AT_ONCE_FOR
    for row in [row for row in waiting() if row.edit_id == edit_id][:AT_ONCE]:
        if clock.real_now() < until:
            _settle_whatever_happens(row.pk)


def waiting_displaced() -> int:
    """Return how many displaced visits are not settled, or not even flagged."""
    return Displacement.objects.filter(status=D.WAITING).count() + unread()


def next_displaced(after: datetime) -> datetime | None:
    """Return when the next one falls due: never later than now."""
    return None


def rebook(displacement_id: int) -> Displacement:
    """Settle one displaced visit: another unit at the same time, another time, or a clinical event with its step.

    Order of locks: patient, episode, appointment, then the days. One that is settled is returned as it is.
    """

    def work() -> Displacement:
        visit = _locked_visit(displacement_id)
        row = Displacement.objects.select_for_update(no_key=True).get(pk=displacement_id)
        if row.status != D.WAITING:
            return row
        return _settled(row, visit, _fate(visit))

    return in_transaction(work)


def _settle_whatever_happens(displacement_id: int) -> None:
    try:
        rebook(displacement_id)
    except REFUSALS as error:
        logger.error("Displaced visit %s is refused by the database: %s", displacement_id, constraint_of(error))  # noqa: TRY400
        # Where even that is refused it waits, and is tried again: the others are settled.
        with suppress(*REFUSALS):
            in_transaction(lambda: _leave(displacement_id))
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the next visit must not wait for it
        # Its name only: what it says may hold what a patient said.
        logger.error("Displaced visit %s can't be rebooked: %s", displacement_id, type(error).__name__)  # noqa: TRY400
        in_transaction(lambda: _leave(displacement_id))


def _leave(displacement_id: int) -> None:
    visit = _locked_visit(displacement_id)
    row = Displacement.objects.select_for_update(no_key=True).get(pk=displacement_id)
    if row.status == D.WAITING:
        _settled(row, visit, D.LEFT)


def _locked_visit(displacement_id: int) -> Appointment:
    """Lock patient, episode and appointment, and return the appointment."""
    pointed = Appointment.objects.filter(displacements=displacement_id).values("pk", "patient_id", "episode_id").get()
    Patient.objects.select_for_update(no_key=True).filter(pk=pointed["patient_id"]).first()
    Episode.objects.select_for_update(no_key=True).filter(pk=pointed["episode_id"]).first()
    return (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("patient", "episode", "step", "visit_type", "center")
        .get(pk=pointed["pk"])
    )


def _fate(visit: Appointment) -> DisplacementStatus:
    """Do what can be done for a displaced visit, and say what it was."""
    if visit.status not in (*MOVABLE, *HERE):
        return D.OVER
    stands, read = _within_its_shifts(visit), not not_read_at_once([visit])
    if stands and read:
        return D.STANDS
    if not read and visit.status in MOVABLE and _at_another_time(visit):
        return D.MOVED
    if stands:
        # Nobody reads it at once any more, and nowhere in time: still better scanned than cancelled.
        return D.ON_SITE if visit.status in HERE else D.LEFT
    fate = _elsewhere(visit) or _without_language(visit)
    if fate is not None:
        return fate
    if visit.status in HERE:
        return D.ON_SITE
    cancel(SYSTEM, appointment_id=visit.pk, reason="displaced")
    return D.CANCELLED


def _elsewhere(visit: Appointment) -> DisplacementStatus | None:
    """Give the visit another unit or, unless the patient is here, another time; None where there is none."""
    if visit.status != AppointmentStatus.IN_PROGRESS and _on_another_unit(visit):
        return D.OTHER_UNIT
    return D.MOVED if visit.status not in HERE and _at_another_time(visit) else None


def _without_language(visit: Appointment) -> DisplacementStatus | None:
    """Ask no longer for somebody who speaks a language: no visit is lost over it, and an interpreter is arranged."""
    needs = Needs.named(visit.needs)
    if not needs.language:
        return None
    visit.needs = replace(needs, language="").codes
    visit.save(update_fields=["needs"])
    fate = _elsewhere(visit)
    if fate is not None:
        arrange_for(Appointment.objects.select_related("episode").get(pk=visit.pk), needs.language)
    return fate


def _within_its_shifts(visit: Appointment) -> bool:
    """Whether all that it takes is on duty for it, after what may have been changed back meanwhile."""
    if Overbook.objects.filter(appointment=visit).exists() and not is_scanned(visit):
        return False
    taken = list(visit.occupancies.filter(live=True).select_related("day"))
    return bool(taken) and all(
        each.day.center_id == visit.center_id
        and not bits.between(each.day.origin, visit.starts_at, visit.ends_at) & ~bits.decode(each.day.shift)
        for each in taken
    )


def _on_another_unit(visit: Appointment) -> bool:
    """Keep the time and take what is free for it: nothing changes for the patient, who hears nothing."""
    held = list(visit.occupancies.filter(live=True).values_list("day_id", flat=True))
    try:
        wanted = want(SlotChoice(visit.visit_type, visit.center, visit.starts_at, needs_of_visit(visit)))
        move_occupancy(wanted, appointment_id=visit.pk, held_days=held)
    except DomainError:
        return False
    record(SYSTEM, "appointment.unit_changed", visit)
    return True


def _at_another_time(visit: Appointment) -> bool:
    for center_id, start in islice(other_times(visit), MOST_TRIES):
        with suppress(DomainError):
            reschedule(SYSTEM, appointment_id=visit.pk, starts_at=start, center=Center.objects.get(pk=center_id))
            return True
    return False


def _settled(row: Displacement, visit: Appointment, fate: DisplacementStatus) -> Displacement:
    now = clock.now()
    visit.refresh_from_db(fields=["starts_at", "center", "step", "status"])
    patient = visit.patient
    reason = unreachable([patient]).get(patient.pk, "") if patient else ""
    row.status, row.settled_at, row.unreachable = fate, now, reason
    row.step = _owed(visit, fate, told_by_text=not reason, now=now)
    row.save(update_fields=["status", "settled_at", "unreachable", "step"])
    events.record(
        "appointment.displaced",
        actor=SYSTEM,
        episode=visit.episode,
        patient=patient,
        center=row.was_center,
        subject=visit,
        codes={"edit": row.edit_id, "fate": fate, "visit": visit.visit_type.code},
    )
    return row


def _owed(visit: Appointment, fate: DisplacementStatus, *, told_by_text: bool, now: datetime) -> Step | None:
    """Return what a person owes now: the step that a cancelled visit opened, or a call to whom no text reaches."""
    call = fate in (D.ON_SITE, D.LEFT) or (fate in (D.MOVED, D.CANCELLED) and not told_by_text)
    contact = _contact(visit, now) if call else None
    if fate != D.CANCELLED or visit.episode is None:
        return contact
    follows = Step.objects.filter(
        episode=visit.episode, status__in=LIVE_STEP, kind__in=(StepKind.CALLBACK, StepKind.BOOKING)
    )
    return follows.order_by("-id").first() or visit.step


def _contact(visit: Appointment, now: datetime) -> Step | None:
    """Have somebody reach the patient, before they set out for a time or a place that is no more."""
    episode = visit.episode
    if episode is None or episode.status != EpisodeStatus.OPEN:
        return None
    due = now + (CALL_RULE_OUT if is_rule_out(visit) else CALL_ROUTINE)
    due = min(due, max(visit.starts_at - CALL_BEFORE_VISIT, now + CALL_RULE_OUT))
    new = NewStep(kind=StepKind.CONTACT, owner_role=Role.REPRESENTATIVE, center_id=visit.center_id, due_at=due)
    return open_step(SYSTEM, episode=episode, new=new)
