"""Adding a rule-out on: on a center's overflow unit, beside whoever scans, in time, and never too many."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.scheduling.oracle.answer import meets, somebody_reads_and_prescribes
from tests.scheduling.oracle.reserve import TREATMENT
from tests.scheduling.oracle.rota import House, Network, date_of, instant, minute_of
from tests.scheduling.oracle.scene import Busy, Question, Scene

#: Add-ons that a center takes from midnight to noon, and as many after.
MOST_A_HALF_DAY = 2


def add_ons(network: Network, busy: Busy, question: Question, house: House) -> list[datetime]:
    """The starts at which a center could add on the rule-out of a question, from now until its result is due."""
    zone, step = ZoneInfo(house.zone), question.visit.step
    starts = [instant(minute) for minute in range(minute_of(question.now), minute_of(question.until) + 1)]
    return [
        at
        for at in starts
        if at >= question.now
        and at.astimezone(zone).minute % step == 0
        and not against_add_on(network, busy, question, house, at) - {"slot_in_the_past"}
    ]


def against_add_on(network: Network, busy: Busy, question: Question, house: House, at: datetime) -> set[str]:
    """Every reason for which a rule-out can't be added on at an instant, by the code of its problem."""
    visit, start, found = question.visit, minute_of(at), set()
    wall = at.astimezone(ZoneInfo(house.zone))
    if at <= question.now:
        found.add("slot_in_the_past")
    if wall.minute % visit.step or wall.second or wall.microsecond:
        found.add("off_the_grid")
    if meets(question, house, start) is False:
        found.add("not_in_time")
    scene = Scene(network, busy, question, house, date_of(start, house.zone))
    if not _possible(scene, start):
        found.add("no_overbook")
    beside = [each for each in busy.add_ons.get(house.id, ()) if _half(house, each) == _half(house, start)]
    if len(beside) >= MOST_A_HALF_DAY:
        found.add("overbook_limit")
    return found


def _possible(scene: Scene, start: int) -> bool:
    """Whether the unit is there and free, somebody scans all the while, and for tier 1 it is read and treated."""
    visit = scene.question.visit
    if not scene.free("overflow", visit, start):
        return False
    scanning = {minute for _, minutes in scene.units("sonographer") for minute in minutes}
    if not scanning.issuperset(range(start, start + visit.minutes)):
        return False
    if not scene.question.read_at_once:
        return True
    close = max(max(minutes) for _, minutes in scene.units("overflow")) + 1
    in_the_house = start + visit.minutes + visit.reading + TREATMENT <= close
    return in_the_house and somebody_reads_and_prescribes(scene, start)


def _half(house: House, start: int) -> tuple[object, bool]:
    wall = instant(start).astimezone(ZoneInfo(house.zone))
    return wall.date(), wall.hour >= 12
