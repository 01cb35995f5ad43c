"""Who speaks for a patient: recorded, permitted by the patient, reviewed at 18; and to whom a result was told."""

from datetime import date, timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.access import Actor
from clinic.errors import Conflict, DomainError, Invalid
from clinic.models import Disclosure, Patient, Report, Representative, Role, Step, StepKind
from clinic.selectors.identity import ruling_on
from clinic.selectors.patients import disclosures_of
from clinic.services.identifying import NotIdentified
from clinic.services.reports import Finding, record_preliminary
from clinic.services.representatives import (
    Speaker,
    end_representative,
    next_of_age,
    of_age,
    record_permission,
    record_representative,
    review_parents,
)
from clinic.services.telling import Call, record_call
from tests.identified import said_by
from tests.kernel import acting, make_episode, make_patient, make_scan, make_wet_read, make_zip

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> Actor:
    make_zip()
    return acting(Role.CLINICIAN)


def _report(patient: Patient) -> Report:
    sonographer = acting(Role.SONOGRAPHER)
    step = make_scan(sonographer, make_episode(sonographer, patient=patient))
    finding = Finding(impression="positive", side="left")
    made = record_preliminary(sonographer, step_id=step.pk, finding=finding, scan_ended_at=clock.now())
    make_wet_read(made)
    return made


def _speaker(actor: Actor, patient: Patient, **changes: Any) -> Representative:
    values: dict[str, Any] = {"kind": "helper", "name": "Dana Lopez", "phone": "301-555-0144"}
    return record_representative(actor, patient_id=patient.pk, speaker=Speaker(**(values | changes)))


def _tell(actor: Actor, report: Report, speaker: Representative, **changes: Any) -> Report:
    values: dict[str, Any] = {"audience": "representative", "outcome": "reached", "read_back": True}
    said = {"representative": speaker.pk, "identifiers": said_by(report.episode.patient)}
    record_call(actor, report_id=report.pk, call=Call(**(values | said | changes)))
    return Report.objects.get(pk=report.pk)


def test_a_helper_hears_nothing_without_the_patients_permission(clinician: Actor) -> None:
    report = _report(make_patient())
    helper = _speaker(clinician, report.episode.patient)
    with pytest.raises(DomainError) as refused:
        _tell(clinician, report, helper)
    assert refused.value.code == "no_permission"
    assert "may book" in refused.value.fields["representative"]
    assert not Disclosure.objects.exists()
    assert not report.calls.exists()


def test_with_permission_a_helper_hears_it_and_the_patient_is_owed_it_still(clinician: Actor) -> None:
    report = _report(make_patient())
    helper = _speaker(clinician, report.episode.patient)
    record_permission(clinician, representative_id=helper.pk, granted=True, how="in_person")
    told = _tell(clinician, report, helper)
    assert told.patient_told_at is None
    assert Step.objects.filter(episode=report.episode, kind=StepKind.TELLING, status="open").exists()
    [line] = disclosures_of(report.episode.patient)
    assert (line.to_whom, line.ground, line.way, line.representative) == ("Dana Lopez", "permission", "phone", helper)


def test_a_permission_that_was_taken_back_holds_no_longer(clinician: Actor) -> None:
    helper = _speaker(clinician, make_patient())
    for granted in (True, False):
        record_permission(clinician, representative_id=helper.pk, granted=granted, how="in_person")
    assert not ruling_on(helper).may_hear


def test_a_permission_by_phone_needs_the_patient_known(clinician: Actor) -> None:
    patient = make_patient()
    helper = _speaker(clinician, patient)
    with pytest.raises(NotIdentified):
        record_permission(clinician, representative_id=helper.pk, granted=True, how="phone")
    record_permission(clinician, representative_id=helper.pk, granted=True, how="phone", identifiers=said_by(patient))
    assert ruling_on(helper).ground == "permission"


def test_an_agent_hears_it_in_the_patients_place(clinician: Actor) -> None:
    report = _report(make_patient())
    agent = _speaker(clinician, report.episode.patient, kind="power_of_attorney", document="Durable power of attorney")
    assert (agent.document_seen_by_id, agent.document_seen_at is not None) == (clinician.id, True)
    assert _tell(clinician, report, agent).patient_told_at is not None
    assert Disclosure.objects.get().ground == "power_of_attorney"


