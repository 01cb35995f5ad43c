"""Sending what is owed: the attempt before the call, and what follows from each of the provider's answers."""

from datetime import timedelta

import psycopg
import pytest
from django.conf import LazySettings
from django.db import DatabaseError, DataError, IntegrityError, connection

from clinic import clock
from clinic.models import Event
from clinic.selectors.consent import may_text
from notifications import provider
from notifications.models import Message
from notifications.provider import Accepted, Answer, NotSent, Refused
from notifications.services import sending
from notifications.services.rendering import render
from notifications.services.sending import MOST_ATTEMPTS, send_due
from notifications.wording import Rendered
from tests.factories import set_clock
from tests.notifications.carrier import (
    Call,
    Carrier,
    a_text_owed,
    asked_of_a_person,
    in_care,
    loses_the_answer,
    outcomes_of,
    status_of,
)

pytestmark = pytest.mark.django_db


def test_a_text_leaves_once_with_an_address_for_its_receipts(carrier: Carrier, settings: LazySettings) -> None:
    settings.PUBLIC_BASE_URL = "https://clinic.example"
    message = a_text_owed(good_for=timedelta(minutes=30))
    assert send_due() == 1
    assert send_due() == 0
    [call] = carrier.calls
    assert call.to == message.phone
    assert call.callback.startswith("https://clinic.example/webhooks/twilio/status/?attempt=")
    assert call.attempt.message == message
    # The provider does not deliver it either once it is of no use.
    assert timedelta(minutes=29) < call.valid_for <= timedelta(minutes=30)
    assert status_of(message) == "sent"
    assert outcomes_of(message) == [["accepted"]]


@pytest.mark.django_db(transaction=True)
def test_the_attempt_is_there_for_all_to_see_before_the_call_and_no_transaction_is_open(carrier: Carrier) -> None:
    place = connection.settings_dict
    seen: list[object] = []

    def look(carrier: Carrier, call: Call) -> Answer:
        with psycopg.connect(host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user=place["USER"]) as other:
            seen.append(other.execute("SELECT status FROM notifications_message").fetchall())
            seen.append(other.execute("SELECT number FROM notifications_attempt").fetchall())
        seen.append(connection.in_atomic_block)
        return Accepted(carrier.create(call), "queued")

    a_text_owed()
    carrier.answers.append(look)
    send_due()
    assert seen == [[("sending",)], [(1,)], False]


@pytest.mark.parametrize(
    "answer",
    [NotSent("connection_refused"), Refused(20429, 429), Refused(None, 429), Refused(21611, 400), Refused(20003, 401)],
)
def test_what_may_succeed_later_is_tried_again_later(carrier: Carrier, answer: Answer) -> None:
    message = a_text_owed()
    carrier.answers.append(answer)
    send_due()
    assert status_of(message) == "due"
    again_at = Message.objects.get(pk=message.pk).due_at
    assert again_at > clock.now()
    set_clock(again_at)
    send_due()
    assert (status_of(message), len(carrier.calls)) == ("sent", 2)


def test_each_try_waits_longer_and_after_the_last_a_person_takes_over(carrier: Carrier) -> None:
    episode = in_care()
    message = a_text_owed(episode=episode)
    waits = []
    for _ in range(MOST_ATTEMPTS):
        carrier.answers.append(NotSent("connection_refused"))
        send_due()
        due_at = Message.objects.get(pk=message.pk).due_at
        waits.append(due_at - clock.now())
        set_clock(due_at)
    assert waits[:-1] == sorted(waits[:-1])
    assert (status_of(message), len(carrier.calls)) == ("failed", MOST_ATTEMPTS)
    assert len(asked_of_a_person(episode)) == 1


