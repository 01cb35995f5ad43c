"""Somebody at the desk, by the page and over the API; and a day that runs late, as the page shows it."""

from dataclasses import fields
from typing import Any

import pytest

from clinic.models import Patient, Role, Sex
from scheduling.models import Appointment
from scheduling.services import visits
from tests.factories import set_clock, tomorrow_at
from tests.pages.staff import Ward
from tests.pages.visitors import words
from triage.answers.groups import Emergency, LimbThreat

pytestmark = pytest.mark.django_db

EVE = {
    "given_name": "Eve",
    "family_name": "Walker",
    "phone": "240-555-0777",
    "zip": "20770",
    "sex": Sex.FEMALE,
    "language": "en",
    "consent": "yes",
    "consent_channel": "in_person",
}


def test_the_danger_signs_then_the_gap_then_the_day(ward: Ward) -> None:
    desk, code = ward.browser(Role.REPRESENTATIVE), ward.place.center.code
    assert f"/staff/walk-in/{code}/" in desk.get("/staff/day/", {"center": code}).content.decode()
    next_page = desk.post(f"/staff/walk-in/{code}/", {"none": "on"}).headers["Location"]
    form = desk.get(next_page).context["form"]
    gap = form.fields["gap"].choices[0][0]
    answer = desk.post(next_page, {**EVE, "gap": gap}, follow=True)
    assert "Eve Walker is here, and seen at 12:20 PM" in words(answer)
    assert "walked in" in words(answer)
    assert Appointment.objects.get().status == "arrived"


def test_a_danger_sign_shows_where_to_send_and_asks_no_name(ward: Ward) -> None:
    desk, code = ward.browser(Role.REPRESENTATIVE), ward.place.center.code
    answer = desk.post(f"/staff/walk-in/{code}/", {"emergency": ["chest_pain"]})
    assert 'href="tel:911"' in answer.content.decode()
    assert "Given name" not in answer.content.decode()
    assert not Patient.objects.exists()
    assert desk.post(f"/staff/walk-in/{code}/", {}).status_code == 422


def test_a_gap_that_is_gone_comes_back_with_what_was_typed(ward: Ward) -> None:
    desk, code = ward.browser(Role.REPRESENTATIVE), ward.place.center.code
    page = desk.post(f"/staff/walk-in/{code}/", {"none": "on"}).headers["Location"]
    gap = desk.get(page).context["form"].fields["gap"].choices[0][0]
    ward.place.booked(12, 20)
    answer = desk.post(page, {**EVE, "gap": gap})
    assert answer.status_code == 422
    assert 'value="Walker"' in answer.content.decode()
    assert not Patient.objects.filter(given_name="Eve").exists()


def test_the_api_walks_the_same_way(ward: Ward) -> None:
    desk, code = ward.browser(Role.REPRESENTATIVE), ward.place.center.code
    groups = {"emergency": fields(Emergency), "limb_threat": fields(LimbThreat)}
    no = {group: dict.fromkeys([each.name for each in items], "no") for group, items in groups.items()}
    asked = _post(desk, "walk-ins/", {"center": code, "answers": no})
    assert asked["decision"] is None
    (person,) = desk.get("/api/v1/walk-ins/gaps/", {"center": code, "visit_type": "V10"}).json()["results"]
    place = {"center": code, "visit_type": "V10", "accepted_by": person["person"], "starts_at": person["starts"][0]}
    register = {name: EVE[name] for name in ("given_name", "family_name", "phone", "zip")}
    visit = _post(desk, f"walk-ins/{asked['id']}/place/", {**place, "register": register})
    assert visit["status"] == "arrived"
    day = desk.get("/api/v1/day/", {"center": code}).json()
    assert [(row["id"], row["walked_in"], row["late_minutes"]) for row in day["visits"]] == [(visit["id"], True, 0)]
    limit = ward.browser(Role.MANAGER).put(f"/api/v1/add-ons/{code}/", {"visits": 5}, content_type="application/json")
    assert limit.json() == {"center": code, "visits": 5}


def _post(client: Any, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/api/v1/{path}", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_the_day_tells_who_runs_late_and_when_the_next_is_expected(ward: Ward) -> None:
    first, second = ward.place.booked(13), ward.place.booked(13, 40)
    sam = ward.actor(Role.SONOGRAPHER)
    for visit in (first, second):
        visits.check_in(sam, appointment_id=visit.pk)
    visits.start(sam, appointment_id=first.pk)
    set_clock(tomorrow_at(13, 50, days=0))
    page = words(ward.browser(Role.SONOGRAPHER).get("/staff/day/"))
    assert "Running late:" in page
    assert "expected 2:00 PM" in page
