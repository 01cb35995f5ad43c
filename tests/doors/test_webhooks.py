"""Nobody but the provider gets through the webhooks, and what the provider sends misshapen is refused by its field."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.test import Client
from twilio.request_validator import RequestValidator

from notifications.models import Receipt
from tests.doors.conftest import changes_nothing, refused

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]

TOKEN, BASE = "a-token-of-the-tests", "https://clinic.example"
SID = "SM" + "0" * 32
STATUS = {"MessageSid": SID, "MessageStatus": "delivered"}
CALL = {"CallSid": "CA" + "0" * 32, "CallStatus": "completed"}
REPLY = {"MessageSid": SID, "From": "+13015550147", "Body": "C"}


@pytest.fixture(autouse=True)
def _account(settings: LazySettings) -> None:
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = TOKEN, BASE


def _send(
    door: str, form: dict[str, str], *, signed_as: dict[str, str] | None = None, base: str = BASE, query: str = ""
) -> Any:
    path = f"/webhooks/twilio/{door}/{query}"
    signature = RequestValidator(TOKEN).compute_signature(base + path, signed_as) if signed_as is not None else None
    headers = {"X-Twilio-Signature": signature} if signature else {}
    content = urlencode(form)
    return Client().post(path, content, content_type="application/x-www-form-urlencoded", headers=headers)


@pytest.mark.parametrize(("door", "form"), [("status", STATUS), ("call-status", CALL), ("inbound", REPLY)])
def test_what_is_not_signed_by_the_provider_is_refused(door: str, form: dict[str, str]) -> None:
    unsigned = changes_nothing(lambda: _send(door, form))
    refused(unsigned, 403, "signature_invalid")
    of_another_form = changes_nothing(lambda: _send(door, form, signed_as={**form, "Extra": "1"}))
    refused(of_another_form, 403, "signature_invalid")
    of_another_address = changes_nothing(lambda: _send(door, form, signed_as=form, base="https://evil.example"))
    refused(of_another_address, 403, "signature_invalid")


def test_without_an_account_nothing_is_believed(settings: LazySettings) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    refused(changes_nothing(lambda: _send("status", STATUS, signed_as=STATUS)), 403, "signature_invalid")


@pytest.mark.parametrize(
    ("door", "form", "field"),
    [
        ("status", {**STATUS, "MessageSid": "SM1"}, "MessageSid"),
        ("status", {**STATUS, "MessageStatus": "vanished"}, "MessageStatus"),
        ("call-status", {**CALL, "CallSid": SID}, "CallSid"),
        ("call-status", {**CALL, "CallStatus": "delivered"}, "CallStatus"),
        ("call-status", {}, "CallSid"),
        ("inbound", {**REPLY, "From": "somebody"}, "From"),
        ("inbound", {**REPLY, "MessageSid": ""}, "MessageSid"),
    ],
)
def test_a_misshapen_webhook_is_refused_by_its_field(door: str, form: dict[str, str], field: str) -> None:
    refused(changes_nothing(lambda: _send(door, form, signed_as=form)), 400, "invalid", field)


def test_a_webhook_is_only_posted() -> None:
    assert Client().get("/webhooks/twilio/status/").status_code == 405
    assert Client().get("/webhooks/twilio/call-status/").status_code == 405


@pytest.mark.parametrize("door", ["status", "call-status"])
def test_what_names_no_attempt_is_refused_and_a_replay_is_kept_once(door: str) -> None:
    form = CALL if door == "call-status" else STATUS
    refused(changes_nothing(lambda: _send(door, form, signed_as=form, query="?attempt=x")), 400, "invalid", "attempt")
    for _ in range(2):
        # Of nothing that we know: kept until we do.
        assert _send(door, form, signed_as=form, query="?attempt=999999").status_code == 204
    assert Receipt.objects.count() == 1
