"""What people write back is done where it is plain, and goes to a person where it is not."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, patient_actor
from clinic.models import ConsentChannel, Event, Link, LinkPurpose, Patient, Step
from clinic.selectors.consent import opted_out
from clinic.services import links
from clinic.services.consent import record_consent
from notifications.local_twilio.message import new_sid
from notifications.models import Inbound, Message, Purpose
from notifications.replies import Meaning, meaning_of
from notifications.services import hearing
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from scheduling.services.rescheduling import reschedule
from tests.factories import make_patient, phone_of
from tests.notifications.carrier import Carrier, loses_the_answer
from tests.pages.staff import Ward, open_ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(db: None) -> Ward:
    """A center at noon."""
    return open_ward()


def _visit(ward: Ward, hour: int, patient: Patient | None = None) -> Appointment:
    """A visit whose confirmation has arrived."""
    someone = patient or make_patient()
    record_consent(SYSTEM, phone=phone_of(someone), granted=True, channel=ConsentChannel.PHONE, language="en")
    visit = book(ward.place.actor, patient=someone, slot=ward.place.at(hour, kind="consult"))
    send_due()
    return visit


def _reply(phone: str, body: str) -> Inbound:
    sid = new_sid()
    assert store(sid=sid, phone=phone, body=body, opt_out_type="")
    handle_replies()
    inbound = Inbound.objects.get(provider_sid=sid)
    assert inbound.handled_at is not None
    return inbound


def _phone(visit: Appointment) -> str:
    assert visit.patient is not None
    return phone_of(visit.patient)


def _status(visit: Appointment) -> str:
    return Appointment.objects.get(pk=visit.pk).status


def _steps(visit: Appointment, kind: str = "contact") -> list[Step]:
    return list(Step.objects.filter(episode=visit.episode, kind=kind, status="open"))


def _answered(inbound: Inbound) -> bool:
    return Message.objects.filter(purpose=Purpose.REPLY, about_kind="inbound", about_id=inbound.pk).exists()


@pytest.mark.parametrize(("body", "status"), [("C", "confirmed"), ("c!", "confirmed"), ("X", "cancelled")])
def test_a_letter_is_done_at_once_and_nobody_is_asked(ward: Ward, carrier: Carrier, body: str, status: str) -> None:
    visit = _visit(ward, 16)
    inbound = _reply(_phone(visit), body)
    assert _status(visit) == status
    assert not _answered(inbound)
    assert _steps(visit) == []
    event = Event.objects.get(kind=f"appointment.{status}")
    assert (event.actor_kind, event.actor_id) == ("patient", visit.patient_id)


def test_who_confirms_to_each_text_is_believed_each_time(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    for _ in range(2):
        assert not _answered(_reply(_phone(visit), "C"))
    assert _status(visit) == "confirmed"
    assert _steps(visit) == []


@pytest.mark.parametrize("body", ["R", "I am late, is that ok?"])
def test_what_is_not_plain_goes_to_a_person_and_the_patient_hears_so(ward: Ward, carrier: Carrier, body: str) -> None:
    visit = _visit(ward, 16)
    _reply(_phone(visit), body)
    [step] = _steps(visit)
    assert step.owner_role == "representative"
    assert _status(visit) == "booked"
    send_due()
    assert "we got your message and will call you" in carrier.calls[-1].body


def test_a_letter_about_a_visit_that_has_moved_on_goes_to_a_person(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    _reply(_phone(visit), "X")
    inbound = _reply(_phone(visit), "C")
    assert _status(visit) == "cancelled"
    assert _answered(inbound)
    assert len(_steps(visit)) == 1


def test_a_letter_that_two_visits_could_mean_goes_to_a_person_for_each(ward: Ward, carrier: Carrier) -> None:
    mother = make_patient()
    daughter = make_patient(phone=mother.phone)
    visits = [_visit(ward, 15, mother), _visit(ward, 17, daughter)]
    inbound = _reply(phone_of(mother), "C")
    assert [_status(visit) for visit in visits] == ["booked", "booked"]
    assert [len(_steps(visit)) for visit in visits] == [1, 1]
    assert Message.objects.filter(purpose=Purpose.REPLY, about_id=inbound.pk).count() == 1


def test_of_two_patients_on_one_phone_the_one_who_was_asked_is_meant(ward: Ward, carrier: Carrier) -> None:
    mother = make_patient()
    make_patient(phone=mother.phone)
    visit = _visit(ward, 15, mother)
    _reply(phone_of(mother), "C")
    assert _status(visit) == "confirmed"


def test_a_reply_that_is_faster_than_the_receipt_is_understood(ward: Ward, carrier: Carrier) -> None:
    carrier.answers.append(loses_the_answer)
    visit = _visit(ward, 16)
    assert Message.objects.get(purpose=Purpose.BOOKING_CONFIRMATION).status == "unknown"
    _reply(_phone(visit), "C")
    assert _status(visit) == "confirmed"


def test_a_letter_long_after_its_question_goes_to_a_person(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    Message.objects.filter(purpose=Purpose.BOOKING_CONFIRMATION).update(sent_at=clock.now() - timedelta(days=8))
    _reply(_phone(visit), "X")
    assert _status(visit) == "booked"
    assert len(_steps(visit)) == 1


def test_a_reply_that_is_delivered_twice_is_done_once(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    sid = new_sid()
    assert store(sid=sid, phone=_phone(visit), body="R", opt_out_type="")
    assert not store(sid=sid, phone=_phone(visit), body="R", opt_out_type="")
    assert (handle_replies(), handle_replies()) == (1, 0)
    assert len(_steps(visit)) == 1


def test_a_fault_in_one_reply_does_not_hold_up_the_others(
    ward: Ward, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = _visit(ward, 16)
    faulty = new_sid()
    store(sid=faulty, phone=_phone(visit), body="faulty", opt_out_type="")

    def broken(body: str, opt_out_type: str = "") -> Meaning:
        if body == "faulty":
            raise ValueError
        return meaning_of(body, opt_out_type)

    monkeypatch.setattr(hearing, "meaning_of", broken)
    _reply(_phone(visit), "chest pain")
    assert len(_steps(visit, "callback")) == 1
    # It is tried again, and done once it can be.
    monkeypatch.setattr(hearing, "meaning_of", meaning_of)
    assert handle_replies() == 1
    assert Inbound.objects.get(provider_sid=faulty).handled_as == "other"


def test_who_asks_for_another_time_gets_the_way_to_one_and_a_person_as_well(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    inbound = _reply(_phone(visit), "R please")
    assert inbound.visit == visit
    send_due()
    link = Link.objects.get(purpose=LinkPurpose.VISIT, subject_id=visit.pk)
    assert links.url(link) in carrier.calls[-1].body
    assert len(_steps(visit)) == 1


def test_who_then_moves_the_visit_themselves_need_not_be_called(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    inbound = _reply(_phone(visit), "R")
    reschedule(patient_actor(visit.patient_id or 0), appointment_id=visit.pk, starts_at=ward.place.at(17).starts_at)
    assert _steps(visit) == []
    inbound.refresh_from_db()
    assert inbound.attended_at is not None


def test_a_rule_out_that_is_given_up_by_text_is_a_clinician_s_call_at_once(ward: Ward, carrier: Carrier) -> None:
    scan = ward.place.booked(16)
    record_consent(SYSTEM, phone=_phone(scan), granted=True, channel=ConsentChannel.PHONE, language="en")
    send_due()
    _reply(_phone(scan), "x")
    assert _status(scan) == "cancelled"
    [step] = _steps(scan, "callback")
    assert step.owner_role == "clinician"
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(minutes=30)


def test_of_two_visits_of_one_patient_the_last_question_is_answered(ward: Ward, carrier: Carrier) -> None:
    someone = make_patient()
    first = _visit(ward, 15, someone)
    Message.objects.filter(about_id=first.pk, about_kind="appointment").update(sent_at=clock.now() - timedelta(hours=1))
    second = _visit(ward, 17, someone)
    _reply(phone_of(someone), "C")
    assert (_status(first), _status(second)) == ("booked", "confirmed")


def test_texts_that_wait_for_the_same_person_ask_once(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    texts = [_reply(_phone(visit), body) for body in ("Where do I park?", "And is there an elevator?")]
    [step] = _steps(visit)
    assert [list(text.steps.all()) for text in texts] == [[step], [step]]
    assert [_answered(text) for text in texts] == [True, False]


def test_who_leaves_in_their_own_words_is_heard_at_once_and_a_person_looks_within_a_working_day(
    ward: Ward, carrier: Carrier
) -> None:
    visit = _visit(ward, 16)
    _reply(_phone(visit), "please leave me alone")
    assert opted_out(_phone(visit))
    [step] = _steps(visit)
    assert step.due_at is not None
    assert timedelta(hours=1) < step.due_at - clock.now() < timedelta(days=4)
    send_due()
    assert "no more texts" in carrier.calls[-1].body


def test_who_leaves_by_the_provider_s_word_hears_it_from_the_provider_only(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    assert not _answered(_reply(_phone(visit), "STOP"))
    assert _steps(visit) == []


@pytest.mark.parametrize(("body", "answered"), [("ayuda", True), ("HELP", False)])
def test_who_asks_for_help_in_a_word_that_the_provider_does_not_know_is_answered(
    ward: Ward, carrier: Carrier, body: str, answered: bool
) -> None:
    assert _answered(_reply(phone_of(make_patient()), body)) == answered


def test_a_yes_to_a_reminder_is_looked_at_by_a_person(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    _reply(_phone(visit), "Yes")
    assert _status(visit) == "booked"
    assert len(_steps(visit)) == 1


def test_a_picture_without_words_waits_for_a_person(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16)
    sid = new_sid("MM")
    assert store(sid=sid, phone=_phone(visit), body="", opt_out_type="", media=2)
    handle_replies()
    inbound = Inbound.objects.get(provider_sid=sid)
    assert (inbound.media, inbound.waits_for_person) == (2, True)
    assert len(_steps(visit)) == 1
