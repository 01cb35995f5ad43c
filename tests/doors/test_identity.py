"""Who somebody is, over the API: parts of a registration, checks, likenesses, merges, representatives, the log."""

from typing import Any

import pytest

from clinic.models import Event, IdentityCheck, Patient, PatientMerge, Report, Representative, Role
from tests.doors.conftest import Door, changes_nothing, refused, send
from tests.factories import make_patient
from tests.kernel import make_wet_read

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def patient(door: Door) -> Patient:
    return make_patient(given_name="Maria", family_name="Lopez", phone="+12405550177")


def _said(**changes: object) -> dict[str, object]:
    return {"identifiers": {"name": "Maria Lopez", "birth_date": "1970-01-01"} | changes}


def _report(door: Door) -> Report:
    report = door.ward.read("positive")
    make_wet_read(report)
    return report


def _speaker(door: Door, patient: Patient, **changes: object) -> Any:
    body = {"kind": "helper", "name": "Elena Lopez", "phone": "240-555-0178"} | changes
    return send(door.of(Role.REPRESENTATIVE), "POST", f"patients/{patient.pk}/representatives/", body)


def test_a_registration_tells_what_is_missing_and_takes_parts(door: Door, patient: Patient) -> None:
    rosa, path = door.of(Role.REPRESENTATIVE), f"patients/{patient.pk}/registration/"
    assert len(send(rosa, "GET", path).json()["missing"]) == 8
    kept = send(rosa, "POST", path, {"parts": ["payer", "primary_clinician"], "payer": "Blue Plan"}).json()
    assert kept["payer"]["name"] == "Blue Plan"
    assert kept["asked"] == ["primary_clinician", "payer"]
    refused(send(rosa, "POST", path, {"parts": ["sex"], "sex": "?"}), 400, "invalid", "sex")
    refused(send(rosa, "POST", path, {"parts": ["address"], "street": "1 A"}), 400, "invalid", "city")
    assert len(send(rosa, "GET", path).json()["missing"]) == 6


def test_the_day_says_what_is_missing_and_a_scan_is_run_without(door: Door) -> None:
    visit = door.ward.scanned()
    day = send(door.of(Role.SONOGRAPHER), "GET", f"day/?center={visit.center.code}")
    [line] = [each for each in day.json()["visits"] if each["id"] == visit.pk]
    assert (line["status"], len(line["registration_missing"])) == ("completed", 8)


def test_a_check_is_kept_with_what_was_right(door: Door, patient: Patient) -> None:
    answer = send(door.of(Role.CLINICIAN), "POST", f"patients/{patient.pk}/identity-checks/", _said())
    assert answer.status_code == 201
    told = answer.json()
    assert (told["passed"], told["matched"], told["tries_left"]) == (True, ["name", "birth_date"], 3)


def test_wrong_identifiers_thrice_close_the_phone_until_we_called_back(door: Door, patient: Patient) -> None:
    clara, path = door.of(Role.CLINICIAN), f"patients/{patient.pk}/identity-checks/"
    for left in (2, 1, 0):
        told = send(clara, "POST", path, _said(birth_date="1970-01-02")).json()
        assert (told["passed"], told["failed"], told["tries_left"]) == (False, ["birth_date"], left)
    refused(changes_nothing(lambda: send(clara, "POST", path, _said())), 409, "identity_locked")
    assert send(clara, "POST", path, _said() | {"called_back": True}).json()["locked"] is False


def test_one_identifier_is_refused_and_nothing_is_counted(door: Door, patient: Patient) -> None:
    body = {"identifiers": {"name": "Maria Lopez"}}
    clara, path = door.of(Role.CLINICIAN), f"patients/{patient.pk}/identity-checks/"
    refused(changes_nothing(lambda: send(clara, "POST", path, body)), 400, "invalid", "identifiers")


def test_twins_are_asked_for_what_tells_them_apart(door: Door, patient: Patient) -> None:
    make_patient(given_name="Clara", family_name="Lopez", phone=patient.phone)
    body = {"identifiers": {"phone": patient.phone, "birth_date": "1970-01-01"}}
    clara, path = door.of(Role.CLINICIAN), f"patients/{patient.pk}/identity-checks/"
    refused(changes_nothing(lambda: send(clara, "POST", path, body)), 409, "identity_ambiguous", "name")


