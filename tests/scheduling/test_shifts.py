"""Editing a day: hours change only where no visit loses its time."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.errors import Forbidden, Invalid
from clinic.models import Role
from scheduling.calendar import DAY
from scheduling.errors import CapabilityMissing, OutsideShift, ShiftDisplacesBookings, SlotTaken
from scheduling.models import ShiftException
from scheduling.services.calendar import materialise
from scheduling.services.holding import hold_slot
from scheduling.services.hours import follow_hours
from scheduling.services.shifts import change_shift
from scheduling.services.wanted import SlotChoice
from tests.factories import actor_of, make_center, make_resource
from tests.scheduling.conftest import Place, masks_match_the_rows


def test_hours_are_cut_and_given_back(place: Place) -> None:
    manager, room = actor_of(Role.MANAGER), place.center.resources.get(kind="room")
    today = clock.today(place.center.zone)
    change_shift(manager, resource=room, on=today, starts=time(8), ends=time(15))
    with pytest.raises(OutsideShift):
        hold_slot(place.actor, slot=place.at(14, 40))
    hold_slot(place.actor, slot=place.at(14, 20))
    materialise(days=3)
    with pytest.raises(OutsideShift):
        hold_slot(place.actor, slot=place.at(16))
    change_shift(manager, resource=room, on=today, starts=time(8), ends=time(20))
    hold_slot(place.actor, slot=place.at(16))


def test_a_booked_visit_stands_in_the_way_and_is_named(place: Place) -> None:
    visit, manager = place.booked(14), actor_of(Role.MANAGER)
    sonographer = place.center.resources.get(kind="sonographer")
    today = clock.today(place.center.zone)
    cuts: tuple[dict[str, Any], ...] = (
        {},
        {"starts": time(8), "ends": time(14, 20)},
        {"starts": time(14, 10), "ends": time(20)},
    )
    for hours in cuts:
        with pytest.raises(ShiftDisplacesBookings) as refused:
            change_shift(manager, resource=sonographer, on=today, **hours)
        assert refused.value.extra["appointments"] == [visit.pk]
    assert not ShiftException.objects.exists()
    # The buffer may run past the shift: the visit's own end counts.
    change_shift(manager, resource=sonographer, on=today, starts=time(14), ends=time(14, 30))


@pytest.mark.parametrize("edit", ["shift", "hours"])
def test_a_hold_that_ran_out_stands_in_nobodys_way(place: Place, edit: str) -> None:
    hold = hold_slot(place.actor, slot=place.at(14))
    room, today = place.center.resources.get(kind="room"), clock.today(place.center.zone)

    def close() -> None:
        if edit == "shift":
            change_shift(actor_of(Role.MANAGER), resource=room, on=today)
        else:
            place.center.hours.all().delete()
            follow_hours(place.center)

    with pytest.raises(ShiftDisplacesBookings):
        close()
    clock.advance(timedelta(minutes=10))
    close()
    hold.refresh_from_db()
    assert hold.status in ("expired", "cancelled")
    assert masks_match_the_rows()


def test_a_center_whose_zone_was_wrong_keeps_a_true_mask(place: Place) -> None:
    visit = place.booked(14)
    place.center.zone = "America/Chicago"
    place.center.save(update_fields=["zone"])
    assert follow_hours(place.center)
    assert masks_match_the_rows()
    with pytest.raises(SlotTaken):
        hold_slot(place.actor, slot=SlotChoice(visit.visit_type, place.center, visit.starts_at))


def test_who_only_visits_a_center_is_off_duty_there_and_not_missing(place: Place) -> None:
    """The center has the visit on other days: "nobody on duty then", not "never here"."""
    other, today = make_center("OTHER"), clock.today(place.center.zone)
    make_resource(other, "room")
    sonographer = place.center.resources.get(kind="sonographer")
    materialise(days=3)
    slot = replace(place.at(13, days=1), center=other)
    with pytest.raises(CapabilityMissing):
        hold_slot(place.actor, slot=slot)
    change_shift(
        actor_of(Role.MANAGER), resource=sonographer, on=today + DAY, starts=time(8), ends=time(12), center=other
    )
    with pytest.raises(OutsideShift):
        hold_slot(place.actor, slot=slot)


def test_only_a_manager_edits_and_both_hours_are_needed(place: Place) -> None:
    room, today = place.center.resources.get(kind="room"), clock.today(place.center.zone)
    with pytest.raises(Forbidden):
        change_shift(place.actor, resource=room, on=today)
    with pytest.raises(Invalid):
        change_shift(actor_of(Role.MANAGER), resource=room, on=today, starts=time(8))
