"""Two identifiers before anything is disclosed by phone, and three failures that close it."""

from datetime import date, timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.access import Actor
from clinic.errors import Conflict, DomainError, Forbidden, Invalid
from clinic.models import IdentityCheck, Patient, Report, Role, Step, StepKind
from clinic.selectors.identity import check_in_force, identity_state
from clinic.services.identifying import IdentityLocked, NotIdentified, Said, check_identity
from clinic.services.registration import Answers, complete_registration
from clinic.services.reports import Finding, record_preliminary
from clinic.services.telling import Call, record_call
from tests.factories import phone_of
from tests.identified import of_report, said_by
from tests.kernel import acting, make_episode, make_patient, make_scan, make_wet_read, make_zip

pytestmark = pytest.mark.django_db
WRONG = date(1964, 5, 18)


@pytest.fixture(autouse=True)
def _zip() -> None:
    make_zip()


@pytest.fixture
def clinician() -> Actor:
    return acting(Role.CLINICIAN)


@pytest.fixture
def report() -> Report:
    """A positive finding that was spoken and is owed to the patient by voice."""
    sonographer = acting(Role.SONOGRAPHER)
    episode = make_episode(sonographer, patient=make_patient(given_name="Maria", family_name="Lopez"))
    step = make_scan(sonographer, episode)
    finding = Finding(impression="positive", side="left")
    made = record_preliminary(sonographer, step_id=step.pk, finding=finding, scan_ended_at=clock.now())
    make_wet_read(made)
    return made


def _call(**changes: Any) -> Call:
    values: dict[str, Any] = {"audience": "patient", "outcome": "reached", "told_to": "Maria", "read_back": True}
    return Call(**(values | changes))


def _fail(actor: Actor, patient: Patient, times: int = 3) -> None:
    for _ in range(times):
        assert not check_identity(actor, patient_id=patient.pk, said=said_by(patient, birth_date=WRONG)).passed


def test_two_identifiers_are_kept_by_their_names_and_nothing_of_what_was_said(clinician: Actor) -> None:
    patient = make_patient(given_name="Maria", family_name="Lopez")
    row = check_identity(clinician, patient_id=patient.pk, said=Said(name="lopez maria", birth_date=patient.birth_date))
    assert (row.passed, row.matched, row.failed, row.by_id) == (True, ["name", "birth_date"], [], clinician.id)
    assert "Lopez" not in str(IdentityCheck.objects.values().get())


def test_one_identifier_is_not_enough_and_is_no_failure(clinician: Actor) -> None:
    patient = make_patient()
    with pytest.raises(Invalid) as refused:
        check_identity(clinician, patient_id=patient.pk, said=Said(name=str(patient)))
    assert "identifiers" in refused.value.fields
    assert identity_state(patient).failures == 0


def test_the_address_counts_once_it_was_registered(clinician: Actor) -> None:
    patient = make_patient(given_name="Maria")
    said = Said(name=str(patient), street="12 Elm St.", zip="20770")
    assert not check_identity(clinician, patient_id=patient.pk, said=said).passed
    address = Answers(parts=("address",), street="12 Elm St", city="Greenbelt", state="md", zip="20770")
    complete_registration(clinician, patient_id=patient.pk, answers=address)
    assert check_identity(clinician, patient_id=patient.pk, said=said).matched == ["name", "address"]


def test_twins_with_one_birth_date_and_phone_are_told_apart_by_name(clinician: Actor) -> None:
    lena = make_patient(given_name="Lena", family_name="Weiss", phone="+13015550199")
    make_patient(given_name="Clara", family_name="Weiss", phone="+13015550199")
    both = Said(birth_date=lena.birth_date, phone=phone_of(lena))
    with pytest.raises(Conflict) as refused:
        check_identity(clinician, patient_id=lena.pk, said=both)
    assert refused.value.code == "identity_ambiguous"
    assert list(refused.value.fields) == ["name"]
    assert identity_state(lena).failures == 0
    wrong = Said(name="Clara Weiss", birth_date=lena.birth_date, phone=phone_of(lena))
    assert check_identity(clinician, patient_id=lena.pk, said=wrong).failed == ["name"]
    right = Said(name="Lena Weiss", birth_date=lena.birth_date, phone=phone_of(lena))
    assert check_identity(clinician, patient_id=lena.pk, said=right).passed


