"""What is overdue goes to the role above, once a step, and is raised again while nobody acts."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Event
from clinic.services.escalation import escalate_overdue, next_overdue, overdue
from tests.kernel import live_steps, make_episode, new_step

pytestmark = pytest.mark.django_db


def test_an_overdue_callback_goes_from_the_clinician_to_a_physician_and_on_to_a_manager() -> None:
    episode = make_episode(SYSTEM, first_steps=[new_step(due_at=clock.now() - timedelta(minutes=1))])
    assert escalate_overdue() == 1
    [step] = live_steps(episode)
    assert (step.status, step.owner_role) == ("escalated", "physician")
    assert escalate_overdue() == 0
    clock.advance(timedelta(minutes=16))
    assert escalate_overdue() == 1
    [step] = live_steps(episode)
    assert step.owner_role == "manager"
    assert Event.objects.filter(kind="step.escalated", episode=episode).count() == 2


def test_a_step_in_time_and_a_visit_that_runs_late_are_left_alone() -> None:
    late_visit = new_step(due_at=clock.now() - timedelta(minutes=90), scheduled=True)
    make_episode(SYSTEM, first_steps=[new_step(), late_visit])
    assert escalate_overdue() == 0


def test_the_next_overdue_instant_counts_the_grace_of_a_visit() -> None:
    now = clock.now()
    visit = new_step(due_at=now + timedelta(minutes=10), scheduled=True)
    make_episode(SYSTEM, first_steps=[visit])
    assert next_overdue(now) == visit.due_at + timedelta(hours=2)
    plain = new_step(due_at=now + timedelta(minutes=60))
    make_episode(SYSTEM, first_steps=[plain])
    assert next_overdue(now) == plain.due_at
    assert not overdue()
