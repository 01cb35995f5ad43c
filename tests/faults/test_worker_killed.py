"""Kill -9 the worker in the midst of its calls to the provider: the patient gets one text.

`make test` plays each way to die once, `make soak` 40 deaths at random instants more.
"""

import os
import random
import time

import pytest

from clinic.local.stack import WORKER
from tests.faults.town import PATIENCE, Town
from tests.outage import eventually, without

pytestmark = pytest.mark.soak
DEATHS = 40 if os.environ.get("RULEOUT_SOAK") else 2


def _each_in_a_call_of_its_own(town: Town, count: int) -> None:
    for number in range(1, count + 1):
        assert town.books().status == 201
        town.sweep("send_due")
        eventually(lambda number=number: town.tried() >= number, seconds=PATIENCE)  # type: ignore[misc]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(["hang_after_create:30"], id="accepted, and receipts tell of it"),
        pytest.param(["hang_after_create:30", "drop"], id="accepted, and nothing tells of it"),
        pytest.param(["hang_before_create:30"], id="not accepted yet"),
    ],
)
def test_a_worker_that_dies_in_its_calls_neither_loses_nor_repeats_a_text(town: Town, fault: list[str]) -> None:
    town.faults(queue=[fault] * 3)
    _each_in_a_call_of_its_own(town, 3)
    # These wait behind the others in the worker's hands, or are not taken yet.
    assert town.books().status == 201
    with without(town.stack, WORKER):
        assert town.in_flight() >= 1
    town.all_got_their_text_once()


@pytest.mark.parametrize("seed", range(DEATHS // 2))
def test_deaths_at_any_instant_neither_lose_nor_repeat_a_text(town: Town, seed: int) -> None:
    die = random.Random(seed)
    for _ in range(2):
        town.pace(answer_ms=die.choice([20, 200, 800]), step_ms=die.choice([20, 300]))
        for _ in range(4):
            assert town.books().status == 201
        time.sleep(die.uniform(0, 2))
        with without(town.stack, WORKER):
            assert town.books().status == 201
    town.pace(answer_ms=0, step_ms=50)
    town.all_got_their_text_once()
