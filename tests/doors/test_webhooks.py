"""Nobody but the provider gets through the webhooks, and what the provider sends misshapen is refused by its field."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.test import Client
from twilio.request_validator import RequestValidator

from tests.doors.conftest import changes_nothing, refused

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]

TOKEN, BASE = "a-token-of-the-tests", "https://clinic.example"
SID = "SM" + "0" * 32
STATUS = {"MessageSid": SID, "MessageStatus": "delivered"}
REPLY = {"MessageSid": SID, "From": "+13015550147", "Body": "C"}


@pytest.fixture(autouse=True)
def _account(settings: LazySettings) -> None:
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = TOKEN, BASE


def _send(door: str, form: dict[str, str], *, signed_as: dict[str, str] | None = None, base: str = BASE) -> Any:
    path = f"/webhooks/twilio/{door}/"
    signature = RequestValidator(TOKEN).compute_signature(base + path, signed_as) if signed_as is not None else None
    headers = {"X-Twilio-Signature": signature} if signature else {}
    content = urlencode(form)
    return Client().post(path, content, content_type="application/x-www-form-urlencoded", headers=headers)


@pytest.mark.parametrize(("door", "form"), [("status", STATUS), ("inbound", REPLY)])
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
        ("inbound", {**REPLY, "From": "somebody"}, "From"),
        ("inbound", {**REPLY, "MessageSid": ""}, "MessageSid"),
    ],
)
def test_a_misshapen_webhook_is_refused_by_its_field(door: str, form: dict[str, str], field: str) -> None:
    refused(changes_nothing(lambda: _send(door, form, signed_as=form)), 400, "invalid", field)


def test_a_webhook_is_only_posted() -> None:
    assert Client().get("/webhooks/twilio/status/").status_code == 405
