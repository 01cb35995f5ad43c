"""Why nothing may be taken at a time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.scheduling.oracle.reserve import leaves_the_reserve
from tests.scheduling.oracle.rota import DAY, House, Network, date_of, minute_of
from tests.scheduling.oracle.scene import Busy, Question, Scene, on_duty


def refusals(
    network: Network, busy: Busy, question: Question, house: House, at: datetime, before: Busy | None = None
) -> set[str]:
    """Every reason for which a visit can't be taken at an instant, by the code of its problem; none where it can.

    ``before``: what stood before the time of a visit that moves was given up; it may keep what it had of the reserve.
    """
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
        elif not scene.free(kind, visit, start):
            found.add("slot_taken")
    if not found & {"outside_shift", "slot_taken"} and not leaves_the_reserve(scene, start, before):
        found.add("reserved_for_same_day")
    return found


def _ever_here(network: Network, house: House, kind: str) -> bool:
    """Whether a unit of a kind belongs to a center, or works there on some day on which it is open."""
    for unit in network.units.values():
        places = {unit.home, *(each.hours.center for each in unit.weekly)}
        places |= {house.id for on in unit.exceptions if network.at(house, unit, on)}
        if unit.kind == kind and not unit.remote and house.id in places:
            return True
    return False