@pytest.mark.django_db(transaction=True)
def test_a_result_is_told_by_phone_only_to_who_is_known_and_the_failures_count(door: Door) -> None:
    report, clara = _report(door), door.of(Role.CLINICIAN)
    patient = report.episode.patient
    call = {"audience": "patient", "outcome": "reached", "told_to": "Ana", "read_back": True}
    path = f"results/{report.pk}/calls/"
    refused(send(clara, "POST", path, call), 409, "not_identified")
    wrong = call | {"identifiers": {"name": str(patient), "birth_date": "1970-01-02"}}
    refused(send(clara, "POST", path, wrong, Idempotency_Key="once"), 409, "not_identified", "birth_date")
    refused(send(clara, "POST", path, wrong), 409, "not_identified", "birth_date")
    assert IdentityCheck.objects.filter(patient=patient, passed=False).count() == 2
    right = call | {"identifiers": {"name": str(patient), "birth_date": "1970-01-01"}}
    told = send(clara, "POST", path, right)
    assert told.status_code == 201
    assert told.json()["identity_check"] is not None
    log = send(clara, "GET", f"patients/{patient.pk}/disclosures/").json()["results"]
    assert [(line["to_whom"], line["ground"], line["way"]) for line in log] == [("Ana", "self", "phone")]


def test_registering_somebody_who_is_there_warns_and_merges_nothing(door: Door, patient: Patient) -> None:
    body = {"given_name": "Mara", "family_name": "Lopez", "phone": patient.phone, "zip": "20770"}
    made = send(door.of(Role.REPRESENTATIVE), "POST", "patients/", body | {"birth_date": "1970-01-01"}).json()
    assert [each["id"] for each in made["possible_duplicates"]] == [patient.pk]
    assert made["merged_into"] is None
    alike = send(door.of(Role.REPRESENTATIVE), "GET", f"patients/{patient.pk}/duplicates/").json()["results"]
    assert "birth_date_and_phone" in alike[0]["reasons"]
    apart = {"other": patient.pk}
    assert send(door.of(Role.REPRESENTATIVE), "POST", f"patients/{made['id']}/distinct/", apart).status_code == 201
    assert send(door.of(Role.REPRESENTATIVE), "GET", f"patients/{patient.pk}/duplicates/").json()["results"] == []


def test_a_merge_and_its_undoing(door: Door, patient: Patient) -> None:
    clara, other = door.of(Role.CLINICIAN), make_patient()
    body = {"duplicate": other.pk, "reason": "Same license."}
    refused(send(door.of(Role.REPRESENTATIVE), "POST", f"patients/{patient.pk}/merges/", body), 403, "forbidden")
    merged = send(clara, "POST", f"patients/{patient.pk}/merges/", body)
    assert (merged.status_code, merged.json()["warnings"]) == (201, [])
    other.refresh_from_db()
    assert other.merged_into == patient
    again = changes_nothing(lambda: send(clara, "POST", f"patients/{patient.pk}/merges/", body))
    refused(again, 409, "patient_merged")
    undo = f"merges/{merged.json()['id']}/undo/"
    assert send(clara, "POST", undo).json()["undone_at"] is not None
    refused(changes_nothing(lambda: send(clara, "POST", undo)), 409, "merge_undone")


def test_a_patient_is_not_merged_into_themselves(door: Door, patient: Patient) -> None:
    body = {"duplicate": patient.pk, "reason": "Typed twice."}
    answer = changes_nothing(lambda: send(door.of(Role.CLINICIAN), "POST", f"patients/{patient.pk}/merges/", body))
    refused(answer, 400, "invalid", "duplicate")


def test_a_merge_after_which_something_was_learned_is_not_undone(door: Door, patient: Patient) -> None:
    clara, other = door.of(Role.CLINICIAN), make_patient()
    body = {"duplicate": other.pk, "reason": "Same license."}
    merge = send(clara, "POST", f"patients/{patient.pk}/merges/", body).json()["id"]
    send(clara, "POST", f"patients/{patient.pk}/registration/", {"parts": ["payer"], "payer": "Blue"})
    answer = changes_nothing(lambda: send(clara, "POST", f"merges/{merge}/undo/"))
    refused(answer, 409, "new_facts")
    assert answer.json()["facts"] == ["patient.registration"]


