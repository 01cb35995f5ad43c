"""What a search offers, in which order, and why a center offers nothing."""

from datetime import time, timedelta

import pytest

from clinic import clock
from clinic.errors import Invalid
from clinic.models import Closure, License
from scheduling.models import Resource, ResourceDay
from scheduling.needs import Needs
from scheduling.selectors.roster import next_call_at
from scheduling.selectors.search import SearchAnswer, local_date, search
from scheduling.selectors.site import surroundings
from scheduling.services.holding import hold_slot
from scheduling.services.hours import follow_hours
from scheduling.slots import Deadline
from tests.factories import (
    make_center,
    make_resource,
    make_scanner,
    make_shift,
    make_staff,
    make_working_center,
    open_calendar,
    tomorrow_at,
)
from tests.scheduling.conftest import Place

DAY = timedelta(days=1)
NEAR, FURTHER = (39.01, -76.88), (39.35, -76.88)


def _reasons(answer: SearchAnswer) -> dict[str, str]:
    return {each.center.code: each.reason for each in answer.unavailable}


def _today(place: Place, **how: object) -> SearchAnswer:
    until = tomorrow_at(23, days=0)
    return search(place.types["dvt_scan"], near_zip="20770", until=until, limit=200, **how)  # type: ignore[arg-type]


def test_the_way_there_is_counted_before_the_first_start(place: Place) -> None:
    make_working_center("FAR", at=FURTHER)
    open_calendar(days=3)
    answer = _today(place, within_miles=50)
    first = {slot.center.code: slot for slot in reversed(answer.slots)}
    for slot in first.values():
        assert slot.center.travel_minutes is not None
        arrives = clock.now() + timedelta(minutes=slot.center.travel_minutes)
        assert timedelta(0) <= slot.starts_at - arrives < timedelta(minutes=20)
    assert first["FAR"].starts_at > first[place.center.code].starts_at
    assert {slot.center.code for slot in _today(place, within_miles=10).slots} == {place.center.code}


def test_a_result_in_time_comes_first_then_the_earliest_then_the_nearest(place: Place) -> None:
    make_working_center("NEXT", at=NEAR)
    open_calendar(days=3)
    deadline = Deadline(1, clock.now() - timedelta(minutes=60))
    slots = _today(place, deadline=deadline).slots
    ranks = [(not slot.meets_deadline, slot.result_by, slot.center.miles) for slot in slots]
    assert ranks == sorted(ranks)
    assert slots[0].meets_deadline
    assert not slots[-1].meets_deadline
    for slot in slots:
        in_time = slot.result_by <= deadline.result_by and slot.starts_at <= deadline.scan_by("America/New_York")
        assert slot.meets_deadline == in_time


def test_a_routine_visit_is_ranked_by_day_then_distance(place: Place) -> None:
    make_working_center("NEXT", at=NEAR)
    open_calendar(days=3)
    slots = search(place.types["consult"], near_zip="20770", limit=200).slots
    days = [(local_date(slot.starts_at, slot.center.zone), slot.center.miles, slot.starts_at) for slot in slots]
    assert days == sorted(days)
    assert slots[0].starts_at >= clock.now() + timedelta(minutes=60)


def test_each_center_without_an_offer_says_why(place: Place) -> None:
    today = clock.today("America/New_York")
    closed = make_working_center("CLOSED")
    Closure.objects.create(center=closed, on=today, reason="Holiday")
    make_resource(make_center("NOBODY"), "room")
    make_working_center("FULL")
    early = make_center("EARLY", opens=time(8), closes=time(12, 20))
    make_scanner(early)
    open_calendar(days=3)
    Resource.objects.filter(center__code="FULL", kind="room").get().days.update(busy=b"\xff" * 38)
    assert _reasons(_today(place)) == {
        "CLOSED": "closed",
        "NOBODY": "no_sonographer",
        "FULL": "full",
        "EARLY": "too_late",
    }
    armed = _reasons(_today(place, needs=Needs(arm=True)))
    assert armed[place.center.code] == "capability_missing"


def test_an_open_center_where_nobody_comes_is_not_told_as_closed(place: Place) -> None:
    quiet = make_center("QUIET")
    for kind in ("room", "sonographer"):
        make_resource(quiet, kind)
    open_calendar(days=3)
    until = tomorrow_at(23, days=0)
    consults = search(place.types["consult"], until=until, center_code="QUIET")
    assert _reasons(consults) == {"QUIET": "no_clinician"}
    Closure.objects.create(center=quiet, on=clock.today(quiet.zone), reason="Weather")
    assert _reasons(search(place.types["consult"], until=until, center_code="QUIET")) == {"QUIET": "closed"}


