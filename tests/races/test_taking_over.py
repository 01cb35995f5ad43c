"""A hold at the moment at which it runs out: its holder books, a rival takes the time, and the sweep runs.

`make test` runs 20 rounds, `make soak` 200.
"""

import os
from collections.abc import Iterator
from random import Random

import pytest

from clinic.local.stack import Stack
from tests.races.backroom import Backroom, opened
from tests.races.rivals import Rivals, ask, free_slots, nothing_is_half_done, posting

pytestmark = pytest.mark.soak

ROUNDS = 200 if os.environ.get("RULEOUT_SOAK") else 20
_RUNS_OUT = """
UPDATE scheduling_appointment SET hold_expires_at = clock_timestamp()
    + (SELECT seconds FROM clinic_clockoffset) * interval '1 second' + %s * interval '1 millisecond'
WHERE id = %s RETURNING id
"""


@pytest.fixture(scope="module")
def backroom(ring: Stack) -> Iterator[Backroom]:
    with opened(ring) as found:
        yield found


def test_a_hold_that_runs_out_while_it_is_booked_is_one_booking_or_none(
    ring: Stack, few: Rivals, backroom: Backroom
) -> None:
    chance, seen = Random(1856), set()
    # About where holder and rival meet, in ms: the machine's speed moves it.
    even = 30.0
    for _ in range(ROUNDS):
        holder, rival = few.callers[:2]
        holder.ready()
        slot = {key: value for key, value in free_slots(holder, "V20")[0].items() if key in _NAMED}
        hold = holder.call("POST", "/api/v1/holds/", slot)
        assert hold.status == 201, hold.content
        pk = hold.json["id"]
        ask(ring, _RUNS_OUT, round(chance.uniform(0, 2 * even)), pk)
        answers = few.some_at_once(
            [
                posting("appointments/", {**few.patients[0], "hold": pk}),
                posting("appointments/", {**few.patients[1], "slot": slot}),
                lambda caller: backroom.does(what="sweep"),
            ]
        )
        said = tuple("booked" if each.status == 201 else each.json["code"] for each in answers[:2])
        seen.add(said)
        even = even / 1.3 if said[0] == "booked" else even * 1.3
        assert said in {
            ("booked", "slot_taken"),
            ("hold_expired", "booked"),
            # The rival came a moment too early, the holder a moment too late: the time is free.
            ("hold_expired", "slot_taken"),
        }
        if "booked" in said:
            visit = answers[said.index("booked")].json["id"]
        else:
            again = rival.call("POST", "/api/v1/appointments/", {**few.patients[1], "slot": slot})
            assert again.status == 201, again.content
            visit = again.json["id"]
        assert ask(ring, _LIVE, slot["starts_at"]) == [(visit, "booked")]
        assert holder.call("POST", f"/api/v1/appointments/{visit}/cancel/", {}).status == 200
    nothing_is_half_done(ring)
    assert len(seen) > 1, "Every round ended the same: nobody raced."


_NAMED = ("visit_type", "center", "starts_at")
_LIVE = """
SELECT a.id, a.status FROM scheduling_appointment a JOIN clinic_center c ON c.id = a.center_id
WHERE c.code = 'C001' AND a.starts_at = %s AND a.status IN ('held', 'booked')
"""
