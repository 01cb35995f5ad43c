"""Nobody but the provider gets through the webhooks, and what the provider sends misshapen is refused by its field."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.test import Client
from twilio.request_validator import RequestValidator

from notifications.models import Inbound, Receipt
from notifications.services.hearing import handle_replies
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


def test_a_reply_that_is_replayed_is_kept_once_and_acted_on_once() -> None:
    for _ in range(2):
        assert _send("inbound", REPLY, signed_as=REPLY).status_code == 204
    assert (handle_replies(), handle_replies()) == (1, 0)
    # Replayed after it was understood, with the same signature: nothing is new in it.
    assert changes_nothing(lambda: _send("inbound", REPLY, signed_as=REPLY)).status_code == 204
    assert Inbound.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"Body": "chest pain " * 1000}, {"media": 0}),
        ({"Body": ""}, {"body": "", "media": 0}),
        ({"Body": "\0\0"}, {"body": "", "media": 0}),
        ({"Body": "", "NumMedia": "2", "MediaUrl0": "https://media.example/1"}, {"body": "", "media": 2}),
        ({"Body": "C", "NumMedia": "many"}, {"body": "C", "media": 0}),
        ({"Body": "C", "NumMedia": "9" * 40}, {"body": "C", "media": 0}),
        ({"Body": "C", "OptOutType": "x" * 500}, {"body": "C"}),
        ({"Body": "C", "MessageSid": "MM" + "1" * 32}, {"provider_sid": "MM" + "1" * 32}),
        ({"From": "+447700900123", "Body": "C"}, {"phone": "+447700900123"}),
    ],
)
def test_whatever_a_text_holds_it_is_kept_and_understood(more: dict[str, str], kept: dict[str, object]) -> None:
    form = {**REPLY, **more}
    assert _send("inbound", form, signed_as=form).status_code == 204
    assert handle_replies() == 1
    inbound = Inbound.objects.get()
    assert {name: getattr(inbound, name) for name in kept} == kept
    assert inbound.handled_at is not None
    assert len(inbound.body) <= 1600


@pytest.mark.parametrize("sender", ["", "27624", "VEINS", "+1", "+1301555014x", "+13015550147, +13015550148"])
def test_a_text_from_what_is_no_telephone_is_refused(sender: str) -> None:
    form = {**REPLY, "From": sender}
    refused(changes_nothing(lambda: _send("inbound", form, signed_as=form)), 400, "invalid", "From")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"=&=&=", b"Body=%ZZ%", b"a" * 10_240])
def test_a_body_that_is_no_form_is_refused(content: bytes) -> None:
    def send() -> Any:
        return Client().post(
            "/webhooks/twilio/inbound/",
            content,
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": "c2lnbmVk"},
        )

    assert changes_nothing(send).status_code in (400, 403)


def test_a_body_that_is_too_large_is_refused() -> None:
    form = {**REPLY, "Body": "a" * 300_000}
    answer = changes_nothing(lambda: _send("inbound", form, signed_as=form))
    assert answer.status_code in (400, 413)
