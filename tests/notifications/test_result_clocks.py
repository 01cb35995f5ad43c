"""An unacknowledged finding climbs by its own clock, by who is on duty; an unreached patient is never let go."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, staff_actor
from clinic.errors import Conflict
from clinic.models import Episode, Event, Patient, Report, ResultAlert, Staff, Step
from clinic.services.acknowledging import acknowledge
from clinic.services.escalation import escalate_overdue
from clinic.services.reports import Finding, finalize, record_preliminary
from clinic.services.telling import Call, record_call
from notifications.models import Message
from scheduling.services.result_clocks import next_result_clock, run_result_clocks, waiting_result_clocks
from tests.identified import of_report
from tests.kernel import acting, make_scan, make_wet_read
from tests.notifications.pagers import OnCallCenter, make_on_call

pytestmark = pytest.mark.django_db
MISSED = Call(audience="patient", outcome="no_answer")


@pytest.fixture
def crew(db: None) -> OnCallCenter:
    made = make_on_call(clinicians=2, supervisors=2)
    Staff.objects.filter(pk=made.supervisors[1].pk).update(medical_director=True)
    return made


def _finding(crew: OnCallCenter, impression: str = "positive") -> Report:
    return _of(crew.patient_in_care(), impression)


def _of(episode: Episode, impression: str = "positive") -> Report:
    scan = make_scan(SYSTEM, episode)
    finding = Finding(impression=impression, side="left")
    return record_preliminary(acting("sonographer"), step_id=scan.pk, finding=finding, scan_ended_at=clock.now())


def _alerts(report: Report) -> list[tuple[str, int | None]]:
    return list(ResultAlert.objects.filter(report=report).order_by("id").values_list("rung", "staff_id"))


def _after(minutes: int) -> int:
    clock.advance(timedelta(minutes=minutes))
    return run_result_clocks()


def _live(report: Report, kind: str) -> list[Step]:
    return list(report.episode.steps.filter(kind=kind, status__in=("open", "scheduled", "escalated")))


def test_a_finding_alerts_the_clinician_on_duty_by_text_and_then_by_call(crew: OnCallCenter) -> None:
    report = _finding(crew)
    assert _alerts(report) == [("clinician", crew.clinicians[0].pk)]
    [step] = _live(report, "acknowledge")
    pages = Message.objects.filter(step=step).order_by("due_at")
    assert [(page.purpose, page.channel, page.staff_id) for page in pages] == [
        ("urgent_step", "sms", crew.clinicians[0].pk),
        ("urgent_step", "voice", crew.clinicians[0].pk),
    ]


def test_a_clear_finding_alerts_nobody(crew: OnCallCenter) -> None:
    assert _alerts(_finding(crew, "negative")) == []


def test_unacknowledged_it_climbs_at_15_30_and_45_minutes(crew: OnCallCenter) -> None:
    report = _finding(crew)
    assert _after(14) == 0
    assert _after(1) == 1
    assert run_result_clocks() == 0
    assert _alerts(report)[1:] == [("second_clinician", crew.clinicians[1].pk)]
    _after(15)
    assert _alerts(report)[2:] == [("medical_director", crew.supervisors[1].pk)]
    _after(15)
    assert [rung for rung, _ in _alerts(report)][3:] == ["emergency_transfer"]
    [handover] = _live(report, "handover")
    assert (handover.owner_role, handover.plan_code) == ("physician", "ed_transfer")
    _after(15)
    [step] = _live(report, "acknowledge")
    assert (step.owner_role, step.status) == ("manager", "escalated")


def test_the_sweep_for_all_other_steps_leaves_this_clock_alone(crew: OnCallCenter) -> None:
    report = _finding(crew)
    clock.advance(timedelta(minutes=16))
    escalate_overdue()
    [step] = _live(report, "acknowledge")
    assert step.status == "open"


def test_who_acknowledges_ends_the_ladder_and_the_pages(crew: OnCallCenter) -> None:
    report = _finding(crew)
    acknowledge(staff_actor(crew.clinicians[0]), report_id=report.pk)
    assert _after(60) == 0
    assert len(_alerts(report)) == 1
    assert not Message.objects.filter(purpose="urgent_step", status="due").exists()
    with pytest.raises(Conflict) as refused:
        acknowledge(staff_actor(crew.clinicians[1]), report_id=report.pk)
    assert refused.value.code == "acknowledged_already"


def test_a_wet_read_that_was_read_back_acknowledges(crew: OnCallCenter) -> None:
    report = _finding(crew)
    make_wet_read(report)
    assert _live(report, "acknowledge") == []


def test_a_positive_signature_after_a_clear_preliminary_alerts_as_well(crew: OnCallCenter) -> None:
    report = _finding(crew, "negative")
    finding = Finding(impression="", category="acute_proximal_dvt", side="left")
    finalize(acting("physician"), report_id=report.pk, finding=finding)
    assert _alerts(report) == [("clinician", crew.clinicians[0].pk)]


def test_the_next_instant_of_the_ladder_is_known_and_counted(crew: OnCallCenter) -> None:
    report = _finding(crew)
    [step] = _live(report, "acknowledge")
    assert next_result_clock(clock.now()) == step.due_at
    clock.advance(timedelta(minutes=15))
    assert waiting_result_clocks() == 1
    run_result_clocks()
    assert waiting_result_clocks() == 0


def _with_contact(report: Report) -> None:
    Patient.objects.filter(pk=report.episode.patient_id).update(
        emergency_contact_name="Lee Example", emergency_contact_phone="+13015550199"
    )


def _missed(report: Report, times: int = 1) -> None:
    for _ in range(times):
        record_call(acting("clinician"), report_id=report.pk, call=MISSED)


def test_three_calls_in_vain_owe_a_call_to_the_emergency_contact(crew: OnCallCenter) -> None:
    report = _finding(crew)
    _with_contact(report)
    _missed(report, 2)
    assert _live(report, "emergency_contact") == []
    _missed(report)
    assert len(_live(report, "emergency_contact")) == 1
    _missed(report)
    assert len(_live(report, "emergency_contact")) == 1


def test_half_an_hour_after_the_first_call_in_vain_does_as_well(crew: OnCallCenter) -> None:
    report = _finding(crew)
    _with_contact(report)
    _missed(report)
    _after(31)
    assert len(_live(report, "emergency_contact")) == 1


def test_after_the_contact_a_named_clinician_on_duty_decides(crew: OnCallCenter) -> None:
    report = _finding(crew)
    _with_contact(report)
    _missed(report, 3)
    reached = Call(audience="emergency_contact", outcome="reached", told_to="Lee Example")
    call = record_call(acting("clinician"), report_id=report.pk, call=reached)
    assert call.impression == ""
    assert _live(report, "emergency_contact") == []
    [welfare] = _live(report, "welfare_check")
    assert welfare.owner in crew.clinicians
    assert Message.objects.filter(step=welfare, staff=welfare.owner, purpose="urgent_step").count() == 2


def test_without_a_contact_the_decision_is_owed_at_once(crew: OnCallCenter) -> None:
    report = _finding(crew)
    _missed(report, 3)
    assert len(_live(report, "welfare_check")) == 1


def test_a_contact_whom_nobody_calls_does_not_hold_up_the_decision(crew: OnCallCenter) -> None:
    report = _finding(crew)
    _with_contact(report)
    _missed(report, 3)
    clock.advance(timedelta(minutes=16))
    escalate_overdue()
    assert len(_live(report, "welfare_check")) == 1


def test_an_unreached_patient_is_advised_emergency_care_by_a_text_that_names_nothing(crew: OnCallCenter) -> None:
    report = _finding(crew)
    acknowledge(staff_actor(crew.clinicians[0]), report_id=report.pk)
    _missed(report, 3)
    _after(46)
    assert len(_live(report, "handover")) == 1
    assert Message.objects.filter(purpose="seek_emergency_care", patient=report.episode.patient).count() == 1
    assert _after(30) == 0


def test_who_was_reached_is_pursued_no_further(crew: OnCallCenter) -> None:
    report = _finding(crew)
    make_wet_read(report)
    _missed(report, 3)
    told = Call(
        audience="patient", outcome="reached", told_to="the patient", read_back=True, identifiers=of_report(report)
    )
    record_call(acting("clinician"), report_id=report.pk, call=told)
    assert _live(report, "welfare_check") == []
    assert _after(60) == 0
    assert not Event.objects.filter(kind="result.transfer_advised").exists()


def test_a_second_finding_of_an_episode_has_a_ladder_of_its_own(crew: OnCallCenter) -> None:
    first = _finding(crew)
    second = _of(first.episode)
    acknowledge(staff_actor(crew.clinicians[0]), report_id=first.pk)
    _after(15)
    assert [rung for rung, _ in _alerts(first)] == ["clinician"]
    assert [rung for rung, _ in _alerts(second)] == ["clinician", "second_clinician"]
    acknowledge(staff_actor(crew.clinicians[1]), report_id=second.pk)
    assert _live(second, "acknowledge") == []
