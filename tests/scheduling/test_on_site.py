"""Who is still in the center half an hour before it closes is a manager's, until it is recorded how they left."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from clinic import clock
from clinic.models import Closure, Report, Role, Step
from clinic.services.departures import Leaving, record_departure
from clinic.services.reports import Finding, amend, finalize
from clinic.services.telling import release_result
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.on_site import call_managers, closes_at, next_close, waiting_at_close
from tests.factories import phone_of, set_clock, tomorrow_at
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def _near_close(ward: Ward) -> None:
    set_clock(closes_at(ward.place.center, clock.now()) - timedelta(minutes=30))


def _owed(report: Report) -> list[Step]:
    return list(report.episode.steps.filter(kind="on_site"))


def test_a_patient_still_here_is_the_managers_half_an_hour_before_the_close(ward: Ward) -> None:
    report = ward.read("positive")
    assert call_managers() == 0
    assert next_close(clock.now()) == tomorrow_at(19, 30, days=0)
    _near_close(ward)
    assert waiting_at_close() == 1
    assert call_managers() == 1
    assert call_managers() == waiting_at_close() == 0
    [step] = _owed(report)
    assert (step.owner_role, step.center_id) == ("manager", ward.place.center.pk)


def test_who_is_recorded_as_gone_is_nobodys(ward: Ward) -> None:
    report = ward.read("positive")
    leaving = Leaving(
        callback_phone=phone_of(report.episode.patient), instructions=("danger_signs", "whom_to_call", "medicine")
    )
    record_departure(ward.actor(Role.CLINICIAN), report_id=report.pk, leaving=leaving)
    _near_close(ward)
    assert call_managers() == 0


def test_a_departure_ends_the_managers_step(ward: Ward) -> None:
    report = ward.read("positive")
    _near_close(ward)
    call_managers()
    leaving = Leaving(callback_phone=phone_of(report.episode.patient), instructions=("danger_signs", "whom_to_call"))
    record_departure(ward.actor(Role.CLINICIAN), report_id=report.pk, leaving=leaving)
    assert [(step.status, step.outcome) for step in _owed(report)] == [("done", "left")]


def test_a_clear_result_that_was_given_lets_go(ward: Ward) -> None:
    report = ward.read("negative")
    finding = Finding(impression="", category="no_dvt_complete", side="left")
    finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    release_result(ward.actor(Role.REPRESENTATIVE), report_id=report.pk)
    _near_close(ward)
    assert call_managers() == 0


def test_who_waits_and_was_not_scanned_is_counted_and_goes_with_the_visit(ward: Ward) -> None:
    visit = ward.place.booked(18)
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)
    _near_close(ward)
    assert call_managers() == 1
    visits.cancel(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk)
    assert not Step.objects.filter(kind="on_site", status="open").exists()


def test_a_visit_ahead_that_is_given_up_sends_nobody_home(ward: Ward) -> None:
    report = ward.read("positive")
    later = book(
        ward.place.actor, patient=report.episode.patient, slot=ward.place.at(15, kind="consult"), episode=report.episode
    )
    _near_close(ward)
    call_managers()
    visits.cancel(ward.place.actor, appointment_id=later.pk)
    assert [step.status for step in _owed(report)] == ["open"]


def test_after_an_outage_of_more_than_a_day_the_manager_is_asked_all_the_same(ward: Ward) -> None:
    report = ward.read("positive")
    clock.advance(timedelta(hours=26))
    assert call_managers() == 1
    assert len(_owed(report)) == 1


def test_who_went_home_with_a_clear_result_is_not_looked_for_when_it_is_amended_on_another_day(ward: Ward) -> None:
    report = ward.read("negative")
    clear = Finding(impression="", category="no_dvt_complete", side="left")
    finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=clear)
    release_result(ward.actor(Role.REPRESENTATIVE), report_id=report.pk)
    clock.advance(timedelta(hours=25))
    found = replace(clear, category="svt_short", reason="Seen once more")
    amend(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=found)
    assert call_managers() == 0


def test_a_center_that_closes_early_today_calls_earlier(ward: Ward) -> None:
    on = tomorrow_at(12, days=0).date()
    Closure.objects.create(center=ward.place.center, on=on, starts=time(16), ends=time(20), reason="Storm")
    assert closes_at(ward.place.center, clock.now()) == tomorrow_at(16, days=0)
