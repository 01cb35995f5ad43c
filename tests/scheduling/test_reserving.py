"""The same-day reserve in search, hold, booking and rescheduling: routine scans keep out of it, rule-outs do not."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clinic import clock
from clinic.access import SYSTEM, visitor_actor
from clinic.errors import DomainError, Forbidden, Invalid
from clinic.models import Event, Role
from scheduling.errors import ReservedForSameDay
from scheduling.models import Appointment, Reserve, VisitType
from scheduling.reserve import AFTERNOON, MORNING, Release
from scheduling.selectors.search import SearchAnswer, search
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.holding import hold_slot, release_hold
from scheduling.services.rescheduling import reschedule
from scheduling.services.reserves import add_default_reserves, set_reserve
from scheduling.services.wanted import SlotChoice
from tests.factories import actor_of, make_scanner, set_clock, tomorrow_at
from tests.scheduling.conftest import Place, at_once, nothing_is_taken_twice

REPEAT = "repeat_scan"


def _keep(place: Place, scans: int, half: str = AFTERNOON, *release: Release) -> None:
    set_reserve(SYSTEM, center=place.center, half=half, scans=scans, release=release)


def _found(place: Place, *, kind: str = REPEAT, days: int = 0) -> SearchAnswer:
    first = max(clock.now(), tomorrow_at(0, days=days))
    return search(place.types[kind], from_=first, until=tomorrow_at(23, days=days), limit=200)


def _starts(answer: SearchAnswer) -> list[datetime]:
    return [slot.starts_at for slot in answer.slots]


def _slot(place: Place, at: datetime, kind: str = REPEAT) -> SlotChoice:
    return SlotChoice(place.types[kind], place.center, at)


def _booked(place: Place, hour: int, minute: int = 0, *, days: int = 1) -> Appointment:
    episode = place.suspected()
    slot = place.at(hour, minute, kind=REPEAT, days=days)
    return book(place.actor, patient=episode.patient, slot=slot, episode=episode)


def test_a_half_day_that_is_all_reserved_offers_a_routine_scan_nothing_and_says_so(place: Place) -> None:
    _keep(place, 60)
    _keep(place, 60, MORNING)
    answer = _found(place, days=1)
    # The last starts leave no time to read and treat a rule-out before the close.
    assert _starts(answer) == [tomorrow_at(18, 40), tomorrow_at(19, 0), tomorrow_at(19, 20)]
    assert len(_found(place, kind="dvt_scan", days=1).slots) == 35
    day = search(place.types[REPEAT], from_=tomorrow_at(8), until=tomorrow_at(18))
    assert [each.reason for each in day.unavailable] == ["reserved"]


def test_routine_scans_take_what_the_reserve_leaves_and_no_more(place: Place) -> None:
    # Ten rule-outs, one after the other, would just fit between noon and their last start at six.
    _keep(place, 8)
    held = 0
    while offered := [at for at in _starts(_found(place, days=1)) if tomorrow_at(12) <= at < tomorrow_at(18, 20)]:
        hold_slot(place.actor, slot=_slot(place, offered[0]))
        held += 1
    assert held == 2


def test_search_and_hold_agree_on_every_start(place: Place) -> None:
    make_scanner(place.center)
    materialise(days=3)
    _keep(place, 9)
    _keep(place, 3, MORNING)
    for hour, minute in ((9, 0), (12, 20), (13, 0), (13, 40), (15, 20)):
        hold_slot(place.actor, slot=place.at(hour, minute, days=1))
    for _ in range(2):
        offered = _starts(_found(place, days=1))
        assert offered == [at for at in _grid() if _can_be_held(place, at)]
        hold_slot(place.actor, slot=_slot(place, offered[len(offered) // 2]))


def _grid() -> list[datetime]:
    return [tomorrow_at(8) + timedelta(minutes=20 * n) for n in range(36)]


def _can_be_held(place: Place, at: datetime) -> bool:
    visitor = visitor_actor("v")
    try:
        hold = hold_slot(visitor, slot=_slot(place, at))
    except DomainError:
        return False
    release_hold(visitor, hold_id=hold.pk)
    return True


def test_a_routine_scan_is_refused_by_name_and_nothing_is_taken(place: Place) -> None:
    _keep(place, 60)
    with pytest.raises(ReservedForSameDay):
        hold_slot(place.actor, slot=place.at(14, kind=REPEAT))
    with pytest.raises(ReservedForSameDay):
        _booked(place, 14, days=0)
    assert not Appointment.objects.exists()
    assert place.booked(14).status == "booked"


def test_a_visit_does_not_move_into_the_reserve_and_moves_within_what_it_had(place: Place) -> None:
    visit = _booked(place, 14)
    _keep(place, 60)
    _keep(place, 60, MORNING)
    with pytest.raises(ReservedForSameDay):
        reschedule(place.actor, appointment_id=visit.pk, starts_at=tomorrow_at(9))
    visit.refresh_from_db()
    assert visit.starts_at == tomorrow_at(14)
    assert reschedule(place.actor, appointment_id=visit.pk, starts_at=tomorrow_at(14, 40)).sequence == 1


def test_of_rivals_for_what_the_reserve_leaves_none_slips_past_it(place: Place) -> None:
    _keep(place, 9)
    hours = [(12, 0), (13, 20), (14, 40), (16, 0), (17, 20), (18, 0)]
    rivals = [
        partial(hold_slot, visitor_actor(f"v{n}"), slot=place.at(hour, minute, kind=REPEAT, days=1))
        for n, (hour, minute) in enumerate(hours)
    ]
    found = at_once(*rivals)
    held = [each for each in found if isinstance(each, Appointment)]
    assert len(held) == 1
    assert all(isinstance(each, ReservedForSameDay) for each in found if each not in held)
    for at in range(9):
        slot = search(place.types["dvt_scan"], from_=tomorrow_at(12), until=tomorrow_at(18, 1), limit=1).slots[0]
        hold_slot(visitor_actor(f"r{at}"), slot=_slot(place, slot.starts_at, "dvt_scan"))
    assert nothing_is_taken_twice()


def test_rule_outs_that_are_booked_use_the_reserve_up(place: Place) -> None:
    _keep(place, 2)
    for hour in (12, 13):
        hold_slot(place.actor, slot=place.at(hour, days=1))
    assert _starts(_found(place, days=1)) == _starts(_found(place, kind="dvt_scan", days=1))


def test_a_hold_that_ran_out_neither_uses_the_reserve_nor_stands_in_its_way(place: Place) -> None:
    _keep(place, 9)
    for hour, minute in ((12, 0), (13, 0)):
        hold_slot(place.actor, slot=place.at(hour, minute, days=1))
    clock.advance(timedelta(minutes=11))
    assert tomorrow_at(12) in _starts(_found(place, days=1))
    hold_slot(place.actor, slot=place.at(12, kind=REPEAT, days=1))
    assert Appointment.objects.filter(status="expired").count() == 2


def test_the_reserve_is_released_on_its_schedule(place: Place) -> None:
    _keep(place, 60, AFTERNOON, Release(-60, 0))
    before = _found(place)
    assert not [slot for slot in before.slots if slot.starts_at < tomorrow_at(18, 20, days=0)]
    set_clock(tomorrow_at(13, 1, days=0))
    assert [slot for slot in _found(place).slots if slot.starts_at < tomorrow_at(15, days=0)]


def test_consultations_know_no_reserve(place: Place) -> None:
    _keep(place, 60)
    assert hold_slot(place.actor, slot=place.at(14, kind="consult")).pk


def test_a_manager_sets_it_and_a_size_that_makes_no_sense_changes_nothing(place: Place) -> None:
    maya = actor_of(Role.MANAGER)
    set_reserve(maya, center=place.center, half=MORNING, scans=2, release=[Release(0, 50)])
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"half": "night"}, "half"),
        ({"scans": -1}, "scans"),
        ({"scans": 61}, "scans"),
        ({"release": [Release(0, 50), Release(-60, 60)]}, "release.1.kept_percent"),
        ({"release": [Release(0, 101)]}, "release.0.kept_percent"),
        ({"release": [Release(0, 50), Release(0, 20)]}, "release.1.minutes_before"),
        ({"release": [Release(10**6, 50)]}, "release.0.minutes_before"),
    ]
    for change, field in wrong:
        given: dict[str, Any] = {"center": place.center, "half": MORNING, "scans": 3, "release": []} | change
        with pytest.raises(Invalid) as refused:
            set_reserve(maya, **given)
        assert field in refused.value.fields
    with pytest.raises(Forbidden):
        set_reserve(place.actor, center=place.center, half=MORNING, scans=0)
    kept = Reserve.objects.get()
    assert (kept.scans, kept.releases.get().kept_percent) == (2, 50)
    assert Event.objects.filter(kind="reserve.changed").count() == 1


def test_the_default_is_one_rule_out_a_scanner_and_leaves_what_was_set(place: Place) -> None:
    assert add_default_reserves(SYSTEM, centers=[place.center]) == 1
    assert list(place.center.reserves.values_list("half", "scans")) == [(MORNING, 1), (AFTERNOON, 1)]
    set_reserve(SYSTEM, center=place.center, half=MORNING, scans=0)
    assert add_default_reserves(SYSTEM, centers=[place.center]) == 0


def _in_the_room(place: Place) -> None:
    """A short visit to a clinician, which takes the room besides."""
    VisitType.objects.filter(kind="follow_up_visit").update(takes=["clinician", "room"])
    place.types["follow_up_visit"].refresh_from_db()


def test_a_visit_that_takes_a_room_alone_leaves_the_rule_outs_theirs(place: Place) -> None:
    _in_the_room(place)
    _keep(place, 60)
    offered = _starts(_found(place, kind="follow_up_visit", days=1))
    assert not [at for at in offered if tomorrow_at(12) <= at < tomorrow_at(18)]
    with pytest.raises(ReservedForSameDay):
        hold_slot(place.actor, slot=_slot(place, tomorrow_at(14), "follow_up_visit"))


def test_holds_that_ran_out_hide_nothing_of_what_the_reserve_needs(place: Place) -> None:
    _in_the_room(place)
    for hour, minute in ((12, 0), (13, 0)):
        hold_slot(place.actor, slot=_slot(place, tomorrow_at(hour, minute), "follow_up_visit"))
    _keep(place, 10)
    clock.advance(timedelta(minutes=11))
    # Between the two no rule-out could begin; without them it is in the way of one.
    with pytest.raises(ReservedForSameDay):
        hold_slot(place.actor, slot=_slot(place, tomorrow_at(12, 30), "follow_up_visit"))