def test_an_expired_power_of_attorney_is_refused_with_its_reason(clinician: Actor) -> None:
    report = _report(make_patient())
    today = clock.today("America/New_York")
    agent = _speaker(
        clinician, report.episode.patient, kind="power_of_attorney", document="Power of attorney", expires_on=today
    )
    clock.advance(timedelta(days=1))
    with pytest.raises(DomainError) as refused:
        _tell(clinician, report, agent)
    assert refused.value.code == "authority_expired"
    assert f"{today:%B}" in refused.value.fields["representative"]
    assert not report.calls.exists()


def test_by_phone_a_representative_gives_two_identifiers_of_the_patient_as_well(clinician: Actor) -> None:
    report = _report(make_patient())
    agent = _speaker(clinician, report.episode.patient, kind="guardian", document="Order of the court")
    with pytest.raises(NotIdentified):
        _tell(clinician, report, agent, identifiers=None)
    assert _tell(clinician, report, agent, identifiers=None, in_person=True).patient_told_at is not None


def test_somebody_elses_representative_hears_nothing(clinician: Actor) -> None:
    report = _report(make_patient())
    stranger = _speaker(clinician, make_patient(), kind="guardian", document="Order of the court")
    with pytest.raises(Invalid) as refused:
        _tell(clinician, report, stranger)
    assert "representative" in refused.value.fields


def test_who_tells_a_representative_says_whom_and_only_then(clinician: Actor) -> None:
    report = _report(make_patient())
    for call in (
        Call(audience="representative", outcome="reached", told_to="Dana"),
        Call(audience="patient", outcome="reached", told_to="Ana", representative=1, in_person=True),
    ):
        with pytest.raises(Invalid) as refused:
            record_call(clinician, report_id=report.pk, call=call)
        assert list(refused.value.fields) == ["representative"]


def test_each_telling_names_to_whom_and_on_what_ground(clinician: Actor) -> None:
    report = _report(make_patient())
    for audience, ground in (("patient", "self"), ("clinician", "treatment"), ("referrer", "treatment")):
        call = Call(audience=audience, outcome="reached", told_to=audience, in_person=True, read_back=True)
        record_call(clinician, report_id=report.pk, call=call)
        line = disclosures_of(report.episode.patient)[0]
        assert (line.to_whom, line.ground, line.way, line.report_id) == (audience, ground, "in_person", report.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "friend"}, "kind"),
        ({"name": " "}, "name"),
        ({"phone": "12"}, "phone"),
        ({"language": "fr"}, "language"),
        ({"kind": "guardian"}, "document"),
        ({"kind": "helper", "document": "Card"}, "document"),
        ({"kind": "guardian", "document": "Order", "expires_on": date(2020, 1, 1)}, "expires_on"),
        ({"kind": "parent"}, "kind"),
    ],
)
def test_a_representative_that_can_not_be_is_refused_by_field(
    clinician: Actor, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        _speaker(clinician, make_patient(), **changes)
    assert field in refused.value.fields
    assert not Representative.objects.exists()


def test_who_speaks_no_longer_is_given_no_permission_and_does_not_end_twice(clinician: Actor) -> None:
    helper = _speaker(clinician, make_patient())
    end_representative(clinician, representative_id=helper.pk, reason="revoked")
    with pytest.raises(Conflict):
        record_permission(clinician, representative_id=helper.pk, granted=True, how="in_person")
    with pytest.raises(Conflict):
        end_representative(clinician, representative_id=helper.pk, reason="revoked")


def test_at_18_a_parents_access_ends_and_somebody_asks_the_patient(clinician: Actor) -> None:
    born = date(2010, 6, 15)
    minor = make_patient(birth_date=born)
    episode = make_episode(clinician, patient=minor)
    parent = _speaker(clinician, minor, kind="parent")
    assert ruling_on(parent).ground == "parent"
    due = next_of_age(clock.now())
    assert due is not None
    assert review_parents() == 0
    clock.advance(due - clock.now() + timedelta(seconds=1))
    assert of_age() == [parent]
    assert review_parents() == 1
    assert review_parents() == 0
    parent.refresh_from_db()
    assert (parent.end_reason, ruling_on(parent).code) == ("of_age", "representative_ended")
    [asked] = Step.objects.filter(episode=episode, kind=StepKind.REPRESENTATIVE)
    assert asked.status == "open"
    assert next_of_age(clock.now()) is None


def test_a_parent_of_nobody_in_care_ends_as_well(clinician: Actor) -> None:
    parent = _speaker(clinician, make_patient(birth_date=date(2010, 6, 15)), kind="parent")
    due = next_of_age(clock.now())
    assert due is not None
    clock.advance(due - clock.now() + timedelta(seconds=1))
    assert review_parents() == 1
    parent.refresh_from_db()
    assert parent.ended_at is not None
