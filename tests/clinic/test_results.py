"""From the preliminary to the plan: who may write what, who speaks first, and what follows."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import Plan, Report, Step
from clinic.services.episodes import close_episode
from clinic.services.reports import Finding, amend, finalize, record_preliminary
from clinic.services.telling import Call, record_call, release_result
from clinic.services.worklist import finish
from tests.identified import of_report
from tests.kernel import acting, live_steps, make_episode, make_scan, make_wet_read

pytestmark = pytest.mark.django_db


def _preliminary(impression: str = "negative") -> Report:
    episode = make_episode(SYSTEM)
    scan = make_scan(SYSTEM, episode)
    return record_preliminary(
        acting("sonographer"),
        step_id=scan.pk,
        finding=Finding(impression=impression, side="left"),
        scan_ended_at=clock.now(),
    )


def _kinds(report: Report) -> list[str]:
    return sorted(step.kind for step in live_steps(report.episode))


def _final(report: Report, category: str) -> Report:
    finding = Finding(impression="", category=category, side="left", findings="")
    return finalize(acting("physician"), report_id=report.pk, finding=finding)


def test_a_clear_preliminary_waits_for_the_physician() -> None:
    assert _kinds(_preliminary("negative")) == ["reading"]


@pytest.mark.parametrize("impression", ["positive", "suspicious", "non_diagnostic"])
def test_an_urgent_preliminary_owes_a_clinicians_voice_within_the_hour(impression: str) -> None:
    report = _preliminary(impression)
    [telling] = report.episode.steps.filter(kind="telling")
    assert telling.owner_role == "clinician"
    assert telling.due_at == report.scan_ended_at + timedelta(minutes=60)


def test_a_clear_final_may_be_sent_and_leads_to_the_safety_call() -> None:
    report = _final(_preliminary(), "no_dvt_complete")
    assert _kinds(report) == ["follow_up_call", "telling"]
    released = release_result(acting("representative"), report_id=report.pk)
    assert released.result_sent_at is not None
    assert _kinds(report) == ["follow_up_call"]


def test_a_positive_final_is_never_sent_as_a_result() -> None:
    report = _final(_preliminary("positive"), "acute_proximal_dvt")
    with pytest.raises(Conflict) as refused:
        release_result(acting("clinician"), report_id=report.pk)
    assert refused.value.code == "voice_first"


def test_a_preliminary_is_never_sent() -> None:
    with pytest.raises(Conflict) as refused:
        release_result(acting("clinician"), report_id=_preliminary().pk)
    assert refused.value.code == "report_not_final"


def test_telling_counts_only_with_a_read_back() -> None:
    report = _preliminary("positive")
    make_wet_read(report)
    clinician = acting("clinician")
    spoken = Call(audience="patient", outcome="reached", told_to="the patient", identifiers=of_report(report))
    record_call(clinician, report_id=report.pk, call=spoken)
    assert Report.objects.filter(pk=report.pk, patient_told_at=None).exists()
    record_call(
        clinician,
        report_id=report.pk,
        call=Call(
            audience="patient", outcome="reached", told_to="the patient", read_back=True, identifiers=of_report(report)
        ),
    )
    report.refresh_from_db()
    assert report.patient_told_at is not None
    assert "telling" not in _kinds(report)


def test_a_call_that_reaches_nobody_is_counted_and_the_telling_stays_owed() -> None:
    report = _preliminary("positive")
    record_call(acting("clinician"), report_id=report.pk, call=Call(audience="patient", outcome="no_answer"))
    [telling] = report.episode.steps.filter(kind="telling")
    assert (telling.attempts, telling.status) == (1, "open")


@pytest.mark.parametrize("role", ["sonographer", "representative", "manager"])
def test_only_a_clinician_or_physician_tells_a_result(role: str) -> None:
    report = _preliminary("positive")
    with pytest.raises(Forbidden):
        record_call(acting(role), report_id=report.pk, call=Call(audience="patient", outcome="no_answer"))


def test_a_final_that_contradicts_the_preliminary_records_the_discrepancy() -> None:
    report = _final(_preliminary("suspicious"), "no_dvt_complete")
    assert report.versions.get(number=2).discrepancy
    assert not report.versions.get(number=1).discrepancy


def test_the_signature_is_never_refused_for_lack_of_a_call() -> None:
    assert _final(_preliminary("positive"), "acute_proximal_dvt").status == "final"


def test_only_a_physician_signs_and_only_once() -> None:
    report = _preliminary()
    finding = Finding(impression="", category="no_dvt_complete", side="left")
    with pytest.raises(Forbidden):
        finalize(acting("clinician"), report_id=report.pk, finding=finding)
    _final(report, "no_dvt_complete")
    with pytest.raises(Conflict):
        _final(report, "no_dvt_complete")


def test_an_amendment_that_changes_the_category_reopens_the_telling_and_revises_the_plan() -> None:
    report = _final(_preliminary(), "no_dvt_complete")
    release_result(acting("clinician"), report_id=report.pk)
    finding = Finding(impression="", category="acute_proximal_dvt", side="left", reason="Second look")
    amended = amend(acting("physician"), report_id=report.pk, finding=finding)
    assert (amended.status, amended.versions.count()) == ("amended", 3)
    kinds = _kinds(report)
    assert "telling" in kinds
    assert "treatment_start" in kinds
    cancelled = Step.objects.get(episode=report.episode, plan_code="safety_call_d7")
    assert (cancelled.status, cancelled.outcome) == ("cancelled", "plan_revised")
    assert Plan.objects.filter(episode=report.episode, superseded_at=None).count() == 1


def test_the_plans_end_is_a_clinicians_signature() -> None:
    report = _final(_preliminary(), "no_dvt_complete")
    release_result(acting("clinician"), report_id=report.pk)
    clinician = acting("clinician")
    [call] = live_steps(report.episode)
    finish(clinician, step_id=call.pk, outcome="settling")
    assert _kinds(report) == ["decision"]
    assert close_episode(clinician, episode_id=report.episode_id, reason="ruled_out").status == "closed"


def test_a_scan_has_one_report_and_none_from_the_future() -> None:
    report = _preliminary()
    sonographer = acting("sonographer")
    again = Finding(impression="negative", side="left")
    with pytest.raises(Conflict):
        record_preliminary(sonographer, step_id=report.step_id, finding=again, scan_ended_at=clock.now())
    with pytest.raises(Invalid):
        record_preliminary(
            sonographer,
            step_id=report.step_id,
            finding=again,
            scan_ended_at=clock.now() + timedelta(minutes=5),
        )
