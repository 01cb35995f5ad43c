"""What is wrong with a request gets its own clear 4xx, with a code and the field, and changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.models import Role
from scheduling.models import Appointment
from tests.doors.conftest import Door, changes_nothing, refused, send
from tests.factories import make_patient

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

REP, SONO, CLINICIAN, PHYSICIAN, MANAGER, ADMIN = Role.values
TOO_LONG = 2**63
NAMED = {"given_name": "Ana", "family_name": "Ruiz", "phone": "301-555-0142", "zip": "20770"}
#: who, method, path, body, status, code, field. SLOT is a free slot; VISIT, EPISODE, STEP and PATIENT are there.
CASES: list[tuple[str, str, str, Any, int, str, str]] = [
    # a ZIP code, a distance, a span, a number that is none
    (REP, "GET", "centers/?near=00000", None, 400, "invalid", "near"),
    (REP, "GET", "centers/?near=2077", None, 400, "invalid", "near"),
    (REP, "GET", "centers/?near=20770&within_miles=-1", None, 400, "invalid", "within_miles"),
    (REP, "GET", "centers/?near=20770&within_miles=nan", None, 400, "invalid", "within_miles"),
    (REP, "GET", "centers/?within_miles=5", None, 400, "invalid", "near"),
    (REP, "GET", "slots/", None, 400, "invalid", "visit_type"),
    (REP, "GET", "slots/?visit_type=V99", None, 404, "no_such_visit_type", ""),
    (REP, "GET", "slots/?visit_type=V10&near=00000", None, 400, "invalid", "near"),
    (REP, "GET", "slots/?visit_type=V10&from=tomorrow", None, 400, "invalid", "from"),
    (REP, "GET", "slots/?visit_type=V10&until=2020-01-01T00:00:00Z", None, 400, "invalid", "until"),
    (REP, "GET", "slots/?visit_type=V10&until=9999-12-31T23:59:59Z", None, 400, "invalid", "until"),
    (REP, "GET", "slots/?visit_type=V10&from=9999-12-30T00:00:00Z", None, 400, "invalid", "from"),
    (REP, "GET", "slots/?visit_type=V10&limit=0", None, 400, "invalid", "limit"),
    (REP, "GET", "slots/?visit_type=V10&limit=many", None, 400, "invalid", "limit"),
    (REP, "GET", f"slots/?visit_type=V10&assessment={TOO_LONG}", None, 404, "not_found", ""),
    (REP, "GET", "steps/?role=king", None, 400, "invalid", "role"),
    (REP, "GET", "steps/?center=abc", None, 400, "invalid", "center"),
    (REP, "GET", "messages/?patient=abc", None, 400, "invalid", "patient"),
    ("nobody", "GET", "triage/questionnaire/?lang=tlh", None, 400, "invalid", "lang"),
    (MANAGER, "GET", "shifts/?center=CENTER&on=9999-12-31", None, 400, "invalid", "on"),
    (MANAGER, "GET", "shifts/?center=CENTER&on=0001-01-01", None, 400, "invalid", "on"),
    (MANAGER, "PUT", "reserves/C%00/morning/", {"scans": 1, "release": []}, 404, "no_such_center", ""),
    (MANAGER, "PUT", "add-ons/CENTER/", {"visits": 99}, 400, "invalid", "visits"),
    (MANAGER, "PUT", "add-ons/C%00/", {"visits": 1}, 404, "no_such_center", ""),
    (REP, "GET", "downtime-sheets/C%00/", None, 404, "no_such_center", ""),
    # past and impossible times
    (REP, "POST", "holds/", {"starts_at": "2020-01-01T10:00:00Z"}, 400, "slot_in_the_past", "starts_at"),
    (REP, "POST", "holds/", {"starts_at": "0001-01-01T00:00:00Z"}, 400, "slot_in_the_past", "starts_at"),
    (REP, "POST", "holds/", {"starts_at": "9999-12-31T23:59:59Z"}, 400, "too_far_ahead", "starts_at"),
    (REP, "POST", "holds/", {"starts_at": "soon"}, 400, "invalid", "starts_at"),
    # an hour of nobody says whose clock
    (REP, "POST", "holds/", {"starts_at": "2030-01-07T14:00:00"}, 400, "invalid", "starts_at"),
    (REP, "GET", "slots/?visit_type=V10&from=2030-01-07T14:00", None, 400, "invalid", "from"),
    (SONO, "POST", "reports/", {"scan_ended_at": "2026-01-05T09:00:00"}, 400, "invalid", "scan_ended_at"),
    (REP, "POST", "holds/", {"visit_type": "V99"}, 404, "no_such_visit_type", ""),
    (REP, "POST", "holds/", {"center": "NONE"}, 404, "no_such_center", ""),
    (REP, "POST", "holds/", {"center": "C\u0000"}, 400, "invalid", "center"),
    (REP, "POST", "appointments/VISIT/reschedule/", {"starts_at": "2020-01-01T10:00Z"}, 400, "slot_in_the_past", ""),
    (SONO, "POST", "reports/", {"scan_ended_at": "never"}, 400, "invalid", "scan_ended_at"),
    (ADMIN, "POST", "clock/", {"to": "2020-01-01T00:00:00Z"}, 400, "invalid", "to"),
    # people
    (REP, "POST", "patients/", {**NAMED, "zip": "00000"}, 400, "invalid", "zip"),
    (REP, "POST", "patients/", {**NAMED, "phone": "12"}, 400, "invalid", "phone"),
    (REP, "POST", "patients/", {**NAMED, "birth_date": "2190-01-01"}, 400, "invalid", "birth_date"),
    (REP, "POST", "patients/", {**NAMED, "given_name": " "}, 400, "invalid", "given_name"),
    (REP, "POST", "patients/", {**NAMED, "family_name": "\u0000"}, 400, "invalid", "family_name"),
    (REP, "POST", "patients/", {**NAMED, "language": "tlh"}, 400, "invalid", "language"),
    (REP, "POST", "patients/search/", {}, 400, "search_is_empty", ""),
    (REP, "POST", "triage/assessments/", {}, 400, "invalid", "answers"),
    (REP, "POST", "triage/assessments/", {"answers": ["no"]}, 400, "invalid", "answers"),
    (REP, "POST", "triage/assessments/", {"answers": {"limb": "third_leg"}}, 400, "invalid", "limb"),
    (REP, "POST", "triage/assessments/", {"answers": {"\u0000": 1}}, 400, "invalid", ""),
    # ids that lead nowhere, or to somebody else
    (REP, "GET", "appointments/999999/", None, 404, "not_found", ""),
    (REP, "GET", f"appointments/{TOO_LONG}/", None, 404, "not_found", ""),
    (REP, "POST", "appointments/999999/cancel/", {}, 404, "not_found", ""),
    (REP, "POST", f"appointments/{TOO_LONG}/cancel/", {}, 404, "not_found", ""),
    (REP, "DELETE", "holds/999999/", None, 404, "hold_not_found", ""),
    (REP, "POST", "appointments/", {"patient": 999999, "slot": "SLOT"}, 404, "not_found", ""),
    (REP, "POST", "appointments/", {"patient": TOO_LONG, "slot": "SLOT"}, 404, "not_found", ""),
    (REP, "POST", "appointments/", {"patient": "PATIENT", "hold": 999999}, 404, "hold_not_found", ""),
    (REP, "POST", "appointments/", {"patient": "PATIENT"}, 400, "invalid", "hold"),
    (REP, "POST", "appointments/", {"patient": "me", "slot": "SLOT"}, 400, "invalid", "patient"),
    (REP, "POST", "appointments/", {"patient": "PATIENT", "slot": {"center": 1}}, 400, "invalid", "slot.starts_at"),
    (REP, "POST", "appointments/", {"patient": "PATIENT", "slot": "SLOT"}, 409, "episode_needed", ""),
    (
        REP,
        "POST",
        "appointments/",
        {"patient": "STRANGER", "slot": "SLOT", "episode": "EPISODE"},
        409,
        "episode_mismatch",
        "",
    ),
    (REP, "POST", "appointments/", {"patient": "PATIENT", "slot": "SLOT", "episode": 999999}, 404, "not_found", ""),
    (REP, "GET", "episodes/999999/", None, 404, "not_found", ""),
    (REP, "POST", "steps/999999/done/", {"outcome": "done"}, 404, "not_found", ""),
    (REP, "POST", "steps/STEP/reassign/", {"owner": 999999}, 400, "invalid", "owner"),
    (REP, "POST", "steps/STEP/reassign/", {"role": "clinician", "center": 999999}, 400, "invalid", "center"),
    (REP, "POST", "steps/STEP/reassign/", {"role": "clinician", "center": TOO_LONG}, 400, "invalid", "center"),
    (SONO, "POST", "reports/", {"step": 999999, "scan_ended_at": "2026-01-01T00:00:00Z"}, 404, "not_found", ""),
    (SONO, "POST", "reports/", {"impression": "fine"}, 400, "invalid", "impression"),
    (
        PHYSICIAN,
        "POST",
        "reports/999999/finalize/",
        {"category": "no_dvt_complete", "side": "left"},
        404,
        "not_found",
        "",
    ),
    (CLINICIAN, "POST", "results/999999/send/", {}, 404, "not_found", ""),
    (CLINICIAN, "POST", "episodes/EPISODE/close/", {"reason": "tired"}, 400, "invalid", "reason"),
    # the wrong person, or nobody
    ("nobody", "GET", "centers/", None, 401, "not_authenticated", ""),
    ("nobody", "POST", "appointments/", {}, 401, "not_authenticated", ""),
    (REP, "POST", "reports/", {}, 403, "forbidden", ""),
    (REP, "POST", "episodes/EPISODE/close/", {"reason": "risk_passed"}, 403, "forbidden", ""),
    (SONO, "POST", "reports/1/finalize/", {}, 403, "forbidden", ""),
    (CLINICIAN, "POST", "reports/1/finalize/", {}, 403, "forbidden", ""),
    (MANAGER, "POST", "clock/", {"to": "2030-01-01T00:00:00Z"}, 403, "forbidden", ""),
    (ADMIN, "POST", "appointments/", {}, 403, "forbidden", ""),
    # a transition that is not on the table
    (SONO, "POST", "appointments/VISIT/complete/", {}, 409, "stale_state", ""),
]


@pytest.mark.parametrize(
    ("who", "method", "path", "body", "status", "code", "field"), CASES, ids=[f"{c[1]} {c[2]} {c[5]}" for c in CASES]
)
def test_a_wrong_request_is_a_clear_problem(
    door: Door, who: str, method: str, path: str, body: Any, status: int, code: str, field: str
) -> None:
    visit = door.ward.place.booked(13)
    named = {
        "VISIT": visit.pk,
        "EPISODE": visit.episode_id,
        "STEP": visit.step_id,
        "PATIENT": visit.patient_id,
        "CENTER": door.ward.place.center.code,
        "STRANGER": make_patient().pk,
        "SLOT": door.slot(),
    }
    for word, value in named.items():
        path = path.replace(word, str(value))
    if path == "holds/" and body:
        body = {**door.slot(), **body}
    if path == "reports/" and body:
        side = {"step": visit.step_id, "impression": "negative", "side": "left"}
        body = {**side, "scan_ended_at": clock.now().isoformat(), **body}
    if isinstance(body, dict):
        body = {key: named.get(value, value) if isinstance(value, str) else value for key, value in body.items()}
    client = door.of(who)
    refused(changes_nothing(lambda: send(client, method, path, body)), status, code, field)


def test_an_expired_hold_is_gone(door: Door) -> None:
    client, visit = door.of(REP), door.ward.place.suspected()
    hold = send(client, "POST", "holds/", door.slot()).json()
    clock.advance(timedelta(minutes=11))
    body = {"patient": visit.patient_id, "episode": visit.pk, "hold": hold["id"]}
    refused(changes_nothing(lambda: send(client, "POST", "appointments/", body)), 410, "hold_expired")
    refused(changes_nothing(lambda: send(client, "DELETE", f"holds/{hold['id']}/")), 410, "hold_expired")


def test_a_stolen_hold_is_not_found(door: Door) -> None:
    episode = door.ward.place.suspected()
    hold = send(door.of(REP), "POST", "holds/", door.slot()).json()
    body = {"patient": episode.patient_id, "episode": episode.pk, "hold": hold["id"]}
    for thief in (door.of("portal"), door.of(MANAGER)):
        answer = changes_nothing(lambda thief=thief: send(thief, "POST", "appointments/", body))
        refused(answer, 404, "hold_not_found")
        answer = changes_nothing(lambda thief=thief: send(thief, "DELETE", f"holds/{hold['id']}/"))
        refused(answer, 404, "hold_not_found")
    assert send(door.of(REP), "POST", "appointments/", body).status_code == 201
    assert Appointment.objects.filter(status="booked").count() == 1


def test_an_unknown_or_misshapen_token_is_nobody(door: Door) -> None:
    for value in ("Bearer unknown", "Bearer", "Bearer one two"):
        client = door.of("nobody")
        answer = changes_nothing(
            lambda value=value, client=client: send(client, "GET", "centers/", Authorization=value)
        )
        refused(answer, 401, "not_authenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")
