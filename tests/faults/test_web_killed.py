"""Kill -9 the web server in a burst of bookings: what was answered is there, nothing is half done, a retry books once.

`make test` plays one death, `make soak` 20.
"""

import http.client
import os
import random
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from clinic.bench.caller import Answer, Caller
from clinic.local.stack import WEB, Stack
from tests.faults.town import Town, settled_in
from tests.outage import without

pytestmark = pytest.mark.soak
DEATHS = 20 if os.environ.get("RULEOUT_SOAK") else 1
CLIENTS = 6
EACH = 8
#: A booking whole: its event, its text, all that it takes, and its step.
_HALF_DONE = """
SELECT a.id FROM scheduling_appointment a WHERE NOT (
    a.status = 'booked' AND a.patient_id IS NOT NULL AND a.step_id IS NOT NULL
    AND (SELECT count(*) FROM scheduling_occupancy o WHERE o.appointment_id = a.id AND o.live) = 1
    AND (SELECT count(*) FROM clinic_event e WHERE e.kind = 'appointment.booked' AND e.subject_id = a.id) = 1
    AND (SELECT count(*) FROM notifications_message m WHERE m.purpose = 'booking_confirmation'
         AND m.about_kind = 'appointment' AND m.about_id = a.id) = 1)
"""
_TORN_OFF = """
SELECT 'occupancy', o.id FROM scheduling_occupancy o LEFT JOIN scheduling_appointment a ON a.id = o.appointment_id
WHERE a.id IS NULL
UNION ALL SELECT 'message', m.id FROM notifications_message m LEFT JOIN scheduling_appointment a ON a.id = m.about_id
WHERE m.about_kind = 'appointment' AND a.id IS NULL
UNION ALL SELECT 'event', e.id FROM clinic_event e LEFT JOIN scheduling_appointment a ON a.id = e.subject_id
WHERE e.kind = 'appointment.booked' AND a.id IS NULL
UNION ALL SELECT 'episode', p.id FROM clinic_episode p WHERE NOT EXISTS (
    SELECT FROM scheduling_appointment a WHERE a.episode_id = p.id)
"""


@dataclass
class Booking:
    """One that a client sends, and the appointment that it is told of, if it hears anything."""

    body: dict[str, Any]
    key: str
    tried: bool = False
    told: int | None = None


@pytest.fixture(scope="module")
def city(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[Stack]:
    """The web server alone: nobody sends the texts that are owed."""
    stack = new_stack(morning_template, parts=(WEB,))
    yield stack
    stack.close()


@pytest.fixture
def town(city: Stack) -> Iterator[Town]:
    with settled_in(city) as found:
        yield found


def _send(caller: Caller, booking: Booking) -> Answer:
    booking.tried = True
    return caller.call("POST", "/api/v1/appointments/", booking.body, **{"Idempotency-Key": booking.key})


def _until_it_dies(town: Town, bookings: list[Booking]) -> None:
    """Book one after the other until the server is gone."""
    caller = Caller(town.stack.web_url, town.token)
    try:
        for booking in bookings:
            answer = _send(caller, booking)
            assert answer.status == 201, answer.content
            booking.told = answer.json["id"]
    except (OSError, http.client.HTTPException):
        pass
    finally:
        caller.close()


def _burst_and_death(town: Town, after: int) -> list[Booking]:
    """Let the clients book at once, and kill the server when so many bookings were answered; return all of them."""
    bookings = [Booking(town.registers(), uuid.uuid4().hex) for _ in range(CLIENTS * EACH)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(_until_it_dies, town, bookings[number::CLIENTS]) for number in range(CLIENTS)]
        while sum(each.told is not None for each in bookings) < after and not all(client.done() for client in clients):
            time.sleep(0.001)
        with without(town.stack, WEB):
            for client in clients:
                client.result(timeout=60)
    return bookings


def _booked(town: Town) -> dict[int, list[int]]:
    """The appointments of each patient who has any."""
    found = town.rows("SELECT patient_id, array_agg(id) FROM scheduling_appointment GROUP BY patient_id")
    return dict(found)


@pytest.mark.parametrize("seed", range(DEATHS))
def test_what_was_answered_is_there_nothing_is_half_done_and_a_retry_books_once(town: Town, seed: int) -> None:
    bookings = _burst_and_death(town, after=random.Random(seed).randint(1, CLIENTS * EACH // 2))
    assert town.rows(_HALF_DONE) == []
    assert town.rows(_TORN_OFF) == []
    there = _booked(town)
    for booking in bookings:
        found = there.get(booking.body["patient"], [])
        assert found == [booking.told] if booking.told else len(found) <= int(booking.tried)
    assert any(booking.told is None for booking in bookings), "the server outlived the burst"
    town.caller.ready()
    for booking in bookings:
        answer = _send(town.caller, booking)
        assert answer.status == 201, answer.content
        booking.told = answer.json["id"]
    after = _booked(town)
    for booking in bookings:
        patient = booking.body["patient"]
        assert after[patient] == [booking.told]
        assert there.get(patient, after[patient]) == after[patient]
    assert town.rows(_HALF_DONE) == []
