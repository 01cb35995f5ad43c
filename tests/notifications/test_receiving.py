"""What the provider brings through its doors, signed: receipts that name their attempt, replies as they were sent."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.test import Client
from twilio.request_validator import RequestValidator

from notifications.local_twilio.message import new_sid
from notifications.models import Inbound, Receipt
from notifications.services.sending import send_due
from tests.notifications.carrier import Carrier, a_text_owed, loses_the_answer, outcomes_of, status_of

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
TOKEN, BASE = "a-token-of-the-tests", "https://clinic.example"
INBOUND = f"{BASE}/webhooks/twilio/inbound/"


@pytest.fixture(autouse=True)
def _account(settings: LazySettings) -> None:
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = TOKEN, BASE


def _brings(url: str, form: dict[str, str], *, signed_for: str = "") -> Any:
    signature = RequestValidator(TOKEN).compute_signature(signed_for or url, form)
    return Client().post(
        url.removeprefix(BASE),
        urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )


def test_a_receipt_at_the_address_that_its_call_gave_moves_the_text(carrier: Carrier) -> None:
    message = a_text_owed()
    carrier.answers.append(loses_the_answer)
    send_due()
    [call] = carrier.calls
    sid = carrier.texts[message.phone][0].sid
    for status in ("sent", "delivered", "delivered"):
        assert _brings(call.callback, {"MessageSid": sid, "MessageStatus": status}).status_code == 204
    assert status_of(message) == "delivered"
    assert outcomes_of(message) == [["unknown", "found"]]
    assert Receipt.objects.filter(provider_sid=sid, attempt=call.attempt).count() == 2


def test_a_receipt_can_not_be_turned_to_another_attempt(carrier: Carrier) -> None:
    message, other = a_text_owed(), a_text_owed()
    send_due()
    mine, theirs = (call.callback for call in carrier.calls)
    form = {"MessageSid": carrier.texts[message.phone][0].sid, "MessageStatus": "failed"}
    assert _brings(theirs, form, signed_for=mine).status_code == 403
    assert [status_of(each) for each in (message, other)] == ["sent", "sent"]


@pytest.mark.parametrize("attempt", ["seven", "-1", "9" * 19, "1 OR 1=1"])
def test_an_attempt_that_is_none_is_refused(attempt: str) -> None:
    url = f"{BASE}/webhooks/twilio/status/?{urlencode({'attempt': attempt})}"
    answer = _brings(url, {"MessageSid": new_sid(), "MessageStatus": "delivered"})
    assert answer.status_code == 400
    assert not Receipt.objects.exists()


def test_a_receipt_of_a_text_that_is_not_ours_is_taken_and_kept() -> None:
    url = f"{BASE}/webhooks/twilio/status/"
    assert _brings(url, {"MessageSid": new_sid(), "MessageStatus": "delivered"}).status_code == 204
    assert Receipt.objects.get().attempt is None


def test_a_reply_is_kept_as_it_was_sent_once(carrier: Carrier) -> None:
    form = {"MessageSid": new_sid(), "From": "+13015550147", "Body": "¿Puedo ir más tarde? 🙂", "OptOutType": ""}
    for _ in range(2):
        assert _brings(INBOUND, form).status_code == 204
    assert Inbound.objects.get().body == form["Body"]


def test_what_a_database_can_not_hold_does_not_lose_the_reply() -> None:
    form = {"MessageSid": new_sid(), "From": "+13015550147", "Body": "chest\0 pain" + "!" * 3000}
    assert _brings(INBOUND, form).status_code == 204
    body = Inbound.objects.get().body
    assert body.startswith("chest pain")
    assert len(body) <= 1600
