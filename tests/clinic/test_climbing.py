"""Missed steps climb: the sweep, the letter, and nothing that ever lapses."""

from datetime import datetime, timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.missed import CALLED_WITHIN, pursued
from clinic.models import Episode, Plan, Report, Step, StepKind
from clinic.services.climbing import climb_missed, missed, next_missed
from clinic.services.escalation import escalate_overdue
from clinic.services.reports import Finding, finalize, record_preliminary
from tests.factories import set_clock
from tests.kernel import acting, live_steps, make_episode, make_scan

pytestmark = pytest.mark.django_db


def _watched(category: str = "isolated_distal_dvt") -> Plan:
    episode = make_episode(SYSTEM)
    scan = make_scan(SYSTEM, episode)
    seen = Finding(impression="positive", side="left")
    report = record_preliminary(acting("sonographer"), step_id=scan.pk, finding=seen, scan_ended_at=clock.now())
    signed = Finding(impression="", category=category, side="left")
    return Plan.objects.get(report=finalize(acting("physician"), report_id=report.pk, finding=signed))


def _code(episode: Episode, code: str) -> Step:
    return Step.objects.get(episode=episode, plan_code=code, status__in=("open", "scheduled", "escalated"))


def _over(step: Step) -> datetime:
    assert step.window_end is not None
    return step.window_end


def _due(step: Step) -> datetime:
    assert step.due_at is not None
    return step.due_at


def _pass(step: Step) -> None:
    """Let a step be missed, by a second."""
    early = CALLED_WITHIN if pursued(step.kind, step.plan_code) else timedelta(0)
    set_clock((step.window_end - early if step.window_end else _due(step)) + timedelta(seconds=1))


def test_a_surveillance_scan_that_nobody_booked_climbs_to_the_physician_and_the_letter() -> None:
    plan = _watched()
    first = _code(plan.episode, "scan_d7")
    seen = []
    for _ in range(5):
        step = _code(plan.episode, "scan_d7")
        _pass(step)
        climb_missed()
        step = _code(plan.episode, "scan_d7")
        assert step.missed_since == _over(first) - CALLED_WITHIN
        seen.append((_due(step) - step.missed_since, step.owner_role))
    assert seen == [
        (timedelta(hours=3), "representative"),
        (timedelta(hours=24), "clinician"),
        (timedelta(hours=48), "physician"),
        (timedelta(days=7), "physician"),
        (timedelta(days=14), "physician"),
    ]
    letter = _code(plan.episode, "letter_scan_d7")
    assert (letter.kind, letter.due_at) == (StepKind.LETTER, _over(first) - CALLED_WITHIN + timedelta(days=7))


def test_a_visit_comes_again_after_3_7_and_14_days() -> None:
    plan = _watched("acute_proximal_dvt")
    first = _code(plan.episode, "visit_d7_14")
    after = []
    for _ in range(3):
        _pass(_code(plan.episode, "visit_d7_14"))
        climb_missed()
        after.append(_due(_code(plan.episode, "visit_d7_14")) - _over(first))
    assert after == [timedelta(days=3), timedelta(days=7), timedelta(days=14)]


def test_whoever_was_away_for_long_still_gives_each_rung_its_hour() -> None:
    plan = _watched()
    first = _code(plan.episode, "scan_d7")
    set_clock(_over(first) + timedelta(days=30))
    climb_missed()
    assert _due(_code(plan.episode, "scan_d7")) >= clock.now() + timedelta(minutes=59)
    assert "scan_d7" not in [each.plan_code for each in missed()]


def test_what_climbs_is_not_raised_by_the_other_sweep_as_well() -> None:
    plan = _watched()
    _pass(_code(plan.episode, "scan_d7"))
    escalate_overdue()
    assert _code(plan.episode, "scan_d7").status == "open"
    assert climb_missed() >= 1


def test_before_its_window_is_over_an_overdue_step_is_raised_and_not_missed() -> None:
    plan = _watched()
    step = _code(plan.episode, "scan_d7")
    set_clock(_due(step) + timedelta(seconds=1))
    escalate_overdue()
    assert _code(plan.episode, "scan_d7").status == "escalated"
    assert "scan_d7" not in [each.plan_code for each in missed()]
    assert next_missed(_due(step)) == _over(step) - CALLED_WITHIN


def test_no_plan_ever_lapses_to_closed() -> None:
    plan = _watched()
    for _ in range(8):
        set_clock(clock.now() + timedelta(days=20))
        escalate_overdue()
        climb_missed()
    assert live_steps(plan.episode)
    plan.episode.refresh_from_db()
    assert plan.episode.status == "open"
    assert Report.objects.filter(episode=plan.episode).exists()
