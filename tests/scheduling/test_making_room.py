"""A willing routine patient makes room for a rule-out: both have their times, or nothing has changed."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, patient_actor
from clinic.models import LIVE_STEP, Center, Episode, EpisodeKind, Patient, Role, Step, StepKind
from clinic.services.episodes import open_episode
from clinic.services.merging import merge_patients
from clinic.services.steps import NewStep
from scheduling.errors import NobodyToMove, OfferOver
from scheduling.models import (
    Appointment,
    EntryStatus,
    Offer,
    OfferKind,
    OfferStatus,
    Resource,
    ResourceKind,
    WaitlistEntry,
)
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.editing import Down, apply
from scheduling.services.holding import hold_slot
from scheduling.services.rescheduling import reschedule
from scheduling.waitlist.answering import accept, decline
from scheduling.waitlist.joining import withdraw
from scheduling.waitlist.offering import ask_to_move
from scheduling.waitlist.tending import tend_waitlist
from scheduling.waitlist.ways import ways_forward
from tests.factories import actor_of, make_patient, set_clock, tomorrow_at
from tests.invariants import episodes_without_step, taken_twice, wrong_masks
from tests.scheduling.conftest import Place, at_once
from tests.scheduling.line import full, give_back, open_offers, waits

pytestmark = pytest.mark.django_db(transaction=True)


def follow_up(place: Place, hour: int, minute: int = 0, *, willing: bool = True) -> Appointment:
    """A repeat scan that is booked for today."""
    patient: Patient = make_patient()
    center: Center = place.center
    due_at = clock.now() + timedelta(days=1)
    step = NewStep(kind=StepKind.FOLLOW_UP_SCAN, due_at=due_at, owner_role=Role.SONOGRAPHER)
    episode: Episode = open_episode(
        place.actor,
        patient=patient,
        kind=EpisodeKind.SUSPECTED_DVT,
        center=center,
        clock_started_at=clock.now(),
        first_steps=[step],
    )
    slot = place.at(hour, minute, kind="repeat_scan")
    return book(place.actor, patient=patient, episode=episode, slot=slot, willing_to_move=willing)


def asked(place: Place) -> tuple[Appointment, WaitlistEntry, Offer]:
    """A willing patient's visit at two, everything else taken, and a rule-out that has nothing in time."""
    visit = follow_up(place, 14)
    full(place)
    entry = waits(place)
    tend_waitlist()
    [offer] = open_offers()
    assert offer.kind == OfferKind.MOVE
    return visit, entry, offer


def test_a_willing_patient_is_asked_where_nothing_is_in_time(place: Place) -> None:
    visit, entry, offer = asked(place)
    assert (offer.patient, offer.visit, offer.entry) == (visit.patient, visit, entry)
    assert offer.frees_at == visit.starts_at
    assert offer.starts_at > visit.ends_at
    visit.refresh_from_db()
    assert visit.sequence == 0
    assert offer.step is not None
    assert offer.step.episode == visit.episode


def test_a_yes_moves_the_one_and_books_the_other(place: Place) -> None:
    visit, entry, offer = asked(place)
    moved = accept(patient_actor(offer.patient_id), offer_id=offer.pk)
    assert (moved.pk, moved.sequence, moved.starts_at) == (visit.pk, 1, offer.starts_at)
    rule_out = Appointment.objects.get(episode=entry.episode, status="booked")
    assert (rule_out.starts_at, rule_out.center) == (visit.starts_at, place.center)
    entry.refresh_from_db()
    assert (entry.status, entry.end_reason) == (EntryStatus.BOOKED, "offer_move")
    owed = Step.objects.filter(episode=entry.episode, status__in=LIVE_STEP)
    assert sorted(owed.values_list("kind", flat=True)) == ["contact", "scan"]
    assert (taken_twice(), wrong_masks(), episodes_without_step()) == ([], [], [])


def test_a_no_leaves_the_visit_and_the_same_patient_is_not_asked_again(place: Place) -> None:
    visit, entry, offer = asked(place)
    decline(patient_actor(offer.patient_id), offer_id=offer.pk)
    with pytest.raises(NobodyToMove):
        ask_to_move(place.actor, entry_id=entry.pk)
    visit.refresh_from_db()
    assert (visit.status, visit.sequence) == ("booked", 0)


def test_after_a_no_the_next_willing_patient_is_asked(place: Place) -> None:
    other = follow_up(place, 14, 40)
    _, _, offer = asked(place)
    decline(place.actor, offer_id=offer.pk)
    set_clock(clock.now() + timedelta(minutes=1))
    tend_waitlist()
    [again] = open_offers()
    assert again.visit == other


def test_who_did_not_say_so_is_never_asked(place: Place) -> None:
    follow_up(place, 14, willing=False)
    full(place)
    entry = waits(place)
    assert tend_waitlist() == 0
    with pytest.raises(NobodyToMove):
        ask_to_move(place.actor, entry_id=entry.pk)


def test_nobody_moves_for_a_scan_that_nobody_would_read_in_time(place: Place) -> None:
    follow_up(place, 14)
    full(place)
    [reader] = Resource.objects.filter(kind=ResourceKind.PHYSICIAN)
    apply(SYSTEM, Down(resource=reader, until=clock.now() + timedelta(hours=8), why="sick"))
    entry = waits(place)
    assert tend_waitlist() == 0
    with pytest.raises(NobodyToMove):
        ask_to_move(place.actor, entry_id=entry.pk)
    assert ways_forward(entry.episode_id).movable == ()


