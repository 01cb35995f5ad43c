"""The same-day reserve, by trying every packing of rule-outs: on the grid, with every choice of rooms and people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import product

from tests.scheduling.oracle.rota import Kept, Unit, Visit, day, instant
from tests.scheduling.oracle.scene import Busy, Scene, is_free, on_duty

#: Minutes that a treatment takes after a result, before the close.
TREATMENT = 60

Lanes = tuple[tuple[frozenset[int], ...], ...]
"""For each kind that a rule-out takes, the minutes at which each unit of it could begin one."""


@dataclass(frozen=True)
class Half:
    """Half a day at a center: the minutes at which a rule-out may begin in it, and how many must still fit."""

    starts: frozenset[int]
    owed: int


def leaves_the_reserve(scene: Scene, start: int, before: Busy | None = None) -> bool:
    """Whether with some room and some people for it, a routine visit leaves the rule-outs of each half-day their room.

    As many as are owed; where fewer fit already (``before`` it gave its own time up, if it moves), as many as those.
    """
    visit, ours = scene.question.visit, scene.network.rule_out
    if visit.rule_out or set(visit.takes).isdisjoint(ours.takes):
        return True
    if "halves" not in scene.known:
        standing = scene.busy if before is None else before
        scene.known["halves"] = [half for half in _halves(scene) if half.owed]
        scene.known["floors"] = [
            _most(_lanes(scene, standing, half), half.owed, ours) for half in scene.known["halves"]
        ]
    halves: list[Half] = scene.known["halves"]
    floors: list[int] = scene.known["floors"]
    if not any(floors):
        return True
    time = range(start, start + visit.minutes + visit.buffer)
    for chosen in product(*(scene.free(kind, visit, start) for kind in visit.takes)):
        after = scene.busy.with_taken(chosen, time)
        if all(
            _most(_lanes(scene, after, half), floor, ours) >= floor for half, floor in zip(halves, floors, strict=True)
        ):
            return True
    return False


def kept_now(kept: Kept, begins_at: datetime, now: datetime) -> int:
    """How many are kept at an instant: all until the first step of the release, part of one counts as one."""
    percent = 100
    for minutes_before, share in sorted(kept.steps, reverse=True):
        if (begins_at - now).total_seconds() <= minutes_before * 60:
            percent = share
    return -(-kept.scans * percent // 100)


def _halves(scene: Scene) -> Iterator[Half]:
    """The half-days in which somebody is there: each begins with its first minute at which a room is open."""
    house, now, ours = scene.house, scene.question.now, scene.network.rule_out
    staffed = {minute for _, minutes in scene.units("room") for minute in minutes}
    for name in ("morning", "afternoon"):
        half = {minute: wall for minute, wall in day(house.zone, scene.on) if (wall.hour < 12) == (name == "morning")}
        here, kept = staffed.intersection(half), house.keeps.get(name)
        if kept is not None and here:
            used = sum(1 for start in scene.busy.rule_outs.get(house.id, ()) if start in half)
            starts = {
                minute
                for minute, wall in half.items()
                if wall.minute % ours.step == 0
                and instant(minute) >= now
                and minute + ours.minutes + ours.reading + TREATMENT <= max(staffed) + 1
            }
            yield Half(frozenset(starts), max(0, kept_now(kept, instant(min(here)), now) - used))


def _lanes(scene: Scene, busy: Busy, half: Half) -> Lanes:
    def lane(unit: Unit, minutes: frozenset[int]) -> frozenset[int]:
        ours, taken = scene.network.rule_out, busy.of(unit)
        return frozenset(at for at in half.starts if on_duty(minutes, at, ours) and is_free(taken, at, ours))

    return tuple(
        tuple(lane(unit, minutes) for unit, minutes in scene.units(kind)) for kind in scene.network.rule_out.takes
    )


@lru_cache(maxsize=20_000)
def _most(lanes: Lanes, enough: int, visit: Visit) -> int:
    """The most rule-outs that can be scanned one after and beside the other, counted up to ``enough``."""
    anybody = [frozenset[int]().union(*lane) for lane in lanes]
    starts = tuple(sorted(frozenset.intersection(*anybody)))
    return next((n for n in range(enough, 0, -1) if _fit(lanes, starts, n, visit.minutes + visit.buffer)), 0)


def _fit(lanes: Lanes, starts: tuple[int, ...], count: int, length: int) -> bool:
    """Whether so many rule-outs can begin, each with one unit of every kind that is ready again by then."""
    tried = set()

    def placed(left: int, since: int, ready: tuple[tuple[int, ...], ...]) -> bool:
        if left == 0:
            return True
        if (left, since, ready) in tried or any(left > _at_most(starts, times, since, length) for times in ready):
            return False
        tried.add((left, since, ready))
        for start in (each for each in starts if each >= since):
            could = [
                [at for at, lane in enumerate(kind) if start in lane and ready[number][at] <= start]
                for number, kind in enumerate(lanes)
            ]
            for chosen in product(*could):
                after = tuple(
                    tuple(start + length if at == mine else max(until, start) for at, until in enumerate(times))
                    for mine, times in zip(chosen, ready, strict=True)
                )
                if placed(left - 1, start, after):
                    return True
        return False

    return placed(count, 0, tuple((0,) * len(kind) for kind in lanes))


def _at_most(starts: tuple[int, ...], ready: tuple[int, ...], since: int, length: int) -> int:
    """How many could begin at most from a minute on, on units that are ready at these: no more needs to be tried."""
    if not starts:
        return 0
    return sum(max(0, (starts[-1] - max(each, since)) // length + 1) for each in ready)
