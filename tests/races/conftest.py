"""The web server on a morning with nothing booked, for races of a few clients each."""

from collections.abc import Callable, Iterator

import pytest

from clinic.local.stack import WEB, Stack
from scheduling import bits
from tests.races.rivals import Rivals, deadlocks, gather, leave_one_pair, nothing_is_half_done

#: Centers that have one room and one sonographer left, on one day from nine to five.
FIRST, SECOND = "C001", "C002"


@pytest.fixture(scope="package")
def ring(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[Stack]:
    """The web server alone, with two workers; all its races together bring no deadlock."""
    stack = new_stack(morning_template, parts=(WEB,))
    yield stack
    assert deadlocks(stack) == 0
    stack.close()


@pytest.fixture(scope="package")
def pair(ring: Stack) -> list[int]:
    """The resource-days, room and sonographer, that the first center has left."""
    return leave_one_pair(ring, FIRST, bits.span(9 * 12, 17 * 12))


@pytest.fixture(scope="module")
def few(ring: Stack, pair: list[int]) -> Iterator[Rivals]:
    """Six clients, each with a patient; after all of a file's races nothing is half done."""
    with gather(ring, 6) as found:
        yield found
    nothing_is_half_done(ring)
