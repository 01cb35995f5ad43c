"""How many visits of one length fit beside and after one another, each with one unit of every kind that it takes.

Pure. Taking the earliest start each time, by the units that are free for the shortest, finds the most almost always.
Where several units of a kind have different free times it may find one too few (some 6 in 1,000 days drawn at random),
so that its answer is only a beginning: every other choice of units, and the start left unused, is tried where that
could make room for one more.
"""

from functools import lru_cache
from itertools import product

from scheduling import bits

Lanes = tuple[tuple[int, ...], ...]
"""For each kind that a visit takes, the starts at which each unit of it could begin one."""

#: Choices looked at before it is taken for granted that no more fit. Of 3,000 days drawn at random, with up to four
#: units of each kind, none needed more than 160: it keeps a search quick on a day that nobody has seen.
MOST_CHOICES = 2_000


@lru_cache(maxsize=65536)
def fitting(lanes: Lanes, length: int, most: int) -> int:
    """Return how many visits of ``length`` bits can be packed, counted up to ``most``; never one too many."""
    count, could = _one_by_one(lanes, length, most), _at_most(lanes, length, most)
    while count < could and _Choices(length).hold(lanes, count + 1):
        count += 1
    return count


def in_a_row(starts: int, length: int, most: int) -> int:
    """Return how many visits can begin at these starts, one after the other, counted up to ``most``."""
    for count in range(most):
        if not starts:
            return count
        at = (starts & -starts).bit_length() - 1 + length
        starts = starts >> at << at
    return most


class _Choices:
    """One look for room for a number of visits, by trying every choice."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._in_vain: set[tuple[Lanes, int]] = set()
        self._left = MOST_CHOICES

    def hold(self, lanes: Lanes, count: int) -> bool:
        """Whether so many visits fit."""
        lanes = _usable(lanes)
        if _at_most(lanes, self._length, count) < count or (lanes, count) in self._in_vain:
            return False
        if _one_by_one(lanes, self._length, count) == count:
            return True
        self._left -= 1
        if self._left < 0:
            return False
        first = min(mask & -mask for lane in lanes for mask in lane)
        late = -1 << first.bit_length() - 1 + self._length
        for chosen in product(*(dict.fromkeys(mask for mask in lane if mask & first) for lane in lanes)):
            taken = tuple(_instead(lane, mask, mask & late) for lane, mask in zip(lanes, chosen, strict=True))
            if self.hold(taken, count - 1):
                return True
        if self.hold(tuple(tuple(mask & ~first for mask in lane) for lane in lanes), count):
            return True
        self._in_vain.add((lanes, count))
        return False


def _one_by_one(lanes: Lanes, length: int, most: int) -> int:
    """Return how many fit where each takes the earliest start, by the units whose free time ends first."""
    for count in range(most):
        common = _common(lanes)
        if not common:
            return count
        start = common & -common
        at = start.bit_length() - 1
        kept = ~bits.span(at - length + 1, at + length)
        soonest = [min(mask for mask in lane if mask & start) for lane in lanes]
        lanes = tuple(_instead(lane, mask, mask & kept) for lane, mask in zip(lanes, soonest, strict=True))
    return most


def _at_most(lanes: Lanes, length: int, most: int) -> int:
    """Return a number that cannot be passed: what the units of any one kind could do, at starts that all kinds have."""
    common = _common(lanes)
    return min(most, *(sum(in_a_row(mask & common, length, most) for mask in lane) for lane in lanes))


def _common(lanes: Lanes) -> int:
    """Return the starts at which a unit of every kind is free."""
    common = bits.FULL
    for lane in lanes:
        any_of = 0
        for mask in lane:
            any_of |= mask
        common &= any_of
    return common


def _usable(lanes: Lanes) -> Lanes:
    """Return the lanes without what no visit can use, each kind's in order: equal days then are known again."""
    common = _common(lanes)
    return tuple(tuple(sorted(mask & common for mask in lane if mask & common)) for lane in lanes)


def _instead(lane: tuple[int, ...], mask: int, other: int) -> tuple[int, ...]:
    at = lane.index(mask)
    return (*lane[:at], other, *lane[at + 1 :])
