"""A text that did not arrive for a reason that passes is tried again, a few times, and then reached another way."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Conflict
from clinic.models import ConsentChannel, Role
from clinic.services.consent import record_consent
from clinic.watchdog import find_lost
from notifications.models import Message, Purpose
from notifications.retries import key_of_next_try, next_try_after, tried_again
from notifications.services import operating
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.visits import cancel
from tests.factories import phone_of, set_clock
from tests.notifications.carrier import Carrier, asked_of_a_person, tells
from tests.pages.staff import Ward, open_ward

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("code", "urgent", "waits"),
    [
        ("30001", False, [1, 5, None]),
        ("30003", False, [5, 30, None]),
        ("30003", True, [2, 2, None]),
        ("30008", False, [5, None]),
        ("30036", False, [0, None]),
        ("30004", False, [None]),
        ("30005", False, [None]),
        ("30006", False, [None]),
        ("30007", False, [None]),
        ("", False, [None]),
    ],
)
def test_only_what_passes_by_itself_is_tried_again_and_not_for_ever(
    code: str, urgent: bool, waits: list[int | None]
) -> None:
    for tries, minutes in enumerate(waits):
        found = next_try_after(purpose="visit_reminder", code=code, tried_again=tries, urgent=urgent)
        assert found == (None if minutes is None else minutes * MINUTE)


@pytest.mark.parametrize("purpose", ["seek_emergency_care", "result_waiting", "one_time_code", "reply"])
def test_what_has_a_next_way_at_once_is_not_tried_again(purpose: str) -> None:
    assert next_try_after(purpose=purpose, code="30003", tried_again=0, urgent=True) is None


def test_the_key_tells_which_try_it_is_and_of_what() -> None:
    second = key_of_next_try("booking_changed:appointment:7:2")
    third = key_of_next_try(second)
    assert (second, third) == ("again1:booking_changed:appointment:7:2", "again2:booking_changed:appointment:7:2")
    assert [tried_again(key) for key in ("booking_changed:appointment:7:2", second, third)] == [0, 1, 2]


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


@pytest.fixture
def visit(ward: Ward) -> Appointment:
    """A booked scan whose patient may be texted."""
    found = ward.place.booked(18)
    assert found.patient is not None
    record_consent(SYSTEM, phone=phone_of(found.patient), granted=True, channel=ConsentChannel.PHONE, language="en")
    return found


def _does_not_arrive(carrier: Carrier, code: str) -> None:
    send_due()
    text = carrier.calls[-1]
    tells(carrier.texts[text.to][-1].sid, "sent", "undelivered", "undelivered", call=text, code=code)


def _confirmations(visit: Appointment) -> list[str]:
    mine = Message.objects.filter(purpose=Purpose.BOOKING_CONFIRMATION, episode=visit.episode).order_by("id")
    return [f"{each.dedupe_key.split(':')[0]} {each.status}" for each in mine]


def test_a_handset_that_was_off_is_texted_again_and_once_it_is_on_nobody_is_troubled(
    visit: Appointment, carrier: Carrier
) -> None:
    _does_not_arrive(carrier, "30003")
    assert visit.episode is not None
    assert asked_of_a_person(visit.episode) == []
    assert find_lost() == []
    send_due()
    assert len(carrier.calls) == 1, "not before its time"
    set_clock(clock.now() + 2 * MINUTE)
    send_due()
    text = carrier.calls[-1]
    tells(carrier.texts[text.to][-1].sid, "delivered", call=text)
    assert _confirmations(visit) == ["booking_confirmation undelivered", "again1 delivered"]
    assert asked_of_a_person(visit.episode) == []


def test_after_the_last_try_the_next_way_follows(visit: Appointment, carrier: Carrier) -> None:
    for _ in range(3):
        _does_not_arrive(carrier, "30003")
        set_clock(clock.now() + 2 * MINUTE)
    # Its visit is near: it is called about by machine, and a person is asked where that fails.
    assert _confirmations(visit)[:3] == [
        "booking_confirmation undelivered",
        "again1 undelivered",
        "again2 undelivered",
    ]
    assert Message.objects.get(episode=visit.episode, channel="voice").dedupe_key.startswith("call:again2:")


def test_what_is_not_true_any_more_is_not_said_at_the_next_try(
    ward: Ward, visit: Appointment, carrier: Carrier
) -> None:
    _does_not_arrive(carrier, "30008")
    cancel(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk, reason="patient")
    assert _confirmations(visit) == ["booking_confirmation undelivered", "again1 cancelled"]


def test_an_unknown_error_is_tried_once_more_only(visit: Appointment, carrier: Carrier) -> None:
    for _ in range(2):
        _does_not_arrive(carrier, "30008")
        set_clock(clock.now() + 5 * MINUTE)
    assert _confirmations(visit) == ["booking_confirmation undelivered", "again1 undelivered", "call due"]


def test_what_arrives_after_all_is_not_said_again(visit: Appointment, carrier: Carrier) -> None:
    _does_not_arrive(carrier, "30003")
    text = carrier.calls[-1]
    tells(carrier.texts[text.to][-1].sid, "delivered", call=text)
    assert _confirmations(visit) == ["booking_confirmation delivered", "again1 cancelled"]
    set_clock(clock.now() + 5 * MINUTE)
    send_due()
    assert len(carrier.calls) == 1


def test_what_arrives_after_its_next_try_was_lost_too_is_not_said_a_third_time(
    visit: Appointment, carrier: Carrier
) -> None:
    _does_not_arrive(carrier, "30003")
    text = carrier.calls[-1]
    set_clock(clock.now() + 2 * MINUTE)
    _does_not_arrive(carrier, "30003")
    tells(carrier.texts[text.to][0].sid, "delivered", call=text)
    assert _confirmations(visit) == ["booking_confirmation delivered", "again1 undelivered", "again2 cancelled"]


def test_nobody_is_called_about_what_arrives_after_all(visit: Appointment, carrier: Carrier) -> None:
    _does_not_arrive(carrier, "30006")
    text = carrier.calls[-1]
    tells(carrier.texts[text.to][-1].sid, "delivered", call=text)
    assert _confirmations(visit) == ["booking_confirmation delivered", "call cancelled"]


def test_an_operator_sends_the_next_try_now_and_no_other_beside_it(visit: Appointment, carrier: Carrier) -> None:
    _does_not_arrive(carrier, "30003")
    first, second = Message.objects.filter(purpose=Purpose.BOOKING_CONFIRMATION, episode=visit.episode).order_by("id")
    with pytest.raises(Conflict) as refused:
        operating.retry(SYSTEM, message_id=first.pk)
    assert str(second.pk) in refused.value.detail
    assert operating.retry(SYSTEM, message_id=second.pk) == second
    send_due()
    assert len(carrier.calls) == 2
    assert _confirmations(visit) == ["booking_confirmation undelivered", "again1 sent"]


def test_an_operator_who_took_the_next_try_back_can_still_send_it_again(visit: Appointment, carrier: Carrier) -> None:
    _does_not_arrive(carrier, "30003")
    first, second = Message.objects.filter(purpose=Purpose.BOOKING_CONFIRMATION, episode=visit.episode).order_by("id")
    operating.cancel(SYSTEM, message_id=second.pk)
    operating.retry(SYSTEM, message_id=first.pk)
    assert _confirmations(visit) == ["booking_confirmation undelivered", "again1 cancelled", "retry due"]
