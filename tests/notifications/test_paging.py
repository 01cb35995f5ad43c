"""Paging who is on call: whom, how and when; nobody once somebody has taken the call; and nothing of the patient."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from clinic import clock
from clinic.access import SYSTEM, staff_actor
from clinic.models import ConsentChannel, Event, Patient, Role, Staff, StepKind
from clinic.services.consent import record_consent
from clinic.services.episodes import close_episode
from clinic.services.escalation import escalate_overdue
from clinic.services.steps import cancel_step, complete_step, open_step
from clinic.services.worklist import reassign
from notifications.lint import FORBIDDEN
from notifications.models import Message
from notifications.provider import Refused
from notifications.selectors.pages import callbacks_in_hand
from notifications.services.sending import send_due
from tests.factories import set_clock
from tests.kernel import new_step
from tests.notifications.carrier import Carrier, asked_of_a_person, tells
from tests.notifications.pagers import TEN, OnCallCenter, make_on_call, planned, take, until

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def crew(db: None) -> OnCallCenter:
    return make_on_call()


def test_the_pages_are_rows_that_are_due_at_their_instants(crew: OnCallCenter) -> None:
    before = clock.now()
    step = crew.callback()
    first, second = crew.clinicians
    assert [page[:2] for page in planned(step)] == [
        (first, "sms"),
        (first, "voice"),
        (second, "sms"),
        (second, "voice"),
        (first, "sms"),
    ]
    pages = Message.objects.filter(step=step).order_by("due_at")
    assert [round((page.due_at - before) / MINUTE) for page in pages] == [0, 2, 4, 6, 8]
    assert {(page.patient, page.episode, page.urgent, page.expires_at) for page in pages} == {
        (None, step.episode, True, step.due_at)
    }
    assert [page.phone for page in pages][:3] == [first.phone, first.phone, second.phone]


class _Undone(Exception):
    pass


def test_a_callback_that_did_not_come_to_be_pages_nobody(crew: OnCallCenter) -> None:
    def undone() -> None:
        with transaction.atomic():
            crew.callback()
            raise _Undone

    with pytest.raises(_Undone):
        undone()
    assert not Message.objects.exists()


@pytest.mark.parametrize(("within", "pages"), [(10, 5), (11, 1), (30, 1), (60, 1), (61, 0), (24 * 60, 0)])
def test_how_many_are_paged_depends_on_how_soon_the_call_is_owed(crew: OnCallCenter, within: int, pages: int) -> None:
    assert len(planned(crew.callback(within * MINUTE))) == pages


@pytest.mark.parametrize("kind", [StepKind.ARRIVAL_CALL, StepKind.READING, StepKind.FOLLOW_UP_CALL, StepKind.CONTACT])
def test_nothing_but_a_callback_pages(crew: OnCallCenter, kind: StepKind) -> None:
    new = new_step(kind, due_at=clock.now() + TEN, center_id=crew.center.pk)
    assert planned(open_step(SYSTEM, episode=crew.patient_in_care(), new=new)) == []


def test_a_callback_that_is_somebodys_from_the_start_pages_nobody(crew: OnCallCenter) -> None:
    assert planned(crew.callback(owner_id=crew.clinicians[0].pk)) == []


def test_who_takes_the_call_after_the_first_text_ends_the_paging(crew: OnCallCenter, carrier: Carrier) -> None:
    step = crew.callback()
    send_due()
    take(step, crew.clinicians[0])
    until(clock.now() + TEN)
    assert [(call.to, call.rings) for call in carrier.calls] == [(crew.clinicians[0].phone, False)]
    assert [page[2] for page in planned(step)] == ["sent", "cancelled", "cancelled", "cancelled", "cancelled"]
    assert set(Message.objects.filter(status="cancelled").values_list("end_code", flat=True)) == {"taken"}


def test_a_page_that_a_worker_has_claimed_is_asked_once_more(crew: OnCallCenter, carrier: Carrier) -> None:
    step = crew.callback()
    first = Message.objects.filter(step=step).order_by("due_at")[:1]
    # Taken by a worker just before somebody takes the call, so that nobody can withdraw it any more.
    Message.objects.filter(pk__in=first).update(status="sending", claimed_at=clock.real_now())
    take(step, crew.clinicians[1])
    Message.objects.filter(status="sending").update(status="due")
    until(clock.now() + TEN)
    assert carrier.calls == []
    assert set(Message.objects.values_list("status", "end_code")) == {("cancelled", "taken")}


@pytest.mark.parametrize("end", [complete_step, cancel_step])
def test_a_call_that_was_made_or_is_not_needed_pages_nobody(crew: OnCallCenter, carrier: Carrier, end: object) -> None:
    step = crew.callback()
    end(SYSTEM, step=step, outcome="over")  # type: ignore[operator]
    until(clock.now() + TEN)
    assert carrier.calls == []


def test_a_closed_episode_pages_nobody(crew: OnCallCenter, carrier: Carrier) -> None:
    step = crew.callback()
    close_episode(staff_actor(crew.clinicians[0]), episode_id=step.episode_id, reason="transferred")
    until(clock.now() + TEN)
    assert carrier.calls == []


def test_who_hands_the_call_back_has_the_others_paged_anew(crew: OnCallCenter) -> None:
    step = crew.callback()
    take(step, crew.clinicians[0])
    clock.advance(5 * MINUTE)
    actor = staff_actor(crew.clinicians[0])
    reassign(actor, step_id=step.pk, owner_id=None, owner_role=Role.CLINICIAN, center_id=crew.center.pk)
    due = Message.objects.filter(step=step, status="due")
    assert due.count() == 3
    assert min(due.values_list("due_at", flat=True)) <= clock.now()


def test_who_left_before_their_turn_is_not_paged(crew: OnCallCenter, carrier: Carrier) -> None:
    crew.callback()
    Staff.objects.filter(pk=crew.clinicians[0].pk).update(is_active=False)
    until(clock.now() + TEN)
    assert {call.to for call in carrier.calls} == {crew.clinicians[1].phone}


def test_an_overdue_callback_pages_the_supervisor_the_same_way(crew: OnCallCenter, carrier: Carrier) -> None:
    step = crew.callback()
    assert step.due_at is not None
    until(step.due_at + MINUTE / 4)
    escalate_overdue()
    [supervisor] = crew.supervisors
    until(clock.now() + TEN)
    assert [(call.to, call.rings) for call in carrier.calls[5:]] == [
        (supervisor.phone, rings) for rings in (False, True, False, True, False)
    ]


def test_where_no_supervisor_is_on_duty_the_clinicians_are_paged_again(db: None, carrier: Carrier) -> None:
    crew = make_on_call(clinicians=1, supervisors=0)
    step = crew.callback()
    assert step.due_at is not None
    set_clock(step.due_at + MINUTE / 4)
    escalate_overdue()
    step.refresh_from_db()
    assert step.owner_role == Role.PHYSICIAN
    until(clock.now() + TEN)
    assert {call.to for call in carrier.calls} == {crew.clinicians[0].phone}
    # What was due to the clinicians before is of no use any more.
    assert len(carrier.calls) == 5


def test_a_half_hour_callback_that_is_overdue_pages_the_supervisor_until_time_is_up(crew: OnCallCenter) -> None:
    step = crew.callback(30 * MINUTE)
    assert step.due_at is not None
    set_clock(step.due_at + MINUTE / 4)
    escalate_overdue()
    assert [page[0] for page in planned(step)][1:] == crew.supervisors * 5


def test_a_second_callback_is_the_second_clinicians(crew: OnCallCenter) -> None:
    first, second = crew.clinicians
    crew.center.resources.filter(staff=first).update(remote=True)
    assert planned(crew.callback())[0][0] == first
    assert planned(crew.callback())[0][0] == second
    assert callbacks_in_hand(due_by=clock.now() + TEN) == {first.pk: 1, second.pk: 1}


def test_who_took_a_callback_has_it_in_hand(crew: OnCallCenter) -> None:
    second = crew.clinicians[1]
    step = crew.callback()
    take(step, second)
    assert callbacks_in_hand(due_by=clock.now() + TEN) == {second.pk: 1}
    complete_step(SYSTEM, step=step, outcome="reached")
    assert callbacks_in_hand(due_by=clock.now() + TEN) == {}


def test_a_page_says_what_waits_and_where_and_nothing_of_whom(
    crew: OnCallCenter, carrier: Carrier, settings: LazySettings
) -> None:
    settings.PUBLIC_BASE_URL = "https://clinic.example"
    step = crew.callback()
    Patient.objects.filter(pk=step.episode.patient_id).update(given_name="Zebulon", family_name="Quartermaine")
    until(clock.now() + 3 * MINUTE)
    text, call = carrier.calls
    assert text.body.startswith("Vein Center: urgent callback waiting, due 12:10 PM E")
    assert text.body.endswith(f"Open: https://clinic.example/staff/steps/{step.pk}/")
    assert call.body == (
        "This is Vein Center. An urgent callback is waiting for you. "
        "Open your worklist now, or call 2 4 0, 5 1 2, 4 7 5 9."
    )
    for said in (text.body, call.body):
        assert not FORBIDDEN.search(said)
        assert "Zebulon" not in said
        assert "Quartermaine" not in said
    assert call.callback.startswith("https://clinic.example/webhooks/twilio/call-status/?attempt=")


def test_a_page_needs_no_consent_and_knows_no_night(crew: OnCallCenter, carrier: Carrier) -> None:
    phone = crew.clinicians[0].phone
    record_consent(SYSTEM, phone=phone, granted=False, channel=ConsentChannel.REPLY, language="en", wording="STOP")
    crew.callback()
    send_due()
    assert [call.to for call in carrier.calls] == [phone]


def test_a_page_that_fails_is_recorded_and_asks_nobody_to_reach_the_patient(
    crew: OnCallCenter, carrier: Carrier
) -> None:
    step = crew.callback()
    carrier.answers.append(Refused(21614, 400))
    send_due()
    assert planned(step)[0][2] == "failed"
    assert asked_of_a_person(step.episode) == []
    [event] = Event.objects.filter(kind="page.failed")
    assert (event.episode, event.codes) == (step.episode, {"purpose": "urgent_callback", "code": "21614"})
    assert not Event.objects.filter(kind="message.failed").exists()
    until(clock.now() + 3 * MINUTE)
    # The next one is due all the same.
    assert [call.rings for call in carrier.calls] == [False, True]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_a_call_that_nobody_takes_is_followed_by_the_next(crew: OnCallCenter, carrier: Carrier, status: str) -> None:
    step = crew.callback()
    until(clock.now() + 3 * MINUTE)
    call = carrier.calls[-1]
    tells(carrier.texts[call.to][-1].sid, "initiated", "ringing", status, call=call)
    assert planned(step)[1][2] == "undelivered"
    assert asked_of_a_person(step.episode) == []
    until(clock.now() + 2 * MINUTE)
    assert carrier.calls[-1].to == crew.clinicians[1].phone


def test_two_callbacks_of_one_clinician_wait_for_each_other_on_the_line(db: None, carrier: Carrier) -> None:
    crew = make_on_call(clinicians=1)
    first, second = crew.callback(), crew.callback()
    assert [Message.objects.filter(step=step, status="due").count() for step in (first, second)] == [5, 5]
    send_due()
    assert [call.to for call in carrier.calls] == [crew.clinicians[0].phone] * 2


def test_a_message_is_for_a_patient_or_for_somebody_of_the_staff(crew: OnCallCenter) -> None:
    page = Message.objects.filter(step=crew.callback())[:1]
    for wrong in ({"staff": None}, {"patient": crew.patient_in_care().patient}):
        with pytest.raises(IntegrityError, match="message_is_for_a_patient_or_for_staff"), transaction.atomic():
            Message.objects.filter(pk__in=page).update(**wrong)
    with pytest.raises(ValueError, match="member of staff"):
        _ = page[0].recipient
