"""Who may wait for a time and on which terms, and what ends it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from clinic.access import SYSTEM, patient_actor
from clinic.errors import Invalid
from clinic.models import LIVE_STEP, Role, Step, StepKind
from clinic.services.episodes import close_episode
from scheduling.errors import (
    AlreadyWaiting,
    EpisodeNeeded,
    OfferOver,
    SentToEmergencyCare,
    VisitBookedAlready,
)
from scheduling.intake import submit
from scheduling.intake.overriding import override
from scheduling.models import Appointment, EntryStatus, OfferStatus, WaitlistEntry
from scheduling.services.booking import book
from scheduling.services.editing import Closing, apply
from scheduling.services.holding import expire_holds
from scheduling.services.rescheduling import reschedule
from scheduling.waitlist.answering import accept
from scheduling.waitlist.joining import Terms, join, withdraw
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import actor_of, make_patient, set_clock
from tests.scheduling.conftest import Place
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers
from tests.scheduling.line import full, give_back, offered, open_offers, waits, waits_for_consult
from triage.overriding import Target
from triage.urgency import Disposition

pytestmark = pytest.mark.django_db(transaction=True)


def status_of(entry: WaitlistEntry) -> tuple[str, str]:
    entry.refresh_from_db()
    return entry.status, entry.end_reason


def live(entry: WaitlistEntry) -> list[str]:
    return sorted(Step.objects.filter(episode=entry.episode, status__in=LIVE_STEP).values_list("kind", flat=True))


def test_who_lets_two_offers_run_out_is_called_instead(place: Place) -> None:
    entry = waits_for_consult(place)
    for _ in range(2):
        set_clock(offered().expires_at)
        expire_holds()
    tend_waitlist()
    assert status_of(entry) == (EntryStatus.OVER, "unanswered")
    assert live(entry) == ["booking", "contact"]


def test_a_time_that_is_taken_back_with_its_shift_is_no_offer_that_nobody_answered(place: Place) -> None:
    entry = waits_for_consult(place)
    offer = offered()
    closing = Closing(place=place.center, on=offer.starts_at.date(), reason="Storm")
    apply(SYSTEM, closing, displace=True)
    tend_waitlist()
    offer.refresh_from_db()
    entry.refresh_from_db()
    assert (offer.status, entry.unanswered, entry.status) == (OfferStatus.WITHDRAWN, 0, EntryStatus.WAITING)


def test_when_the_time_is_over_somebody_calls(place: Place) -> None:
    full(place)
    entry = waits(place)
    set_clock(entry.latest)
    tend_waitlist()
    assert status_of(entry) == (EntryStatus.OVER, "past_latest")
    assert StepKind.CONTACT in live(entry)
    assert StepKind.BOOKING in live(entry)


def test_who_finds_a_time_by_another_way_waits_no_longer(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    give_back(list(kept.values())[4])
    offer = offered()
    free = next(slot for slot in list(kept.values())[3:5] if slot.starts_at != offer.starts_at)
    book(
        place.actor,
        patient=entry.patient,
        episode=entry.episode,
        slot=place.at(*divmod(int((free.starts_at - place.at(0).starts_at).total_seconds()) // 60, 60)),
    )
    assert status_of(entry) == (EntryStatus.BOOKED, "booked_otherwise")
    with pytest.raises(OfferOver):
        accept(place.actor, offer_id=offer.pk)
    tend_waitlist()
    offer.refresh_from_db()
    offer.hold.refresh_from_db()
    assert (offer.status, offer.hold.status) == (OfferStatus.WITHDRAWN, "cancelled")
    assert live(entry) == ["scan"]


def test_who_withdraws_is_offered_nothing_more(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    offer = offered()
    withdraw(patient_actor(entry.patient_id), entry_id=entry.pk)
    tend_waitlist()
    offer.refresh_from_db()
    assert (status_of(entry)[0], offer.status) == (EntryStatus.WITHDRAWN, OfferStatus.WITHDRAWN)
    assert live(entry) == ["booking"]


def test_a_closed_episode_waits_for_nothing(place: Place) -> None:
    full(place)
    entry = waits(place)
    close_episode(actor_of(Role.CLINICIAN), episode_id=entry.episode_id, reason="declined")
    assert status_of(entry) == (EntryStatus.OVER, "episode_closed")


def test_who_is_sent_to_emergency_care_waits_no_longer_and_may_not_wait(place: Place) -> None:
    result = submit(VISITOR, raw_answers=answers(**SUSPECTED), contact=CONTACT)
    assert result.episode is not None
    entry = waits(place, result.episode)
    override(
        actor_of(Role.CLINICIAN), assessment_id=result.assessment.pk, target=Target(Disposition.ED_NOW), reason="worse"
    )
    assert status_of(entry) == (EntryStatus.OVER, "emergency_care")
    with pytest.raises(SentToEmergencyCare):
        waits(place, result.episode)


@pytest.mark.parametrize("lower", [Disposition.VASCULAR_CONSULT, Disposition.SELF_CARE])
def test_who_is_suspected_no_longer_is_offered_no_rule_out(place: Place, lower: Disposition) -> None:
    result = submit(VISITOR, raw_answers=answers(**SUSPECTED), contact=CONTACT)
    kept = full(place)
    entry = waits(place, result.episode)
    clinician = actor_of(Role.CLINICIAN)
    override(clinician, assessment_id=result.assessment.pk, target=Target(lower), reason="Looked at the leg.")
    assert status_of(entry) == (EntryStatus.OVER, "not_suspected")
    give_back(list(kept.values())[3])
    assert tend_waitlist() == 0


def test_a_wished_consultation_opens_an_episode_that_somebody_owes(place: Place) -> None:
    entry = waits_for_consult(place)
    [step] = entry.episode.steps.all()
    assert (step.kind, step.owner_role, step.due_at) == (StepKind.BOOKING, Role.REPRESENTATIVE, entry.latest)
    visit = accept(place.actor, offer_id=offered().pk)
    assert visit.episode == entry.episode
    assert live(entry) == ["consult"]


def test_nobody_waits_twice_for_the_same(place: Place) -> None:
    entry = waits(place)
    with pytest.raises(AlreadyWaiting):
        waits(place, entry.episode)


def test_a_rule_out_is_waited_for_in_an_episode_only(place: Place) -> None:
    with pytest.raises(EpisodeNeeded):
        waits_for_consult(place, visit_type=place.types["dvt_scan"])


def test_who_has_such_a_visit_names_it_to_come_sooner(place: Place) -> None:
    visit = place.booked()
    assert visit.episode is not None
    with pytest.raises(VisitBookedAlready):
        waits(place, visit.episode)
    assert waits(place, visit.episode, visit_id=visit.pk).visit == visit


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"zip": "00000"}, "zip"),
        ({"within_miles": 0}, "within_miles"),
        ({"within_miles": 10_000}, "within_miles"),
        ({"latest": datetime(2020, 1, 1, tzinfo=UTC)}, "latest"),
        ({"visit_id": 999_999}, "instead_of"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_field(place: Place, terms: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        waits(place, **terms)
    assert field in refused.value.fields
    assert not WaitlistEntry.objects.exists()


def test_the_system_offers_nobody_a_time_at_the_hour_of_another_visit(place: Place) -> None:
    kept = full(place)
    entry = waits(place)
    first = list(kept.values())[3]
    give_back(first)
    book(place.actor, patient=entry.patient, slot=place.at(14, kind="consult"))
    clash = Appointment.objects.get(visit_type__kind="consult")
    tend_waitlist()
    for offer in open_offers():
        assert offer.starts_at >= clash.ends_at or offer.hold.ends_at <= clash.starts_at


def test_an_offer_is_over_once_they_have_a_sooner_time(place: Place) -> None:
    patient = make_patient()
    visit = book(place.actor, patient=patient, slot=place.at(16, kind="consult"))
    kept = list(full(place, kind="consult").values())
    terms = Terms(visit_type=visit.visit_type, zip="20770", visit_id=visit.pk, short_notice=True)
    join(place.actor, patient=patient, episode=visit.episode, terms=terms)
    give_back(kept[4])
    offer = offered()
    give_back(kept[2])
    reschedule(place.actor, appointment_id=visit.pk, starts_at=kept[2].starts_at)
    with pytest.raises(OfferOver):
        accept(place.actor, offer_id=offer.pk)
    tend_waitlist()
    offer.refresh_from_db()
    visit.refresh_from_db()
    assert (offer.status, visit.starts_at) == (OfferStatus.WITHDRAWN, kept[2].starts_at)
