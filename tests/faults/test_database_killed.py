"""Kill -9 PostgreSQL while texts are leaving: what was promised stays promised, and each text leaves once.

`make test` plays two deaths, `make soak` 20. The server here is one of its own, and durable: a promise is kept by what
is on the disk.
"""

import os
import random
import time
from collections.abc import Iterator

import pytest

from clinic.local import places
from clinic.local.postgres import Postgres
from clinic.local.stack import POSTGRES, Stack
from tests.conftest import TEST_ENVIRONMENT
from tests.faults.conftest import IMPATIENT
from tests.faults.durable import durable_stack
from tests.faults.town import Town
from tests.outage import without

pytestmark = pytest.mark.soak
DEATHS = 20 if os.environ.get("RULEOUT_SOAK") else 2


@pytest.fixture(scope="module")
def city(server: Postgres, morning_template: str) -> Iterator[Stack]:
    """All processes, on a database server of their own."""
    state = places.STATE / f"{server.state.name}-durable-{os.getpid()}"
    with durable_stack(state, server.url(morning_template), {**TEST_ENVIRONMENT, **IMPATIENT}) as stack:
        yield stack


@pytest.mark.parametrize("seed", range(DEATHS // 2))
def test_a_database_that_dies_while_texts_leave_loses_and_repeats_none(town: Town, seed: int) -> None:
    die = random.Random(seed)
    for _ in range(2):
        # A call takes a while, so that some are under way when the database dies.
        town.pace(answer_ms=die.choice([20, 100, 300]), step_ms=50)
        for _ in range(6):
            assert town.books().status == 201
        time.sleep(die.uniform(0.2, 1.5))
        with without(town.stack, POSTGRES):
            pass
        assert town.books().status == 201
    town.pace(answer_ms=0, step_ms=50)
    # Receipts that came while it was gone are lost.
    town.asks_an_hour_later()
    town.all_got_their_text_once()
