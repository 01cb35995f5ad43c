"""Scheduling as a state machine over real PostgreSQL, against the plain oracle.

`make test` takes 2,000 steps, the same ones each time; `make soak` takes 20,000, others each time.
"""

import os
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from clinic import clock
from tests.scheduling.machine.machine import Scheduling
from tests.scheduling.machine.world import Frozen, build

pytestmark = pytest.mark.soak

SOAK = bool(os.environ.get("RULEOUT_SOAK"))
STEPS = 20_000 if SOAK else 2_000
STEPS_AN_EXAMPLE = 60


@pytest.mark.usefixtures("transactional_db")
def test_whatever_people_do_nothing_is_taken_twice_and_every_search_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "real_now", Frozen.now)
    Scheduling.world, Scheduling.steps = build(), count()
    run_state_machine_as_test(
        Scheduling,
        settings=settings(
            max_examples=STEPS // (STEPS_AN_EXAMPLE - 10),
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
