"""A rate of each sender: routine texts wait for room, urgent ones count and do not; all workers keep it together."""

from collections import Counter
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.metrics import exposition
from notifications.models import Message, Pace
from notifications.provider import Refused
from notifications.senders import check_rates
from notifications.services import circuit, pacing
from notifications.services.claiming import claim
from notifications.services.sending import send_due, send_one
from tests.factories import noon_tomorrow, set_clock
from tests.notifications.carrier import Carrier, a_text_owed, status_of
from tests.notifications.conftest import MachineTime
from tests.scheduling.conftest import at_once

pytestmark = pytest.mark.django_db
FIRST, SECOND = "+12025550100", "+12025550155"
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def paced(carrier: Carrier, machine: MachineTime, settings: LazySettings) -> Carrier:
    """A provider, and one sender of ours that takes ten segments a second; it is noon, and the clock stands."""
    settings.TWILIO_SENDERS, settings.TWILIO_SENDER_RATES = [FIRST], ["10"]
    set_clock(noon_tomorrow())
    return carrier


@pytest.fixture
def two(paced: Carrier, settings: LazySettings) -> Carrier:
    """The same with a second sender that takes one segment a second."""
    settings.TWILIO_SENDERS, settings.TWILIO_SENDER_RATES = [FIRST, SECOND], ["10", "1"]
    return paced


def _reminders(count: int) -> list[Message]:
    return [a_text_owed(urgent=False) for _ in range(count)]


def _left_by(carrier: Carrier) -> Counter[str]:
    return Counter(call.sender for call in carrier.calls)


def _busy(seconds: float, sender: str = FIRST) -> None:
    """What was handed over keeps a sender busy for so long."""
    until = clock.real_now() + timedelta(seconds=seconds)
    Pace.objects.update_or_create(sender=sender, defaults={"busy_until": until})


def test_routine_texts_leave_at_the_rate_and_not_faster(paced: Carrier, machine: MachineTime) -> None:
    _reminders(45)
    left = []
    for _ in range(5):
        before = len(paced.calls)
        send_due()
        send_due()
        left.append(len(paced.calls) - before)
        machine.go_on(A_SECOND)
    # What an idle sender takes at once is a second's worth, and the one that it begins with.
    assert left == [11, 10, 10, 10, 4]


def test_a_sender_slower_than_one_a_second_sends_one_in_its_time(
    paced: Carrier, machine: MachineTime, settings: LazySettings
) -> None:
    settings.TWILIO_SENDER_RATES = ["0.5"]
    _reminders(5)
    left = []
    for _ in range(6):
        before = len(paced.calls)
        send_due()
        left.append(len(paced.calls) - before)
        machine.go_on(A_SECOND)
    assert left == [1, 1, 0, 1, 0, 1]


def test_an_urgent_text_leaves_at_once_whatever_its_sender_has_to_do(paced: Carrier) -> None:
    _busy(60)
    reminder, urgent = a_text_owed(urgent=False), a_text_owed()
    send_due()
    assert [status_of(each) for each in (reminder, urgent)] == ["due", "sent"]


def test_urgent_texts_count_so_that_routine_ones_wait_for_them(paced: Carrier, machine: MachineTime) -> None:
    for _ in range(25):
        a_text_owed()
    reminder = a_text_owed(urgent=False)
    send_due()
    assert (len(paced.calls), status_of(reminder)) == (25, "due")
    machine.go_on(A_SECOND)
    send_due()
    assert status_of(reminder) == "due"
    machine.go_on(A_SECOND)
    send_due()
    assert status_of(reminder) == "sent"


