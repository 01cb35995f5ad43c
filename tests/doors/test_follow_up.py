"""Treatment, plan, score and decision over the API: recorded by a clinician, refused with the field, and listed."""

import pytest

from clinic import clock
from clinic.models import Event, Role
from clinic.models.treatment import CHECKLIST
from clinic.services.reports import Finding, finalize
from clinic.villalta import ITEMS
from tests.doors.conftest import Door, refused, send

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


def _episode(door: Door) -> int:
    report = door.ward.read("positive")
    finding = Finding(impression="", category="acute_proximal_dvt", side="left")
    return finalize(door.ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding).episode_id


def _dose(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "route": "first_dose",
        "drug": "rivaroxaban",
        "first_dose_taken_at": clock.now().isoformat(),
        "dose_source": "on_site",
        "checklist": dict.fromkeys(CHECKLIST, "clear"),
    }
    return values | changes


def test_a_first_dose_is_recorded_once_by_a_clinician(door: Door) -> None:
    episode = _episode(door)
    path = f"episodes/{episode}/treatment/"
    clara = door.of(Role.CLINICIAN)
    refused(send(door.of(Role.REPRESENTATIVE), "POST", path, _dose()), 403, "forbidden")
    refused(send(door.program(), "POST", path, _dose()), 403, "forbidden")
    refused(send(clara, "POST", path, _dose(dose_source="prescription")), 400, "invalid", "dose_source")
    refused(send(clara, "POST", path, _dose(checklist={})), 400, "invalid", "bleeding")
    refused(send(clara, "POST", path, _dose(first_dose_taken_at=None)), 400, "invalid", "first_dose_taken_at")
    assert send(clara, "POST", path, _dose()).json()["drug"] == "rivaroxaban"
    refused(send(clara, "POST", path, _dose()), 409, "treatment_started")


def test_the_plan_lists_its_steps_and_what_is_open(door: Door) -> None:
    episode = _episode(door)
    clara = door.of(Role.CLINICIAN)
    send(clara, "POST", f"episodes/{episode}/treatment/", _dose())
    found = send(clara, "GET", f"episodes/{episode}/plan/").json()
    assert found["plan"]["category"] == "acute_proximal_dvt"
    assert "dose_change_d21" in [step["plan_code"] for step in found["steps"]]
    assert [each["code"] for each in found["open_conditions"]][-1] == "no_stop_decision"
    refused(send(clara, "POST", f"episodes/{episode}/plan/", {"equivocal": True}), 400, "invalid", "equivocal")


def test_a_score_names_each_item_that_is_missing(door: Door) -> None:
    episode = _episode(door)
    clara, path = door.of(Role.CLINICIAN), f"episodes/{episode}/villalta/"
    today = clock.now().date().isoformat()
    body = {"scored_on": today, "items": dict.fromkeys(ITEMS, 1), "ulcer": False}
    assert send(clara, "POST", path, body).json()["severity"] == "moderate"
    refused(send(clara, "POST", path, body | {"items": {"pain": 4}}), 400, "invalid", "edema")


def test_a_refusal_keeps_no_words_that_a_caller_made_up(door: Door) -> None:
    episode = _episode(door)
    clara, path = door.of(Role.CLINICIAN), f"episodes/{episode}/villalta/"
    body = {"scored_on": clock.now().date().isoformat(), "ulcer": False}
    for made_up in ("\u0000", "Her leg hurts", "x" * 200):
        given = dict.fromkeys(ITEMS, 1) | {made_up: 1}
        refused(send(clara, "POST", path, body | {"items": given}), 400, "invalid")
    refused(send(clara, "POST", path, body | {"items": {}}), 400, "invalid", "edema")
    kept = [each.codes["fields"] for each in Event.objects.filter(kind="treatment.refused").order_by("id")]
    assert kept == [[], [], [], sorted(ITEMS)]


def test_a_signature_with_open_conditions_is_refused_with_the_list_and_leaves_an_event(door: Door) -> None:
    episode = _episode(door)
    answer = send(door.of(Role.CLINICIAN), "POST", f"episodes/{episode}/close/", {"reason": "risk_passed"})
    refused(answer, 409, "open_conditions")
    codes = [each["code"] for each in answer.json()["conditions"]]
    assert "no_stop_decision" in codes
    assert Event.objects.get(kind="episode.closing_refused").codes == {"reason": "risk_passed", "conditions": codes}


def test_stopping_needs_its_last_dose(door: Door) -> None:
    path = f"episodes/{_episode(door)}/therapy/"
    clara = door.of(Role.CLINICIAN)
    refused(send(clara, "POST", path, {"choice": "stop", "reason": "Provoked"}), 400, "invalid", "last_dose_on")
    assert send(clara, "POST", path, {"choice": "extend", "reason": "Unprovoked"}).status_code == 201