def test_two_who_are_both_in_the_building_are_not_merged(door: Door) -> None:
    first, second = door.ward.scanned(13), door.ward.place.booked(14)
    visit = send(door.of(Role.SONOGRAPHER), "POST", f"appointments/{second.pk}/check-in/")
    assert visit.status_code == 200
    assert first.patient is not None
    assert second.patient is not None
    body = {"duplicate": second.patient.pk, "reason": "Same license."}
    path = f"patients/{first.patient.pk}/merges/"
    answer = changes_nothing(lambda: send(door.of(Role.CLINICIAN), "POST", path, body))
    refused(answer, 409, "both_in_the_building")
    assert not PatientMerge.objects.exists()


def test_a_representative_may_book_and_hears_nothing_until_the_patient_says_so(door: Door) -> None:
    report, clara = _report(door), door.of(Role.CLINICIAN)
    patient = report.episode.patient
    made = _speaker(door, patient)
    assert made.status_code == 201
    speaker = made.json()
    assert (speaker["may_book"], speaker["may_hear_results"], speaker["refusal"]["code"]) == (
        True,
        False,
        "no_permission",
    )
    call = {
        "audience": "representative",
        "outcome": "reached",
        "representative": speaker["id"],
        "read_back": True,
        "identifiers": {"name": str(patient), "birth_date": "1970-01-01"},
    }
    refused(send(clara, "POST", f"results/{report.pk}/calls/", call), 409, "no_permission", "representative")
    word = {"granted": True, "how": "in_person"}
    assert send(clara, "POST", f"representatives/{speaker['id']}/permissions/", word).status_code == 201
    told = send(clara, "POST", f"results/{report.pk}/calls/", call)
    assert (told.status_code, told.json()["told_to"]) == (201, "Elena Lopez")
    [listed] = send(clara, "GET", f"patients/{patient.pk}/representatives/").json()["results"]
    assert listed["ground"] == "permission"
    ended = send(clara, "POST", f"representatives/{speaker['id']}/end/", {"reason": "revoked"}).json()
    assert (ended["may_book"], ended["may_hear_results"]) == (False, False)


def test_a_helper_books_and_the_event_names_them_until_they_speak_no_longer(door: Door, patient: Patient) -> None:
    rosa, helper = door.of(Role.REPRESENTATIVE), _speaker(door, patient).json()["id"]
    body = {"patient": patient.pk, "slot": door.slot(14, visit_type="V30"), "representative": helper}
    booked = send(rosa, "POST", "appointments/", body)
    assert booked.status_code == 201
    assert Event.objects.get(kind="appointment.booked").codes["representative"] == helper
    other = _speaker(door, make_patient()).json()["id"]
    later = body | {"slot": door.slot(16, visit_type="V30")}
    refused(send(rosa, "POST", "appointments/", later | {"representative": other}), 400, "invalid", "representative")
    send(rosa, "POST", f"representatives/{helper}/end/", {"reason": "revoked"})
    refused(send(rosa, "POST", "appointments/", later), 409, "representative_ended")


def test_an_expired_document_is_refused_by_its_field(door: Door, patient: Patient) -> None:
    answer = _speaker(door, patient, kind="power_of_attorney", document="Power of attorney", expires_on="2020-01-01")
    refused(answer, 400, "invalid", "expires_on")
    assert not Representative.objects.exists()


def test_a_link_is_shared_once_and_only_with_who_may_hear_it(door: Door) -> None:
    report, rosa = door.ward.read(), door.of(Role.REPRESENTATIVE)
    final = {"category": "no_dvt_complete", "side": "left"}
    assert send(door.of(Role.PHYSICIAN), "POST", f"reports/{report.pk}/finalize/", final).status_code == 200
    helper = _speaker(door, report.episode.patient, consent_to_texts=True).json()["id"]
    body, path = {"representative": helper}, f"results/{report.pk}/share/"
    refused(send(rosa, "POST", path, body), 409, "no_permission", "representative")
    send(rosa, "POST", f"representatives/{helper}/permissions/", {"granted": True, "how": "in_person"})
    refused(send(rosa, "POST", path, body), 409, "not_readable")
    send(rosa, "POST", f"results/{report.pk}/send/")
    assert send(rosa, "POST", path, body).status_code == 201
    refused(changes_nothing(lambda: send(door.of(Role.SONOGRAPHER), "POST", path, body)), 403, "forbidden")
    refused(send(rosa, "POST", path, body), 409, "shared_already")
