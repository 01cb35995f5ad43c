"""What a search must answer, and why nothing may be taken at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from clinic.geography import haversine_miles, travel_minutes
from tests.scheduling.oracle.rota import DAY, MINUTE, House, Network, Unit, date_of, day, instant, minute_of

#: Hours to start a treatment after a tier-1 result, before the close; notice that a routine visit gives.
TREATMENT, NOTICE = 60, 60
#: By tier: minutes from the clock's start to the result.
RESULT_WITHIN = {1: 240, 2: 720}
TIER_1_SCAN_WITHIN = 180


@dataclass(frozen=True, slots=True)
class Visit:
    """A kind of visit: its lengths in minutes, the grid of its starts, what it takes, and whether hours count."""

    code: str
    minutes: int
    buffer: int
    reading: int
    step: int
    takes: tuple[str, ...]
    rule_out: bool


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


Busy = Mapping[int, set[int]]
"""The minutes at which each unit is taken."""


@dataclass(frozen=True)
class Scene:
    """One center on one date, for one question."""

    network: Network
    busy: Busy
    question: Question
    house: House
    on: date

    def units(self, kind: str) -> list[tuple[Unit, frozenset[int]]]:
        """Who is on duty here today."""
        return self.network.on_site(self.house, kind, self.on)

    def grid(self, earliest: datetime) -> Iterator[int]:
        """The minutes of this date at which a visit may start by the grid, from ``earliest`` to the span's end."""
        for minute, wall in day(self.house.zone, self.on):
            if wall.minute % self.question.visit.step == 0 and earliest <= instant(minute) < self.question.until:
                yield minute


def _somebody_is_on_duty(scene: Scene, start: int) -> bool:
    visit = scene.question.visit
    return all(any(on_duty(minutes, start, visit) for _, minutes in scene.units(kind)) for kind in visit.takes)


def _the_house_stays_open(scene: Scene, start: int) -> bool:
    """A tier-1 scan leaves its reading and an hour of treatment before the last room closes."""
    if not scene.question.read_at_once:
        return True
    visit = scene.question.visit
    close = max(max(minutes) for _, minutes in scene.units("room")) + 1
    return start + visit.minutes + visit.reading + TREATMENT <= close


def _one_of_each_is_free(scene: Scene, start: int) -> bool:
    visit = scene.question.visit
    return all(
        any(
            on_duty(minutes, start, visit) and is_free(scene.busy.get(unit.id, set()), start, visit)
            for unit, minutes in scene.units(kind)
        )
        for kind in visit.takes
    )


def _somebody_reads_and_prescribes(scene: Scene, start: int) -> bool:
    if not scene.question.read_at_once:
        return True
    visit = scene.question.visit
    scanned = start + visit.minutes
    read = scanned + visit.reading
    return _covers(scene, "physician", scanned, read) and _covers(scene, "clinician", read, read + TREATMENT)


#: What a start must keep, in the order in which a center's answer names what it failed on.
CONDITIONS: list[tuple[str, tuple[Callable[[Scene, int], bool], ...]]] = [
    ("too_late", (_somebody_is_on_duty, _the_house_stays_open)),
    ("full", (_one_of_each_is_free,)),
    ("no_reader_or_prescriber", (_somebody_reads_and_prescribes,)),
]


def on_duty(minutes: frozenset[int], start: int, visit: Visit) -> bool:
    """Whether every minute of a visit is one of these."""
    return minutes.issuperset(range(start, start + visit.minutes))


def is_free(taken: set[int], start: int, visit: Visit) -> bool:
    """Whether no minute of a visit and its buffer is taken."""
    return taken.isdisjoint(range(start, start + visit.minutes + visit.buffer))


def _covers(scene: Scene, kind: str, start: int, end: int) -> bool:
    """Whether one person of a kind is on duty from start to end."""
    people = scene.network.cover(scene.house, kind, scene.on)
    return any(minutes.issuperset(range(start, end)) for minutes in people)


def answer(network: Network, busy: Busy, question: Question) -> tuple[list[Found], list[tuple[str, str]]]:
    """The slots, best first, and the centers that offer none, each with its reason."""
    ranked: list[tuple[tuple[object, ...], Found]] = []
    without = []
    for miles, house in _houses(network, question):
        able = (house.arm_scans or not question.arm) and (house.iliac_doppler or not question.iliac)
        found, reason = _asked(network, busy, question, house, miles) if able else ([], "capability_missing")
        ranked += [(_rank(question, house, miles, each), each) for each in found]
        if not found:
            without.append((house.code, reason))
    ranked.sort(key=lambda pair: pair[0])
    return [each for _, each in ranked][: question.limit], without


