"""Conversations over the API: the thread, an answer in somebody's name, once."""

import functools

import pytest
from django.test import Client

from clinic.models import ChartRead, Role
from notifications.local_twilio.message import new_sid
from notifications.models import Conversation, Inbound, Message, Typed
from notifications.services.hearing import handle_replies, store
from tests.doors.conftest import Door, changes_nothing, refused, send
from tests.factories import make_center, make_patient, make_staff, phone_of

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def _wrote(phone: str, body: str) -> Conversation:
    store(sid=new_sid(), phone=phone, body=body, opt_out_type="")
    handle_replies()
    return Conversation.objects.get(phone=phone)


def test_who_waits_is_listed_and_their_thread_can_be_read(door: Door) -> None:
    patient = make_patient()
    conversation = _wrote(phone_of(patient), "Do you take my insurance?")
    client = door.of(Role.REPRESENTATIVE)
    [waiting] = send(client, "GET", "conversations/").json()["results"]
    assert (waiting["id"], waiting["patients"], waiting["texts"]) == (conversation.pk, [patient.pk], 1)
    thread = send(client, "GET", f"conversations/{conversation.pk}/").json()
    assert [text["words"] for text in thread["received"]] == ["Do you take my insurance?"]
    assert [text["purpose"] for text in thread["sent"]] == ["reply"]
    assert thread["consent"] is None


def test_a_patient_leads_to_their_conversation(door: Door) -> None:
    patient = make_patient()
    client = door.of(Role.REPRESENTATIVE)
    first, again = (send(client, "POST", "conversations/", {"patient": patient.pk}).json() for _ in range(2))
    assert (first["id"], first["phone"]) == (again["id"], patient.phone)
    refused(send(client, "POST", "conversations/", {"patient": 999999}), 404, "not_found")


def test_an_answer_has_a_name_and_is_given_once_however_often_it_is_sent(door: Door) -> None:
    patient = make_patient()
    conversation = _wrote(phone_of(patient), "Do you take my insurance?")
    client, path = door.of(Role.REPRESENTATIVE), f"conversations/{conversation.pk}/texts/"
    said = {"words": "Yes, we do. See you at 3 PM."}
    first, again = (send(client, "POST", path, said, Idempotency_Key="one") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["author"]["id"] == door.ward.people[Role.REPRESENTATIVE].pk
    assert Typed.objects.count() == Message.objects.filter(purpose="staff_reply").count() == 1
    assert send(client, "GET", "conversations/").json()["results"] == []
    sent = send(client, "GET", f"conversations/{conversation.pk}/").json()["sent"][0]
    assert (sent["words"], sent["author"]["name"]) == (said["words"], str(door.ward.people[Role.REPRESENTATIVE]))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"words": "Your scan is at 3"}, "words"),
        ({"words": "a" * 400}, "words"),
        ({"words": ""}, "words"),
        ({}, "words"),
        ({"words": "a" * 5000}, "words"),
        ({"words": "Yes", "patient": 999999}, "patient"),
        ({"words": "Yes", "patient": "she"}, "patient"),
    ],
)
def test_an_answer_that_can_not_be_sent_is_refused_by_its_field(
    door: Door, said: dict[str, object], field: str
) -> None:
    conversation = _wrote(phone_of(make_patient()), "Do you take my insurance?")
    path = f"conversations/{conversation.pk}/texts/"
    answer = changes_nothing(lambda: send(door.of(Role.REPRESENTATIVE), "POST", path, said))
    refused(answer, 400, "invalid", field)


def test_who_wants_no_texts_gets_none(door: Door) -> None:
    conversation = _wrote(phone_of(make_patient()), "STOP")
    path = f"conversations/{conversation.pk}/texts/"
    answer = changes_nothing(lambda: send(door.of(Role.REPRESENTATIVE), "POST", path, {"words": "Yes"}))
    refused(answer, 409, "opted_out")


def test_a_program_reads_but_a_text_has_a_person_s_name(door: Door) -> None:
    conversation = _wrote(phone_of(make_patient()), "Do you take my insurance?")
    assert send(door.of("portal"), "GET", f"conversations/{conversation.pk}/").status_code == 200
    for path, said in (("texts/", {"words": "Yes"}), ("handled/", None)):
        answer = send(door.of("portal"), "POST", f"conversations/{conversation.pk}/{path}", said)
        refused(answer, 403, "forbidden")


def test_what_needs_no_answer_is_marked_as_handled(door: Door) -> None:
    conversation = _wrote(phone_of(make_patient()), "Thank you")
    client, path = door.of(Role.CLINICIAN), f"conversations/{conversation.pk}/handled/"
    assert send(client, "POST", path).status_code == 200
    assert Inbound.objects.get().attended_by == door.ward.people[Role.CLINICIAN]
    refused(send(client, "POST", path), 409, "nothing_waits")


def test_another_centers_conversation_takes_a_reason_whichever_way_it_is_come_to(door: Door) -> None:
    patient = door.ward.place.booked(15).patient
    assert patient is not None
    conversation = _wrote(phone_of(patient), "Where do I park?")
    elsewhere = Client()
    elsewhere.force_login(make_staff(Role.CLINICIAN, center=make_center()))
    for method, path, said in (
        ("GET", f"conversations/{conversation.pk}/", None),
        ("POST", "conversations/", {"patient": patient.pk}),
        ("POST", f"conversations/{conversation.pk}/handled/", {}),
    ):
        answer = changes_nothing(functools.partial(send, elsewhere, method, path, said))
        refused(answer, 403, "break_glass_needed")
    send(door.of(Role.CLINICIAN), "POST", "conversations/", {"patient": patient.pk})
    read = ChartRead.objects.get()
    assert (read.patient, read.page, read.actor_id) == (patient, "conversation", door.ward.people[Role.CLINICIAN].pk)
