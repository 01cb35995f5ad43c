"""Kill -9 the worker between a call's acceptance and our record of it: the patient's telephone rings once."""

from dataclasses import dataclass

import pytest
import requests

from clinic.local.stack import WORKER
from tests.faults.town import CONSULT, PATIENCE, Town
from tests.outage import eventually, without

pytestmark = pytest.mark.soak
_CALL = """
SELECT m.id, m.status, m.end_code, (SELECT count(*) FROM notifications_attempt a WHERE a.message_id = m.id)
FROM notifications_message m WHERE m.phone = %s AND m.channel = 'voice'
"""
_OUTCOMES = """
SELECT o.kind FROM notifications_attempt a JOIN notifications_attemptoutcome o ON o.attempt_id = a.id
JOIN notifications_message m ON m.id = a.message_id WHERE m.phone = %s AND m.channel = 'voice' ORDER BY o.id
"""
_PERSONS = """
SELECT count(*) FROM clinic_step s JOIN clinic_episode e ON e.id = s.episode_id JOIN clinic_patient p
ON p.id = e.patient_id WHERE p.phone = %s AND s.kind = 'contact'
"""


@dataclass
class Called:
    """A patient whose number takes no texts, and who booked a visit of today."""

    town: Town
    phone: str

    def rang(self) -> int:
        """How often the telephone rang."""
        answer = requests.get(f"{self.town.stack.twilio_url}/_local/calls", params={"to": self.phone}, timeout=10)
        return len(answer.json()["calls"])

    def outcomes(self) -> list[str]:
        """What the attempts of the call came to."""
        return [kind for (kind,) in self.town.rows(_OUTCOMES, self.phone)]

    def stands(self) -> tuple[str, str, int]:
        """How the call stands, for what code, and how often it was tried."""
        [(_, status, code, tries)] = self.town.rows(_CALL, self.phone)
        return status, code, tries

    def persons(self) -> int:
        """How many steps ask a person to reach the patient."""
        return int(self.town.rows(_PERSONS, self.phone)[0][0])


def _books_for_today(town: Town) -> str:
    body = town.registers()
    found = town.caller.call("GET", f"/api/v1/slots/?visit_type={CONSULT}&near=20770&within_miles=100").json["results"]
    body["slot"] = {key: found[0][key] for key in ("visit_type", "center", "starts_at")}
    answer = town.book(body)
    assert answer.status == 201, answer.content
    return town.phones[-1]


@pytest.mark.parametrize(
    ("fault", "end", "persons"),
    [
        pytest.param(["hang_after_create:30"], ("delivered", "", 1), 0, id="and who takes it proves that it was made"),
        pytest.param(
            ["hang_after_create:30", "drop", "no-answer"],
            ("undelivered", "no-answer", 1),
            1,
            id="and nothing tells of it",
        ),
    ],
)
def test_a_worker_that_dies_in_its_call_lets_the_telephone_ring_once(
    town: Town, fault: list[str], end: tuple[str, str, int], persons: int
) -> None:
    town.faults(queue=["error:21614", fault])
    called = Called(town, _books_for_today(town))
    town.sweep("send_due")
    eventually(lambda: called.rang() == 1, seconds=PATIENCE)
    with without(town.stack, WORKER):
        assert "accepted" not in called.outcomes()
    town.faults()

    def is_settled() -> bool:
        town.sweep("settle_unknown", "send_due")
        return called.stands() == end

    eventually(is_settled, seconds=PATIENCE, every=0.3)
    assert called.rang() == 1
    assert called.outcomes() == ["found"]
    assert called.persons() == persons
