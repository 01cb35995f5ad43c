"""One stack whose processes are killed and started again, and a town of new patients for each test."""

from collections.abc import Callable, Iterator

import pytest

from clinic.local.stack import Stack
from tests.faults.town import Town, settled_in

#: Short waits, so that what is lost is found within seconds: the lease is three times the time-out.
IMPATIENT = {"TWILIO_TIMEOUT_SECONDS": "1.5", "MESSAGE_ABSENT_AFTER_SECONDS": "4.5"}


@pytest.fixture(scope="package")
def city(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[Stack]:
    """All processes, impatient with the provider."""
    stack = new_stack(morning_template, env=IMPATIENT)
    yield stack
    # Its sweeps would go on for as long as the other tests of the run.
    stack.close()


@pytest.fixture
def town(city: Stack) -> Iterator[Town]:
    with settled_in(city) as found:
        found.pace(answer_ms=0, step_ms=50)
        yield found
        found.faults()
