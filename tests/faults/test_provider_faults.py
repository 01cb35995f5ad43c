"""A provider at its worst, by a seeded plan: every text arrives once, or a person is asked to reach the patient.

`make test` sends 60 texts, `make soak` 720.
"""

import os

import pytest

from tests.faults.town import Town

pytestmark = pytest.mark.soak
PLANS = 12 if os.environ.get("RULEOUT_SOAK") else 1
TEXTS = 60
#: What goes wrong with a call, and with its receipts, and how often.
RATES = {
    "hang_before_create:1": 0.03,
    "hang_after_create:1": 0.05,
    "late_create:2": 0.04,
    "late_answer:2": 0.04,
    "reset_before_create": 0.05,
    "reset_after_create": 0.05,
    "429": 0.05,
    "500": 0.02,
    "503": 0.03,
    "500_after_create": 0.03,
    "503_after_create": 0.03,
    "error:21211": 0.03,
    "error:21610": 0.03,
    "drop": 0.1,
    "duplicate": 0.3,
    "reorder": 0.3,
    "delay:1": 0.1,
    "undelivered:30004": 0.04,
    "failed:30005": 0.04,
}
#: The worst, for the first ones: the text is there, and neither the answer nor a receipt tells of it.
SILENT = [[f"{fault}_after_create", "drop"] for fault in ("reset", "500", "503", "hang")] + [["late_create:2", "drop"]]
#: And each way in which a text ends with a person.
IN_VAIN = ["undelivered:30004", "failed:30005", "error:21211", ["undelivered:30004", "drop"]]
_BY_PHONE = """
SELECT m.phone, m.status, (
    SELECT count(*) FROM clinic_step s
    WHERE s.episode_id = m.episode_id AND s.kind = 'contact' AND s.status IN ('open', 'escalated')
) FROM notifications_message m WHERE m.purpose = 'booking_confirmation' AND m.phone = ANY(%s)
"""


@pytest.mark.parametrize("seed", range(PLANS))
def test_every_text_arrives_once_or_a_person_is_asked_to_reach_the_patient(town: Town, seed: int) -> None:
    town.faults(queue=SILENT + IN_VAIN, rates=RATES, seed=seed)
    for _ in range(TEXTS):
        assert town.books().status == 201
    town.asks_an_hour_later()
    texts = town.texts()
    found = town.rows(_BY_PHONE, town.phones)
    assert len(found) == TEXTS
    assert {status for _, status, _ in found} >= {"delivered", "failed", "undelivered"}
    for phone, status, asked in found:
        if status == "delivered":
            assert (phone, texts[phone], asked) == (phone, 1, 0)
        else:
            assert (phone, status in {"failed", "undelivered"}, asked) == (phone, True, 1)
            assert texts[phone] <= 1
