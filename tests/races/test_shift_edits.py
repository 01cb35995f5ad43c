"""A room is taken off duty while clients book it: the edit or the bookings, never both, over HTTP and a real process.

`make test` runs 20 rounds, `make soak` 200.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from clinic.bench.caller import Caller
from clinic.local.stack import Stack
from tests.races.backroom import Backroom, opened
from tests.races.rivals import Rivals, ask, free_slots, nothing_is_half_done, posting

pytestmark = pytest.mark.soak

ROUNDS = 200 if os.environ.get("RULEOUT_SOAK") else 20
HOURS = ["09:00", "17:00"]


@pytest.fixture(scope="module")
def backroom(ring: Stack) -> Iterator[Backroom]:
    with opened(ring) as found:
        yield found


def test_a_room_goes_off_duty_or_is_booked(ring: Stack, few: Rivals, pair: list[int], backroom: Backroom) -> None:
    ((room, on),) = ask(ring, 'SELECT resource_id, "on" FROM scheduling_resourceday WHERE id = %s', pair[0])
    edit: dict[str, Any] = {"what": "shift", "resource": room, "on": on.isoformat()}
    seen = set()
    for turn in range(ROUNDS):
        few.callers[0].ready()
        slots = [
            {key: slot[key] for key in ("visit_type", "center", "starts_at")}
            for slot in free_slots(few.callers[0], "V20")[::3]
        ]
        bookings: list[Callable[[Caller], Any]] = [
            posting("appointments/", {**patient, "slot": slot})
            for slot, patient in zip(slots, few.patients[:4], strict=False)
        ]
        edits: list[Callable[[Caller], Any]] = [lambda caller: backroom.does(**edit, hours=[])]
        # Each side is a little ahead in every other round.
        answers = few.some_at_once(edits + bookings if turn % 2 else bookings + edits)
        edited = next(each for each in answers if isinstance(each, dict))
        booked = [each for each in answers if not isinstance(each, dict)]
        said = {"booked" if each.status == 201 else each.json["code"] for each in booked}
        visits = [each.json["id"] for each in booked if each.status == 201]
        if "done" in edited:
            assert said == {"outside_shift"}
        else:
            assert edited["code"] == "shift_displaces_bookings"
            assert set(edited["appointments"]) <= set(visits)
            # The last of them may stand before what the center keeps for the day's rule-outs.
            assert "booked" in said <= {"booked", "reserved_for_same_day"}
        seen.add("done" in edited)
        for visit in visits:
            assert few.callers[0].call("POST", f"/api/v1/appointments/{visit}/cancel/", {}).status == 200
        assert backroom.does(**edit, hours=HOURS) == {"done": True}
    nothing_is_half_done(ring)
    assert seen == {True, False}, "One side won every round: nobody raced."
