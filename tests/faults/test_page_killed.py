"""Kill -9 the worker between a call's acceptance and our record of it: the telephone of who is on call rings once."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
import requests

from clinic.access import Permission
from clinic.bench.caller import Caller, new_token
from clinic.local.stack import WORKER
from tests.faults.town import PATIENCE, Town
from tests.outage import eventually, without
from tests.scheduling.intakes import answers

pytestmark = pytest.mark.soak
SCOPES = (Permission.ASSESS, Permission.WORK_STEPS)
_PAGES = """
SELECT id, phone, channel, staff_id FROM notifications_message
WHERE step_id = %s AND staff_id IS NOT NULL ORDER BY due_at LIMIT 2
"""
_STATUS = "SELECT status FROM notifications_message WHERE id = %s"
_OUTCOMES = """
SELECT o.kind FROM notifications_attempt a LEFT JOIN notifications_attemptoutcome o ON o.attempt_id = a.id
WHERE a.message_id = %s ORDER BY o.id
"""


@dataclass
class Callback:
    """A callback that is owed within ten minutes, and the first two pages about it: a text, then a call."""

    town: Town
    step: int
    text: int
    call: int
    phone: str
    staff: int

    def status(self, page: int) -> str:
        """How a page stands."""
        return str(self.town.rows(_STATUS, page)[0][0])

    def outcomes(self) -> list[str | None]:
        """What the attempts of the call came to."""
        return [kind for (kind,) in self.town.rows(_OUTCOMES, self.call)]

    def rang(self) -> int:
        """How often the telephone rang."""
        answer = requests.get(f"{self.town.stack.twilio_url}/_local/calls", params={"to": self.phone}, timeout=10)
        return len(answer.json()["calls"])


@pytest.fixture
def callback(town: Town) -> Iterator[Callback]:
    caller = Caller(town.stack.web_url, new_token(town.stack.database_url, f"intake {time.monotonic_ns()}", SCOPES))
    contact = {"given_name": "Ana", "family_name": "Example", "phone": "+13015550142", "zip": "20770"}
    body = {"answers": answers(emergency={"fainted": "unknown"}), "answered_by": "patient", "contact": contact}
    try:
        caller.ready()
        taken_in = caller.call("POST", "/api/v1/triage/assessments/", body)
        assert taken_in.status == 201, taken_in.content
        step = taken_in.json["next_step"]["id"]
        (text, phone, first, staff), (call, same, second, _) = town.rows(_PAGES, step)
        assert (first, second, same) == ("sms", "voice", phone)
        yield Callback(town, step, text, call, phone, staff)
        caller.ready()
        # Nobody is paged about it any more while another test goes on.
        assert caller.call("POST", f"/api/v1/steps/{step}/reassign/", {"owner": staff}).status == 200
    finally:
        caller.close()


def _two_minutes_pass(town: Town) -> None:
    with psycopg.connect(town.stack.database_url) as connection:
        connection.execute("UPDATE clinic_clockoffset SET seconds = seconds + 120")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(["hang_after_create:30"], id="and what is told of it proves that it was accepted"),
        pytest.param(["hang_after_create:30", "drop"], id="and nothing tells of it"),
    ],
)
def test_a_worker_that_dies_in_its_call_lets_the_telephone_ring_once(callback: Callback, fault: list[str]) -> None:
    town, before = callback.town, callback.rang()
    town.sweep("send_due")
    eventually(lambda: callback.status(callback.text) == "delivered", seconds=PATIENCE)
    town.faults(numbers={callback.phone: fault})
    _two_minutes_pass(town)
    town.sweep("send_due")
    eventually(lambda: callback.rang() > before, seconds=PATIENCE)
    with without(town.stack, WORKER):
        assert "accepted" not in callback.outcomes()
    town.faults()

    def is_settled() -> bool:
        town.sweep("settle_unknown", "send_due")
        return "found" in callback.outcomes() and callback.status(callback.call) in {"sent", "delivered"}

    eventually(is_settled, seconds=PATIENCE, every=0.3)
    assert callback.rang() == before + 1
    assert callback.outcomes() == ["found"]
