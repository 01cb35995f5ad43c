"""What a search must answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from clinic.geography import haversine_miles, travel_minutes
from tests.scheduling.oracle.reserve import TREATMENT, leaves_the_reserve
from tests.scheduling.oracle.rota import DAY, MINUTE, House, Network, date_of, instant, minute_of
from tests.scheduling.oracle.scene import Busy, Found, Question, Scene, on_duty

#: Notice that a routine visit gives, in minutes.
NOTICE = 60
#: By tier: minutes from the clock's start to the result.
RESULT_WITHIN = {1: 240, 2: 720}
TIER_1_SCAN_WITHIN = 180


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
    return all(scene.free(kind, visit, start) for kind in visit.takes)


def somebody_reads_and_prescribes(scene: Scene, start: int) -> bool:
    """A tier-1 scan is read by one person right after it, and one person is there for the hour of its treatment."""
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
    ("no_reader_or_prescriber", (somebody_reads_and_prescribes,)),
    ("reserved", (leaves_the_reserve,)),
]


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
    return Found(house.code, starts_at, ends_at, result_by, meets(question, house, start))


def meets(question: Question, house: House, start: int) -> bool | None:
    """Whether a start keeps the clock's limits; None where no clock runs."""
    starts_at = instant(start)
    result_by = starts_at + (question.visit.minutes + question.visit.reading) * MINUTE
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
