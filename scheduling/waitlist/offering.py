"""Making offers: to one person at a time, of a time that is held for them until they answer."""

from datetime import datetime

from clinic import clock, events
from clinic.access import SYSTEM, Actor, Permission
from clinic.db import in_transaction, refusing
from clinic.models import Center, EpisodeStatus, Role, Step, StepKind
from clinic.services.steps import NewStep, open_step
from scheduling.errors import NobodyToMove, OfferOpen, ReservedForSameDay, SlotTaken, WaitOver
from scheduling.models import (
    Appointment,
    EntryStatus,
    HoldPurpose,
    Offer,
    OfferKind,
    WaitlistEntry,
)
from scheduling.selectors.elsewhere import needs_of_visit
from scheduling.selectors.search import Slot, search
from scheduling.selectors.site import WITHIN_MILES
from scheduling.services.callers import require_or_own
from scheduling.services.handing_over import lock_people
from scheduling.services.holding import hold_slot
from scheduling.services.refusals import Asked, refusable
from scheduling.services.wanted import SlotChoice
from scheduling.states import MOVABLE
from scheduling.waiting import answer_by, may_be_asked
from scheduling.waitlist.waits import entry as find_entry
from scheduling.waitlist.waits import needs_of_wait, offerable, way_to, willing_visits, zone_of

#: How often the next best time is tried where somebody else was faster.
TRIES = 3


def offer_slot(entry: WaitlistEntry) -> Offer | None:
    """Offer the best time that fits to somebody who waits; None where there is none now."""
    if not may_be_asked(clock.now(), zone_of(entry.patient.zip), urgent=entry.urgent):
        return None
    tried = 0
    for slot, until in offerable(entry):
        try:
            return in_transaction(lambda slot=slot, until=until: _offered(entry, slot, until))  # type: ignore[misc]
        except (SlotTaken, ReservedForSameDay):
            tried += 1
            if tried == TRIES:
                return None
        except (OfferOpen, WaitOver):
            return None
    return None


def ask_to_move(actor: Actor, *, entry_id: int, visit_id: int | None = None) -> Offer:
    """Ask a routine patient who said that they are willing to move, so that a rule-out can come in their place.

    The new time is held for them while they think; nothing is moved before they say yes. ``visit_id`` names one of the
    visits that could make room; without it the soonest is asked. Raises `NobodyToMove`, `OfferOpen` and `WaitOver`.
    """
    require_or_own(actor, Permission.WAIT)
    entry = find_entry(entry_id)
    asked = Asked(act="ask_to_move", visit_id=visit_id, patient=entry.patient, episode=entry.episode)
    return refusable(actor, asked, lambda: _first_to_move(actor, entry, visit_id))


def _first_to_move(actor: Actor, entry: WaitlistEntry, visit_id: int | None) -> Offer:
    """Ask the first of the willing for whom another time can be held."""
    if entry.status != EntryStatus.WAITING:
        raise WaitOver
    for visit in willing_visits(entry):
        if visit_id not in (None, visit.pk):
            continue
        if not may_be_asked(clock.now(), zone_of(visit.patient.zip if visit.patient else ""), urgent=False):
            continue
        until = answer_by(
            clock.now(),
            starts_at=visit.starts_at,
            way=way_to(visit.center, entry.zip),
            urgent=True,
            short_notice=True,
        )
        slot = _another_time(visit, until)
        if slot is None or until is None:
            continue
        try:
            return in_transaction(lambda visit=visit, slot=slot, until=until: _asked(actor, entry, visit, slot, until))  # type: ignore[misc]
        except (SlotTaken, ReservedForSameDay):
            continue
    raise NobodyToMove


def _offered(entry: WaitlistEntry, slot: Slot, until: datetime) -> Offer:
    lock_people(patient_ids=[entry.patient_id], episode_ids=[entry.episode_id])
    _refuse_ended(entry)
    needs = needs_of_wait(entry)
    hold = _held(SYSTEM, entry, SlotChoice(entry.visit_type, _center(slot), slot.starts_at, needs), until)
    step = _call(entry, until) if entry.urgent else None
    return _written(
        SYSTEM,
        Offer(kind=OfferKind.SLOT, entry=entry, patient=entry.patient, visit=entry.visit, hold=hold, step=step),
    )


