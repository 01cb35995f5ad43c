"""The API of scheduling, as an integration calls it."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from clinic import clock
from clinic.access import Permission
from clinic.models import Integration
from scheduling.models import Appointment
from tests.factories import make_patient
from tests.scheduling.conftest import Place
from tests.scheduling.intakes import SUSPECTED, answers

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

SCOPES = [
    Permission.ASSESS,
    Permission.READ_CENTERS,
    Permission.SEARCH_SLOTS,
    Permission.HOLD,
    Permission.BOOK,
    Permission.READ_APPOINTMENTS,
    Permission.RUN_VISIT,
]


@pytest.fixture
def client(place: Place) -> Client:
    digest = hashlib.sha256(b"token").hexdigest()
    Integration.objects.create(
        name="portal", digest=digest, scopes=[scope.value for scope in SCOPES], created_at=clock.now()
    )
    return Client(headers={"Authorization": "Bearer token"})


def _post(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


CONTACT = {"given_name": "Ana", "family_name": "Ruiz", "phone": "301-555-0142", "zip": "20770"}


def test_from_answers_to_a_visit_that_took_place(client: Client, place: Place) -> None:
    taken = _post(client, "triage/assessments/", {"answers": answers(**SUSPECTED), "contact": CONTACT})
    assert taken.status_code == 201, taken.content
    intake = taken.json()
    assert intake["decision"]["disposition"] == "SAME_DAY_DVT_SCAN"
    query = f"visit_type=V10&near=20770&within_miles=50&assessment={intake['id']}&limit=5"
    slots = client.get(f"/api/v1/slots/?{query}").json()["results"]
    assert slots[0]["meets_deadline"] is True
    chosen = {key: slots[0][key] for key in ("visit_type", "center", "starts_at")}
    hold = _post(client, "holds/", chosen)
    assert hold.status_code == 201, hold.content
    body = {"patient": intake["patient"], "assessment": intake["id"], "hold": hold.json()["id"]}
    booked = _post(client, "appointments/", body, **{"Idempotency-Key": "one"})
    again = _post(client, "appointments/", body, **{"Idempotency-Key": "one"})
    assert (booked.status_code, again.json()) == (201, booked.json())
    visit = f"appointments/{booked.json()['id']}/"
    for verb, status in (
        ("confirm", "confirmed"),
        ("check-in", "arrived"),
        ("start", "in_progress"),
        ("complete", "completed"),
    ):
        # The side on the table is said when a scan starts.
        answer = _post(client, f"{visit}{verb}/", {"side": "left"} if verb == "start" else {})
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert client.get(f"/api/v1/{visit}").json()["status"] == "completed"
    assert _post(client, f"{visit}cancel/", {}).status_code == 409


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"visit_type": "V99", "center": "CENTER", "starts_at": "SOON"}, 404, "no_such_visit_type"),
        ({"visit_type": "V10", "center": "NONE", "starts_at": "SOON"}, 404, "no_such_center"),
        ({"visit_type": "V10", "center": "CENTER", "starts_at": "2020-01-01T10:00:00Z"}, 400, "slot_in_the_past"),
        ({"visit_type": "V10", "center": "CENTER", "starts_at": "yesterday"}, 400, "invalid"),
        ({}, 400, "invalid"),
    ],
)
def test_a_wrong_hold_is_a_problem_and_changes_nothing(
    client: Client, place: Place, body: dict[str, str], status: int, code: str
) -> None:
    real = {"CENTER": place.center.code, "SOON": place.at(13).starts_at.isoformat()}
    answer = _post(client, "holds/", {key: real.get(value, value) for key, value in body.items()})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Appointment.objects.exists()


def test_holds_of_others_and_visits_that_are_not_there_are_not_found(client: Client, place: Place) -> None:
    episode = place.suspected()
    assert client.delete("/api/v1/holds/999/").status_code == 404
    body = {"patient": episode.patient.pk, "episode": episode.pk, "hold": 999}
    assert _post(client, "appointments/", body).json()["code"] == "hold_not_found"
    assert _post(client, "appointments/999/cancel/", {}).status_code == 404
    assert client.get("/api/v1/appointments/999/").status_code == 404
    slot = {"visit_type": "V30", "center": place.center.code, "starts_at": place.at(13).starts_at.isoformat()}
    both = {"patient": make_patient().pk, "slot": slot, "hold": 1}
    assert _post(client, "appointments/", both).status_code == 400


def test_nobody_can_be_booked_who_is_not_there_nor_in_an_episode_of_somebody_else(client: Client, place: Place) -> None:
    slot = {"visit_type": "V10", "center": place.center.code, "starts_at": place.at(14).starts_at.isoformat()}
    episode, other = place.suspected(), make_patient()
    for patient, wherein, status, code in (
        (10**12, episode.pk, 404, "not_found"),
        (episode.patient_id, 10**12, 404, "not_found"),
        (other.pk, episode.pk, 409, "episode_mismatch"),
    ):
        answer = _post(client, "appointments/", {"slot": slot, "patient": patient, "episode": wherein})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Appointment.objects.count() == 0


def test_a_visit_is_moved_and_given_up(client: Client, place: Place) -> None:
    slot = {"visit_type": "V30", "center": place.center.code, "starts_at": place.at(14).starts_at.isoformat()}
    booked = _post(client, "appointments/", {"patient": make_patient().pk, "slot": slot})
    assert booked.status_code == 201, booked.content
    visit = f"appointments/{booked.json()['id']}/"
    moved = _post(client, f"{visit}reschedule/", {"starts_at": place.at(15).starts_at.isoformat()})
    assert (moved.status_code, moved.json()["sequence"]) == (200, 1)
    gone = _post(client, f"{visit}cancel/", {"reason": "patient_asked"})
    assert (gone.json()["status"], gone.json()["end_reason"]) == ("cancelled", "patient_asked")


def test_nobody_and_the_wrong_scope_are_refused(client: Client, place: Place) -> None:
    assert Client().get("/api/v1/slots/?visit_type=V10").status_code == 401
    Integration.objects.update(scopes=[Permission.READ_CENTERS.value])
    assert client.get("/api/v1/centers/?near=20770&within_miles=50").json()["results"][0]["distance_miles"] < 5
    assert client.get("/api/v1/slots/?visit_type=V10").status_code == 403
    assert _post(client, "appointments/", {}).status_code == 403
