"""A time that can't be had is its own clear problem over the API, however it is asked for, and changes nothing."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.models import Closure, Role
from scheduling.models import Appointment, Resource, VisitType
from scheduling.services.calendar import materialise
from scheduling.services.hours import follow_hours
from tests.doors.conftest import Door, changes_nothing, refused, send
from tests.factories import make_center, make_patient, make_resource, tomorrow_at

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

REP = Role.REPRESENTATIVE.value


def _at(hour: int, minute: int = 0, days: int = 0) -> dict[str, str]:
    return {"starts_at": tomorrow_at(hour, minute, days=days).isoformat()}


def _between(door: Door) -> dict[str, str]:
    return {"starts_at": (tomorrow_at(14, days=0) + timedelta(seconds=1)).isoformat()}


def _a_closed_day(door: Door) -> dict[str, str]:
    center = door.ward.place.center
    Closure.objects.create(center=center, on=clock.today(center.zone) + timedelta(days=1), reason="Holiday")
    follow_hours(center)
    return _at(13, days=1)


def _a_center_that_lacks_it(door: Door) -> dict[str, str]:
    lacking = make_center("LACKS")
    make_resource(lacking, "room")
    materialise(days=3)
    return {"center": lacking.code}


def _longer_than_any_shift(door: Door) -> dict[str, str]:
    VisitType.objects.filter(code="V10").update(minutes=13 * 60)
    return _at(8, days=1)


def _taken(door: Door) -> dict[str, str]:
    slot = door.slot(15)
    assert send(door.program("rival"), "POST", "holds/", slot).status_code == 201
    return slot


#: What is wrong with the time, the status and code of its problem, and the field that it names.
TIMES: dict[str, tuple[Callable[[Door], dict[str, str]], int, str, str]] = {
    "in the past": (lambda door: _at(11), 400, "slot_in_the_past", "starts_at"),
    "off the grid": (lambda door: _at(14, 10), 400, "off_the_grid", "starts_at"),
    "between two minutes": (_between, 400, "off_the_grid", "starts_at"),
    "before anybody is there": (lambda door: _at(7, 40, 1), 409, "outside_shift", ""),
    "past the end of the shift": (lambda door: _at(19, 40), 409, "outside_shift", ""),
    "longer than any shift": (_longer_than_any_shift, 409, "outside_shift", ""),
    "past the calendar": (lambda door: _at(13, days=125), 400, "too_far_ahead", "starts_at"),
    "on a closed day": (_a_closed_day, 409, "center_closed", ""),
    "at a center that lacks it": (_a_center_that_lacks_it, 409, "capability_missing", ""),
    "taken": (_taken, 409, "slot_taken", ""),
}


@pytest.mark.parametrize("wrong", TIMES)
@pytest.mark.parametrize("way", ["held", "booked", "moved"])
def test_a_time_that_can_not_be_had_is_refused_by_its_own_name(door: Door, wrong: str, way: str) -> None:
    client, place = door.of(REP), door.ward.place
    visit, waiting = place.booked(13), place.suspected()
    make, status, code, field = TIMES[wrong]
    slot = {**door.slot(), **make(door)}
    path, body = {
        "held": ("holds/", slot),
        "booked": ("appointments/", {"patient": waiting.patient_id, "episode": waiting.pk, "slot": slot}),
        "moved": (
            f"appointments/{visit.pk}/reschedule/",
            {"starts_at": slot["starts_at"], "center": slot["center"]},
        ),
    }[way]
    # Whoever may move a rule-out past its deadline is not stopped by it first.
    mover = door.of(Role.CLINICIAN.value) if way == "moved" else client
    refused(changes_nothing(lambda: send(mover, "POST", path, body)), status, code, field)


def test_the_hour_that_the_clocks_leap_over_is_named_by_the_one_that_follows(door: Door) -> None:
    """RFC 3339 brings its offset with it, so that no time is missing or meant twice: it is off duty, or free."""
    zone = ZoneInfo(door.ward.place.center.zone)
    night = next(
        day
        for day in (clock.today(zone.key) + timedelta(days=ahead) for ahead in range(400))
        if datetime.combine(day, time(), zone).utcoffset() != datetime.combine(day, time(12), zone).utcoffset()
    )
    before = datetime.combine(night, time(0, 20), zone)
    if (night - clock.today(zone.key)).days > 120:
        code, status = "too_far_ahead", 400
    else:
        code, status = "outside_shift", 409
    body = {**door.slot(), "starts_at": before.isoformat()}
    answer = changes_nothing(lambda: send(door.of(REP), "POST", "holds/", body))
    refused(answer, status, code)


def test_one_mile_and_ten_thousand(door: Door) -> None:
    client = door.of(REP)
    found = send(client, "GET", "slots/?visit_type=V10&near=20770&within_miles=1").json()
    assert {each["distance_miles"] for each in found["results"]} <= {0.0}
    far = changes_nothing(lambda: send(client, "GET", "slots/?visit_type=V10&near=20770&within_miles=10000"))
    refused(far, 400, "invalid", "within_miles")


def test_a_used_hold_books_nothing_again(door: Door) -> None:
    client, episode = door.of(REP), door.ward.place.suspected()
    hold = send(client, "POST", "holds/", door.slot()).json()
    body = {"patient": episode.patient_id, "episode": episode.pk, "hold": hold["id"]}
    assert send(client, "POST", "appointments/", body).status_code == 201
    refused(changes_nothing(lambda: send(client, "POST", "appointments/", body)), 409, "hold_already_used")
    refused(changes_nothing(lambda: send(client, "DELETE", f"holds/{hold['id']}/")), 409, "hold_already_used")


def test_a_patient_is_not_booked_twice_at_once(door: Door) -> None:
    client, patient = door.of(REP), make_patient()
    body: dict[str, Any] = {"patient": patient.pk, "slot": door.slot(visit_type="V30")}
    assert send(client, "POST", "appointments/", body).status_code == 201
    refused(changes_nothing(lambda: send(client, "POST", "appointments/", body)), 409, "patient_booked_then")
    assert Appointment.objects.count() == 1
    assert Resource.objects.filter(occupancies__live=True).count() == 1