def test_a_center_that_closes_after_its_calendar_was_opened_is_closed(place: Place) -> None:
    Closure.objects.create(center=place.center, on=clock.today(place.center.zone), reason="Weather")
    follow_hours(place.center)
    assert _reasons(_today(place)) == {place.center.code: "closed"}


def test_a_span_that_ends_before_anybody_can_be_there_is_too_late(place: Place) -> None:
    soon = search(place.types["dvt_scan"], near_zip="20770", until=clock.now() + timedelta(minutes=5))
    assert _reasons(soon) == {place.center.code: "too_late"}


def test_the_day_before_says_nothing_of_a_day_on_which_a_center_is_closed(place: Place) -> None:
    """Bits past a day's end are no time of that day."""
    tomorrow = clock.today(place.center.zone) + DAY
    Closure.objects.create(center=place.center, on=tomorrow, reason="Weather")
    follow_hours(place.center)
    just_past_midnight = tomorrow_at(0, 5)
    night = search(place.types["dvt_scan"], from_=just_past_midnight, until=tomorrow_at(23))
    assert _reasons(night) == {place.center.code: "closed"}


def test_a_visit_that_would_need_two_shifts_in_a_row_was_never_to_be_had(place: Place) -> None:
    """Nobody is on duty for the whole of it: that is not "full"."""
    short = make_center("SHIFTS")
    make_resource(short, "room")
    for hours in ((time(12), time(12, 50)), (time(12, 50), time(13, 10))):
        make_shift(make_resource(short, "sonographer"), *hours)
    open_calendar(days=3)
    span = {"from_": tomorrow_at(12, 30), "until": tomorrow_at(12, 50), "center_code": "SHIFTS"}
    assert _reasons(search(place.types["dvt_scan"], **span)) == {"SHIFTS": "too_late"}  # type: ignore[arg-type]


def test_tier_1_needs_a_licensed_reader_and_prescriber_who_may_be_remote(place: Place) -> None:
    deadline = Deadline(1, clock.now())
    assert _today(place, deadline=deadline).slots
    reader = License.objects.filter(staff__role="physician")
    reader.update(expires_on=clock.today("America/New_York") - timedelta(days=1))
    answer = _today(place, deadline=deadline)
    assert (answer.slots, _reasons(answer)) == ((), {place.center.code: "no_reader_or_prescriber"})
    assert _today(place, deadline=Deadline(2, clock.now())).slots
    far = make_center("WEST", zone="America/Los_Angeles", state="CA", at=(34.0, -118.2))
    staff = make_staff("physician", licensed_in=("MD",))
    make_shift(make_resource(far, "physician", staff=staff, remote=True), time(6), time(20))
    open_calendar(days=3)
    assert _today(place, deadline=deadline).slots
    License.objects.filter(staff=staff).update(state="VA")
    assert not _today(place, deadline=deadline).slots


def test_tier_1_starts_leave_reading_and_treatment_before_the_close(place: Place) -> None:
    latest = max(slot.starts_at for slot in _today(place, deadline=Deadline(1, clock.now())).slots)
    assert latest == tomorrow_at(18, days=0)
    assert max(slot.starts_at for slot in _today(place).slots) == tomorrow_at(19, 20, days=0)


def test_a_visit_without_a_scan_needs_no_reader_whatever_clock_runs(place: Place) -> None:
    License.objects.update(expires_on=clock.today("America/New_York") - timedelta(days=1))
    consults = search(place.types["consult"], near_zip="20770", deadline=Deadline(1, clock.now()))
    assert consults.slots


def test_a_list_goes_on_day_after_day_past_the_first_ones(place: Place) -> None:
    today = clock.today("America/New_York")
    Closure.objects.create(center=make_working_center("NEXT", at=NEAR), on=today + DAY * 4, reason="Floor")
    open_calendar(days=8)
    found = search(place.types["dvt_scan"], center_code="NEXT", limit=200).slots
    starts = [slot.starts_at for slot in found]
    assert starts == sorted(set(starts))
    assert len(starts) == 200
    days = sorted({local_date(start, "America/New_York") for start in starts})
    assert days == [today + DAY * ahead for ahead in (0, 1, 2, 3, 5, 6, 7)][: len(days)]
    assert len(days) > 4


