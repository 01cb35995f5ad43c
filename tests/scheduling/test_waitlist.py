"""Who waits is offered what comes free: one at a time, by risk and then by wait, and every yes is all or nothing."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import patient_actor
from clinic.errors import NotFound
from clinic.models import LIVE_STEP, Role, Step
from clinic.services.access_needs import Access, record_access
from scheduling.errors import CapabilityMissing, OfferOver
from scheduling.models import Appointment, EntryStatus, FreedTime, HoldPurpose, Offer, OfferStatus, WaitlistEntry
from scheduling.services.booking import book
from scheduling.services.holding import expire_holds
from scheduling.waitlist.answering import accept, decline
from scheduling.waitlist.joining import Terms, join
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import make_patient, set_clock, tomorrow_at
from tests.invariants import episodes_without_step, taken_twice, wrong_masks
from tests.scheduling.conftest import Place, at_once
from tests.scheduling.line import full, give_back, offered, open_offers, waits, waits_for_consult

pytestmark = pytest.mark.django_db(transaction=True)


def status_of(entry: WaitlistEntry) -> tuple[str, str]:
    entry.refresh_from_db()
    return entry.status, entry.end_reason


def live(entry: WaitlistEntry) -> list[str]:
    return sorted(Step.objects.filter(episode=entry.episode, status__in=LIVE_STEP).values_list("kind", flat=True))


def test_nobody_is_offered_anything_where_all_is_taken(place: Place) -> None:
    full(place)
    waits(place)
    assert tend_waitlist() == 0
    assert open_offers() == []


def test_a_time_that_comes_free_is_held_for_a_quarter_of_an_hour(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    tend_waitlist()
    give_back(list(kept.values())[3])
    assert FreedTime.objects.exists()
    offer = offered()
    assert (offer.entry, offer.patient, offer.hold.hold_purpose) == (entry, entry.patient, HoldPurpose.OFFER)
    assert offer.hold.hold_expires_at == offer.expires_at
    assert timedelta(minutes=14) < offer.expires_at - clock.now() <= timedelta(minutes=15)
    assert not FreedTime.objects.exists()


def test_a_rule_out_is_phoned_besides_and_keeps_its_own_next_step(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    offer = offered()
    assert live(entry) == ["booking", "contact"]
    assert offer.step is not None
    assert (offer.step.owner_role, offer.step.due_at) == (Role.REPRESENTATIVE, offer.expires_at)


def test_the_rule_out_with_the_least_time_left_comes_first(place: Place) -> None:
    kept = full(place)
    consult = waits_for_consult(place)
    first = waits(place)
    set_clock(clock.now() + timedelta(minutes=5))
    waits(place)
    give_back(list(kept.values())[3])
    tend_waitlist()
    assert [offer.entry for offer in open_offers() if offer.entry != consult] == [first]


def test_a_yes_books_what_was_held(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    offer = offered()
    visit = accept(patient_actor(entry.patient_id), offer_id=offer.pk)
    assert (visit.pk, visit.status, visit.starts_at) == (offer.hold_id, "booked", offer.starts_at)
    assert status_of(entry) == (EntryStatus.BOOKED, "offer_slot")
    assert live(entry) == ["scan"]
    assert tend_waitlist() == 0


def test_a_no_gives_the_time_to_the_next_in_line(place: Place) -> None:
    kept = full(place)
    first, second = waits(place), waits(place)
    give_back(list(kept.values())[3])
    offer = offered()
    assert offer.entry == first
    decline(patient_actor(first.patient_id), offer_id=offer.pk)
    again = offered()
    assert (again.entry, again.starts_at) == (second, offer.starts_at)
    assert status_of(first)[0] == EntryStatus.WAITING
    assert live(first) == ["booking"]


def test_an_offer_that_nobody_answers_goes_to_the_next_in_line(place: Place) -> None:
    kept = full(place)
    first, second = waits(place), waits(place)
    give_back(list(kept.values())[4])
    offer = offered()
    set_clock(offer.expires_at + timedelta(seconds=1))
    expire_holds()
    again = offered()
    offer.refresh_from_db()
    assert (offer.status, again.entry, again.starts_at) == (OfferStatus.EXPIRED, second, offer.starts_at)
    first.refresh_from_db()
    assert first.unanswered == 1


def test_a_yes_after_the_end_changes_nothing(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[4])
    offer = offered()
    set_clock(offer.expires_at)
    with pytest.raises(OfferOver):
        accept(patient_actor(entry.patient_id), offer_id=offer.pk)
    assert status_of(entry)[0] == EntryStatus.WAITING
    assert not Appointment.objects.filter(status="booked").exists()


def test_of_two_who_say_yes_at_once_one_has_it(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    offer = offered()
    results = at_once(
        lambda: accept(patient_actor(entry.patient_id), offer_id=offer.pk),
        lambda: accept(place.actor, offer_id=offer.pk),
        lambda: decline(place.actor, offer_id=offer.pk),
    )
    assert sum(isinstance(each, Appointment | Offer) for each in results) == 1
    assert sum(isinstance(each, OfferOver) for each in results) == 2
    assert (taken_twice(), wrong_masks(), episodes_without_step()) == ([], [], [])


def test_two_sweeps_at_once_make_one_offer_each(place: Place) -> None:
    kept = full(place)
    waits(place)
    waits(place)
    give_back(list(kept.values())[3])
    at_once(tend_waitlist, tend_waitlist)
    assert len(open_offers()) == 1


def test_an_offer_is_answered_by_nobody_else(place: Place) -> None:
    kept = full(place)
    waits(place)
    give_back(list(kept.values())[3])
    offer = offered()
    with pytest.raises(NotFound):
        accept(patient_actor(make_patient().pk), offer_id=offer.pk)


def test_an_earlier_time_replaces_the_visit_that_they_have(place: Place) -> None:
    visit = book(place.actor, patient=make_patient(), slot=place.at(12, days=2, kind="consult"))
    kept = full(place, kind="consult", days=(0, 1))
    assert visit.patient is not None
    entry = join(
        place.actor,
        patient=visit.patient,
        episode=visit.episode,
        terms=Terms(visit_type=visit.visit_type, zip="20770", visit_id=visit.pk, short_notice=True),
    )
    tend_waitlist()
    give_back(list(kept.values())[-1])
    offer = offered()
    moved = accept(patient_actor(entry.patient_id), offer_id=offer.pk)
    assert (moved.pk, moved.sequence, moved.starts_at) == (visit.pk, 1, offer.starts_at)
    assert status_of(entry) == (EntryStatus.BOOKED, "offer_slot")
    # Its old time is free again.
    book(place.actor, patient=make_patient(), slot=place.at(12, days=2, kind="consult"))
    assert (taken_twice(), wrong_masks()) == ([], [])


def test_who_cant_come_at_short_notice_is_offered_nothing_of_the_day(place: Place) -> None:
    kept = full(place, kind="consult", days=(0, 1, 2, 3))
    waits_for_consult(place, short_notice=False)
    give_back(list(kept.values())[3])
    tend_waitlist()
    assert open_offers() == []
    give_back(next(hold for start, hold in kept.items() if start >= tomorrow_at(14)))
    assert offered().starts_at >= tomorrow_at(14)


def test_a_routine_patient_is_left_alone_at_night(place: Place) -> None:
    set_clock(tomorrow_at(21, days=0))
    waits_for_consult(place)
    tend_waitlist()
    assert open_offers() == []
    set_clock(tomorrow_at(8))
    offer = offered()
    assert offer.expires_at - clock.now() > timedelta(minutes=30)


def test_what_was_recorded_of_them_since_is_heeded(place: Place) -> None:
    type(place.center).objects.filter(pk=place.center.pk).update(wheelchair=False)
    entry = waits(place)
    record_access(place.actor, patient_id=entry.patient_id, access=Access(mobility="wheelchair"))
    assert tend_waitlist() == 0


def test_what_is_recorded_while_they_think_keeps_their_visit_where_they_can_be_seen(place: Place) -> None:
    type(place.center).objects.filter(pk=place.center.pk).update(wheelchair=False)
    place.center.refresh_from_db()
    visit = book(place.actor, patient=make_patient(), slot=place.at(12, days=2, kind="consult"))
    assert visit.patient is not None
    terms = Terms(visit_type=visit.visit_type, zip="20770", visit_id=visit.pk, short_notice=True)
    join(place.actor, patient=visit.patient, episode=visit.episode, terms=terms)
    offer = offered()
    record_access(place.actor, patient_id=visit.patient.pk, access=Access(mobility="wheelchair"))
    with pytest.raises(CapabilityMissing):
        accept(place.actor, offer_id=offer.pk)
    visit.refresh_from_db()
    assert visit.sequence == 0
