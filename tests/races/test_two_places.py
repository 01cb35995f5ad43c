"""One patient, booked at two centers for the same time at the same moment.

`make test` runs 20 rounds, `make soak` 200.
"""

import os

import pytest

from clinic.local.stack import Stack
from tests.races.rivals import Rivals, ask, free_slots, nothing_is_half_done, posting

pytestmark = pytest.mark.soak

ROUNDS = 200 if os.environ.get("RULEOUT_SOAK") else 20
_OPEN = "SELECT count(*) FROM clinic_episode WHERE patient_id = %s AND status = 'open'"
_VISITS = "SELECT status, count(*) FROM scheduling_appointment WHERE patient_id = %s GROUP BY 1 ORDER BY 1"


def test_a_patient_is_booked_at_one_of_two_centers(ring: Stack, few: Rivals) -> None:
    caller, patient = few.callers[0], {"patient": few.patients[0]["patient"]}
    caller.ready()
    centers = ("C002", "C003")
    offered = [{slot["starts_at"] for slot in free_slots(caller, "V30", center)} for center in centers]
    slot = {"visit_type": "V30", "starts_at": min(offered[0] & offered[1])}
    ((episodes,),) = ask(ring, _OPEN, patient["patient"])
    for done in range(1, ROUNDS + 1):
        answers = few.some_at_once(
            [posting("appointments/", {**patient, "slot": {**slot, "center": center}}) for center in centers * 2]
        )
        said = sorted("booked" if each.status == 201 else each.json["code"] for each in answers)
        assert said == ["booked", *["patient_booked_then"] * 3]
        assert dict(ask(ring, _VISITS, patient["patient"]))["booked"] == 1
        # What was refused has left nothing behind, no episode either.
        assert ask(ring, _OPEN, patient["patient"]) == [(episodes + done,)]
        visit = next(each.json["id"] for each in answers if each.status == 201)
        caller.ready()
        assert caller.call("POST", f"/api/v1/appointments/{visit}/cancel/", {}).status == 200
    nothing_is_half_done(ring)
