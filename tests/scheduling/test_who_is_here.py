"""Whoever is here is seen, and what is seen is read and told: whatever ends their step's plan, ladder or decision."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.errors import StaleState
from clinic.models import Report, Role, Step, StepKind
from clinic.services import therapy
from clinic.services.climbing import climb, climb_missed
from clinic.services.episodes import OpenConditions, close_episode
from clinic.services.escalation import escalate_overdue
from clinic.services.steps import cancel_step
from clinic.services.worklist import finish
from clinic.watchdog import find_lost
from scheduling.errors import VisitBookedAlready
from scheduling.models import Appointment
from scheduling.services import visits
from tests.factories import set_clock
from tests.pages.staff import Ward, open_ward
from tests.scheduling.followed import (
    amend,
    arrived,
    begun,
    booked,
    completed,
    followed,
    is_read_and_told,
    seen_again,
    step_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


def test_a_report_that_is_amended_while_the_patient_waits_costs_no_study(ward: Ward) -> None:
    report = followed(ward)
    visit = arrived(ward, report)
    amend(ward, report)
    assert (step_of(visit).status, step_of(visit).ends_as) == ("scheduled", "plan_revised")
    is_read_and_told(ward, completed(ward, begun(ward, visit)))
    assert find_lost() == []


def test_a_report_that_is_amended_while_the_patient_is_scanned_costs_no_study(ward: Ward) -> None:
    report = followed(ward)
    visit = begun(ward, arrived(ward, report))
    amend(ward, report)
    is_read_and_told(ward, completed(ward, visit))
    assert find_lost() == []


def test_a_scan_that_the_next_plan_owes_as_well_stays_that_plans(ward: Ward) -> None:
    report = followed(ward)
    visit = begun(ward, arrived(ward, report))
    amend(ward, report)
    amend(ward, report, "isolated_distal_dvt")
    step = step_of(visit)
    assert (step.ends_as, step.plan_code) == ("", "scan_d7")
    assert step.plan is not None
    assert step.plan.superseded_at is None
    assert report.episode.steps.filter(plan_code="scan_d7", status__in=("open", "scheduled")).count() == 1


def test_who_leaves_unseen_is_owed_no_scan_that_nobody_wants_any_more(ward: Ward) -> None:
    report = followed(ward)
    visit = arrived(ward, report)
    amend(ward, report)
    visits.cancel(ward.place.actor, appointment_id=visit.pk)
    step = step_of(visit)
    assert (step.status, step.outcome, step.attended_since) == ("cancelled", "plan_revised", None)
    assert find_lost() == []


def _treated(ward: Ward) -> Report:
    report = followed(ward, "acute_proximal_dvt")
    clinician = ward.actor(Role.CLINICIAN)
    today = clock.today(ward.place.center.zone)
    therapy.decide_therapy(
        clinician, episode_id=report.episode_id, choice="stop", reason="Three months are over.", last_dose_on=today
    )
    return report


def _extend(ward: Ward, report: Report) -> None:
    therapy.decide_therapy(
        ward.actor(Role.CLINICIAN), episode_id=report.episode_id, choice="extend", reason="The risk goes on."
    )


def test_a_decision_for_more_treatment_costs_no_study_that_is_under_way(ward: Ward) -> None:
    report = _treated(ward)
    visit = begun(ward, arrived(ward, report))
    assert step_of(visit).plan_code == "end_of_treatment_scan"
    _extend(ward, report)
    assert step_of(visit).ends_as == "therapy_decided"
    is_read_and_told(ward, completed(ward, visit))
    assert find_lost() == []


def test_the_same_decision_again_leaves_the_scan_what_it_is(ward: Ward) -> None:
    report = _treated(ward)
    visit = begun(ward, arrived(ward, report))
    today = clock.today(ward.place.center.zone)
    therapy.decide_therapy(
        ward.actor(Role.CLINICIAN),
        episode_id=report.episode_id,
        choice="stop",
        reason="Still so.",
        last_dose_on=today,
    )
    assert step_of(visit).ends_as == ""
    assert report.episode.steps.filter(plan_code="end_of_treatment_scan").count() == 1


def test_a_review_at_which_it_is_decided_is_done_and_the_next_one_owed(ward: Ward) -> None:
    report = followed(ward, "acute_proximal_dvt")
    _extend(ward, report)
    first = report.episode.steps.get(plan_code="yearly_review")
    others = report.episode.steps.filter(kind="follow_up_visit").exclude(pk=first.pk)
    for step in others:
        cancel_step(ward.actor(Role.CLINICIAN), step=step, outcome="declined")
    visit = begun(ward, arrived(ward, report, "follow_up_visit"))
    assert visit.step_id == first.pk
    clock.advance(timedelta(days=1))
    _extend(ward, report)
    completed(ward, visit)
    reviews = report.episode.steps.filter(plan_code="yearly_review").order_by("id")
    assert [(step.status, step.outcome) for step in reviews] == [("done", "visit_completed"), ("open", "")]


def _late(ward: Ward) -> Appointment:
    """Somebody who has waited so long that their scan's window is over."""
    visit = arrived(ward, followed(ward))
    set_clock(visit.starts_at + timedelta(hours=2, minutes=1))
    assert escalate_overdue() == 1
    assert step_of(visit).status == "escalated"
    over = step_of(visit).window_end
    assert over is not None
    set_clock(over + timedelta(minutes=1))
    return visit


