"""A patient's whole record: no table is left out, no row of theirs, and none of anybody else's."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model

from clinic.errors import Forbidden, Invalid
from clinic.keeping.record import kept, resources
from clinic.models import Disclosure, Event, Patient, Report, Role
from clinic.pathway import Risk
from clinic.services.disclosing import give_record
from clinic.services.reports import Finding, finalize
from clinic.services.telling import Call, record_call
from notifications.models import Inbound, Message
from tests.factories import make_patient, phone_of
from tests.identified import of_report
from tests.pages.staff import Ward

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

OURS = ("clinic", "triage", "scheduling", "notifications")
#: Tables that lead to a patient and are no part of the record, and why.
LEFT_OUT = {
    "ChartRead": "who looked at the chart is of the house; erased with the record",
    "ChartOpening": "who opened another center's chart, and its review",
    "Occupancy": "which room and whose hours a visit takes; the visit itself is in the record",
    "Inbound_steps": "a text names the steps that it opened",
}


def _leads_to_patient(model: type[Model]) -> bool:
    """Whether the columns of a table lead to a patient, over however many tables."""
    seen: set[Any] = set()
    ahead: list[Any] = [model]
    while ahead:
        one = ahead.pop()
        if one is Patient:
            return True
        if one not in seen:
            seen.add(one)
            fields = [*one._meta.concrete_fields, *one._meta.many_to_many]
            ahead += [field.related_model for field in fields if field.related_model]
    return False


def test_every_table_that_leads_to_a_patient_is_in_the_record_or_says_why_not() -> None:
    models = {
        model.__name__: model
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if _leads_to_patient(model)
    }
    registered = {table.model.__name__ for table in kept()}
    assert set(models) - registered == set(LEFT_OUT)


def _lived(ward: Ward, hour: int) -> Patient:
    """A patient who was scanned, read and told, and who wrote to us."""
    report = ward.read("negative", hour=hour)
    finding = Finding(impression="", category="no_dvt_complete", side="left")
    finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding, risk=Risk())
    call = Call(
        audience="patient", outcome="reached", told_to="the patient", read_back=True, identifiers=of_report(report)
    )
    record_call(ward.actor(Role.CLINICIAN), report_id=report.pk, call=call)
    return Report.objects.get(pk=report.pk).episode.patient


def _ids(patient: Patient) -> Counter[str]:
    return Counter(str(each["id"]) for each in resources(patient))


def test_the_records_of_all_patients_hold_every_row_once(ward: Ward) -> None:
    patients = [_lived(ward, 13), _lived(ward, 15)]
    Inbound.objects.create(
        provider_sid="SM1", phone=phone_of(patients[0]), body="It hurts", received_at=patients[0].created_at
    )
    found = sum((_ids(patient) for patient in patients), Counter[str]())
    assert set(found.values()) == {1}
    for table in kept():
        rows = set(table.model._default_manager.values_list("pk", flat=True))
        name = str(table.model._meta.model_name)
        ours = {int(each.removeprefix(f"{name}-")) for each in found if each.rpartition("-")[0] == name}
        for row in table.model._default_manager.filter(pk__in=rows - ours):
            assert not _patients_of(row), f"{name} {row.pk} is somebody's, and in no record"
    assert Message.objects.exists()
    assert "message" in {each.rpartition("-")[0] for each in found}


def _patients_of(row: Any) -> set[int]:
    """The patients that a row's own columns lead to, over however many rows."""
    seen: set[tuple[Any, int]] = set()
    found, ahead = set(), [row]
    while ahead:
        one = ahead.pop()
        if isinstance(one, Patient):
            found.add(one.pk)
        elif (type(one), one.pk) not in seen:
            seen.add((type(one), one.pk))
            fields = (field for field in one._meta.concrete_fields if field.related_model)
            ahead += [to for field in fields if (to := getattr(one, field.name)) is not None]
    return found


def test_the_columns_stand_as_they_are_and_what_fhir_asks_for_beside_them(ward: Ward) -> None:
    patient = _lived(ward, 13)
    by_kind: dict[str, list[Any]] = {}
    for each in resources(patient):
        by_kind.setdefault(str(each["resourceType"]), []).append(each)
    assert by_kind["Patient"][0]["birthDate"] == str(patient.birth_date)
    assert by_kind["Appointment"][0]["status"] == "fulfilled"
    report = next(each for each in by_kind["DiagnosticReport"] if each["id"].startswith("report-"))
    assert (report["status"], report["conclusion"]) == ("final", "No DVT, complete study")
    assert report["row"]["signed_by"]["display"] == str(ward.people[Role.PHYSICIAN])
    assert report["subject"] == {"reference": f"Patient/patient-{patient.pk}"}
    assert {"EpisodeOfCare", "Task", "CarePlan", "Communication", "AuditEvent"} <= set(by_kind)
    json.dumps(by_kind)


