"""The referring clinician gets every signed report, by voice where it is positive, and confirms it."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import Report, Step
from clinic.services.escalation import escalate_overdue
from clinic.services.referrers import Notice, Office, owed_ways, record_notice, record_referrer
from clinic.services.reports import Finding, amend, finalize, record_preliminary
from clinic.services.telling import Call, record_call
from tests.kernel import acting, make_episode, make_scan

pytestmark = pytest.mark.django_db
OFFICE = Office(name="Dr. Rey", phone="301-555-0150", fax="301-555-0151")
FAX = Notice(how="fax", sent_to="301-555-0151")
CONFIRMED = Notice(how="fax", sent_to="301-555-0151", confirmed_by="Front desk")
SPOKEN = Notice(how="voice", sent_to="Dr. Rey", confirmed_by="Dr. Rey")


def _report(category: str = "", *, referred: bool = True) -> Report:
    episode = make_episode(SYSTEM)
    scan = make_scan(SYSTEM, episode)
    if referred:
        record_referrer(acting("representative"), episode_id=episode.pk, office=OFFICE)
    finding = Finding(impression="negative", side="left")
    report = record_preliminary(acting("sonographer"), step_id=scan.pk, finding=finding, scan_ended_at=clock.now())
    return _sign(report, category) if category else report


def _sign(report: Report, category: str) -> Report:
    finding = Finding(impression="", category=category, side="left")
    return finalize(acting("physician"), report_id=report.pk, finding=finding)


def _owed(report: Report) -> list[Step]:
    return list(report.episode.steps.filter(kind="referrer", status__in=("open", "escalated")))


def test_every_signed_report_is_owed_to_who_referred_and_to_nobody_else() -> None:
    assert [step.owner_role for step in _owed(_report("no_dvt_complete"))] == ["representative"]
    assert _owed(_report("no_dvt_complete", referred=False)) == []
    assert _owed(_report()) == []


def test_what_was_sent_and_not_confirmed_stays_owed_and_goes_up_after_half_an_hour() -> None:
    report = _report("no_dvt_complete")
    record_notice(acting("representative"), report_id=report.pk, notice=FAX)
    [step] = _owed(report)
    assert step.attempts == 1
    clock.advance(timedelta(minutes=31))
    escalate_overdue()
    [step] = _owed(report)
    assert (step.status, step.owner_role) == ("escalated", "manager")
    record_notice(acting("representative"), report_id=report.pk, notice=CONFIRMED)
    assert _owed(report) == []


def test_a_positive_result_is_spoken_by_a_clinician_besides() -> None:
    report = _report("acute_proximal_dvt")
    assert [step.owner_role for step in _owed(report)] == ["clinician"]
    record_notice(acting("representative"), report_id=report.pk, notice=CONFIRMED)
    assert owed_ways(report) == ["voice"]
    with pytest.raises(Forbidden):
        record_notice(acting("representative"), report_id=report.pk, notice=SPOKEN)
    record_notice(acting("clinician"), report_id=report.pk, notice=SPOKEN)
    assert _owed(report) == []


def test_a_call_that_the_referrer_read_back_is_the_notice_by_voice() -> None:
    report = _report("acute_proximal_dvt")
    call = Call(audience="referrer", outcome="reached", told_to="Dr. Rey", read_back=True)
    record_call(acting("clinician"), report_id=report.pk, call=call)
    assert owed_ways(report) == ["report"]


def test_an_amendment_is_owed_anew() -> None:
    report = _report("no_dvt_complete")
    record_notice(acting("representative"), report_id=report.pk, notice=CONFIRMED)
    finding = Finding(impression="", category="no_dvt_complete", side="left", reason="A word was missing")
    amend(acting("physician"), report_id=report.pk, finding=finding)
    assert owed_ways(report) == ["report"]
    assert len(_owed(report)) == 1


def test_who_is_recorded_after_the_signature_is_owed_it_too() -> None:
    report = _report("no_dvt_complete", referred=False)
    record_referrer(acting("representative"), episode_id=report.episode_id, office=OFFICE)
    assert len(_owed(report)) == 1


@pytest.mark.parametrize("referred", [True, False])
def test_nothing_goes_out_unsigned_or_to_nobody(referred: bool) -> None:
    report = _report("" if referred else "no_dvt_complete", referred=referred)
    with pytest.raises(Conflict) as refused:
        record_notice(acting("representative"), report_id=report.pk, notice=FAX)
    assert refused.value.code == ("report_not_final" if referred else "no_referrer")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"npi": "12"}, "npi"), ({"phone": "12"}, "phone"), ({"name": " "}, "name"), ({"fax": "x"}, "fax")],
)
def test_an_office_that_cannot_be_reached_is_refused(changes: dict[str, str], field: str) -> None:
    values = {"name": "Dr. Rey", "phone": "301-555-0150"} | changes
    with pytest.raises(Invalid) as refused:
        record_referrer(acting("representative"), episode_id=make_episode(SYSTEM).pk, office=Office(**values))
    assert field in refused.value.fields
