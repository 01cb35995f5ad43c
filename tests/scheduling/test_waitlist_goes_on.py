"""Nobody in line waits for another's trouble: whatever can't be done for one is done for the others."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Conflict
from clinic.models import LIVE_STEP, Role, Step, StepKind
from clinic.services import worklist
from clinic.services.steps import NewStep, cancel_step, open_step
from scheduling.models import FreedTime, OfferStatus
from scheduling.waitlist import offering, tending
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import actor_of, set_clock
from tests.invariants import episodes_without_step
from tests.scheduling.conftest import Place
from tests.scheduling.line import open_offers, waits, waits_for_consult

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_wish_for_a_time_past_the_open_calendar_holds_up_nobody(place: Place) -> None:
    waits_for_consult(place, earliest=clock.now() + timedelta(days=115))
    FreedTime.objects.create(center=place.center, at=clock.now())
    near = waits_for_consult(place)
    tend_waitlist()
    assert [offer.entry for offer in open_offers()] == [near]
    assert not FreedTime.objects.exists()


def test_one_for_whom_the_offer_is_refused_holds_up_nobody(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    refused, other = waits_for_consult(place), waits_for_consult(place)

    def offer_slot(entry: object) -> object:
        if entry == refused:
            raise Conflict("The center has closed since.")
        return offering.offer_slot(other)

    monkeypatch.setattr(tending, "offer_slot", offer_slot)
    assert tend_waitlist() == 1
    assert [offer.entry for offer in open_offers()] == [other]


def test_an_offer_that_outlives_the_call_it_stood_beside_ends_with_a_decision(place: Place) -> None:
    """A clinician made the call while the offer was open: its own call was then the last step of the episode."""
    episode = place.suspected()
    booking = episode.steps.get()
    due_at = clock.now() + timedelta(minutes=30)
    new = NewStep(kind=StepKind.CALLBACK, due_at=due_at, owner_role=Role.CLINICIAN)
    call = open_step(SYSTEM, episode=episode, new=new)
    cancel_step(SYSTEM, step=booking, outcome="decision_changed")
    waits(place, episode)
    tend_waitlist()
    [offer] = open_offers()
    worklist.finish(actor_of(Role.CLINICIAN), step_id=call.pk, outcome="reached")
    set_clock(offer.expires_at)
    tend_waitlist()
    offer.refresh_from_db()
    assert offer.status == OfferStatus.EXPIRED
    assert not episodes_without_step()
    assert Step.objects.filter(episode=episode, kind=StepKind.DECISION, status__in=LIVE_STEP).exists()
