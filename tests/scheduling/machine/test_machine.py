"""Scheduling as a state machine over real PostgreSQL, against the plain oracle.

`make test` takes 2,000 steps, the same ones each time; `make soak` takes 20,000, others each time.
"""

import os
from datetime import datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from clinic import clock
from tests.scheduling.machine.machine import Scheduling
from tests.scheduling.machine.world import MORNINGS, Frozen, build

pytestmark = pytest.mark.soak

SOAK = bool(os.environ.get("RULEOUT_SOAK"))
#: In all; each morning is a test of its own, so that they share the work of the processes.
STEPS = -(-(20_000 if SOAK else 2_000) // len(MORNINGS))
STEPS_AN_EXAMPLE = 60


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("morning", MORNINGS, ids=str)
def test_whatever_people_do_nothing_is_taken_twice_and_every_search_is_right(
    morning: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "real_now", Frozen.now)
    Scheduling.world, Scheduling.morning, Scheduling.steps = build(), morning, count()
    run_state_machine_as_test(
        Scheduling,
        settings=settings(
            max_examples=STEPS // (STEPS_AN_EXAMPLE - 15) + 1,
            stateful_step_count=STEPS_AN_EXAMPLE,
            deadline=None,
            derandomize=not SOAK,
            database=None,
            phases=(Phase.generate,),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert next(Scheduling.steps) >= STEPS
