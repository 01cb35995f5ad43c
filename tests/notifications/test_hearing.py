"""What people write back is done where it is plain, and goes to a person where it is not."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, patient_actor
from clinic.models import ConsentChannel, Event, Link, LinkPurpose
from clinic.selectors.consent import opted_out
from clinic.services import links
from clinic.services.consent import record_consent
from notifications.local_twilio.message import new_sid
from notifications.models import Inbound, Message, Purpose
from notifications.replies import Meaning, meaning_of
from notifications.services import hearing
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from scheduling.services.rescheduling import reschedule
from tests.factories import make_patient, phone_of
from tests.notifications.carrier import Carrier, loses_the_answer
from tests.notifications.writing_back import number_for, open_steps, status_of, told_of, was_answered, writes
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("body", "status"), [("C", "confirmed"), ("c!", "confirmed"), ("X", "cancelled")])
def test_a_letter_is_done_at_once_and_nobody_is_asked(ward: Ward, carrier: Carrier, body: str, status: str) -> None:
    visit = told_of(ward, 16)
    inbound = writes(number_for(visit), body)
    assert status_of(visit) == status
    assert not was_answered(inbound)
    assert open_steps(visit) == []
    event = Event.objects.get(kind=f"appointment.{status}")
    assert (event.actor_kind, event.actor_id) == ("patient", visit.patient_id)


def test_who_confirms_to_each_text_is_believed_each_time(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    for _ in range(2):
        assert not was_answered(writes(number_for(visit), "C"))
    assert status_of(visit) == "confirmed"
    assert open_steps(visit) == []


@pytest.mark.parametrize("body", ["R", "I am late, is that ok?"])
def test_what_is_not_plain_goes_to_a_person_and_the_patient_hears_so(ward: Ward, carrier: Carrier, body: str) -> None:
    visit = told_of(ward, 16)
    writes(number_for(visit), body)
    [step] = open_steps(visit)
    assert step.owner_role == "representative"
    assert status_of(visit) == "booked"
    send_due()
    assert "we got your message and will call you" in carrier.calls[-1].body


def test_a_letter_about_a_visit_that_has_moved_on_goes_to_a_person(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    writes(number_for(visit), "X")
    inbound = writes(number_for(visit), "C")
    assert status_of(visit) == "cancelled"
    assert was_answered(inbound)
    assert len(open_steps(visit)) == 1


def test_a_letter_that_two_visits_could_mean_goes_to_a_person_for_each(ward: Ward, carrier: Carrier) -> None:
    mother = make_patient()
    daughter = make_patient(phone=mother.phone)
    visits = [told_of(ward, 15, mother), told_of(ward, 17, daughter)]
    inbound = writes(phone_of(mother), "C")
    assert [status_of(visit) for visit in visits] == ["booked", "booked"]
    assert [len(open_steps(visit)) for visit in visits] == [1, 1]
    assert Message.objects.filter(purpose=Purpose.REPLY, about_id=inbound.pk).count() == 1


def test_of_two_patients_on_one_phone_the_one_who_was_asked_is_meant(ward: Ward, carrier: Carrier) -> None:
    mother = make_patient()
    make_patient(phone=mother.phone)
    visit = told_of(ward, 15, mother)
    writes(phone_of(mother), "C")
    assert status_of(visit) == "confirmed"


def test_a_reply_that_is_faster_than_the_receipt_is_understood(ward: Ward, carrier: Carrier) -> None:
    carrier.answers.append(loses_the_answer)
    visit = told_of(ward, 16)
    assert Message.objects.get(purpose=Purpose.BOOKING_CONFIRMATION).status == "unknown"
    writes(number_for(visit), "C")
    assert status_of(visit) == "confirmed"


def test_a_letter_long_after_its_question_goes_to_a_person(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    Message.objects.filter(purpose=Purpose.BOOKING_CONFIRMATION).update(sent_at=clock.now() - timedelta(days=8))
    writes(number_for(visit), "X")
    assert status_of(visit) == "booked"
    assert len(open_steps(visit)) == 1


def test_a_reply_that_is_delivered_twice_is_done_once(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    sid = new_sid()
    assert store(sid=sid, phone=number_for(visit), body="R", opt_out_type="")
    assert not store(sid=sid, phone=number_for(visit), body="R", opt_out_type="")
    assert (handle_replies(), handle_replies()) == (1, 0)
    assert len(open_steps(visit)) == 1


def test_a_fault_in_one_reply_does_not_hold_up_the_others(
    ward: Ward, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = told_of(ward, 16)
    faulty = new_sid()
    store(sid=faulty, phone=number_for(visit), body="faulty", opt_out_type="")

    def broken(body: str, opt_out_type: str = "") -> Meaning:
        if body == "faulty":
            raise ValueError
        return meaning_of(body, opt_out_type)

    monkeypatch.setattr(hearing, "meaning_of", broken)
    writes(number_for(visit), "chest pain")
    assert len(open_steps(visit, "callback")) == 1
    # It is tried again, and done once it can be.
    monkeypatch.setattr(hearing, "meaning_of", meaning_of)
    assert handle_replies() == 1
    assert Inbound.objects.get(provider_sid=faulty).handled_as == "other"


def test_who_asks_for_another_time_gets_the_way_to_one_and_a_person_as_well(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    inbound = writes(number_for(visit), "R please")
    assert inbound.visit == visit
    send_due()
    link = Link.objects.get(purpose=LinkPurpose.VISIT, subject_id=visit.pk)
    assert links.url(link) in carrier.calls[-1].body
    assert len(open_steps(visit)) == 1


def test_who_then_moves_the_visit_themselves_need_not_be_called(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    inbound = writes(number_for(visit), "R")
    reschedule(patient_actor(visit.patient_id or 0), appointment_id=visit.pk, starts_at=ward.place.at(17).starts_at)
    assert open_steps(visit) == []
    inbound.refresh_from_db()
    assert inbound.attended_at is not None


def test_a_rule_out_that_is_given_up_by_text_is_a_clinician_s_call_at_once(ward: Ward, carrier: Carrier) -> None:
    scan = ward.place.booked(16)
    record_consent(SYSTEM, phone=number_for(scan), granted=True, channel=ConsentChannel.PHONE, language="en")
    send_due()
    writes(number_for(scan), "x")
    assert status_of(scan) == "cancelled"
    [step] = open_steps(scan, "callback")
    assert step.owner_role == "clinician"
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(minutes=30)


def test_of_two_visits_of_one_patient_the_last_question_is_answered(ward: Ward, carrier: Carrier) -> None:
    someone = make_patient()
    first = told_of(ward, 15, someone)
    Message.objects.filter(about_id=first.pk, about_kind="appointment").update(sent_at=clock.now() - timedelta(hours=1))
    second = told_of(ward, 17, someone)
    writes(phone_of(someone), "C")
    assert (status_of(first), status_of(second)) == ("booked", "confirmed")


def test_texts_that_wait_for_the_same_person_ask_once(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    texts = [writes(number_for(visit), body) for body in ("Where do I park?", "And is there an elevator?")]
    [step] = open_steps(visit)
    assert [list(text.steps.all()) for text in texts] == [[step], [step]]
    assert [was_answered(text) for text in texts] == [True, False]


def test_who_leaves_in_their_own_words_is_heard_at_once_and_a_person_looks_within_a_working_day(
    ward: Ward, carrier: Carrier
) -> None:
    visit = told_of(ward, 16)
    writes(number_for(visit), "please leave me alone")
    assert opted_out(number_for(visit))
    [step] = open_steps(visit)
    assert step.due_at is not None
    assert timedelta(hours=1) < step.due_at - clock.now() < timedelta(days=4)
    send_due()
    assert "no more texts" in carrier.calls[-1].body


def test_who_leaves_by_the_provider_s_word_hears_it_from_the_provider_only(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    assert not was_answered(writes(number_for(visit), "STOP"))
    assert open_steps(visit) == []


@pytest.mark.parametrize(("body", "answered"), [("ayuda", True), ("HELP", False)])
def test_who_asks_for_help_in_a_word_that_the_provider_does_not_know_is_answered(
    ward: Ward, carrier: Carrier, body: str, answered: bool
) -> None:
    assert was_answered(writes(phone_of(make_patient()), body)) == answered


def test_a_yes_to_a_reminder_is_looked_at_by_a_person(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    writes(number_for(visit), "Yes")
    assert status_of(visit) == "booked"
    assert len(open_steps(visit)) == 1


def test_a_picture_without_words_waits_for_a_person(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    sid = new_sid("MM")
    assert store(sid=sid, phone=number_for(visit), body="", opt_out_type="", media=2)
    handle_replies()
    inbound = Inbound.objects.get(provider_sid=sid)
    assert (inbound.media, inbound.waits_for_person) == (2, True)
    assert len(open_steps(visit)) == 1