def test_three_failures_disclose_nothing_and_owe_a_call_to_the_recorded_number(report: Report) -> None:
    patient, clinician = report.episode.patient, acting(Role.CLINICIAN)
    _fail(clinician, patient)
    [owed] = Step.objects.filter(episode=report.episode, kind=StepKind.IDENTITY)
    assert (owed.status, owed.owner_role) == ("open", Role.CLINICIAN)
    with pytest.raises(IdentityLocked):
        check_identity(clinician, patient_id=patient.pk, said=said_by(patient))
    with pytest.raises(IdentityLocked):
        record_call(clinician, report_id=report.pk, call=_call(identifiers=of_report(report)))
    assert not report.calls.exists()
    _fail_called_back(clinician, patient)
    assert Step.objects.filter(episode=report.episode, kind=StepKind.IDENTITY).count() == 1


def _fail_called_back(actor: Actor, patient: Patient) -> None:
    said = Said(birth_date=WRONG)
    assert not check_identity(actor, patient_id=patient.pk, said=said, called_back=True).passed


def test_a_call_back_with_two_identifiers_opens_the_phone_again_and_ends_the_step(report: Report) -> None:
    patient, clinician = report.episode.patient, acting(Role.CLINICIAN)
    _fail(clinician, patient)
    said = Said(birth_date=patient.birth_date, name=str(patient))
    row = check_identity(clinician, patient_id=patient.pk, said=said, called_back=True)
    assert row.matched == ["name", "birth_date", "phone"]
    step = Step.objects.get(episode=report.episode, kind=StepKind.IDENTITY)
    assert (step.status, step.outcome) == ("done", "identified")
    assert record_call(clinician, report_id=report.pk, call=_call()).identity_check == row


def test_nobody_is_told_by_phone_without_a_check_and_in_person_needs_none(report: Report, clinician: Actor) -> None:
    with pytest.raises(NotIdentified):
        record_call(clinician, report_id=report.pk, call=_call())
    report.refresh_from_db()
    assert report.patient_told_at is None
    record_call(clinician, report_id=report.pk, call=_call(in_person=True))
    report.refresh_from_db()
    assert report.patient_told_at is not None


def test_a_call_that_reached_nobody_needs_no_check(report: Report, clinician: Actor) -> None:
    assert record_call(clinician, report_id=report.pk, call=_call(outcome="no_answer", told_to="")).pk


def test_the_identifiers_may_come_with_the_call_itself(report: Report, clinician: Actor) -> None:
    row = record_call(clinician, report_id=report.pk, call=_call(identifiers=of_report(report)))
    assert row.identity_check is not None
    assert row.identity_check.matched == ["name", "birth_date", "phone"]


@pytest.mark.django_db(transaction=True)
def test_wrong_identifiers_with_a_call_are_counted_though_the_call_is_refused(report: Report) -> None:
    clinician, patient = acting(Role.CLINICIAN), report.episode.patient
    wrong = _call(identifiers=said_by(patient, birth_date=WRONG))
    for failures in (1, 2, 3):
        with pytest.raises(NotIdentified) as refused:
            record_call(clinician, report_id=report.pk, call=wrong)
        assert "birth_date" in refused.value.fields
        assert identity_state(patient).failures == failures
    assert not report.calls.exists()
    assert Step.objects.filter(episode=report.episode, kind=StepKind.IDENTITY, status="open").count() == 1


def test_a_check_holds_for_one_call_and_for_whoever_made_it(report: Report, clinician: Actor) -> None:
    patient = report.episode.patient
    check_identity(clinician, patient_id=patient.pk, said=said_by(patient))
    with pytest.raises(NotIdentified):
        record_call(acting(Role.PHYSICIAN), report_id=report.pk, call=_call())
    clock.advance(timedelta(minutes=31))
    with pytest.raises(NotIdentified):
        record_call(clinician, report_id=report.pk, call=_call())


def test_a_failure_after_a_check_takes_it_back(report: Report, clinician: Actor) -> None:
    patient = report.episode.patient
    check_identity(clinician, patient_id=patient.pk, said=said_by(patient))
    assert clinician.staff_id is not None
    assert check_in_force(patient, by=clinician.staff_id) is not None
    _fail(clinician, patient, times=1)
    assert check_in_force(patient, by=clinician.staff_id) is None


def test_who_does_not_speak_with_callers_checks_nobody() -> None:
    patient = make_patient()
    for actor in (acting(Role.SONOGRAPHER), acting(Role.ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            check_identity(actor, patient_id=patient.pk, said=said_by(patient))


def test_a_merged_record_is_checked_by_the_one_that_stays(clinician: Actor) -> None:
    patient = make_patient()
    Patient.objects.filter(pk=patient.pk).update(merged_into=make_patient())
    with pytest.raises(DomainError) as refused:
        check_identity(clinician, patient_id=patient.pk, said=said_by(patient))
    assert refused.value.code == "patient_merged"