def test_a_center_that_is_full_for_days_is_offered_after_them(place: Place) -> None:
    make_working_center("BUSY", at=NEAR)
    types = open_calendar(days=12)
    free_on = clock.today("America/New_York") + DAY * 9
    ResourceDay.objects.filter(center__code="BUSY", kind="room", on__lt=free_on).update(busy=b"\xff" * 38)
    soon = search(types["dvt_scan"], until=tomorrow_at(23, days=8))
    assert _reasons(soon) == {"BUSY": "full"}
    assert _reasons(search(types["dvt_scan"], until=tomorrow_at(23, days=9))) == {}
    first = search(types["dvt_scan"], center_code="BUSY").slots[0]
    assert local_date(first.starts_at, "America/New_York") == free_on


def test_what_is_held_is_not_offered_and_every_offer_can_be_held(place: Place) -> None:
    offered = _today(place).slots
    for slot in offered[::2]:
        hold_slot(place.actor, slot=place.at(0).__class__(place.types["dvt_scan"], place.center, slot.starts_at))
    left = {slot.starts_at for slot in _today(place).slots}
    assert not left & {slot.starts_at for slot in offered[::2]}


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"near_zip": "00000"}, "near"),
        ({"near_zip": "20770", "within_miles": 0}, "within_miles"),
        ({"near_zip": "20770", "within_miles": 10_000}, "within_miles"),
        ({"near_zip": "20770", "within_miles": float("nan")}, "within_miles"),
        ({"within_miles": 5}, "near"),
        ({"limit": 0}, "limit"),
    ],
)
def test_a_question_that_makes_no_sense_is_named(place: Place, how: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        search(place.types["dvt_scan"], **how)  # type: ignore[arg-type]
    assert field in refused.value.fields


def test_the_calendar_is_written_once_and_extended(place: Place) -> None:
    open_calendar(days=3)
    before = ResourceDay.objects.count()
    open_calendar(days=3)
    assert ResourceDay.objects.count() == before
    open_calendar(days=5)
    assert ResourceDay.objects.count() == before + 2 * Resource.objects.count()


def test_the_roster_names_the_next_clinician_on_duty(place: Place) -> None:
    cards = surroundings("20770").cards
    now = clock.now()
    assert next_call_at(cards, state="MD", zone="America/New_York", at=now) == now
    assert next_call_at(cards, state="VA", zone="America/New_York", at=now) is None
    night = tomorrow_at(22, days=0)
    assert next_call_at(cards, state="MD", zone="America/New_York", at=night) == tomorrow_at(8)
    clinician = make_staff("clinician", licensed_in=("MD",))
    make_shift(make_resource(place.center, "clinician", staff=clinician, remote=True), time(19), time(7))
    open_calendar(days=3)
    assert next_call_at(cards, state="MD", zone="America/New_York", at=night) == night


@pytest.mark.parametrize("visit_type", ["dvt_scan", "consult"])
def test_of_a_network_too_large_to_be_read_whole_the_same_times_are_offered(
    place: Place, visit_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the nearest tell why they offer nothing, and what lies further ahead is read when the list comes to it."""
    make_working_center("NEXT", at=NEAR)
    make_working_center("WEST", at=FURTHER, zone="America/Los_Angeles")
    make_center("EMPTY", at=FURTHER)
    open_calendar(days=8)
    for center in ("NEXT", "WEST"):
        ResourceDay.objects.filter(center__code=center, on__lte=local_date(tomorrow_at(12), "UTC")).update(
            shift=bytes(38)
        )
    whole, large = _two_weeks(place, visit_type), []
    for told in (1, 2):
        monkeypatch.setattr("scheduling.selectors.offers.MOST_TOLD", told)
        monkeypatch.setattr("scheduling.selectors.offers.AT_ONCE", told)
        monkeypatch.setattr("scheduling.selectors.search.MOST_TOLD", told)
        large.append(_two_weeks(place, visit_type))
    assert [answer.slots for answer in large] == [whole.slots] * 2
    assert {slot.center.code for slot in whole.slots} == {place.center.code, "NEXT", "WEST"}
    assert "EMPTY" in _reasons(whole)
    assert _reasons(large[0]) == {}


def _two_weeks(place: Place, visit_type: str) -> SearchAnswer:
    return search(place.types[visit_type], near_zip="20770", limit=200)
