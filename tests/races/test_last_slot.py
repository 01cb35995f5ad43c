"""Fifty clients at once after the last free slot of a center, over HTTP, against the real processes.

`make test` runs 20 rounds of each race, `make soak` 1,000.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from clinic.bench.caller import Answer, Caller
from clinic.local.stack import WEB, Stack
from tests.races.rivals import CENTER, Rivals, ask, deadlocks, free_slots, gather, leave_one_slot

pytestmark = pytest.mark.soak

CLIENTS = 50
ROUNDS = 1000 if os.environ.get("RULEOUT_SOAK") else 20
_TAKEN = """
SELECT a.status, count(DISTINCT a.id), count(o.id)
FROM scheduling_appointment a JOIN scheduling_occupancy o ON o.appointment_id = a.id AND o.live
JOIN clinic_center c ON c.id = a.center_id WHERE c.code = %s GROUP BY a.status
"""


@pytest.fixture(scope="module")
def web(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[Stack]:
    """The web server alone, with two workers, and a center with one free slot in all its calendar."""
    stack = new_stack(morning_template, parts=(WEB,))
    leave_one_slot(stack)
    yield stack
    stack.close()


@pytest.fixture(scope="module")
def rivals(web: Stack) -> Iterator[Rivals]:
    with gather(web, CLIENTS) as found:
        yield found


def _winner(answers: list[Answer]) -> dict[str, Any]:
    """Return what the one client got, all others having heard clearly that somebody was first."""
    assert Counter(answer.status for answer in answers) == {201: 1, 409: CLIENTS - 1}
    for answer in answers:
        if answer.status == 409:
            assert answer.media_type == "application/problem+json"
            assert (answer.json["code"], answer.json["status"]) == ("slot_taken", 409)
    won: dict[str, Any] = next(answer.json for answer in answers if answer.status == 201)
    return won


def test_one_client_books_the_last_slot_and_the_others_hear_that_it_is_taken(web: Stack, rivals: Rivals) -> None:
    before, anybody = deadlocks(web), rivals.callers[0]
    for _ in range(ROUNDS):
        anybody.ready()
        (slot,) = free_slots(anybody)
        choice = {key: slot[key] for key in ("visit_type", "center", "starts_at")}

        def book(caller: Caller, patient: dict[str, int], choice: dict[str, Any] = choice) -> Answer:
            return caller.call("POST", "/api/v1/appointments/", {**patient, "slot": choice})

        booked = _winner(rivals.all_at_once(book))
        assert ask(web, _TAKEN, CENTER) == [("booked", 1, 2)]
        assert free_slots(anybody) == []
        given_up = anybody.call("POST", f"/api/v1/appointments/{booked['id']}/cancel/", {"reason": "next_round"})
        assert given_up.status == 200, given_up.content
    assert deadlocks(web) == before


def test_one_client_keeps_the_last_slot_and_books_what_it_keeps(web: Stack, rivals: Rivals) -> None:
    before, anybody = deadlocks(web), rivals.callers[0]
    for _ in range(ROUNDS):
        anybody.ready()
        (slot,) = free_slots(anybody)
        choice = {key: slot[key] for key in ("visit_type", "center", "starts_at")}

        def hold(caller: Caller, _patient: dict[str, int], choice: dict[str, Any] = choice) -> Answer:
            return caller.call("POST", "/api/v1/holds/", choice)

        held = _winner(rivals.all_at_once(hold))
        assert ask(web, _TAKEN, CENTER) == [("held", 1, 2)]

        def book(caller: Caller, patient: dict[str, int], held: dict[str, Any] = held) -> Answer:
            return caller.call("POST", "/api/v1/appointments/", {**patient, "hold": held["id"]})

        answers = rivals.all_at_once(book)
        assert Counter(answer.status for answer in answers) == {201: 1, 409: CLIENTS - 1}
        assert {answer.json["code"] for answer in answers if answer.status == 409} == {"hold_already_used"}
        assert ask(web, _TAKEN, CENTER) == [("booked", 1, 2)]
        given_up = anybody.call("POST", f"/api/v1/appointments/{held['id']}/cancel/", {"reason": "next_round"})
        assert given_up.status == 200, given_up.content
    assert deadlocks(web) == before
