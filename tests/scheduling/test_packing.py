"""How many visits of one length fit at once and in a row: the most that any choice of units comes to."""

from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.packing import Lanes, fitting

LENGTH = 4


def starts(*at: int) -> int:
    return sum(1 << each for each in at)


def most(lanes: Lanes, length: int) -> int:
    """By trying everything: at each start in turn, nothing, or a visit by each choice of units."""

    @cache
    def after(at: int, ready: tuple[tuple[int, ...], ...]) -> int:
        if at > 16:
            return 0
        free = [
            [unit for unit, mask in enumerate(lane) if mask >> at & 1 and ready[kind][unit] <= at]
            for kind, lane in enumerate(lanes)
        ]
        found = after(at + 1, ready)
        for chosen in product(*free):
            then = tuple(
                tuple(at + length if unit == mine else until for unit, until in enumerate(times))
                for mine, times in zip(chosen, ready, strict=True)
            )
            found = max(found, 1 + after(at, then))
        return found

    return after(0, tuple(tuple(0 for _ in lane) for lane in lanes))


@pytest.mark.parametrize(
    ("rooms", "people", "expected"),
    [
        # One after the other, the first as early as it can be.
        ((starts(0, 1, 5, 9),), (starts(0, 1, 5, 9),), 3),
        # The room that closes first is not the one to take where the other cannot be had with the person left over.
        ((starts(0, 8), starts(0, 4)), (starts(0, 4, 8),), 3),
        # Two at once, where there are two of each.
        ((starts(0, 4), starts(0, 4)), (starts(0, 4), starts(0, 4)), 4),
        # The earliest start left unused makes room for two.
        ((starts(0, 1), starts(2)), (starts(0, 2), starts(1)), 2),
        ((), (starts(0),), 0),
    ],
)
def test_as_many_fit_as_any_choice_of_units_lets(
    rooms: tuple[int, ...], people: tuple[int, ...], expected: int
) -> None:
    assert fitting((rooms, people), LENGTH, 9) == expected == most((rooms, people), LENGTH)


_lane = st.sets(st.sampled_from(range(0, 13, 2)), max_size=6).map(lambda at: starts(*at))
_rooms, _people = (st.lists(_lane, min_size=1, max_size=size).map(lambda lane: tuple(sorted(lane))) for size in (3, 2))


@settings(max_examples=40)
@given(lanes=st.tuples(_rooms, _people), length=st.sampled_from([2, 3, 5]))
def test_it_agrees_with_trying_everything(lanes: Lanes, length: int) -> None:
    assert fitting(lanes, length, 30) == most(lanes, length)


def test_it_counts_no_further_than_asked() -> None:
    lane = starts(*range(0, 96, 4))
    for lanes, all_of_them in ((((lane,), (lane,)), 24), (((lane, lane), (lane, lane)), 48)):
        assert [fitting(lanes, LENGTH, up_to) for up_to in (0, 1, 5, 50)] == [0, 1, 5, all_of_them]
