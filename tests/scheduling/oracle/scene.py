"""One center on one date for one question: what the conditions look at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from tests.scheduling.oracle.rota import House, Network, Unit, Visit, day, instant


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, and when and from where it is asked."""

    visit: Visit
    now: datetime
    since: datetime
    until: datetime
    near: tuple[float, float] | None = None
    within: float | None = None
    tier: int | None = None
    clock: datetime | None = None
    limit: int = 200
    arm: bool = False
    iliac: bool = False
    code: str = ""

    @property
    def read_at_once(self) -> bool:
        """Whether a reader and a prescriber must follow the scan."""
        return self.tier == 1 and "room" in self.visit.takes


@dataclass(frozen=True, slots=True)
class Found:
    """A slot: where, from when to when, when its result is there, and whether that is in time."""

    code: str
    starts_at: datetime
    ends_at: datetime
    result_by: datetime
    meets: bool | None


@dataclass(frozen=True)
class Busy:
    """What stands: the minutes at which each unit is taken, and when rule-outs, and add-ons among them, begin by house.

    A rule-out counts from its hold on, and when it is over; not one that was given up, missed, or held too long.
    """

    minutes: Mapping[int, set[int]] = field(default_factory=dict)
    rule_outs: Mapping[int, list[int]] = field(default_factory=dict)
    add_ons: Mapping[int, list[int]] = field(default_factory=dict)

    def of(self, unit: Unit) -> set[int]:
        """The minutes at which a unit is taken."""
        return self.minutes.get(unit.id, set())

    def with_taken(self, units: Iterable[Unit], minutes: Iterable[int]) -> "Busy":
        """The same, with some more minutes of some units taken."""
        more = frozenset(minutes)
        return replace(self, minutes={**self.minutes, **{unit.id: self.of(unit) | more for unit in units}})


@dataclass(frozen=True)
class Scene:
    """One center on one date, for one question."""

    network: Network
    busy: Busy
    question: Question
    house: House
    on: date
    #: What was worked out before, so that it is not for every start anew.
    known: dict[str, Any] = field(default_factory=dict)

    def units(self, kind: str) -> list[tuple[Unit, frozenset[int]]]:
        """Who is on duty here today."""
        return self.network.on_site(self.house, kind, self.on)

    def grid(self, earliest: datetime) -> Iterator[int]:
        """The minutes of this date at which a visit may start by the grid, from ``earliest`` to the span's end."""
        for minute, wall in day(self.house.zone, self.on):
            if wall.minute % self.question.visit.step == 0 and earliest <= instant(minute) < self.question.until:
                yield minute

    def free(self, kind: str, visit: Visit, start: int) -> list[Unit]:
        """Who of a kind is on duty for a visit at a minute, and free for it and its buffer."""
        return [
            unit
            for unit, minutes in self.units(kind)
            if on_duty(minutes, start, visit) and is_free(self.busy.of(unit), start, visit)
        ]


def on_duty(minutes: frozenset[int], start: int, visit: Visit) -> bool:
    """Whether every minute of a visit is one of these."""
    return minutes.issuperset(range(start, start + visit.minutes))


def is_free(taken: set[int], start: int, visit: Visit) -> bool:
    """Whether no minute of a visit and its buffer is taken."""
    return taken.isdisjoint(range(start, start + visit.minutes + visit.buffer))
