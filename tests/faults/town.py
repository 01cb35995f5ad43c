"""Patients who book over HTTP, the phones that they carry, and what the database says of them afterwards."""

import itertools
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import psycopg
import requests
from celery import Celery

from clinic.access import Permission
from clinic.bench.caller import Answer, Caller, new_token
from clinic.local.stack import Stack
from tests.outage import eventually

SCOPES = (Permission.SEARCH_SLOTS, Permission.REGISTER_PATIENTS, Permission.BOOK)
CONSULT = "V30"
#: Seconds of real time that anything here may take on a busy machine.
PATIENCE = 60.0
#: What has not come to an end yet, of the texts that are due.
OPEN = ("due", "sending", "unknown", "sent")
_STANDING = """
SELECT m.phone, m.status FROM notifications_message m
WHERE m.purpose = 'booking_confirmation' AND m.phone = ANY(%s)
"""
_WITHOUT_OUTCOME = """
SELECT a.id FROM notifications_attempt a WHERE NOT EXISTS (
    SELECT FROM notifications_attemptoutcome o WHERE o.attempt_id = a.id
)
"""
_TRIED = """
SELECT count(*) FROM notifications_attempt a JOIN notifications_message m ON m.id = a.message_id
WHERE m.phone = ANY(%s)
"""
#: Attempts of which the worker wrote no end: a receipt may have told of them.
_IN_FLIGHT = """
SELECT count(*) FROM notifications_attempt a JOIN notifications_message m ON m.id = a.message_id
WHERE m.phone = ANY(%s) AND NOT EXISTS (
    SELECT FROM notifications_attemptoutcome o WHERE o.attempt_id = a.id AND o.kind <> 'found'
)
"""
_numbers = itertools.count(1)


@dataclass
class Town:
    """A running stack, and the patients of one test; each has a number of their own and agreed to texts."""

    stack: Stack
    token: str
    caller: Caller
    slots: deque[dict[str, str]]
    sweeps: Celery
    phones: list[str] = field(default_factory=list)
    # Days ahead, so that no reminder is due while a test moves the clock by an hour; within the seed's calendar.
    _days_ahead: Iterator[int] = field(default_factory=lambda: iter(range(3, 100)))

    def registers(self) -> dict[str, Any]:
        """A new patient, with the body of their booking."""
        number = next(_numbers)
        self.caller.ready()
        phone = f"+1{301 + number // 10_000}555{number % 10_000:04d}"
        contact = {"given_name": "Ana", "family_name": f"Example{number}", "phone": phone, "zip": "20770"}
        answer = self.caller.call("POST", "/api/v1/patients/", {**contact, "consent_to_texts": True})
        assert answer.status == 201, answer.content
        self.phones.append(phone)
        return {"patient": answer.json["id"], "slot": self._free_time()}

    def _free_time(self) -> dict[str, str]:
        """A time that no other patient of the test was given, whether or not they have booked it by now."""
        while not self.slots:
            self.slots.extend(_free_times(self.caller, next(self._days_ahead)))
        return self.slots.popleft()

    def books(self) -> Answer:
        """A new patient books a consultation."""
        return self.book(self.registers())

    def book(self, body: dict[str, Any], **headers: str) -> Answer:
        """Send one booking."""
        return self.caller.call("POST", "/api/v1/appointments/", body, **headers)

    def sweep(self, *names: str) -> None:
        """Have the worker sweep now, as beat asks it to every few seconds."""
        for name in names:
            self.sweeps.send_task(f"notifications.tasks.{name}", expires=5, ignore_result=True)

    def faults(self, **plan: object) -> None:
        """Set what shall go wrong at the provider; nothing where nothing is named."""
        requests.post(f"{self.stack.twilio_url}/_local/faults", json=plan, timeout=10).raise_for_status()

    def pace(self, **milliseconds: float) -> None:
        """Set how slowly the provider answers, and how fast it delivers."""
        requests.post(f"{self.stack.twilio_url}/_local/latency", json=milliseconds, timeout=10).raise_for_status()

    def texts(self) -> Counter[str]:
        """How many texts of ours each phone of the test has got."""
        answer = requests.get(f"{self.stack.twilio_url}/_local/messages", timeout=10)
        ours = [row["to"] for row in answer.json()["messages"] if row["direction"] == "outbound-api"]
        return Counter(number for number in ours if number in self.phones)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(self.stack.database_url) as connection:
            return connection.execute(query, parameters).fetchall()

    def standing(self) -> Counter[str]:
        """How many of the test's confirmations stand how."""
        return Counter(status for _, status in self.rows(_STANDING, self.phones))

    def tried(self) -> int:
        """How many attempts were written for the test's texts."""
        return int(self.rows(_TRIED, self.phones)[0][0])

    def in_flight(self) -> int:
        """How many calls were made of which no worker wrote how they ended."""
        return int(self.rows(_IN_FLIGHT, self.phones)[0][0])

    def settles(self, *, but_for: str = "") -> Counter[str]:
        """Wait, sweeping, until no text of the test is open, but for those in one state; return how they stand."""

        def over() -> bool:
            self.sweep("settle_unknown", "send_due")
            return not set(self.standing()) & (set(OPEN) - {but_for})

        eventually(over, seconds=PATIENCE, every=0.3)
        return self.standing()

    def asks_an_hour_later(self) -> None:
        """Let an hour pass, after which the provider is asked about every text whose receipt got lost."""
        self.settles(but_for="sent")
        with psycopg.connect(self.stack.database_url) as connection:
            connection.execute("UPDATE clinic_clockoffset SET seconds = seconds + 3700")

        def all_told() -> bool:
            self.sweep("poll_receipts")
            return "sent" not in self.standing()

        eventually(all_told, seconds=PATIENCE, every=0.3)

    def all_got_their_text_once(self) -> None:
        """Assert that every confirmation was delivered, each phone got one text, and every attempt has its end."""
        standing = self.settles()
        assert standing == {"delivered": len(self.phones)}
        assert self.texts() == dict.fromkeys(self.phones, 1)
        assert self.rows(_WITHOUT_OUTCOME) == []


@contextmanager
def settled_in(stack: Stack) -> Iterator[Town]:
    """The town of one test, with so many free times to book that no two patients want the same."""
    token = new_token(stack.database_url, f"town {time.monotonic_ns()}", SCOPES)
    caller = Caller(stack.web_url, token)
    try:
        caller.ready()
        with Celery(broker=stack.redis_url, set_as_current=False) as sweeps:
            yield Town(stack, token, caller, deque(), sweeps)
    finally:
        caller.close()


def _free_times(caller: Caller, days_ahead: int) -> Iterator[dict[str, str]]:
    """Times of one day on the hour: a consultation takes less, so that one does not take the next one's clinician."""
    search = f"/api/v1/slots/?visit_type={CONSULT}&near=20770&within_miles=100"
    first = datetime.fromisoformat(_found(caller, search)[0]["starts_at"])
    start, end = (quote((first + timedelta(days=days)).isoformat()) for days in (days_ahead, days_ahead + 1))
    for slot in _found(caller, f"{search}&limit=200&from={start}&until={end}"):
        if datetime.fromisoformat(slot["starts_at"]).minute == 0:
            yield {key: slot[key] for key in ("visit_type", "center", "starts_at")}


def _found(caller: Caller, search: str) -> list[dict[str, str]]:
    answer = caller.call("GET", search)
    assert answer.status == 200, answer.content
    found: list[dict[str, str]] = answer.json["results"]
    return found