def _asked(actor: Actor, entry: WaitlistEntry, visit: Appointment, slot: Slot, until: datetime) -> Offer:
    episode_ids = sorted({entry.episode_id, visit.episode_id or entry.episode_id})
    patient_ids = sorted({entry.patient_id, visit.patient_id or entry.patient_id})
    lock_people(patient_ids=patient_ids, episode_ids=episode_ids)
    _refuse_ended(entry)
    stands = Appointment.objects.select_for_update(no_key=True).filter(
        pk=visit.pk, status__in=MOVABLE, sequence=visit.sequence
    )
    if stands.first() is None or visit.patient is None:
        raise NobodyToMove
    choice = SlotChoice(visit.visit_type, _center(slot), slot.starts_at, needs_of_visit(visit))
    hold = _held(actor, entry, choice, until)
    step = None
    if visit.episode is not None:
        new = NewStep(kind=StepKind.CONTACT, due_at=until, owner_role=Role.REPRESENTATIVE, center_id=visit.center_id)
        step = open_step(actor, episode=visit.episode, new=new)
    return _written(
        actor,
        Offer(
            kind=OfferKind.MOVE,
            entry=entry,
            patient=visit.patient,
            visit=visit,
            hold=hold,
            frees_at=visit.starts_at,
            step=step,
        ),
    )


def _held(actor: Actor, entry: WaitlistEntry, choice: SlotChoice, until: datetime) -> Appointment:
    return hold_slot(actor, slot=choice, purpose=HoldPurpose.OFFER, holder=f"waitlist:{entry.pk}", expires_at=until)


def _written(actor: Actor, offer: Offer) -> Offer:
    hold = offer.hold
    offer.starts_at, offer.center, offer.made_at = hold.starts_at, hold.center, clock.now()
    offer.expires_at = hold.hold_expires_at or clock.now()
    with refusing(one_open_offer_an_entry=OfferOpen, asked_to_move_once_at_a_time=OfferOpen):
        offer.save()
    events.record(
        "offer.made",
        actor=actor,
        episode=offer.visit.episode if offer.kind == OfferKind.MOVE and offer.visit else offer.entry.episode,
        patient=offer.patient,
        center=offer.center,
        subject=offer,
        codes={"kind": offer.kind, "urgent": offer.entry.urgent},
    )
    return offer


def _call(entry: WaitlistEntry, until: datetime) -> Step:
    """A rule-out is phoned besides: a text alone may not be read in time."""
    center = entry.episode.center_id
    new = NewStep(kind=StepKind.CONTACT, due_at=until, owner_role=Role.REPRESENTATIVE, center_id=center)
    return open_step(SYSTEM, episode=entry.episode, new=new)


def _refuse_ended(entry: WaitlistEntry) -> None:
    now = WaitlistEntry.objects.filter(pk=entry.pk, status=EntryStatus.WAITING, episode__status=EpisodeStatus.OPEN)
    if not now.exists():
        raise WaitOver


def _another_time(visit: Appointment, until: datetime | None) -> Slot | None:
    """Return the next time for a visit that would move: at its own center first, else near its patient."""
    if until is None or visit.patient is None:
        return None
    step = visit.step
    from_ = max(until, visit.ends_at)
    window_end = step.window_end if step and step.window_end else None
    if window_end is not None and window_end <= from_:
        return None
    for code, miles in ((visit.center.code, None), ("", WITHIN_MILES)):
        found = search(
            visit.visit_type,
            near_zip=visit.patient.zip,
            within_miles=miles,
            from_=from_,
            until=window_end,
            limit=1,
            needs=needs_of_visit(visit),
            center_code=code,
        )
        if found.slots:
            return found.slots[0]
    return None


def _center(slot: Slot) -> Center:
    return Center.objects.get(pk=slot.center.id)
