"""What a step that falls due, or ends, owes in texts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import StepKind
from clinic.services.steps import cancel_step, complete_step, open_step
from notifications.models import Message, Purpose
from tests.kernel import make_episode, new_step
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
CONFIRMATION, REMINDER = Purpose.BOOKING_CONFIRMATION, Purpose.VISIT_REMINDER


def _message(purpose: Purpose) -> Message:
    return Message.objects.get(purpose=purpose)


@pytest.mark.parametrize("kind", [StepKind.FOLLOW_UP_CALL, StepKind.FOLLOW_UP_VISIT, StepKind.SELF_CARE_CHECK])
def test_a_follow_up_step_is_reminded_of_on_its_morning(ward: Ward, kind: StepKind) -> None:
    episode = make_episode(SYSTEM)
    due_at = clock.now() + timedelta(days=7, hours=3)
    open_step(SYSTEM, episode=episode, new=new_step(kind, due_at=due_at))
    message = _message(Purpose.FOLLOW_UP_REMINDER)
    local = message.due_at.astimezone(ZoneInfo(episode.center.zone))
    assert (local.date(), local.hour) == (due_at.astimezone(ZoneInfo(episode.center.zone)).date(), 9)
    assert not message.urgent


@pytest.mark.parametrize("kind", [StepKind.CALLBACK, StepKind.READING, StepKind.DECISION, StepKind.CONTACT])
def test_what_the_staff_owe_each_other_is_not_texted(ward: Ward, kind: StepKind) -> None:
    open_step(SYSTEM, episode=make_episode(SYSTEM), new=new_step(kind, due_at=clock.now() + timedelta(days=7)))
    assert not Message.objects.exists()


def test_a_step_of_today_needs_no_reminder(ward: Ward) -> None:
    due_at = clock.now() + timedelta(hours=20)
    open_step(SYSTEM, episode=make_episode(SYSTEM), new=new_step(StepKind.FOLLOW_UP_CALL, due_at=due_at))
    assert not Message.objects.exists()


def test_a_step_that_has_ended_is_not_reminded_of(ward: Ward) -> None:
    for end in (complete_step, cancel_step):
        episode = make_episode(SYSTEM)
        new = new_step(StepKind.FOLLOW_UP_CALL, due_at=clock.now() + timedelta(days=7))
        step = open_step(SYSTEM, episode=episode, new=new)
        end(SYSTEM, step=step, outcome="over")
        assert Message.objects.get(about_kind="step", about_id=step.pk).status == "cancelled"
