"""The waitlist, its offers, add-ons and the ways forward, as a program or a colleague calls the API."""

from typing import Any

import pytest
from django.test import Client

from clinic.models import Role
from scheduling.models import ResourceKind
from scheduling.services.calendar import materialise
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import make_resource, make_staff
from tests.scheduling.conftest import Place
from tests.scheduling.line import full, give_back, waits
from tests.scheduling.test_making_room import follow_up

# Static files are collected by a deployment, not by a test.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def of(role: Role) -> Client:
    client = Client()
    client.force_login(make_staff(role))
    return client


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1/{path}", body or {}, content_type="application/json")


def test_from_the_wait_to_the_booking(place: Place) -> None:
    client, kept = of(Role.REPRESENTATIVE), full(place)
    episode = place.suspected()
    wish = {"patient": episode.patient_id, "episode": episode.pk, "visit_type": "V10", "zip": "20770"}
    joined = post(client, "waitlist/", wish)
    assert joined.status_code == 201, joined.content
    entry = joined.json()
    assert (entry["status"], entry["tier"], entry["within_miles"], entry["offers"]) == ("waiting", 1, 50, [])
    give_back(list(kept.values())[3])
    tend_waitlist()
    [shown] = client.get("/api/v1/waitlist/").json()["results"]
    [offer] = shown["offers"]
    assert client.get(f"/api/v1/offers/{offer['id']}/").json()["status"] == "open"
    visit = post(client, f"offers/{offer['id']}/accept/")
    assert (visit.status_code, visit.json()["id"]) == (200, offer["hold"])
    again = post(client, f"offers/{offer['id']}/accept/")
    assert (again.status_code, again.json()["code"]) == (410, "offer_over")
    assert client.get(f"/api/v1/waitlist/{entry['id']}/").json()["status"] == "booked"
    assert client.get("/api/v1/waitlist/").json()["results"] == []


def test_a_no_and_the_end_of_the_wait(place: Place) -> None:
    client, kept = of(Role.REPRESENTATIVE), full(place)
    entry = waits(place)
    give_back(list(kept.values())[3])
    tend_waitlist()
    offer = entry.offers.get()
    assert post(client, f"offers/{offer.pk}/decline/").json()["status"] == "declined"
    assert post(client, f"waitlist/{entry.pk}/withdraw/").json()["status"] == "withdrawn"
    again = post(client, f"waitlist/{entry.pk}/withdraw/")
    assert (again.status_code, again.json()["code"]) == (409, "wait_over")


def test_a_colleague_asks_who_is_willing(place: Place) -> None:
    client = of(Role.REPRESENTATIVE)
    visit = follow_up(place, 14)
    full(place)
    entry = waits(place)
    asked = post(client, f"waitlist/{entry.pk}/ask-to-move/", {"appointment": visit.pk})
    assert (asked.status_code, asked.json()["kind"], asked.json()["appointment"]) == (201, "move", visit.pk)
    again = post(client, f"waitlist/{entry.pk}/ask-to-move/")
    assert (again.status_code, again.json()["code"]) == (409, "nobody_to_move")


def test_an_add_on_is_named_by_the_search_and_booked_by_who_may(place: Place) -> None:
    make_resource(place.center, ResourceKind.OVERFLOW)
    materialise(days=3)
    episode = place.suspected()
    path = f"/api/v1/slots/?visit_type=V10&near=20770&within_miles=50&episode={episode.pk}"
    assert of(Role.REPRESENTATIVE).get(path).json()["add_ons"] == []
    full(place)
    found = of(Role.REPRESENTATIVE).get(path).json()["add_ons"]
    body = {
        "episode": episode.pk,
        "center": found[0]["center"],
        "starts_at": found[0]["starts_at"],
        "reason": "none_in_time",
    }
    assert post(of(Role.REPRESENTATIVE), "overbooks/", body).status_code == 403
    booked = post(of(Role.CLINICIAN), "overbooks/", body)
    assert (booked.status_code, booked.json()["status"]) == (201, "booked")


def test_the_ways_forward_end_with_one_that_is_always_there(place: Place) -> None:
    client = of(Role.REPRESENTATIVE)
    episode = place.suspected()
    full(place)
    ways = client.get(f"/api/v1/episodes/{episode.pk}/ways/").json()
    assert [way["way"] for way in ways["ways"]] == ["waitlist", "call"]
    assert client.get("/api/v1/episodes/999999/ways/").status_code == 404


def test_who_may_not_move_a_visit_past_its_deadline_asks_a_clinician(place: Place) -> None:
    client, visit = of(Role.REPRESENTATIVE), place.booked()
    late = {"starts_at": place.at(17).starts_at.isoformat()}
    refused = post(client, f"appointments/{visit.pk}/reschedule/", late)
    assert (refused.status_code, refused.json()["code"]) == (409, "past_deadline")
    asked = post(client, f"appointments/{visit.pk}/ask-clinician/")
    assert (asked.status_code, asked.json()["next_step"]["kind"]) == (201, "callback")
    moved = post(of(Role.CLINICIAN), f"appointments/{visit.pk}/reschedule/", late)
    assert moved.status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"zip": "0"}, 400, "invalid", "zip"),
        ({"zip": "00000"}, 400, "invalid", "zip"),
        ({"within_miles": 0}, 400, "invalid", "within_miles"),
        ({"within_miles": 10_000}, 400, "invalid", "within_miles"),
        ({"latest": "2020-01-01T00:00:00Z"}, 400, "invalid", "latest"),
        ({"latest": "9999-12-31T23:59:59Z"}, 400, "invalid", "latest"),
        ({"centers": ["NONE"]}, 404, "no_such_center", ""),
        ({"visit_type": "V99"}, 404, "no_such_visit_type", ""),
        ({"patient": 999_999}, 404, "not_found", ""),
        ({"episode": 999_999}, 404, "not_found", ""),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_by_its_field(
    place: Place, change: dict[str, Any], status: int, code: str, field: str
) -> None:
    episode = place.suspected()
    wish = {"patient": episode.patient_id, "episode": episode.pk, "visit_type": "V10", "zip": "20770"}
    answer = post(of(Role.REPRESENTATIVE), "waitlist/", wish | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if field:
        assert field in [error["field"] for error in answer.json()["errors"]]
