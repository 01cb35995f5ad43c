"""The doors around a result: each takes what it must, answers what it kept, and refuses the rest with its reason."""

from typing import Any

import pytest

from clinic.models import Event, Report, Role
from tests.doors.conftest import Door, refused, send

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

REP, SONO, CLINICIAN, PHYSICIAN = Role.REPRESENTATIVE, Role.SONOGRAPHER, Role.CLINICIAN, Role.PHYSICIAN
WET = {"category": "acute_proximal_dvt", "told_to": "Clara", "read_back": True}
HOME = {"callback_phone": "301-555-0177", "instructions": ["danger_signs", "whom_to_call"]}
FINAL = {"category": "acute_proximal_dvt", "side": "left"}
OFFICE = {"name": "Dr. Rey", "phone": "301-555-0150"}


def _post(door: Door, who: str, path: str, body: Any = None, **headers: str) -> Any:
    return send(door.of(who), "POST", path, body, **headers)


def test_a_positive_finding_from_its_wet_read_to_the_referrers_word(door: Door) -> None:
    report = door.ward.read("positive")
    at = f"results/{report.pk}"
    contact = {"name": "Lee Ruiz", "phone": "301-555-0199"}
    told = {"audience": "patient", "outcome": "reached", "told_to": "Ana", "read_back": True, "in_person": True}
    asked: list[tuple[str, str, dict[str, Any], int]] = [
        (REP, f"episodes/{report.episode_id}/referrer/", OFFICE, 200),
        (REP, f"patients/{report.episode.patient_id}/emergency-contact/", contact, 200),
        (CLINICIAN, f"{at}/acknowledge/", {}, 200),
        (PHYSICIAN, f"reports/{report.pk}/wet-read/", WET, 201),
        (CLINICIAN, f"{at}/calls/", told, 201),
        (CLINICIAN, f"{at}/departure/", HOME, 201),
        (PHYSICIAN, f"reports/{report.pk}/finalize/", FINAL, 200),
        (CLINICIAN, f"{at}/referrer/", {"how": "voice", "sent_to": "Dr. Rey", "confirmed_by": "Dr. Rey"}, 201),
        (REP, f"{at}/referrer/", {"how": "fax", "sent_to": "Dr. Rey", "confirmed_by": "Front desk"}, 201),
    ]
    for who, path, body, status in asked:
        answer = _post(door, who, path, body)
        assert answer.status_code == status, (path, answer.content)
    live = set(report.episode.steps.filter(status__in=("open", "escalated")).values_list("kind", flat=True))
    assert not live & {"acknowledge", "telling", "referrer", "reading"}


REFUSED: list[tuple[str, str, Any, int, str, str]] = [
    (PHYSICIAN, "reports/REPORT/wet-read/", WET | {"read_back": False}, 400, "invalid", "read_back"),
    (PHYSICIAN, "reports/REPORT/wet-read/", WET | {"spoken_at": "2020-01-01T00:00:00Z"}, 400, "invalid", "spoken_at"),
    (PHYSICIAN, "reports/REPORT/wet-read/", WET | {"reader": 999999}, 403, "signs_for_another", ""),
    (PHYSICIAN, "reports/REPORT/finalize/", FINAL | {"signed_by": 999999}, 403, "signs_for_another", ""),
    (
        PHYSICIAN,
        "reports/REPORT/finalize/",
        FINAL | {"veins": [{"vein": "peroneal", "side": "left", "state": "acute"}]},
        400,
        "contradiction",
        "veins",
    ),
    (PHYSICIAN, "reports/REPORT/finalize/", FINAL | {"side": "right"}, 400, "contradiction", "side"),
    (
        CLINICIAN,
        "results/REPORT/calls/",
        {"audience": "patient", "outcome": "reached", "told_to": "Ana", "read_back": True, "in_person": True},
        409,
        "not_read",
        "",
    ),
    (SONO, "results/REPORT/departure/", HOME, 403, "clinician_releases", ""),
    (CLINICIAN, "results/REPORT/departure/", HOME | {"instructions": []}, 400, "invalid", "instructions"),
    (CLINICIAN, "results/REPORT/welfare/", {"choice": "requested", "reason": "late"}, 409, "not_owed", ""),
    (REP, "results/REPORT/referrer/", {"how": "fax", "sent_to": "x"}, 409, "report_not_final", ""),
    (CLINICIAN, "results/REPORT/send/", {}, 409, "report_not_final", ""),
]


@pytest.mark.parametrize(
    ("who", "path", "body", "status", "code", "field"), REFUSED, ids=[f"{c[1]} {c[4]} {c[5]}" for c in REFUSED]
)
def test_a_refusal_names_its_reason_is_an_event_and_changes_nothing(
    door: Door, who: str, path: str, body: Any, status: int, code: str, field: str
) -> None:
    report = door.ward.read("positive")
    before = Report.objects.filter(pk=report.pk).values().get(), report.episode.steps.count()
    refused(_post(door, who, path.replace("REPORT", str(report.pk)), body), status, code, field)
    assert (Report.objects.filter(pk=report.pk).values().get(), report.episode.steps.count()) == before
    [event] = Event.objects.filter(kind="report.refused", subject_id=report.pk)
    assert event.codes["code"] == code


def test_the_event_of_a_refusal_outlives_the_key_of_the_request(door: Door) -> None:
    report = door.ward.read("positive")
    answer = _post(door, SONO, f"results/{report.pk}/departure/", HOME, Idempotency_Key="one")
    refused(answer, 403, "clinician_releases")
    assert Event.objects.filter(kind="report.refused", subject_id=report.pk).count() == 1
