"""How often, and how late, what somebody wrote is answered by itself."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.selectors.consent import opted_out
from notifications.local_twilio.message import new_sid
from notifications.models import Inbound, Message, Purpose
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from tests.factories import make_patient, phone_of
from tests.notifications.carrier import Carrier
from tests.pages.staff import open_ward

pytestmark = pytest.mark.django_db
MACHINE = "Our office is closed. If this is an emergency, call 911."


@pytest.fixture(autouse=True)
def ward(db: None) -> None:
    """A center at noon."""
    open_ward()


def _wrote(phone: str, body: str) -> Inbound:
    store(sid=(sid := new_sid()), phone=phone, body=body, opt_out_type="")
    return Inbound.objects.get(provider_sid=sid)


def _answers(phone: str) -> int:
    return Message.objects.filter(purpose=Purpose.REPLY, phone=phone).count()


@pytest.mark.parametrize("known", [True, False])
def test_a_machine_that_says_to_call_911_is_not_answered_without_end(carrier: Carrier, known: bool) -> None:
    phone = phone_of(make_patient()) if known else "+13015559999"
    for _ in range(9):
        _wrote(phone, MACHINE)
        handle_replies()
    assert _answers(phone) == 5
    clock.advance(timedelta(hours=1, minutes=1))
    _wrote(phone, "I have chest pain")
    handle_replies()
    assert _answers(phone) == 6


def test_who_wants_no_more_texts_hears_so_within_five_minutes_or_not_at_all(carrier: Carrier) -> None:
    soon, late = (phone_of(make_patient()) for _ in range(2))
    _wrote(late, "leave me alone")
    clock.advance(timedelta(minutes=6))
    _wrote(soon, "leave me alone")
    handle_replies()
    assert [_answers(phone) for phone in (soon, late)] == [1, 0]
    clock.advance(timedelta(minutes=6))
    send_due()
    assert carrier.calls == []


def test_who_has_left_already_is_not_told_so_again(carrier: Carrier) -> None:
    phone = phone_of(make_patient())
    for _ in range(2):
        _wrote(phone, "leave me alone")
        handle_replies()
        clock.advance(timedelta(minutes=10))
    assert _answers(phone) == 1


@pytest.mark.parametrize(
    ("body", "opt_out_type", "left"),
    [
        ("STOP, chest pain", "", True),
        ("I can't breathe", "STOP", True),
        ("stop texting me and call, I passed out", "", True),
        ("ya no m\u00e1s aguanto el dolor de pecho", "", False),
        ("chest pain", "", False),
    ],
)
def test_who_leaves_in_an_emergency_is_answered_and_has_left(
    carrier: Carrier, body: str, opt_out_type: str, left: bool
) -> None:
    phone = phone_of(make_patient())
    store(sid=new_sid(), phone=phone, body=body, opt_out_type=opt_out_type)
    handle_replies()
    assert (_answers(phone), opted_out(phone)) == (1, left)
