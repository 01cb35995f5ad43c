"""A patient without a telephone: no text that is owed is lost, a person reaches them as it is recorded."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clinic import clock
from clinic.errors import Conflict
from clinic.models import LIVE_STEP, LinkPurpose, Patient, Report, Role, Step, StepKind
from clinic.services import links
from clinic.services.departures import Leaving, record_departure
from clinic.services.episodes import close_episode
from clinic.services.reports import Finding, finalize
from clinic.services.telling import release_result
from clinic.watchdog import find_lost
from notifications.models import Channel, Message, MessageStatus, Purpose
from notifications.services.codes import send_code
from notifications.services.conversing import converse_with
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from scheduling.services.rescheduling import reschedule
from scheduling.services.unreached_patients import pursue_unreached
from tests.factories import make_patient, set_clock, tomorrow_at
from tests.notifications.carrier import Carrier, asked_of_a_person
from tests.pages.staff import Ward, open_ward

pytestmark = [
    # The watchdog reads at an isolation level of its own.
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
PLAN = {"phone": None, "in_person_plan": "At the desk at 4 pm"}
CONTACT = {"phone": None, "contact_name": "Ann Lee", "contact_phone": "+13015550188"}


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


def _booked(ward: Ward, *, hour: int = 16, **person: object) -> Appointment:
    return book(ward.place.actor, patient=make_patient(**(person or PLAN)), slot=ward.place.at(hour, kind="consult"))


def _loses_the_phone(report: Report, **way: object) -> Patient:
    patient = report.episode.patient
    Patient.objects.filter(pk=patient.pk).update(**(way or PLAN))
    patient.refresh_from_db()
    return patient


def test_the_confirmation_that_no_text_can_bring_is_a_step_with_an_owner_and_a_time(
    ward: Ward, carrier: Carrier
) -> None:
    visit = _booked(ward)
    send_due()
    assert carrier.calls == []
    assert visit.episode is not None
    (step,) = asked_of_a_person(visit.episode)
    assert (step.owner_role, step.center, step.status) == (Role.REPRESENTATIVE, visit.center, "open")
    assert step.due_at is not None
    assert clock.now() < step.due_at <= clock.now() + timedelta(minutes=15)
    message = Message.objects.get(purpose=Purpose.BOOKING_CONFIRMATION)
    assert (message.phone, message.channel, message.status, message.end_code) == ("", "person", "failed", "no_phone")


def test_a_visit_that_moves_is_told_by_a_person_too(ward: Ward, carrier: Carrier) -> None:
    visit = _booked(ward)
    assert visit.episode is not None
    send_due()
    Step.objects.filter(kind=StepKind.CONTACT).update(status="done", ended_at=clock.now(), outcome="reached")
    reschedule(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk, starts_at=tomorrow_at(17, 0, days=0))
    send_due()
    assert [step.status for step in asked_of_a_person(visit.episode)] == ["done", "open"]
    assert carrier.calls == []


def test_two_without_a_phone_do_not_wait_for_one_another(ward: Ward, carrier: Carrier) -> None:
    episodes = [_booked(ward, hour=hour).episode for hour in (16, 17)]
    assert send_due() >= 2
    assert all(episode is not None and len(asked_of_a_person(episode)) == 1 for episode in episodes)


def test_a_negative_result_is_told_by_a_person_and_nobody_is_lost(ward: Ward, carrier: Carrier) -> None:
    report = _released(ward)
    send_due()
    assert carrier.calls == []
    assert Message.objects.get(purpose=Purpose.RESULT_READY).status == MessageStatus.FAILED
    assert [step.status for step in asked_of_a_person(report.episode)] == ["open"]
    assert not Message.objects.filter(phone="").exclude(channel=Channel.PERSON).exists()
    lost = {each.loss.code for each in find_lost() if each.episode_id == report.episode_id}
    # How they left is not recorded in this test; nothing else is amiss.
    assert lost <= {"left_unrecorded"}


def _released(ward: Ward) -> Report:
    report = ward.read()
    _loses_the_phone(report)
    finding = Finding(impression="", category="no_dvt_complete", side="left", findings="")
    finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    return release_result(ward.actor(Role.REPRESENTATIVE), report_id=report.pk)


def _closes(ward: Ward, report: Report, reason: str) -> None:
    close_episode(ward.actor(Role.CLINICIAN), episode_id=report.episode_id, reason=reason)


@pytest.mark.parametrize(("reason", "told"), [("transferred", True), ("duplicate", False), ("died", False)])
@pytest.mark.parametrize("first", ["asked", "closed"])
def test_a_result_is_told_by_a_person_though_the_episode_ends(
    ward: Ward, carrier: Carrier, reason: str, told: bool, first: str
) -> None:
    report = _released(ward)
    if first == "asked":
        send_due()
        _closes(ward, report, reason)
    else:
        _closes(ward, report, reason)
        send_due()
    live = [step for step in asked_of_a_person(report.episode) if step.status in LIVE_STEP]
    assert bool(live) == told


def test_the_check_finds_who_was_to_be_reached_by_a_person_whom_nobody_asked(ward: Ward, carrier: Carrier) -> None:
    visit = _booked(ward)
    send_due()
    Step.objects.filter(kind=StepKind.CONTACT).update(status="cancelled", ended_at=clock.now(), outcome="lost")
    set_clock(clock.now() + timedelta(minutes=11))
    assert ("out_of_reach", visit.episode_id) in {(each.loss.code, each.episode_id) for each in find_lost()}


def test_who_left_with_a_positive_result_and_has_no_number_at_all_is_decided_upon_at_once(
    ward: Ward, carrier: Carrier
) -> None:
    report = ward.read("positive")
    _loses_the_phone(report)
    leaving = Leaving(callback_phone="", instructions=["danger_signs", "whom_to_call"])
    record_departure(ward.actor(Role.CLINICIAN), report_id=report.pk, leaving=leaving)
    finding = Finding(impression="", category="acute_proximal_dvt", side="left", findings="")
    finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    pursue_unreached()
    decision = Step.objects.get(episode=report.episode, kind=StepKind.WELFARE_CHECK, status__in=LIVE_STEP)
    assert decision.due_at is not None
    assert decision.due_at <= clock.now() + timedelta(minutes=15)
    set_clock(clock.now() + timedelta(minutes=46))
    pursue_unreached()
    assert Step.objects.filter(episode=report.episode, kind=StepKind.HANDOVER, plan_code="ed_transfer").exists()
    send_due()
    assert Message.objects.get(purpose=Purpose.SEEK_EMERGENCY_CARE).channel == Channel.PERSON
    assert carrier.calls == []


def test_there_is_no_conversation_with_who_has_no_phone_and_no_code_goes_anywhere(ward: Ward) -> None:
    patient = make_patient(**PLAN)
    with pytest.raises(Conflict) as refused:
        converse_with(ward.actor(Role.REPRESENTATIVE), patient_id=patient.pk)
    assert refused.value.code == "no_phone"
    expires_at = clock.now() + timedelta(days=1)
    link = links.issue(purpose=LinkPurpose.RESULT, subject_id=1, patient=patient, expires_at=expires_at)
    with pytest.raises(Conflict) as refused:
        send_code(link=link)
    assert refused.value.code == "no_phone"
    assert not Message.objects.exists()


def test_a_message_without_a_number_is_a_persons_and_the_database_holds_it(ward: Ward) -> None:
    _booked(ward)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(phone="").update(channel=Channel.SMS)
