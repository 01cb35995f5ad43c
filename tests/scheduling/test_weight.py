"""A hold and a booking ask little of the database: what a request knows is not read again."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.test import Client

from clinic import clock
from clinic.access import Permission
from clinic.models import Integration
from tests.scheduling.conftest import Place

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

#: Savepoints count, the begin and the end of the transaction do not; the order of the scan, signed by the standing
#: protocol, is four of them.
MOST_OF_A_HOLD, MOST_OF_A_BOOKING = 7, 19


@contextmanager
def _asked() -> Iterator[list[str]]:
    """Collect what is asked of PostgreSQL, by whichever cursor."""
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        # The movable clock of tests asks for its offset; production has none.
        if "clockoffset" not in str(query):
            asked.append(str(query))
        return execute(cursor, query, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noted)
        yield asked


def _posted(client: Client, path: str, body: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what came back, and what was asked of PostgreSQL for it."""
    with _asked() as asked:
        answer = client.post(f"/api/v1/{path}/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return answer.json(), asked


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
    assert len(to_hold) <= MOST_OF_A_HOLD, to_hold
    assert len(to_book) <= MOST_OF_A_BOOKING, to_book