def test_nobody_moves_for_a_scan_that_could_not_be_treated_before_the_close(place: Place) -> None:
    visit = follow_up(place, 18, 20)
    full(place)
    set_clock(tomorrow_at(16, days=0))
    entry = waits(place)
    # Scanned until 18:50, read until 19:20: an hour of treatment is past eight.
    assert visit.starts_at < entry.latest
    assert tend_waitlist() == 0


def test_a_rule_out_makes_room_for_nobody(place: Place) -> None:
    episode = place.suspected()
    visit = book(place.actor, patient=episode.patient, episode=episode, slot=place.at(14), willing_to_move=True)
    assert not visit.willing_to_move


def test_nobody_moves_for_who_has_a_time_meanwhile(place: Place) -> None:
    visit, entry, offer = asked(place)
    withdraw(place.actor, entry_id=entry.pk)
    with pytest.raises(OfferOver):
        accept(patient_actor(offer.patient_id), offer_id=offer.pk)
    visit.refresh_from_db()
    assert visit.sequence == 0
    tend_waitlist()
    offer.refresh_from_db()
    assert offer.status == OfferStatus.WITHDRAWN


def test_a_visit_that_was_cancelled_can_make_no_room(place: Place) -> None:
    visit, _, offer = asked(place)
    visits.cancel(place.actor, appointment_id=visit.pk)
    with pytest.raises(OfferOver):
        accept(patient_actor(offer.patient_id), offer_id=offer.pk)
    tend_waitlist()
    # Its time came free by itself.
    [again] = open_offers()
    assert again.kind == OfferKind.SLOT
    assert again.starts_at <= visit.starts_at < again.hold.ends_at


def test_where_the_visit_was_moved_meanwhile_another_one_is_asked_at_once(place: Place) -> None:
    other = follow_up(place, 14, 40)
    visit, _, offer = asked(place)
    reschedule(place.actor, appointment_id=visit.pk, starts_at=place.at(14, days=1, kind="repeat_scan").starts_at)
    # What it left is taken by somebody else.
    hold_slot(SYSTEM, slot=place.at(14), expires_at=clock.now() + timedelta(days=1))
    set_clock(clock.now() + timedelta(minutes=1))
    tend_waitlist()
    offer.refresh_from_db()
    assert offer.status == OfferStatus.WITHDRAWN
    assert [each.visit for each in open_offers()] == [other]


def test_where_the_visit_is_cancelled_at_the_moment_of_the_yes_one_of_both_happens(place: Place) -> None:
    visit, entry, offer = asked(place)
    at_once(
        lambda: accept(patient_actor(offer.patient_id), offer_id=offer.pk),
        lambda: visits.cancel(place.actor, appointment_id=visit.pk),
    )
    assert (taken_twice(), wrong_masks(), episodes_without_step()) == ([], [], [])
    booked = Appointment.objects.filter(episode=entry.episode, status="booked").count()
    offer.refresh_from_db()
    assert booked == (offer.status == OfferStatus.ACCEPTED)


def test_the_clinical_clock_is_never_waited_past(place: Place) -> None:
    _, entry, offer = asked(place)
    assert offer.expires_at <= offer.frees_at if offer.frees_at else False
    assert offer.expires_at - clock.now() <= timedelta(minutes=15)
    assert entry.episode.steps.filter(kind=StepKind.BOOKING, status__in=LIVE_STEP).exists()


def test_of_two_offers_for_one_who_waits_that_are_accepted_at_once_one_counts(place: Place) -> None:
    visit, entry, move = asked(place)
    first = min(Appointment.objects.filter(status="held", hold_purpose="choosing"), key=lambda hold: hold.starts_at)
    give_back(first)
    later = Appointment.objects.filter(status="held", hold_purpose="choosing", starts_at__gt=first.starts_at)
    give_back(later.order_by("starts_at")[0])
    tend_waitlist()
    slot = Offer.objects.get(kind=OfferKind.SLOT)
    results = at_once(
        lambda: accept(patient_actor(move.patient_id), offer_id=move.pk),
        lambda: accept(patient_actor(slot.patient_id), offer_id=slot.pk),
    )
    assert sum(isinstance(each, Appointment) for each in results) == 1
    assert sum(isinstance(each, OfferOver) for each in results) == 1
    assert Appointment.objects.filter(episode=entry.episode, status="booked").count() == 1
    visit.refresh_from_db()
    move.refresh_from_db()
    assert visit.sequence == (move.status == OfferStatus.ACCEPTED)
    assert (taken_twice(), wrong_masks(), episodes_without_step()) == ([], [], [])


def test_who_is_asked_to_make_room_is_asked_still_when_the_record_of_who_waits_is_merged(place: Place) -> None:
    visit, entry, offer = asked(place)
    clinician, second = actor_of(Role.CLINICIAN), make_patient()
    merge_patients(clinician, duplicate_id=entry.patient_id, kept_id=second.pk, reason="Same license.")
    offer.refresh_from_db()
    assert offer.patient == visit.patient
    kept = make_patient()
    merge_patients(clinician, duplicate_id=offer.patient_id, kept_id=kept.pk, reason="Same license.")
    moved = accept(patient_actor(kept.pk), offer_id=offer.pk)
    assert (moved.patient_id, moved.starts_at) == (kept.pk, offer.starts_at)
    assert Appointment.objects.get(episode=entry.episode, status="booked").patient == second
