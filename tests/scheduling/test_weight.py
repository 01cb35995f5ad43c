"""A hold and a booking ask little of the database: what a request knows is not read again."""

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.access import Permission
from clinic.models import Integration
from tests.scheduling.conftest import Place

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

#: Transactions and savepoints count; the order of the scan, signed by the standing protocol, is four of them.
MOST_OF_A_HOLD, MOST_OF_A_BOOKING = 11, 29


def _posted(client: Client, path: str, body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Return what came back, and how many statements it took."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(f"/api/v1/{path}/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    # The movable clock of tests asks for its offset; production has none.
    return answer.json(), sum("clockoffset" not in query["sql"] for query in asked.captured_queries)


def test_a_hold_and_its_booking_are_light(place: Place) -> None:
    scopes = [Permission.HOLD.value, Permission.BOOK.value]
    digest = hashlib.sha256(b"token").hexdigest()
    Integration.objects.create(name="portal", digest=digest, scopes=scopes, created_at=clock.now())
    client = Client(headers={"Authorization": "Bearer token"})
    episode = place.suspected()
    slot = {"visit_type": "V10", "center": place.center.code, "starts_at": place.at(14).starts_at.isoformat()}
    hold, to_hold = _posted(client, "holds", slot)
    booked = {"hold": hold["id"], "patient": episode.patient_id, "episode": episode.pk}
    visit, to_book = _posted(client, "appointments", booked)
    assert (visit["status"], visit["center"], visit["episode"]) == ("booked", place.center.code, episode.pk)
    assert to_hold <= MOST_OF_A_HOLD
    assert to_book <= MOST_OF_A_BOOKING