@pytest.mark.parametrize("code", [21211, 21614, 30007])
def test_a_number_that_can_not_be_texted_goes_to_a_person_at_once(carrier: Carrier, code: int) -> None:
    episode = in_care()
    message = a_text_owed(episode=episode)
    carrier.answers.append(Refused(code, 400))
    send_due()
    assert status_of(message) == "failed"
    assert Message.objects.get(pk=message.pk).end_code == str(code)
    [step] = asked_of_a_person(episode)
    assert (step.owner_role, step.center_id) == ("representative", episode.center_id)
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(minutes=15)


def test_an_opt_out_that_only_the_carrier_knows_of_is_recorded_and_never_tried_again(carrier: Carrier) -> None:
    episode = in_care()
    message = a_text_owed(episode=episode)
    carrier.answers.append(Refused(21610, 400))
    send_due()
    assert status_of(message) == "failed"
    assert not may_text(message.phone)
    assert Event.objects.filter(kind="consent.revoked").count() == 1
    assert len(asked_of_a_person(episode)) == 1


def test_a_call_without_an_answer_is_not_repeated(carrier: Carrier) -> None:
    message = a_text_owed()
    carrier.answers.append(loses_the_answer)
    send_due()
    send_due()
    assert (status_of(message), len(carrier.calls)) == ("unknown", 1)
    assert outcomes_of(message) == [["unknown"]]


def test_what_is_of_no_use_any_more_is_not_sent(carrier: Carrier) -> None:
    message = a_text_owed(good_for=timedelta(minutes=5))
    clock.advance(timedelta(minutes=6))
    send_due()
    assert (status_of(message), carrier.calls) == ("expired", [])


def test_a_fault_in_one_text_does_not_hold_up_the_others(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    episode = in_care()
    faulty, good = a_text_owed(episode=episode), a_text_owed()

    def broken(message: Message) -> Rendered:
        if message.pk == faulty.pk:
            raise KeyError("center")
        return render(message)

    monkeypatch.setattr(sending, "render", broken)
    send_due()
    assert (status_of(good), status_of(faulty)) == ("sent", "failed")
    assert len(asked_of_a_person(episode)) == 1


def test_an_answer_that_nobody_foresaw_is_found_out_about_and_not_repeated(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = a_text_owed(), a_text_owed()

    def breaks(carrier: Carrier, call: Call) -> Answer:
        carrier.create(call)
        raise RuntimeError

    carrier.answers.append(breaks)
    send_due()
    send_due()
    # Its attempt stands without an outcome: what became of it is looked up once the lease has run out.
    assert (status_of(first), outcomes_of(first)) == ("sending", [[]])
    assert status_of(second) == "sent"
    assert len(carrier.calls) == 2


def test_a_database_that_is_gone_ends_the_sweep_and_gives_no_text_up(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = a_text_owed()
    monkeypatch.setattr(sending, "render", _gone)
    with pytest.raises(DatabaseError):
        send_due()
    assert (status_of(message), carrier.calls) == ("sending", [])


def _gone(message: Message) -> str:
    raise DatabaseError("the connection is closed")


def test_a_worker_that_was_held_up_between_its_attempt_and_its_call_does_not_call(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = a_text_owed()
    monkeypatch.setattr(sending, "DELAY", timedelta(0))
    send_due()
    assert (status_of(message), outcomes_of(message), carrier.calls) == ("due", [["not_sent"]], [])


def test_the_provider_is_asked_for_nothing_while_nothing_is_due(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "send", None)
    message = a_text_owed()
    Message.objects.filter(pk=message.pk).update(due_at=clock.now() + timedelta(minutes=1))
    assert send_due() == 0


@pytest.mark.parametrize("error", [IntegrityError, DataError])
def test_a_text_that_the_database_refuses_holds_up_no_other_and_is_not_given_up(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    faulty, good = a_text_owed(), a_text_owed()

    def broken(message: Message) -> Rendered:
        if message.pk == faulty.pk:
            raise error
        return render(message)

    monkeypatch.setattr(sending, "render", broken)
    send_due()
    assert (status_of(faulty), status_of(good)) == ("sending", "sent")
