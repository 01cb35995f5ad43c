"""The physician's spoken impression before the signature: whose it is, what it authorizes, and what refuses it."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, Actor
from clinic.errors import Conflict, DomainError, Invalid
from clinic.models import Event, Report, Step
from clinic.services.findings import SignsForAnother
from clinic.services.reports import Finding, finalize, record_preliminary
from clinic.services.steps import complete_step
from clinic.services.telling import Call, NotRead, record_call
from clinic.services.wet_reads import Spoken, record_wet_read
from tests.kernel import acting, make_episode, make_scan, make_wet_read

pytestmark = pytest.mark.django_db
SPOKEN = Spoken(category="acute_proximal_dvt", told_to="Clara", read_back=True)
TOLD = Call(audience="patient", outcome="reached", told_to="the patient", read_back=True, in_person=True)


@pytest.fixture
def report(db: None) -> Report:
    scan = make_scan(SYSTEM, make_episode(SYSTEM))
    finding = Finding(impression="positive", side="left")
    return record_preliminary(acting("sonographer"), step_id=scan.pk, finding=finding, scan_ended_at=clock.now())


def _sign(report: Report, category: str, actor: Actor | None = None) -> Report:
    finding = Finding(impression="", category=category, side="left")
    return finalize(actor or acting("physician"), report_id=report.pk, finding=finding)


def _treatment(report: Report) -> list[Step]:
    return list(report.episode.steps.filter(kind="treatment_start").order_by("id"))


def test_the_log_holds_who_read_what_and_who_read_it_back(report: Report) -> None:
    peter = acting("physician")
    row = record_wet_read(peter, report_id=report.pk, spoken=SPOKEN)
    assert (row.reader_id, row.told_to, row.category, row.read_back) == (
        peter.id,
        "Clara",
        "acute_proximal_dvt",
        True,
    )
    report.refresh_from_db()
    assert report.clinician_told_at == row.spoken_at


def test_nobody_tells_a_patient_what_no_physician_has_read(report: Report) -> None:
    with pytest.raises(NotRead):
        record_call(acting("clinician"), report_id=report.pk, call=TOLD)
    assert not report.calls.exists()
    make_wet_read(report)
    assert record_call(acting("clinician"), report_id=report.pk, call=TOLD).impression == "acute_proximal_dvt"


def test_an_acute_finding_owes_the_first_dose_before_the_signature(report: Report) -> None:
    make_wet_read(report)
    [step] = _treatment(report)
    assert step.due_at is not None
    assert timedelta(minutes=59) < step.due_at - clock.now() <= timedelta(minutes=60)
    assert step.plan is None


def test_the_signature_does_not_restart_the_clock_of_the_treatment(report: Report) -> None:
    make_wet_read(report)
    due_at = _treatment(report)[0].due_at
    clock.advance(timedelta(minutes=20))
    _sign(report, "acute_proximal_dvt")
    early, planned = _treatment(report)
    assert (early.status, early.outcome) == ("cancelled", "plan_made")
    assert (planned.status, planned.due_at) == ("open", due_at)


def test_a_dose_that_was_given_on_the_wet_read_is_not_owed_again(report: Report) -> None:
    make_wet_read(report)
    complete_step(acting("clinician"), step=_treatment(report)[0], outcome="first_dose_taken")
    _sign(report, "acute_proximal_dvt")
    assert [step.status for step in _treatment(report)] == ["done", "cancelled"]


def test_a_signature_that_does_not_confirm_the_wet_read_ends_its_treatment_and_is_told_anew(report: Report) -> None:
    make_wet_read(report)
    record_call(acting("clinician"), report_id=report.pk, call=TOLD)
    signed = _sign(report, "svt_short")
    [step] = _treatment(report)
    assert (step.status, step.outcome) == ("cancelled", "not_confirmed")
    assert signed.patient_told_at is None
    assert report.episode.steps.filter(kind="telling", status="open").exists()


def test_who_was_told_by_the_wet_read_is_not_told_twice(report: Report) -> None:
    make_wet_read(report)
    record_call(acting("clinician"), report_id=report.pk, call=TOLD)
    _sign(report, "acute_proximal_dvt")
    assert not report.episode.steps.filter(kind="telling", status="open").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"read_back": False}, "read_back"),
        ({"told_to": " "}, "told_to"),
        ({"category": "positive"}, "category"),
        ({"spoken_at": timedelta(minutes=-1)}, "spoken_at"),
        ({"spoken_at": timedelta(hours=5)}, "spoken_at"),
    ],
    ids=["not read back", "to nobody", "no category", "before the scan ended", "in the future"],
)
def test_what_cannot_be_so_is_refused_with_its_field(report: Report, changes: dict[str, object], field: str) -> None:
    shifted = {
        name: report.scan_ended_at + value if isinstance(value, timedelta) else value for name, value in changes.items()
    }
    with pytest.raises(Invalid) as refused:
        make_wet_read(report, **shifted)
    assert field in refused.value.fields
    assert not report.wet_reads.exists()


def test_a_physician_reads_for_nobody_else(report: Report) -> None:
    peter, other = acting("physician"), acting("physician")
    with pytest.raises(SignsForAnother):
        record_wet_read(peter, report_id=report.pk, spoken=SPOKEN, reader=other.id)
    with pytest.raises(SignsForAnother):
        finalize(
            peter,
            report_id=report.pk,
            finding=Finding(impression="", category="svt_short", side="left"),
            signed_by=other.id,
        )


def test_after_the_signature_there_is_nothing_to_read_early(report: Report) -> None:
    _sign(report, "acute_proximal_dvt")
    with pytest.raises(Conflict) as refused:
        make_wet_read(report)
    assert refused.value.code == "report_signed"


def test_each_refusal_is_an_event_with_its_reason(report: Report) -> None:
    peter, other = acting("physician"), acting("physician")
    attempts = (
        lambda: record_wet_read(peter, report_id=report.pk, spoken=SPOKEN, reader=other.id),
        lambda: record_call(acting("clinician"), report_id=report.pk, call=TOLD),
        lambda: _sign(report, "svt_short", acting("clinician")),
    )
    for attempt in attempts:
        with pytest.raises(DomainError):
            attempt()
    refused = Event.objects.filter(kind="report.refused", subject_id=report.pk).order_by("id")
    assert [(event.codes["action"], event.codes["code"]) for event in refused] == [
        ("wet_read", "signs_for_another"),
        ("call", "not_read"),
        ("finalize", "forbidden"),
    ]
