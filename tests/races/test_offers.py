"""An offer that several answer at once, and at the moment at which it ends, over HTTP, against the real processes.

`make test` runs 20 rounds of each race, `make soak` 200.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from clinic.bench.caller import Answer, Caller
from clinic.local.stack import WEB, Stack
from tests.races.rivals import CENTER, Rivals, gather, leave_one_slot
from tests.races.sweeper import Sweeper, sweeping

pytestmark = pytest.mark.soak

CLIENTS = 8
ROUNDS = 200 if os.environ.get("RULEOUT_SOAK") else 20
#: A repeat scan: the one slot of the center lies on a later day, too late for any rule-out.
VISIT = "V20"
_TAKEN = """
SELECT a.status, count(DISTINCT a.id), count(o.id)
FROM scheduling_appointment a JOIN scheduling_occupancy o ON o.appointment_id = a.id AND o.live
JOIN clinic_center c ON c.id = a.center_id WHERE c.code = %s GROUP BY a.status
"""
_ENDS_SOON = """
WITH soon AS (SELECT now() + (SELECT seconds FROM clinic_clockoffset) * interval '1 second' + %s AS at),
offer AS (UPDATE scheduling_offer SET expires_at = soon.at FROM soon WHERE id = %s RETURNING hold_id)
UPDATE scheduling_appointment SET hold_expires_at = soon.at FROM soon, offer WHERE id = offer.hold_id
"""
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


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


@pytest.fixture(scope="module")
def sweeper(web: Stack) -> Iterator[Sweeper]:
    with sweeping(web) as found:
        yield found


#: How long an offer still stands when they set out: before most of them, among them, and, on a busy machine too,
#: after the first.
WINDOWS = [timedelta(milliseconds=each) for each in (100, 250, 5000)]


def _ask(stack: Stack, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(stack.database_url) as connection:
        return connection.execute(query, parameters).fetchall()


def _ok(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.content
    return answer.json


def _one_slot(caller: Caller) -> dict[str, Any]:
    (slot,) = _ok(caller.call("GET", f"/api/v1/slots/?visit_type={VISIT}&center={CENTER}"))["results"]
    return {key: slot[key] for key in ("visit_type", "center", "starts_at")}


def _offered(caller: Caller, patient: dict[str, int], slot: dict[str, Any], sweeper: Sweeper) -> dict[str, Any]:
    """Put a patient on the list, let the sweep run, and return the entry with the offer that was made to it."""
    latest = datetime.fromisoformat(slot["starts_at"]) + timedelta(hours=1)
    wish = {
        **patient,
        "visit_type": VISIT,
        "zip": "20770",
        "centers": [CENTER],
        "latest": latest.isoformat(),
        "short_notice": True,
    }
    entry = _ok(caller.call("POST", "/api/v1/waitlist/", wish), 201)
    sweeper.sweep()
    # A sweep on a busy machine outlasts the server's patience with a silent connection.
    caller.ready()
    shown: dict[str, Any] = _ok(caller.call("GET", f"/api/v1/waitlist/{entry['id']}/"))
    assert len(shown["offers"]) == 1, shown
    return shown


def _leave(caller: Caller, booked: list[dict[str, Any]], entry: dict[str, Any], sweeper: Sweeper) -> None:
    """Leave the center as it was before the round."""
    caller.ready()
    for visit in booked:
        _ok(caller.call("POST", f"/api/v1/appointments/{visit['id']}/cancel/", {"reason": "next_round"}))
    if _ok(caller.call("GET", f"/api/v1/waitlist/{entry['id']}/"))["status"] == "waiting":
        _ok(caller.call("POST", f"/api/v1/waitlist/{entry['id']}/withdraw/"))
    sweeper.sweep()


def test_of_all_who_answer_an_offer_at_once_one_has_it(web: Stack, rivals: Rivals, sweeper: Sweeper) -> None:
    anybody, patient = rivals.callers[0], rivals.patients[0]
    for _ in range(ROUNDS):
        anybody.ready()
        entry = _offered(anybody, patient, _one_slot(anybody), sweeper)
        offer = entry["offers"][0]["id"]

        def accept(caller: Caller, _patient: dict[str, int], offer: int = offer) -> Answer:
            return caller.call("POST", f"/api/v1/offers/{offer}/accept/")

        answers = rivals.all_at_once(accept)
        assert Counter(answer.status for answer in answers) == {200: 1, 410: CLIENTS - 1}
        assert {answer.json["code"] for answer in answers if answer.status == 410} == {"offer_over"}
        assert _ask(web, _TAKEN, CENTER) == [("booked", 1, 2)]
        (booked,) = [answer.json for answer in answers if answer.status == 200]
        assert booked["id"] == entry["offers"][0]["hold"]
        assert _ok(anybody.call("GET", f"/api/v1/waitlist/{entry['id']}/"))["status"] == "booked"
        _leave(anybody, [booked], entry, sweeper)
    web.restart(WEB)
    assert _ask(web, _DEADLOCKS) == [(0,)]


def test_at_the_moment_of_its_end_the_time_is_the_waiters_or_somebody_elses(
    web: Stack, rivals: Rivals, sweeper: Sweeper
) -> None:
    anybody, patient = rivals.callers[0], rivals.patients[0]
    by_offer = 0
    for turn in range(ROUNDS):
        anybody.ready()
        slot = _one_slot(anybody)
        entry = _offered(anybody, patient, slot, sweeper)
        offer = entry["offers"][0]["id"]
        with psycopg.connect(web.database_url) as connection:
            connection.execute(_ENDS_SOON, [WINDOWS[turn % len(WINDOWS)], offer])
        takers = {id(each) for each in rivals.callers[: CLIENTS // 2]}

        def answer(
            caller: Caller,
            own: dict[str, int],
            offer: int = offer,
            slot: dict[str, Any] = slot,
            takers: set[int] = takers,
        ) -> Answer:
            time.sleep(random.uniform(0.1, 0.4))
            if id(caller) in takers:
                return caller.call("POST", f"/api/v1/offers/{offer}/accept/")
            return caller.call("POST", "/api/v1/appointments/", {**own, "slot": slot})

        answers = rivals.all_at_once(answer)
        won = [each.json for each in answers if each.status < 300]
        lost = {(each.status, each.json["code"]) for each in answers if each.status >= 300}
        assert lost <= {(410, "offer_over"), (409, "slot_taken")}
        assert len(won) <= 1
        assert _ask(web, _TAKEN, CENTER) == [("booked", 1, 2)] if won else True
        taken_by_offer = any(each.status == 200 for each in answers)
        by_offer += taken_by_offer
        status = _ok(anybody.call("GET", f"/api/v1/waitlist/{entry['id']}/"))["status"]
        assert status == ("booked" if taken_by_offer else "waiting")
        _leave(anybody, won, entry, sweeper)
    assert 0 < by_offer < ROUNDS
