"""What became of calls without an answer, of workers that died, and of receipts that never came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.access import SYSTEM
from clinic.services.steps import complete_step
from notifications import provider
from notifications.models import Message, Purpose
from notifications.provider import Answer, NoAnswer, NotSent, Refused
from notifications.services.claiming import LEASE, claim
from notifications.services.reconciling import ABSENT_AFTER, settle_unknown
from notifications.services.sending import _prepare, _record, send_due, send_one
from notifications.services.waiting_long import TOO_LONG
from tests.notifications.called import result_sent
from tests.notifications.carrier import (
    SENDER,
    Call,
    Carrier,
    a_text_owed,
    asked_of_a_person,
    loses_the_answer,
    loses_the_call,
    outcomes_of,
    status_of,
    tells,
)
from tests.notifications.conftest import MachineTime
from tests.pages.staff import open_ward

pytestmark = pytest.mark.django_db
SERVICE = "MG" + "0" * 32


def _unanswered(carrier: Carrier, answer: object = loses_the_answer) -> Message:
    message = a_text_owed()
    carrier.answers.append(answer)  # type: ignore[arg-type]
    send_due()
    assert status_of(message) == "unknown"
    return message


def test_a_text_that_the_provider_has_is_found_and_not_sent_again(carrier: Carrier) -> None:
    message = _unanswered(carrier)
    assert settle_unknown() == 1
    assert (status_of(message), outcomes_of(message)) == ("sent", [["unknown", "found"]])
    assert send_due() == 0
    tells(carrier.texts[message.phone][0].sid, "delivered")
    assert status_of(message) == "delivered"


def test_a_text_found_delivered_is_delivered(carrier: Carrier) -> None:
    def arrives(carrier: Carrier, call: Call) -> Answer:
        carrier.create(call, status="delivered")
        return NoAnswer("readtimeout")

    message = _unanswered(carrier, arrives)
    settle_unknown()
    assert status_of(message) == "delivered"


def test_a_text_whose_status_means_nothing_to_us_is_sent_all_the_same(carrier: Carrier) -> None:
    def strange(carrier: Carrier, call: Call) -> Answer:
        carrier.create(call, status="partially_delivered")
        return NoAnswer("readtimeout")

    message = _unanswered(carrier, strange)
    settle_unknown()
    assert status_of(message) == "sent"


def test_what_is_not_there_is_sent_again_only_when_it_can_not_come_any_more(
    carrier: Carrier, machine: MachineTime
) -> None:
    message = _unanswered(carrier, loses_the_call)
    machine.go_on(ABSENT_AFTER - timedelta(seconds=1))
    assert settle_unknown() == 0
    assert status_of(message) == "unknown"
    machine.go_on(timedelta(seconds=2))
    assert settle_unknown() == 1
    assert outcomes_of(message) == [["unknown", "absent"]]
    send_due()
    assert (status_of(message), len(carrier.texts[message.phone])) == ("sent", 1)


def test_nothing_is_decided_while_the_provider_can_not_be_asked(carrier: Carrier, machine: MachineTime) -> None:
    message = _unanswered(carrier)
    carrier.silent = True
    machine.go_on(ABSENT_AFTER * 3)
    assert settle_unknown() == 0
    assert status_of(message) == "unknown"
    carrier.silent = False
    assert settle_unknown() == 1
    assert status_of(message) == "sent"


def test_what_comes_to_be_while_the_provider_is_asked_is_not_overlooked(
    carrier: Carrier, machine: MachineTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = _unanswered(carrier, loses_the_call)
    call, listed = carrier.calls[0], carrier.sent_to

    def slowly(number: str) -> object:
        found = listed(number)
        carrier.create(call)
        machine.go_on(timedelta(seconds=2))
        return found

    machine.go_on(ABSENT_AFTER - timedelta(seconds=1))
    monkeypatch.setattr(provider, "sent_to", slowly)
    assert settle_unknown() == 0
    assert status_of(message) == "unknown"


@pytest.mark.parametrize(
    ("differs", "changes"),
    [
        ("body", {"body": "Another text"}),
        ("sender", {"senders": frozenset({"+12025550199"})}),
        ("time", {"created_at": datetime(2020, 1, 1, tzinfo=UTC)}),
    ],
)
def test_another_text_of_the_same_number_is_not_taken_for_it(
    carrier: Carrier, machine: MachineTime, differs: str, changes: dict[str, object]
) -> None:
    message = _unanswered(carrier)
    [text] = carrier.texts[message.phone]
    carrier.texts[message.phone] = [replace(text, **changes)]  # type: ignore[arg-type]
    machine.go_on(ABSENT_AFTER)
    settle_unknown()
    assert status_of(message) == "due", differs


def test_the_same_words_in_an_earlier_text_are_not_taken_for_it(carrier: Carrier, machine: MachineTime) -> None:
    first = a_text_owed()
    send_due()
    second = a_text_owed(phone=first.phone)
    carrier.answers.append(loses_the_call)
    send_due()
    machine.go_on(ABSENT_AFTER)
    settle_unknown()
    assert [status_of(each) for each in (first, second)] == ["sent", "due"]
    send_due()
    assert len(carrier.texts[first.phone]) == 2


def test_a_text_of_a_messaging_service_is_known_by_the_service_whatever_number_it_chose(
    carrier: Carrier, settings: LazySettings
) -> None:
    settings.TWILIO_MESSAGING_SERVICE_SID = SERVICE

    def by_service(carrier: Carrier, call: Call) -> Answer:
        carrier.create(call, sender=SERVICE)
        [text] = carrier.texts[call.to]
        carrier.texts[call.to] = [replace(text, senders=frozenset({SERVICE, "+12025550177"}))]
        return NoAnswer("readtimeout")

    message = _unanswered(carrier, by_service)
    assert Message.objects.get(pk=message.pk).tries.get().sender == SERVICE
    settle_unknown()
    assert status_of(message) == "sent"


def test_a_text_sent_by_number_is_known_where_the_number_belongs_to_a_service(carrier: Carrier) -> None:
    def by_number(carrier: Carrier, call: Call) -> Answer:
        carrier.create(call)
        [text] = carrier.texts[call.to]
        carrier.texts[call.to] = [replace(text, senders=frozenset({SERVICE, SENDER}))]
        return NoAnswer("readtimeout")

    message = _unanswered(carrier, by_number)
    settle_unknown()
    assert status_of(message) == "sent"


@pytest.mark.parametrize("second", [0, 59])
def test_it_is_found_on_either_side_of_the_provider_s_midnight(
    carrier: Carrier, machine: MachineTime, second: int
) -> None:
    midnight = (machine.at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    machine.at = midnight - timedelta(seconds=1) if second == 59 else midnight + timedelta(seconds=1)
    # The provider's clock is a little behind or ahead of ours, on the other day.
    created = midnight + timedelta(seconds=2) if second == 59 else midnight - timedelta(seconds=2)

    def across(carrier: Carrier, call: Call) -> Answer:
        carrier.create(call, at=created)
        return NoAnswer("readtimeout")

    message = _unanswered(carrier, across)
    machine.go_on(ABSENT_AFTER)
    settle_unknown()
    assert status_of(message) == "sent"


def test_a_worker_that_died_before_its_attempt_has_sent_nothing(carrier: Carrier, machine: MachineTime) -> None:
    message = a_text_owed()
    claim(1)
    assert settle_unknown() == 0
    machine.go_on(LEASE + timedelta(seconds=1))
    assert settle_unknown() == 1
    assert status_of(message) == "due"
    send_due()
    assert len(carrier.texts[message.phone]) == 1


@pytest.mark.parametrize("created", [True, False])
def test_a_worker_that_died_in_its_call_may_have_sent_it(carrier: Carrier, machine: MachineTime, created: bool) -> None:
    message = a_text_owed()
    prepared = _prepare(claim(1)[0])
    assert prepared is not None
    attempt, body, valid_for = prepared
    if created:
        carrier.create(Call(message.phone, body, "", valid_for))
    machine.go_on(LEASE + timedelta(seconds=1))
    settle_unknown()
    assert status_of(message) == ("sent" if created else "sending")
    machine.go_on(ABSENT_AFTER)
    settle_unknown()
    send_due()
    assert (status_of(message), len(carrier.texts[message.phone])) == ("sent", 1)
    assert outcomes_of(message)[0] == ["found" if created else "absent"]
    assert attempt.number == 1


def test_a_worker_that_died_between_two_tries_has_sent_nothing(carrier: Carrier, machine: MachineTime) -> None:
    message = a_text_owed()
    carrier.answers.append(NotSent("connection_refused"))
    send_due()
    Message.objects.filter(pk=message.pk).update(due_at=clock.now())
    claim(1)
    machine.go_on(LEASE + timedelta(seconds=1))
    carrier.silent = True  # there is nothing to ask
    assert settle_unknown() == 1
    assert status_of(message) == "due"


def test_a_lease_that_is_still_good_is_left_alone(carrier: Carrier, machine: MachineTime) -> None:
    message = a_text_owed()
    [claimed] = claim(1)
    machine.go_on(LEASE - timedelta(seconds=1))
    assert settle_unknown() == 0
    send_one(claimed)
    assert status_of(message) == "sent"


@pytest.mark.parametrize("late", [NotSent("connection_refused"), Refused(20429, 429), NoAnswer("readtimeout")])
def test_an_answer_to_a_call_that_was_given_up_for_lost_puts_nothing_back(
    carrier: Carrier, machine: MachineTime, late: Answer
) -> None:
    """A machine slept in its call; another worker is sending the text anew when it wakes up."""
    message = a_text_owed()
    prepared = _prepare(claim(1)[0])
    assert prepared is not None
    machine.go_on(ABSENT_AFTER + timedelta(seconds=1))
    settle_unknown()
    [again] = claim(1)
    assert _prepare(again) is not None
    _record(prepared[0], late)
    assert status_of(message) == "sending"
    assert claim(1) == []


def test_a_receipt_that_comes_while_its_text_is_given_up_for_lost_is_faster(
    carrier: Carrier, machine: MachineTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = _unanswered(carrier, loses_the_call)
    call, listed = carrier.calls[0], carrier.sent_to

    def meanwhile(number: str) -> object:
        found = listed(number)
        tells(carrier.create(call), "delivered", call=call)
        return found

    machine.go_on(ABSENT_AFTER)
    monkeypatch.setattr(provider, "sent_to", meanwhile)
    assert settle_unknown() == 0
    assert (status_of(message), outcomes_of(message)) == ("delivered", [["unknown", "found"]])
    assert send_due() == 0


def test_while_nobody_can_say_whether_an_urgent_text_left_a_person_takes_over_once(
    carrier: Carrier, machine: MachineTime
) -> None:
    ward = open_ward()
    report = result_sent(ward)
    carrier.answers.append(loses_the_call)
    send_due()
    message = Message.objects.get(purpose=Purpose.RESULT_READY)
    carrier.silent = True
    settle_unknown()
    assert asked_of_a_person(report.episode) == []
    machine.go_on(TOO_LONG)
    for _ in range(2):
        settle_unknown()
    [step] = asked_of_a_person(report.episode)
    assert status_of(message) == "unknown", "it may have arrived: nothing is sent again"
    complete_step(SYSTEM, step=step, outcome="reached")
    settle_unknown()
    assert len(asked_of_a_person(report.episode)) == 1