def _houses(network: Network, question: Question) -> list[tuple[float | None, House]]:
    found = []
    for house in network.houses.values():
        miles = haversine_miles(question.near, house.point) if question.near else None
        if question.code not in ("", house.code):
            continue
        if question.within is None or (miles is not None and miles <= question.within):
            found.append((miles, house))
    return sorted(found, key=lambda pair: (pair[0] or 0.0, pair[1].code))


def _asked(
    network: Network, busy: Busy, question: Question, house: House, miles: float | None
) -> tuple[list[Found], str]:
    """A center's slots, or how far its best day came."""
    way = 0 if miles is None else travel_minutes(miles)
    notice = 0 if question.visit.rule_out else NOTICE
    earliest = max(question.since, question.now + timedelta(minutes=max(way, notice)))
    found: list[Found] = []
    furthest, reason = -1, ""
    on = date_of(minute_of(question.since), house.zone)
    last = date_of(minute_of(question.until - timedelta(microseconds=1)), house.zone)
    while on <= last:
        scene = Scene(network, busy, question, house, on)
        starts, reached, why = _day(scene, earliest)
        found += [_found(question, house, start) for start in starts]
        if reached > furthest:
            furthest, reason = reached, why
        on += DAY
    return found, reason


def _day(scene: Scene, earliest: datetime) -> tuple[list[int], int, str]:
    """The starts of a date, or how far it came and why no further."""
    if scene.house.opening(scene.on) is None:
        return [], 0, "closed"
    for kind in scene.question.visit.takes:
        if not scene.units(kind):
            return [], 1, f"no_{kind}"
    starts = list(scene.grid(earliest))
    for stage, (reason, kept) in enumerate(CONDITIONS, start=2):
        starts = [start for start in starts if all(keeps(scene, start) for keeps in kept)]
        if not starts:
            return [], stage, reason
    return starts, 9, ""


def _found(question: Question, house: House, start: int) -> Found:
    starts_at = instant(start)
    ends_at = starts_at + question.visit.minutes * MINUTE
    result_by = ends_at + question.visit.reading * MINUTE
    return Found(house.code, starts_at, ends_at, result_by, _meets(question, house, starts_at, result_by))


def _meets(question: Question, house: House, starts_at: datetime, result_by: datetime) -> bool | None:
    if question.tier is None or question.clock is None:
        return None
    if result_by > question.clock + RESULT_WITHIN[question.tier] * MINUTE:
        return False
    if question.tier == 1:
        return starts_at <= question.clock + TIER_1_SCAN_WITHIN * MINUTE
    zone = ZoneInfo(house.zone)
    return starts_at.astimezone(zone).date() <= question.clock.astimezone(zone).date()


def _rank(question: Question, house: House, miles: float | None, found: Found) -> tuple[object, ...]:
    if question.visit.rule_out:
        return found.meets is False, found.result_by, miles or 0.0, house.code
    return date_of(minute_of(found.starts_at), house.zone), miles or 0.0, found.starts_at, house.code


def refusals(network: Network, busy: Busy, question: Question, house: House, at: datetime) -> set[str]:
    """Every reason for which a visit can't be taken at an instant, by the code of its problem; none where it can."""
    visit, start, found = question.visit, minute_of(at), set()
    on = date_of(start, house.zone)
    if at <= question.now:
        found.add("slot_in_the_past")
    if on > date_of(minute_of(question.now), house.zone) + 120 * DAY:
        found.add("too_far_ahead")
    wall = at.astimezone(ZoneInfo(house.zone))
    if wall.minute % visit.step or wall.second or wall.microsecond:
        found.add("off_the_grid")
    if house.opening(on) is None:
        found.add("center_closed")
    if any(not _ever_here(network, house, kind) for kind in visit.takes):
        found.add("capability_missing")
    scene = Scene(network, busy, question, house, on)
    for kind in visit.takes:
        there = [unit for unit, minutes in scene.units(kind) if on_duty(minutes, start, visit)]
        if not there:
            found.add("outside_shift")
        elif not any(is_free(busy.get(unit.id, set()), start, visit) for unit in there):
            found.add("slot_taken")
    return found


def _ever_here(network: Network, house: House, kind: str) -> bool:
    """Whether a unit of a kind belongs to a center, or works there on some day."""
    for unit in network.units.values():
        places = {unit.home, *(each.hours.center for each in unit.weekly)}
        places |= {hours.center for hours in unit.exceptions.values() if hours}
        if unit.kind == kind and not unit.remote and house.id in places:
            return True
    return False
