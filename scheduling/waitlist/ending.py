"""Ending an offer, or a wait. The locks come first: patient, episode, appointments, and the offer's row last."""

from datetime import time

from clinic import clock, events
from clinic.access import SYSTEM, Actor
from clinic.models import LIVE_STEP, Role, StepKind
from clinic.services.plans import decision_where_last
from clinic.services.steps import NewStep, cancel_step, complete_step, open_step
from clinic.workdays import at_local, working_day_after
from scheduling.models import Appointment, AppointmentStatus, EntryStatus, Offer, OfferStatus, WaitlistEntry
from scheduling.selectors.search import local_date
from scheduling.services.freeing import free
from scheduling.services.handing_over import lock_people
from scheduling.services.news import record
from scheduling.services.opening import BOOKING_TIME


def lock_parties(offer: Offer) -> None:
    """Lock everybody whom an offer is about: who is asked, who waits, and their episodes."""
    visit = offer.visit
    patients = {offer.patient_id, offer.entry.patient_id}
    episodes = {offer.entry.episode_id, *([visit.episode_id] if visit and visit.episode_id else [])}
    lock_people(patient_ids=sorted(patients), episode_ids=sorted(episodes))


def close_offer(actor: Actor, *, offer: Offer, status: OfferStatus, reason: str = "") -> bool:
    """End an open offer whose parties are locked, with the call beside it; return whether it was open.

    What is held for it is given back, unless it was accepted.
    """
    changed = Offer.objects.filter(pk=offer.pk, status=OfferStatus.OPEN).update(
        status=status, ended_at=clock.now(), end_reason=reason
    )
    if changed != 1:
        return False
    offer.status = status
    if status != OfferStatus.ACCEPTED:
        _give_back(actor, offer.hold_id)
    step = offer.step
    if step is not None:
        step.refresh_from_db()
        if step.status in LIVE_STEP:
            end = complete_step if status in (OfferStatus.ACCEPTED, OfferStatus.DECLINED) else cancel_step
            # What it stood beside may have been done meanwhile: somebody says what follows.
            end(actor, step=step, outcome=f"offer_{status}", then=decision_where_last(step))
    events.record(
        f"offer.{status}",
        actor=actor,
        episode=offer.entry.episode,
        patient=offer.patient,
        center=offer.center,
        subject=offer,
        codes={"kind": offer.kind, "reason": reason},
    )
    return True


def end_entry(actor: Actor, *, entry: WaitlistEntry, status: EntryStatus, reason: str) -> bool:
    """End a wait whose patient and episode are locked; return whether it was one. Offers are tidied by the sweep."""
    changed = WaitlistEntry.objects.filter(pk=entry.pk, status=EntryStatus.WAITING).update(
        status=status, ended_at=clock.now(), end_reason=reason
    )
    if changed != 1:
        return False
    entry.status = status
    events.record(
        "waitlist.ended",
        actor=actor,
        episode=entry.episode,
        patient=entry.patient,
        subject=entry,
        codes={"status": status, "reason": reason},
    )
    return True


def call_instead(entry: WaitlistEntry) -> None:
    """Nothing came of the wait: somebody reaches the patient. The episode's own next step stays as it is."""
    center = entry.episode.center
    due_at = clock.now() + BOOKING_TIME
    if not entry.urgent:
        due_at = at_local(working_day_after(local_date(clock.now(), center.zone)), time(12), center.zone)
    new = NewStep(kind=StepKind.CONTACT, due_at=due_at, owner_role=Role.REPRESENTATIVE, center_id=center.pk)
    open_step(SYSTEM, episode=entry.episode, new=new)


def _give_back(actor: Actor, hold_id: int) -> None:
    now = clock.now()
    given_back = Appointment.objects.filter(pk=hold_id, status=AppointmentStatus.HELD).update(
        status=AppointmentStatus.CANCELLED, ended_at=now, end_reason="offer_over"
    )
    if given_back:
        free([hold_id])
        record(
            actor, "appointment.released", Appointment.objects.select_related("center", "visit_type").get(pk=hold_id)
        )
