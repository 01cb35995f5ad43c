"""Visits that change places, and one that is moved twice at once, over HTTP.

`make test` runs 20 rounds, `make soak` 200.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from clinic.bench.caller import Answer, Caller
from clinic.local.stack import Stack
from tests.races.rivals import Rivals, ask, free_slots, nothing_is_half_done, posting

pytestmark = pytest.mark.soak

ROUNDS = 200 if os.environ.get("RULEOUT_SOAK") else 20
_PLACES = """
SELECT a.starts_at, a.sequence FROM scheduling_appointment a WHERE a.id = ANY(%s) ORDER BY array_position(%s, a.id)
"""


def _booked(caller: Caller, patient: dict[str, int], slot: dict[str, Any]) -> int:
    """A repeat scan, which no clinical deadline holds in place."""
    choice = {key: slot[key] for key in ("visit_type", "center", "starts_at")}
    answer = caller.call("POST", "/api/v1/appointments/", {**patient, "slot": choice})
    assert answer.status == 201, answer.content
    return int(answer.json["id"])


@pytest.fixture
def starts(few: Rivals) -> list[str]:
    """Four starts of one scanner that do not touch, in order."""
    few.callers[0].ready()
    return [slot["starts_at"] for slot in free_slots(few.callers[0], "V20")[::3]][:4]


@pytest.fixture
def visits(few: Rivals, starts: list[str]) -> Iterator[list[int]]:
    """The visits of the first two patients, at the first two starts."""
    slot = {"visit_type": "V20", "center": "C001"}
    made = [
        _booked(caller, patient, {**slot, "starts_at": start})
        for caller, patient, start in zip(few.callers[:2], few.patients, starts, strict=False)
    ]
    yield made
    for caller, visit in zip(few.callers, made, strict=False):
        caller.ready()
        assert caller.call("POST", f"/api/v1/appointments/{visit}/cancel/", {}).status == 200


def _moving(few: Rivals, moves: list[tuple[int, str]]) -> list[Answer]:
    """Let a client each move a visit to a start, all at the same moment."""
    return few.some_at_once(
        [posting(f"appointments/{visit}/reschedule/", {"starts_at": start}) for visit, start in moves]
    )


def _where(ring: Stack, visits: list[int], starts: list[str]) -> list[int]:
    """At which of the starts each visit is."""
    at = [datetime.fromisoformat(start) for start in starts]
    return [at.index(row[0]) for row in ask(ring, _PLACES, visits, visits)]


def _said(answers: list[Answer]) -> list[str]:
    assert all(answer.media_type == "application/json" or answer.status == 409 for answer in answers)
    return [str(answer.json["code"]) if answer.status == 409 else str(answer.status) for answer in answers]


def test_two_visits_that_change_places_stay_or_move_whole(
    ring: Stack, few: Rivals, starts: list[str], visits: list[int]
) -> None:
    for _ in range(ROUNDS):
        before = _where(ring, visits, starts)
        said = _said(_moving(few, [(visits[0], starts[before[1]]), (visits[1], starts[before[0]])]))
        assert said == ["slot_taken", "slot_taken"]
        assert _where(ring, visits, starts) == before


def test_a_visit_that_follows_another_ones_move_gets_its_place_or_stays(
    ring: Stack, few: Rivals, starts: list[str], visits: list[int]
) -> None:
    for _ in range(ROUNDS):
        first, second = _where(ring, visits, starts)
        free = next(each for each in range(3) if each not in (first, second))
        follows, moves = _said(_moving(few, [(visits[0], starts[second]), (visits[1], starts[free])]))
        assert moves == "200"
        assert follows in ("200", "slot_taken")
        assert _where(ring, visits, starts) == [second if follows == "200" else first, free]
    nothing_is_half_done(ring)


def test_one_visit_moved_twice_at_once_is_in_one_place_and_counts_both(
    ring: Stack, few: Rivals, starts: list[str], visits: list[int]
) -> None:
    for _ in range(ROUNDS):
        ((_, sequence),) = ask(ring, _PLACES, visits[:1], visits[:1])
        taken = _where(ring, visits, starts)
        free = [each for each in range(4) if each not in taken]
        assert _said(_moving(few, [(visits[0], starts[free[0]]), (visits[0], starts[free[1]])])) == ["200", "200"]
        assert _where(ring, visits, starts)[0] in free
        assert ask(ring, _PLACES, visits[:1], visits[:1])[0][1] == sequence + 2
    nothing_is_half_done(ring)
