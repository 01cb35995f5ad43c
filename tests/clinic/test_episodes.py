"""An episode ends with a clinician's signature, and only when nothing is owed."""

import pytest

from clinic.access import SYSTEM
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import Event, StepKind
from clinic.services.episodes import close_episode
from tests.kernel import acting, live_steps, make_episode, new_step

pytestmark = pytest.mark.django_db


def test_a_clinician_closes_an_episode_in_which_only_the_decision_is_left() -> None:
    clinician = acting("clinician")
    episode = make_episode(SYSTEM, first_steps=[new_step(StepKind.DECISION)])
    closed = close_episode(clinician, episode_id=episode.pk, reason="ruled_out")
    assert (closed.status, closed.closed_by_id, closed.closing_reason) == ("closed", clinician.id, "ruled_out")
    assert live_steps(episode) == []
    assert Event.objects.filter(kind="episode.closed", episode=episode, actor_id=clinician.id).count() == 1


def test_risk_passed_is_refused_while_a_step_of_the_plan_is_owed() -> None:
    episode = make_episode(SYSTEM, first_steps=[new_step(StepKind.FOLLOW_UP_CALL), new_step(StepKind.DECISION)])
    with pytest.raises(Conflict) as refused:
        close_episode(acting("clinician"), episode_id=episode.pk, reason="risk_passed")
    assert refused.value.code == "open_conditions"
    assert len(live_steps(episode)) == 2


def test_a_patient_who_declines_may_leave_with_steps_open_and_they_are_cancelled() -> None:
    episode = make_episode(SYSTEM)
    close_episode(acting("clinician"), episode_id=episode.pk, reason="declined")
    assert [step.outcome for step in episode.steps.all()] == ["episode_closed"]


@pytest.mark.parametrize("role", ["representative", "sonographer", "manager", "administrator"])
def test_nobody_but_a_clinician_or_physician_closes(role: str) -> None:
    with pytest.raises(Forbidden):
        close_episode(acting(role), episode_id=make_episode(SYSTEM).pk, reason="declined")


def test_lost_to_follow_up_is_a_physicians_signature() -> None:
    episode = make_episode(SYSTEM)
    with pytest.raises(Forbidden):
        close_episode(acting("clinician"), episode_id=episode.pk, reason="lost_to_follow_up")
    assert close_episode(acting("physician"), episode_id=episode.pk, reason="lost_to_follow_up").status == "closed"


def test_closing_twice_an_unknown_reason_and_an_unknown_episode_each_have_their_refusal() -> None:
    clinician = acting("clinician")
    episode = make_episode(SYSTEM)
    with pytest.raises(Invalid):
        close_episode(clinician, episode_id=episode.pk, reason="bored")
    with pytest.raises(NotFound):
        close_episode(clinician, episode_id=10**9, reason="declined")
    close_episode(clinician, episode_id=episode.pk, reason="declined")
    with pytest.raises(Conflict):
        close_episode(clinician, episode_id=episode.pk, reason="declined")