def test_a_text_of_two_segments_counts_twice(paced: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.services.sending.segment_count", lambda body: 2)
    _reminders(20)
    send_due()
    assert len(paced.calls) == 6


def test_one_that_waits_is_not_taken_up_and_stays_due_as_it_was(paced: Carrier) -> None:
    _busy(1.5)
    reminder = a_text_owed(urgent=False)
    assert claim(20) == []
    now = Message.objects.get(pk=reminder.pk)
    assert (now.status, now.due_at, now.tries.count()) == ("due", reminder.due_at, 0)


def test_no_more_are_taken_up_than_there_is_room_for(paced: Carrier) -> None:
    _busy(0.85)
    _reminders(10)
    assert len(claim(20)) == 2


def test_one_that_another_was_faster_than_keeps_its_place_and_its_tries(paced: Carrier) -> None:
    reminder = a_text_owed(urgent=False)
    [claimed] = claim(20)
    _busy(5)
    send_one(claimed)
    now = Message.objects.get(pk=reminder.pk)
    assert (paced.calls, now.status, now.due_at, now.tries.count()) == ([], "due", reminder.due_at, 0)


def test_what_is_of_no_use_any_more_ends_without_waiting_for_room(paced: Carrier) -> None:
    _busy(60)
    late = a_text_owed(urgent=False, good_for=timedelta(0))
    send_due()
    assert status_of(late) == "expired"


def test_a_call_knows_no_rate(paced: Carrier) -> None:
    _busy(60)
    call = a_text_owed(urgent=False)
    Message.objects.filter(pk=call.pk).update(channel="voice")
    send_due()
    assert Message.objects.get(pk=call.pk).status != "due"


def test_routine_texts_leave_by_whichever_sender_has_room_in_order(two: Carrier) -> None:
    _reminders(20)
    send_due()
    assert _left_by(two) == {FIRST: 11, SECOND: 2}


def test_an_urgent_text_leaves_by_the_sender_that_is_the_least_behind(two: Carrier) -> None:
    _busy(30)
    _busy(5, SECOND)
    a_text_owed()
    send_due()
    assert _left_by(two) == {SECOND: 1}


def test_one_that_its_sender_refused_waits_for_the_other_and_is_not_taken_up_meanwhile(
    two: Carrier, machine: MachineTime
) -> None:
    _busy(3, SECOND)
    refused = a_text_owed(urgent=False)
    two.answers.append(Refused(21408, 403))
    send_due()
    assert (_left_by(two), claim(20)) == ({FIRST: 1}, [])
    machine.go_on(2 * A_SECOND)
    send_due()
    assert (_left_by(two), status_of(refused)) == ({FIRST: 1, SECOND: 1}, "sent")


def test_a_trial_of_a_stopped_sender_leaves_however_far_that_is_behind(two: Carrier, machine: MachineTime) -> None:
    circuit.open_circuit("21408", channel="sms", sender=FIRST)
    machine.go_on(timedelta(minutes=1))
    _busy(60)
    a_text_owed(urgent=False)
    send_due()
    assert _left_by(two) == {FIRST: 1}


@pytest.mark.django_db(transaction=True)
def test_two_that_hand_over_at_the_same_moment_keep_the_rate_together(paced: Carrier) -> None:
    def hand_over() -> int:
        return sum(pacing.hand_over([FIRST], 1, at_once=False) is not None for _ in range(20))

    assert sum(at_once(*[hand_over] * 4)) == 11


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_keep_the_rate_together_and_lose_nothing(paced: Carrier, machine: MachineTime) -> None:
    reminders = _reminders(24)
    at_once(*[send_due] * 4)
    assert len(paced.calls) == 11
    assert Counter(status_of(each) for each in reminders) == {"sent": 11, "due": 13}
    machine.go_on(A_SECOND)
    at_once(*[send_due] * 4)
    assert len(paced.calls) == 21


def test_without_a_rate_all_leave_at_once_and_nothing_more_is_asked_of_the_database(
    carrier: Carrier, machine: MachineTime
) -> None:
    set_clock(noon_tomorrow())
    _reminders(30)
    with CaptureQueriesContext(connection) as asked:
        send_due()
    assert len(carrier.calls) == 30
    assert not [each for each in asked.captured_queries if "notifications_pace" in each["sql"]]


def test_the_figures_say_how_fast_each_sender_is_and_how_far_behind(two: Carrier) -> None:
    _busy(60, SECOND)
    told = exposition().decode()
    assert 'ruleout_sender_rate{sender="sms 1"} 10.0' in told
    assert 'ruleout_sender_behind_seconds{sender="sms 1"} 0.0' in told
    assert 'ruleout_sender_behind_seconds{sender="sms 2"} 59.' in told


@pytest.mark.parametrize("given", [[], ["10"], ["10", "0.5"]])
def test_one_rate_for_all_or_one_for_each_is_taken(two: Carrier, settings: LazySettings, given: list[str]) -> None:
    settings.TWILIO_SENDER_RATES = given
    assert check_rates() == []


@pytest.mark.parametrize("wrong", ["fast", "0", "-1", "nan", "inf", "1e9"])
def test_a_rate_that_is_none_is_refused_before_a_deployment(two: Carrier, settings: LazySettings, wrong: str) -> None:
    settings.TWILIO_SENDER_RATES = [wrong]
    assert [f"names '{wrong}': give segments a second" in each.msg for each in check_rates()] == [True]


def test_rates_for_fewer_senders_than_there_are_are_refused_before_a_deployment(
    two: Carrier, settings: LazySettings
) -> None:
    settings.TWILIO_SENDER_RATES = ["10", "1", "1"]
    assert ["3 rates and there are 2 senders" in each.msg for each in check_rates()] == [True]
