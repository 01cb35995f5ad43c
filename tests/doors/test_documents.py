"""The doors of documents: who may look, who may send again, what the carrier says; wrong input by its field."""

import hashlib
import hmac
from typing import Any

import orjson
import pytest
from django.conf import LazySettings
from django.test import Client

from clinic.access import Permission
from notifications.models import Delivery, DeliveryReceipt
from tests.doors.conftest import Door, changes_nothing, refused, send
from tests.notifications.documents import TOKEN, deliveries, signed, states

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture(autouse=True)
def _carrier(settings: LazySettings) -> None:
    settings.DOCUMENT_CARRIER_URL, settings.DOCUMENT_CARRIER_TOKEN = "http://carrier.invalid", TOKEN


def _tell(content: Any, *, token: str = TOKEN) -> Any:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    signature = "sha256=" + hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Document-Signature": signature}
    return Client().post("/webhooks/documents/receipt/", body, content_type="application/json", headers=headers)


def _said(row: Delivery, **changes: str) -> dict[str, str]:
    return {"id": "DOC1", "key": row.job_key, "status": "delivered", "code": "", **changes}


def test_what_became_of_documents_is_read_over_the_api(door: Door) -> None:
    report = signed()
    shown = send(door.of("representative"), "GET", f"documents/?report={report.pk}").json()["results"]
    [row] = deliveries(report)
    assert [(each["id"], each["way"], each["status"]) for each in shown] == [(row.pk, "fax", "due")]
    assert send(door.of("representative"), "GET", "documents/?status=failed").json()["results"] == []
    assert send(door.program("fax", Permission.TELL_REFERRERS), "GET", f"documents/{row.pk}/").json()["id"] == row.pk


def test_a_failed_document_is_sent_again_once_a_key(door: Door) -> None:
    report = signed()
    [row] = deliveries(report)
    on_its_way = changes_nothing(lambda: send(door.of("representative"), "POST", f"documents/{row.pk}/retry/", {}))
    refused(on_its_way, 409, "document_on_its_way")
    row.status, row.ended_at, row.end_code = "failed", row.created_at, "number_invalid"
    row.save()
    for _ in range(2):
        answer = send(
            door.of("representative"), "POST", f"documents/{row.pk}/retry/", {}, Idempotency_Key="again-and-again"
        )
        assert answer.status_code == 201, answer.content
    assert states(report) == [("fax", "failed"), ("fax", "due")]


@pytest.mark.parametrize(
    ("query", "field"), [("report=x", "report"), ("status=lost", "status"), (f"report={'9' * 19}", "report")]
)
def test_a_wrong_question_is_refused_by_its_field(door: Door, query: str, field: str) -> None:
    refused(send(door.of("manager"), "GET", f"documents/?{query}"), 400, "invalid", field)


def test_what_is_not_there_is_not_found(door: Door) -> None:
    refused(send(door.of("manager"), "GET", "documents/999999/"), 404, "not_found")
    refused(send(door.of("manager"), "POST", "documents/999999/retry/", {}), 404, "not_found")


def test_the_carrier_confirms_and_says_so_again() -> None:
    report = signed()
    [row] = deliveries(report)
    assert [_tell(_said(row)).status_code for _ in range(2)] == [204, 204]
    assert states(report) == [("fax", "confirmed")]
    assert DeliveryReceipt.objects.filter(delivery=row).count() == 1


def test_what_the_carrier_did_not_sign_is_refused(settings: LazySettings) -> None:
    [row] = deliveries(signed())
    refused(changes_nothing(lambda: _tell(_said(row), token="another")), 403, "signature_invalid")
    settings.DOCUMENT_CARRIER_TOKEN = ""
    refused(changes_nothing(lambda: _tell(_said(row), token="")), 403, "signature_invalid")


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"status": "eaten"}, 400, "status"),
        ({"key": "1"}, 400, "key"),
        ({"key": "00000000-0000-4000-8000-000000000000-1"}, 404, ""),
    ],
)
def test_a_misshapen_receipt_is_refused_by_its_field(changes: dict[str, str], status: int, field: str) -> None:
    [row] = deliveries(signed())
    code = "invalid" if status == 400 else "not_found"
    refused(changes_nothing(lambda: _tell(_said(row, **changes))), status, code, field)


@pytest.mark.parametrize("body", [b"not json", b"[]", b'"x"'])
def test_a_receipt_that_is_no_object_is_refused(body: bytes) -> None:
    refused(changes_nothing(lambda: _tell(body)), 400, "invalid", "body")