def test_what_was_merged_into_a_patient_is_theirs(ward: Ward) -> None:
    patient, stays = _lived(ward, 13), make_patient(phone="+13015550177")
    before = _ids(patient)
    Patient.objects.filter(pk=patient.pk).update(merged_into=stays)
    assert before.keys() < _ids(stays).keys()
    with pytest.raises(Invalid, match=str(stays.pk)):
        give_record(ward.actor(Role.MANAGER), patient_id=patient.pk, to_whom="Ana", purpose="access")


def test_a_text_from_a_number_that_two_have_is_in_neither_record(ward: Ward) -> None:
    one = make_patient(phone="+13015550177")
    text = Inbound.objects.create(provider_sid="SM1", phone=phone_of(one), body="It hurts", received_at=one.created_at)
    assert f"inbound-{text.pk}" in _ids(one)
    other = make_patient(phone="+13015550177", given_name="Eva")
    assert f"inbound-{text.pk}" not in _ids(one).keys() | _ids(other).keys()


def test_to_whom_a_record_went_is_kept_and_stands_in_the_next_copy(ward: Ward) -> None:
    patient, manager = _lived(ward, 13), ward.actor(Role.MANAGER)
    given = give_record(manager, patient_id=patient.pk, to_whom=" Dr.  Okafor ", purpose="treatment")
    kept_as = Disclosure.objects.get(report=None)
    assert (kept_as.to_whom, kept_as.by_id, kept_as.resources) == ("Dr. Okafor", manager.id, len(given.resources))
    told = Event.objects.get(kind="record.given")
    assert told.codes == {"purpose": "treatment", "resources": len(given.resources)}
    assert f"disclosure-{kept_as.pk}" in _ids(patient)


def test_a_record_goes_to_nobody_unnamed_and_by_nobody_without_the_permission(ward: Ward) -> None:
    patient = make_patient()
    with pytest.raises(Invalid) as refused:
        give_record(ward.actor(Role.MANAGER), patient_id=patient.pk, to_whom=" ", purpose="curiosity")
    assert set(refused.value.fields) == {"to_whom", "purpose"}
    with pytest.raises(Forbidden):
        give_record(ward.actor(Role.CLINICIAN), patient_id=patient.pk, to_whom="Ana", purpose="access")
    assert not Disclosure.objects.exists()


def _export(patient: int, folder: Path, **named: str) -> str:
    out = StringIO()
    call_command("export_patient", patient, to=folder, stdout=out, **{"to_whom": "Ana", "purpose": "access"} | named)
    return out.getvalue()


def test_the_command_writes_a_folder_of_resources_that_is_counted(ward: Ward, tmp_path: Path) -> None:
    patient = _lived(ward, 13)
    said = _export(patient.pk, tmp_path / "record")
    manifest = json.loads((tmp_path / "record" / "manifest.json").read_text())
    assert said.startswith(f"{manifest['total']} resources")
    for kind, count in manifest["counts"].items():
        assert len(json.loads((tmp_path / "record" / f"{kind}.json").read_text())) == count
    assert manifest["to_whom"] == "Ana"


def test_the_command_leaves_no_folder_of_nobody_and_writes_over_none(ward: Ward, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such patient"):
        _export(999, tmp_path / "record")
    assert not (tmp_path / "record").exists()
    with pytest.raises(CommandError, match="Name a folder that is not there"):
        _export(make_patient().pk, tmp_path)
    assert not Disclosure.objects.exists()


def test_the_page_gives_the_file_and_shows_to_whom_it_went(ward: Ward) -> None:
    patient, browser = make_patient(), ward.browser(Role.MANAGER)
    url = f"/staff/patients/{patient.pk}/record/"
    assert browser.post(url, {"to_whom": "", "purpose": "access"}).status_code == 422
    answer = browser.post(url, {"to_whom": "Ana's lawyer", "purpose": "representative"})
    assert json.loads(answer.content)["entry"][0]["resource"]["row"]["family_name"] == patient.family_name
    assert patient.family_name not in answer.headers["Content-Disposition"]
    assert b"Ana&#x27;s lawyer" in browser.get(url).content