def test_nobody_misses_a_scan_that_they_are_here_for(ward: Ward) -> None:
    visit = _late(ward)
    climb_missed()
    assert step_of(visit).status == "escalated"
    with pytest.raises(StaleState):
        climb(ward.place.actor, step=step_of(visit), outcome="not_done")
    is_read_and_told(ward, completed(ward, begun(ward, visit)))


def test_a_scan_that_is_late_while_the_patient_is_here_is_raised_day_by_day(ward: Ward) -> None:
    visit = _late(ward)
    escalate_overdue()
    due_at = step_of(visit).due_at
    assert due_at is not None
    assert due_at > clock.now()


def test_who_waited_too_long_and_leaves_is_pursued_as_before(ward: Ward) -> None:
    visit = _late(ward)
    visits.cancel(ward.place.actor, appointment_id=visit.pk)
    assert step_of(visit).attended_since is None
    climb_missed()
    assert step_of(visit).status == "missed"
    assert step_of(visit).successor.rung == 1


def test_a_raised_step_whose_patient_is_here_waits_for_no_other_visit(ward: Ward) -> None:
    report = followed(ward)
    visit = arrived(ward, report)
    for step in report.episode.steps.filter(plan_code="scan_d14"):
        cancel_step(ward.actor(Role.CLINICIAN), step=step, outcome="declined")
    set_clock(visit.starts_at + timedelta(hours=2, minutes=1))
    escalate_overdue()
    with pytest.raises(VisitBookedAlready):
        booked(ward, report, hour=19)


def test_an_episode_is_not_closed_over_the_head_of_somebody_who_is_here(ward: Ward) -> None:
    visit = ward.place.booked(13)
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)
    assert visit.episode_id is not None
    clinician = ward.actor(Role.CLINICIAN)
    with pytest.raises(OpenConditions) as refused:
        close_episode(clinician, episode_id=visit.episode_id, reason="declined")
    assert "complete the visit, or cancel it" in refused.value.detail
    assert step_of(visit).status == "scheduled"
    visits.cancel(ward.place.actor, appointment_id=visit.pk)
    assert close_episode(clinician, episode_id=visit.episode_id, reason="declined").status == "closed"


def test_whom_we_scan_although_they_reached_an_emergency_department_is_read(ward: Ward) -> None:
    visit = ward.place.booked(13)
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)
    clinician = ward.actor(Role.CLINICIAN)
    assert visit.episode is not None
    call = Step.objects.create(
        episode=visit.episode,
        kind=StepKind.ARRIVAL_CALL,
        owner_role=Role.CLINICIAN,
        center=visit.center,
        due_at=clock.now(),
        created_at=clock.now(),
    )
    finish(clinician, step_id=call.pk, outcome="arrived_at_ed")
    assert step_of(visit).ends_as == "seen_in_emergency"
    is_read_and_told(ward, completed(ward, begun(ward, visit)))
    assert find_lost() == []


def test_whoever_is_begun_with_early_is_late_as_early(ward: Ward) -> None:
    visit = begun(ward, arrived(ward, followed(ward), hour=18))
    due_at = step_of(visit).due_at
    assert due_at is not None
    assert due_at <= clock.now()
    clock.advance(timedelta(hours=2, minutes=1))
    escalate_overdue()
    clock.advance(timedelta(hours=1))
    assert step_of(visit).status == "escalated"
    assert "arrived_not_seen" not in [found.loss.code for found in find_lost()]


def test_a_repeat_that_is_as_vague_asks_for_another_one_on_whatever_day_it_was_made(ward: Ward) -> None:
    first = followed(ward, "non_diagnostic")
    assert seen_again(ward, first, "non_diagnostic").episode == first.episode
    assert first.episode.steps.filter(kind="follow_up_scan", status="open").exists()
    assert find_lost() == []


def test_an_earlier_study_that_turns_out_clear_ends_no_repeat_that_a_later_one_asks_for(ward: Ward) -> None:
    first = followed(ward, "non_diagnostic")
    seen_again(ward, first, "non_diagnostic")
    amend(ward, first, "no_dvt_complete")
    assert first.episode.steps.filter(kind="follow_up_scan", status="open").exists()
    assert find_lost() == []
