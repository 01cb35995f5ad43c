"""Keeping the slot in time for a clinician's callback (R6), and giving it back where nobody will come to it."""

from clinic.access import SYSTEM, Actor
from clinic.db import in_transaction, refusing
from clinic.errors import Conflict
from clinic.models import Center, Episode, Event, Step
from scheduling.errors import PatientBusy, SlotInThePast
from scheduling.intake.deciding import Decided
from scheduling.models import Appointment, HoldPurpose, VisitKind, VisitType
from scheduling.needs import Needs
from scheduling.selectors.search import Slot
from scheduling.selectors.site import first_result, slot_after
from scheduling.services.holding import give_back_kept, hold_slot
from scheduling.services.opening import CALLBACK_SLOT_GRACE
from scheduling.services.wanted import SlotChoice
from scheduling.slots import Deadline
from triage.urgency import Disposition

#: How often the next best slot is tried where somebody else was faster.
TRIES = 3


def keep_slot(actor: Actor, decided: Decided, episode: Episode, needs: Needs) -> Appointment | None:
    """Hold a slot in time until 15 minutes past the callback; None where others took all that were tried.

    One for which the patient can set out after the call, where there is one: the call says whether they come at all.
    """
    slot = _after_the_call(episode, needs) or decided.slot
    for _ in range(TRIES):
        if slot is None or not slot.meets_deadline:
            return None
        try:
            return _hold(actor, slot, episode, needs)
        except PatientBusy:
            # Who answers once more has that time already.
            return None
        except (Conflict, SlotInThePast):
            # Taken by somebody else, or its shift or its center was just changed: the answers count all the same.
            slot = _after_the_call(episode, needs) or first_result(
                episode.patient.zip, needs=needs, deadline=_deadline(episode)
            )
    return None


def give_back_of_closed(event: Event) -> None:
    """The episode is closed: what was kept for its call is free."""
    if event.episode is not None:
        give_back_kept(SYSTEM, event.episode)


def give_back_of_decided(event: Event) -> None:
    """Another decision than a call: nobody comes to the time that was kept for it, or somebody books it now. Kept on it
    would stand in the way of this very patient, whose own it is."""
    if event.codes["disposition"] != Disposition.CLINICIAN_CALLBACK:
        give_back_of_closed(event)


def _after_the_call(episode: Episode, needs: Needs) -> Slot | None:
    due_at = _callback(episode).due_at
    if due_at is None:
        return None
    return slot_after(episode.patient.zip, call_at=due_at, needs=needs, deadline=_deadline(episode))


def _deadline(episode: Episode) -> Deadline:
    return Deadline(1, episode.clock_started_at)


def _callback(episode: Episode) -> Step:
    return episode.steps.order_by("id")[0]


def _hold(actor: Actor, slot: Slot, episode: Episode, needs: Needs) -> Appointment:
    callback = _callback(episode)
    choice = SlotChoice(
        visit_type=VisitType.objects.get(kind=VisitKind.DVT_SCAN),
        center=Center.objects.get(pk=slot.center.id),
        starts_at=slot.starts_at,
        needs=needs,
    )

    def work() -> Appointment:
        hold = hold_slot(
            actor,
            slot=choice,
            purpose=HoldPurpose.CALLBACK,
            holder=f"episode:{episode.pk}",
            expires_at=(callback.due_at or episode.opened_at) + CALLBACK_SLOT_GRACE,
        )
        Appointment.objects.filter(pk=hold.pk).update(patient=episode.patient, episode=episode)
        hold.refresh_from_db()
        return hold

    with refusing(patient_in_one_place=PatientBusy):
        return in_transaction(work)
