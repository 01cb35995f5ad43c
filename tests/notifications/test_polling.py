"""Receipts that never came are asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic import clock
from notifications.models import Message
from notifications.services import reconciling
from notifications.services.reconciling import poll_receipts
from notifications.services.sending import send_due
from tests.notifications.carrier import (
    Carrier,
    a_text_owed,
    status_of,
)

pytestmark = pytest.mark.django_db


def _sent_long_ago(carrier: Carrier, **changes: object) -> Message:
    message = a_text_owed()
    send_due()
    Message.objects.filter(pk=message.pk).update(sent_at=clock.now() - timedelta(hours=2))
    [text] = carrier.texts[message.phone]
    carrier.texts[message.phone] = [replace(text, **changes)]  # type: ignore[arg-type]
    return message


def test_a_receipt_that_never_came_is_asked_for(carrier: Carrier) -> None:
    arrived = _sent_long_ago(carrier, status="delivered")
    blocked = _sent_long_ago(carrier, status="undelivered", code="30007")
    assert poll_receipts() == 2
    assert (status_of(arrived), status_of(blocked)) == ("delivered", "undelivered")
    assert Message.objects.get(pk=blocked.pk).end_code == "30007"


def test_texts_of_the_last_hour_are_given_their_time(carrier: Carrier) -> None:
    message = _sent_long_ago(carrier, status="delivered")
    Message.objects.filter(pk=message.pk).update(sent_at=clock.now() - timedelta(minutes=59))
    assert poll_receipts() == 0


def test_texts_that_never_end_do_not_keep_the_others_from_being_asked_about(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "MOST_ASKED", 2)
    for _ in range(4):
        _sent_long_ago(carrier, status="sent")
    message = _sent_long_ago(carrier, status="delivered")
    rounds = 0
    while status_of(message) != "delivered":
        poll_receipts()
        rounds += 1
        assert rounds < 40


def test_a_provider_that_can_not_be_asked_about_receipts_is_asked_again(carrier: Carrier) -> None:
    message = _sent_long_ago(carrier, status="delivered")
    carrier.silent = True
    assert poll_receipts() == 0
    carrier.silent = False
    assert poll_receipts() == 1
    assert status_of(message) == "delivered"
