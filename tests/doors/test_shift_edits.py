"""Availability over the API: the week, a rehearsal, an edit, its outcome; and what a visit needs of a center."""

from typing import Any

import pytest

from clinic import clock
from clinic.models import Closure, Event, Role
from scheduling.models import Appointment, Displacement, Resource, ShiftEdit
from scheduling.services.calendar import materialise
from scheduling.services.rebooking import rebook_displaced
from tests.doors.conftest import Door, changes_nothing, refused, send
from tests.factories import make_working_center

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


def _edit(door: Door, **more: Any) -> dict[str, Any]:
    center = door.ward.place.center
    on = clock.today(center.zone).isoformat()
    return {"kind": "closure", "center": center.code, "on": on, "reason": "Storm", **more}


def test_an_edit_is_rehearsed_refused_done_and_looked_up(door: Door) -> None:
    visit, client = door.ward.place.booked(14), door.of(Role.MANAGER)
    dry = changes_nothing(lambda: send(client, "POST", "shift-edits/", _edit(door, dry_run=True)))
    assert dry.status_code == 200
    assert dry.json()["counts"] == {"rule_outs": 1, "routine": {}, "here": 0, "unreachable": 1}
    (first,) = dry.json()["displaced"]
    assert (first["appointment"], first["minutes_left"], first["unreachable"]) == (visit.pk, 179, "no_consent")
    answer = changes_nothing(lambda: send(client, "POST", "shift-edits/", _edit(door)))
    refused(answer, 409, "shift_displaces_bookings")
    assert answer.json()["appointments"] == [visit.pk]
    done = send(client, "POST", "shift-edits/", _edit(door, displace=True))
    assert done.status_code == 201, done.content
    assert done.json()["waiting"] == 1
    # Within a test's transaction nothing follows a commit: the sweep does it.
    rebook_displaced()
    told = send(client, "GET", f"shift-edits/{done.json()['id']}/").json()
    assert (told["outcomes"], told["call"]) == ({"cancelled": 1}, [visit.pk])
    event = Event.objects.get(kind="shift.changed")
    assert (event.codes["edit"], event.codes["displaced"]) == (done.json()["id"], 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["", "k"])
def test_whom_an_edit_displaces_is_rebooked_after_its_transaction(door: Door, key: str) -> None:
    make_working_center("NEXT", at=(39.2, -76.88))
    materialise(days=3)
    visit = door.ward.place.booked(14)
    headers = {"Idempotency_Key": key} if key else {}
    send(door.of(Role.MANAGER), "POST", "shift-edits/", _edit(door, displace=True), **headers)
    assert Displacement.objects.get(appointment=visit).status == "moved"
    if key:
        again = send(door.of(Role.MANAGER), "POST", "shift-edits/", _edit(door, displace=True), **headers)
        assert again["Idempotent-Replayed"] == "true"
    assert ShiftEdit.objects.count() == 1


def test_a_week_names_the_units_that_an_edit_takes(door: Door) -> None:
    client, center = door.of(Role.MANAGER), door.ward.place.center
    week = send(client, "GET", f"shifts/?center={center.code}").json()
    unit = next(unit for unit in week["units"] if unit["kind"] == "sonographer")
    assert len(unit["days"]) == len(week["days"]) == 7
    body = {"kind": "week", "resource": unit["id"], "first": _edit(door)["on"]}
    body["shifts"] = [{"weekday": day, "starts": "09:00", "ends": "11:00"} for day in range(7)]
    assert send(client, "POST", "shift-edits/", body).status_code == 201
    week = send(client, "GET", f"shifts/?center={center.code}").json()
    unit = next(each for each in week["units"] if each["id"] == unit["id"])
    spans = [span for day in unit["days"] if day["on"] >= body["first"] for span in day["spans"]]
    assert spans
    assert all(span["starts_at"][11:16] == "09:00" and span["ends_at"][11:16] == "11:00" for span in spans)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "boat"}, "kind"),
        ({"kind": "closure", "reason": ""}, "reason"),
        ({"kind": "closure", "on": "2020-01-01"}, "on"),
        ({"kind": "closure", "starts": "10:00"}, "ends"),
        ({"kind": "day"}, "resource"),
        ({"kind": "hours", "first": None}, "first"),
        ({"kind": "hours", "first": "2040-01-01"}, "first"),
        ({"kind": "new_unit", "unit_kind": "sonographer", "staff": "nobody"}, "staff"),
    ],
)
def test_a_field_that_is_not_right_is_named(door: Door, body: dict[str, Any], field: str) -> None:
    answer = changes_nothing(lambda: send(door.of(Role.MANAGER), "POST", "shift-edits/", _edit(door, **body)))
    refused(answer, 400, "invalid", field)
    assert not Closure.objects.exists()


def test_what_is_not_there_is_not_found(door: Door) -> None:
    client = door.of(Role.MANAGER)
    refused(send(client, "GET", "shift-edits/999/"), 404, "not_found")
    refused(send(client, "POST", "shift-edits/", _edit(door, kind="day", resource=999)), 404, "not_found")
    refused(send(client, "GET", "shifts/?center=NOWHERE"), 404, "no_such_center")


def test_access_with_a_wheelchair_is_searched_booked_and_kept_when_the_visit_moves(door: Door) -> None:
    stairs = make_working_center("STAIRS", wheelchair=False)
    materialise(days=3)
    client, place = door.of(Role.REPRESENTATIVE), door.ward.place
    found = send(client, "GET", "slots/?visit_type=V10&wheelchair=true&limit=200").json()
    assert {slot["center"] for slot in found["results"]} == {place.center.code}
    assert {(each["center"], each["reason"]) for each in found["unavailable"]} == {("STAIRS", "capability_missing")}
    episode = place.suspected()
    slot = {**door.slot(), "wheelchair": True}
    body = {"patient": episode.patient_id, "episode": episode.pk}
    refused(send(client, "POST", "holds/", {**slot, "center": "STAIRS"}), 409, "capability_missing")
    booked = send(client, "POST", "appointments/", {**body, "slot": slot})
    assert booked.status_code == 201, booked.content
    assert booked.json()["needs"] == ["wheelchair"]
    move = {"starts_at": place.at(14).starts_at.isoformat(), "center": stairs.code}
    refused(send(client, "POST", f"appointments/{booked.json()['id']}/reschedule/", move), 409, "capability_missing")
    hold = send(client, "POST", "holds/", {**door.slot(16), "wheelchair": True}).json()
    assert Appointment.objects.get(pk=hold["id"]).needs == "wheelchair"
    assert Resource.objects.filter(center=stairs).exists()
