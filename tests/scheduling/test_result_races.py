"""Sweeps and people at the same result at once: nobody is alerted, called or released twice."""

from datetime import timedelta
from functools import partial

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Departure, Report, ResultAlert, Step
from clinic.services.acknowledging import acknowledge
from clinic.services.departures import Leaving, record_departure
from clinic.services.reports import Finding, record_preliminary
from clinic.services.telling import Call, record_call
from scheduling.services.result_clocks import run_result_clocks
from tests.factories import phone_of
from tests.kernel import acting, make_episode, make_scan
from tests.scheduling.conftest import at_once

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 6


def _finding() -> Report:
    scan = make_scan(SYSTEM, make_episode(SYSTEM))
    finding = Finding(impression="positive", side="left")
    return record_preliminary(acting("sonographer"), step_id=scan.pk, finding=finding, scan_ended_at=clock.now())


def _owed(report: Report, kind: str) -> int:
    return Step.objects.filter(episode=report.episode, kind=kind).count()


def test_many_sweeps_climb_one_rung() -> None:
    report = _finding()
    clock.advance(timedelta(minutes=15))
    at_once(*[run_result_clocks] * RIVALS)
    rungs = ResultAlert.objects.filter(report=report).order_by("id").values_list("rung", flat=True)
    assert list(rungs) == ["clinician", "second_clinician"]


def test_many_calls_in_vain_and_sweeps_owe_one_decision() -> None:
    report = _finding()
    missed = Call(audience="patient", outcome="no_answer")
    calls = [partial(record_call, acting("clinician"), report_id=report.pk, call=missed) for _ in range(RIVALS)]
    at_once(*calls, *[run_result_clocks] * RIVALS)
    assert report.calls.count() == RIVALS
    assert _owed(report, "welfare_check") == 1
    clock.advance(timedelta(minutes=46))
    at_once(*[run_result_clocks] * RIVALS)
    assert _owed(report, "handover") == 1


def test_one_clinician_has_it_in_hand_and_one_release_is_kept() -> None:
    report = _finding()
    taken = at_once(*(partial(acknowledge, acting("clinician"), report_id=report.pk) for _ in range(RIVALS)))
    assert sum(isinstance(each, Report) for each in taken) == 1
    leaving = Leaving(callback_phone=phone_of(report.episode.patient), instructions=("danger_signs", "whom_to_call"))
    left = at_once(
        *(partial(record_departure, acting("clinician"), report_id=report.pk, leaving=leaving) for _ in range(RIVALS))
    )
    assert sum(isinstance(each, Departure) for each in left) == 1
