"""Answering an offer. A yes is one transaction: the held time is booked or moved into, or nothing changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from clinic import clock
from clinic.access import SYSTEM, Actor, Permission
from clinic.errors import NotFound
from clinic.models import ActorKind, Episode, EpisodeStatus, Patient, Role, StepKind
from clinic.services.steps import NewStep, open_step
from scheduling.errors import HoldExpired, OfferOver
from scheduling.models import (
    Appointment,
    AppointmentStatus,
    EntryStatus,
    HoldPurpose,
    Offer,
    OfferKind,
    OfferStatus,
    WaitlistEntry,
)
from scheduling.services.booking import book_hold, refuse_misfit
from scheduling.services.callers import require_or_own
from scheduling.services.freeing import days_of
from scheduling.services.handing_over import hand_over, lock_appointments
from scheduling.services.holding import CHOOSING_TIME
from scheduling.services.opening import BOOKING_TIME
from scheduling.services.refusals import Asked, refusable
from scheduling.services.taking import insert_hold, lock_candidates
from scheduling.services.wanted import SlotChoice, Wanted, want
from scheduling.states import MOVABLE
from scheduling.waitlist.clock_of_scan import restore_clock
from scheduling.waitlist.ending import close_offer, end_entry, lock_parties
from scheduling.waitlist.waits import needs_of_wait
from scheduling.waitlist.waits import offer as find_offer

T = TypeVar("T")


def accept(actor: Actor, *, offer_id: int) -> Appointment:
    """Say yes to an offer, and return the visit of whoever said it. Raises `OfferOver` where the offer is over."""
    return _answered(actor, offer_id, "accept_offer", _accepted)


def decline(actor: Actor, *, offer_id: int) -> Offer:
    """Say no to an offer: the time goes to the next in line. Raises `OfferOver`."""

    def work(actor: Actor, offer: Offer) -> Offer:
        if not close_offer(actor, offer=offer, status=OfferStatus.DECLINED):
            raise OfferOver
        return offer

    return _answered(actor, offer_id, "decline_offer", work)


def _answered(actor: Actor, offer_id: int, act: str, work: Callable[[Actor, Offer], T]) -> T:
    require_or_own(actor, Permission.WAIT)
    found = find_offer(offer_id)
    if actor.kind == ActorKind.PATIENT and actor.id != found.patient_id:
        raise NotFound("There is no such offer.")

    def locked() -> T:
        lock_parties(found)
        return work(actor, find_offer(offer_id))

    return refusable(actor, Asked(act=act, hold_id=found.hold_id, patient=found.patient), locked)


def _accepted(actor: Actor, offer: Offer) -> Appointment:
    entry = WaitlistEntry.objects.select_related("episode", "patient", "visit_type").get(pk=offer.entry_id)
    rows = lock_appointments([each for each in (offer.hold_id, offer.visit_id, entry.visit_id) if each])
    hold = rows[offer.hold_id]
    if offer.status != OfferStatus.OPEN or not _stands(hold):
        raise OfferOver
    if entry.status != EntryStatus.WAITING or entry.episode.status != EpisodeStatus.OPEN:
        raise OfferOver
    close_offer(actor, offer=offer, status=OfferStatus.ACCEPTED)
    # Ended first, so that the booking's own event finds nobody who waits.
    end_entry(actor, entry=entry, status=EntryStatus.BOOKED, reason=f"offer_{offer.kind}")
    visit = rows.get(offer.visit_id or 0)
    if visit is None:
        try:
            return _booked(actor, entry, hold)
        except HoldExpired as ended:
            # It ran out between the look at it and the booking.
            raise OfferOver from ended
    if visit.status not in MOVABLE:
        raise OfferOver
    if visit.patient is not None:
        refuse_misfit(hold, visit.patient)
    if offer.kind == OfferKind.MOVE:
        return _made_room(actor, offer, entry, _Moving(hold, visit, rows.get(entry.visit_id or 0)))
    if visit.starts_at <= hold.starts_at:
        # It was moved to a sooner time than the one that was offered.
        raise OfferOver
    return hand_over(actor, hold=hold, visit=visit)


@dataclass(frozen=True)
class _Moving:
    """A routine visit that moves into a hold; and the later visit that the rule-out has already, where it has one."""

    hold: Appointment
    visit: Appointment
    later: Appointment | None

    def lock_days(self, wanted: Wanted) -> None:
        """Lock the days of all three, and of the time that comes free, in one order."""
        ids = [self.hold.pk, self.visit.pk, *([self.later.pk] if self.later else [])]
        lock_candidates(wanted, days_of(ids))


def _booked(actor: Actor, entry: WaitlistEntry, hold: Appointment) -> Appointment:
    patient = Patient.objects.get(pk=entry.patient_id)
    episode = Episode.objects.select_related("center").get(pk=entry.episode_id)
    restore_clock(actor, episode=episode, deadline=entry.deadline)
    return book_hold(actor, hold=hold, patient=patient, episode=episode)


def _made_room(actor: Actor, offer: Offer, entry: WaitlistEntry, moving: _Moving) -> Appointment:
    """Move the routine visit into its new time, and let the rule-out take the one that comes free: both, or neither."""
    later, wanted = moving.later, _freed(entry, offer, moving.visit)
    if later is not None and (later.status not in MOVABLE or later.starts_at <= wanted.starts_at):
        raise OfferOver
    moving.lock_days(wanted)
    moved = hand_over(actor, hold=moving.hold, visit=moving.visit, also=wanted)
    until = clock.now() + CHOOSING_TIME
    taken = insert_hold(wanted, holder=f"waitlist:{entry.pk}", purpose=HoldPurpose.OFFER, expires_at=until)
    booked = hand_over(SYSTEM, hold=taken, visit=later) if later else _booked(SYSTEM, entry, taken)
    # They have not agreed to this hour yet: a text goes out by itself, and somebody phones besides.
    new = NewStep(
        kind=StepKind.CONTACT,
        due_at=min(clock.now() + BOOKING_TIME, booked.starts_at),
        owner_role=Role.REPRESENTATIVE,
        center_id=booked.center_id,
    )
    open_step(SYSTEM, episode=entry.episode, new=new)
    return moved


def _freed(entry: WaitlistEntry, offer: Offer, visit: Appointment) -> Wanted:
    """Return the time that the visit frees, as the rule-out takes it. Raises `OfferOver` where it was moved since."""
    if offer.frees_at is None or visit.starts_at != offer.frees_at:
        raise OfferOver
    return want(SlotChoice(entry.visit_type, visit.center, offer.frees_at, needs_of_wait(entry)))


def _stands(hold: Appointment) -> bool:
    return (
        hold.status == AppointmentStatus.HELD
        and hold.hold_expires_at is not None
        and hold.hold_expires_at > clock.now()
    )
