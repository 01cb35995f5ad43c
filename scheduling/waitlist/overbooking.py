"""Adding on a rule-out where nothing is in time: on the center's overflow unit, in the name of who approved it."""

from dataclasses import replace
from datetime import datetime, timedelta

from clinic import clock
from clinic.access import Actor, Permission, require
from clinic.errors import Forbidden, Invalid
from clinic.models import Center, Episode
from scheduling.errors import EpisodeMismatch, NoOverbook, NotInTime, OverbookLimit
from scheduling.models import Appointment, HoldPurpose, Overbook, OverbookReason, VisitKind, VisitType
from scheduling.selectors.add_ons import (
    MOST_A_HALF_DAY,
    add_on_times,
    add_ons_around,
    half_day,
    overflow_shape,
)
from scheduling.selectors.scanning import is_scanned, sonographer_days
from scheduling.services.booking import book_hold, locked_episode, locked_patient
from scheduling.services.holding import CHOOSING_TIME
from scheduling.services.news import record
from scheduling.services.refusals import Asked, refusable
from scheduling.services.taking import insert_hold, lock_candidates
from scheduling.services.wanted import SlotChoice, Wanted, want
from scheduling.slots import Deadline
from scheduling.waitlist.clock_of_scan import restore_clock
from scheduling.waitlist.waits import deadline_of, needs_for


def overbook(actor: Actor, *, episode: Episode, center: Center, starts_at: datetime, reason: str) -> Appointment:
    """Book an episode's rule-out as an add-on, approved by the caller. It takes the overflow unit, and nothing twice.

    Raises `Forbidden` for who may not approve it, `Invalid` for an unknown reason, `NotInTime`, `NoOverbook` where
    nobody scans, reads or prescribes then or the unit is taken, and `OverbookLimit`.
    """
    require(actor, Permission.OVERBOOK)
    approver = actor.staff
    if approver is None:
        raise Forbidden("An add-on is approved by a person of the staff.")
    if reason not in OverbookReason.values:
        raise Invalid(fields={"reason": f"Choose one of: {', '.join(OverbookReason.values)}."})
    choice = SlotChoice(VisitType.objects.get(kind=VisitKind.DVT_SCAN), center, starts_at)

    def work() -> Appointment:
        patient = locked_patient(episode.patient)
        kept = locked_episode(episode, patient)
        deadline = deadline_of(kept)
        wanted = _wanted(kept, choice, deadline)
        restore_clock(actor, episode=kept, deadline=deadline)
        _refuse_too_many(wanted)
        hold = insert_hold(
            wanted, holder=actor.key, purpose=HoldPurpose.CHOOSING, expires_at=clock.now() + CHOOSING_TIME
        )
        if not is_scanned(hold):
            raise NoOverbook
        visit = book_hold(actor, hold=hold, patient=patient, episode=kept)
        Overbook.objects.create(appointment=visit, approved_by=approver, reason=reason, at=clock.now())
        record(actor, "appointment.overbooked", visit, reason=reason)
        return visit

    asked = Asked(act="overbook", slot=choice, patient=episode.patient, episode=episode)
    return refusable(actor, asked, work)


def _wanted(episode: Episode, choice: SlotChoice, deadline: Deadline | None) -> Wanted:
    """Return the time as an add-on takes it. Raises why it is none."""
    needs = needs_for(episode)
    if deadline is None:
        raise EpisodeMismatch("Only a rule-out is added on, and this episode has none.", code="no_rule_out")
    wanted = want(replace(choice, needs=needs))
    result_at = wanted.ends_at + timedelta(minutes=wanted.shape.reading_minutes)
    if not deadline.met_by(wanted.starts_at, result_at, choice.center.zone):
        raise NotInTime(extra={"scan_by": deadline.scan_by(choice.center.zone), "result_by": deadline.result_by})
    wanted = replace(wanted, shape=overflow_shape())
    possible = add_on_times(
        deadline, near_zip=None, within_miles=None, needs=needs, center_code=choice.center.code, most=200
    )
    if choice.starts_at not in [slot.starts_at for slot in possible]:
        around = add_ons_around([choice.center.pk], choice.starts_at)
        if around[half_day(choice.center.pk, choice.starts_at, choice.center.zone)] >= MOST_A_HALF_DAY:
            raise OverbookLimit
        raise NoOverbook
    return wanted


def _refuse_too_many(wanted: Wanted) -> None:
    """Count again while the unit's day is locked: whoever was at it at the same moment is done now.

    The days of those who scan are locked with it, so that none of them goes while the add-on is booked.
    """
    center = wanted.center
    lock_candidates(wanted, list(sonographer_days(center.pk, wanted.on).values_list("id", flat=True)))
    around = add_ons_around([center.pk], wanted.starts_at)
    if around[half_day(center.pk, wanted.starts_at, center.zone)] >= MOST_A_HALF_DAY:
        raise OverbookLimit
