"""Claims: each text by one worker, the urgent first, one unsettled text a number."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection

from clinic import clock
from notifications.models import Message
from notifications.services import claiming
from notifications.services.claiming import claim
from notifications.services.sending import send_due, send_one
from tests.notifications.carrier import Carrier, a_text_owed, loses_the_answer, status_of
from tests.scheduling.conftest import at_once

pytestmark = pytest.mark.django_db


def _claimed(most: int = 20) -> list[int]:
    return [each.message_id for each in claim(most)]


def test_the_urgent_go_first_then_those_that_have_waited_longest() -> None:
    late, early, urgent = (a_text_owed(urgent=urgent) for urgent in (False, False, True))
    Message.objects.filter(pk=early.pk).update(due_at=clock.now() - timedelta(minutes=5))
    assert _claimed(most=2) == [urgent.pk, early.pk]
    assert _claimed() == [late.pk]


def test_one_that_cant_wait_is_taken_before_all_that_do_whatever_their_number_waits_for() -> None:
    reminders = [a_text_owed(urgent=False) for _ in range(5)]
    assert _claimed(most=2) == [reminders[0].pk, reminders[1].pk]
    behind_one_on_its_way = a_text_owed(phone=reminders[0].phone)
    urgent = a_text_owed(phone=reminders[4].phone)
    assert _claimed(most=1) == [urgent.pk]
    assert _claimed() == [reminders[2].pk, reminders[3].pk]
    assert status_of(behind_one_on_its_way) == "due"


def test_no_more_are_taken_than_asked_for_however_the_database_goes_about_it() -> None:
    for _ in range(4):
        a_text_owed()
    with connection.cursor() as cursor:
        # Of a few rows it may join in any way.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_hashagg = off; SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_material = off; SET LOCAL enable_mergejoin = off")
    assert [len(_claimed(most=most)) for most in (1, 2, 4)] == [1, 2, 1]


def test_what_is_due_later_is_left() -> None:
    message = a_text_owed()
    Message.objects.filter(pk=message.pk).update(due_at=clock.now() + timedelta(seconds=30))
    assert _claimed() == []
    clock.advance(timedelta(seconds=31))
    assert _claimed() == [message.pk]


def test_a_number_with_an_unsettled_text_waits_and_the_others_do_not(carrier: Carrier) -> None:
    carrier.answers.append(loses_the_answer)
    first = a_text_owed()
    send_due()
    second, other = a_text_owed(phone=first.phone), a_text_owed()
    send_due()
    assert [status_of(each) for each in (first, second, other)] == ["unknown", "due", "sent"]


def test_the_texts_of_one_number_leave_one_after_the_other_in_one_sweep(carrier: Carrier) -> None:
    first = a_text_owed()
    more = [a_text_owed(phone=first.phone) for _ in range(3)]
    assert send_due() == 4
    assert [call.attempt.message for call in carrier.calls] == [first, *more]


def test_the_database_itself_refuses_a_second_unsettled_text_of_a_number() -> None:
    first = a_text_owed()
    second = a_text_owed(phone=first.phone)
    assert _claimed() == [first.pk]
    with pytest.raises(IntegrityError, match="one_unsettled_text_a_number"):
        Message.objects.filter(pk=second.pk).update(status="sending", claimed_at=clock.real_now())


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_each_text_once(carrier: Carrier) -> None:
    numbers = [a_text_owed().phone for _ in range(6)]
    for number in numbers:
        a_text_owed(phone=number)
    at_once(*[send_due] * 8)
    send_due()
    calls = Counter(call.attempt.message_id for call in carrier.calls)
    assert len(calls) == 12
    assert set(calls.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_workers_that_see_different_texts_of_one_number_do_not_both_take_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rule that looks at the number's other texts, so that only the constraint is left."""
    looks_away = claiming._CLAIM.replace("AND NOT EXISTS", "AND true OR NOT EXISTS")
    assert looks_away != claiming._CLAIM
    first = a_text_owed()
    a_text_owed(phone=first.phone, urgent=False)
    assert _claimed() == [first.pk]
    monkeypatch.setattr(claiming, "_CLAIM", looks_away)
    assert at_once(partial(claim, 20), partial(claim, 20)) == [[], []]


def test_a_claim_that_was_lost_sends_nothing(carrier: Carrier) -> None:
    message = a_text_owed()
    [lost] = claim(1)
    Message.objects.filter(pk=message.pk).update(status="due")
    assert send_due() == 1
    send_one(lost)
    assert len(carrier.calls) == 1
