"""The danger signs at a later contact go through R1 and R2 again."""

from datetime import timedelta
from typing import Any

import pytest

from clinic.access import patient_actor
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import LIVE_STEP, Center, Episode, Role, Step
from clinic.services.episodes import close_episode
from clinic.services.worklist import finish
from scheduling.intake import IntakeResult, submit
from scheduling.intake.asking_again import Asked, ask_signs
from scheduling.models import Appointment
from scheduling.services import lateness
from tests.factories import actor_of, set_clock
from tests.scheduling.intakes import CONTACT, NO_SIGNS, SUSPECTED, VISITOR, answers
from tests.scheduling.test_overriding import booked
from triage.models import Assessment, Occasion

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def result(center: Center) -> IntakeResult:
    return submit(VISITOR, raw_answers=answers(**SUSPECTED), contact=CONTACT)


def asked(result: IntakeResult, signs: dict[str, Any], occasion: Occasion = Occasion.RESCHEDULE) -> Asked:
    assert result.episode is not None
    assert result.patient is not None
    return ask_signs(patient_actor(result.patient.pk), episode_id=result.episode.pk, answers=signs, occasion=occasion)


def live(result: IntakeResult) -> list[str]:
    return list(
        Step.objects.filter(episode=result.episode, status__in=LIVE_STEP)
        .order_by("kind")
        .values_list("kind", flat=True)
    )


def test_no_sign_is_kept_and_changes_nothing(result: IntakeResult) -> None:
    answer = asked(result, NO_SIGNS)
    assert (answer.decision, answer.step) == (None, None)
    assert answer.assessment.occasion == "reschedule"
    assert live(result) == ["booking"]


@pytest.mark.parametrize(
    ("signs", "disposition", "rule"),
    [
        ({"emergency": {"chest_pain": "yes"}}, "EMERGENCY_911", "R1"),
        ({"limb_threat": {"limb_cold": "yes"}}, "ED_NOW", "R2"),
        ({"emergency": {"new_cough_or_lightheaded": "yes"}}, "CLINICIAN_CALLBACK", "R3"),
    ],
)
def test_a_sign_decides_anew_beside_the_intake(
    result: IntakeResult, signs: dict[str, Any], disposition: str, rule: str
) -> None:
    answer = asked(result, signs)
    assert answer.decision is not None
    assert (answer.decision.disposition, answer.decision.rule) == (disposition, rule)
    assert live(result) == ["callback" if rule == "R3" else "arrival_call"]
    assert result.assessment.decisions.count() == 1
    assert Assessment.objects.filter(episode=result.episode).count() == 2


def test_what_is_not_known_later_has_no_effect(result: IntakeResult) -> None:
    assert asked(result, {"emergency": {"fainted": "unknown"}}).decision is None


def test_once_the_patient_is_where_help_is_our_own_visit_ends(result: IntakeResult) -> None:
    visit = booked(result)
    asked(result, {"emergency": {"short_of_breath": "yes"}})
    assert live(result) == ["arrival_call", "scan"]
    call = Step.objects.get(episode=result.episode, kind="arrival_call")
    finish(actor_of(Role.CLINICIAN), step_id=call.pk, outcome="arrived_at_ed")
    visit.refresh_from_db()
    assert (visit.status, visit.end_reason) == ("cancelled", "seen_in_emergency")
    assert live(result) == ["decision"]


def test_nobody_calls_as_late_who_is_where_help_is(result: IntakeResult) -> None:
    visit = booked(result)
    set_clock(visit.starts_at + timedelta(minutes=15))
    assert lateness.call_late_rule_outs() == 1
    asked(result, {"emergency": {"short_of_breath": "yes"}})
    call = Step.objects.get(episode=result.episode, kind="arrival_call", status__in=LIVE_STEP)
    finish(actor_of(Role.CLINICIAN), step_id=call.pk, outcome="arrived_at_ed")
    visit.refresh_from_db()
    assert visit.late_call is not None
    assert (visit.late_call.status, visit.late_call.outcome) == ("cancelled", "seen_in_emergency")
    assert live(result) == ["decision"]


def test_only_the_danger_signs_are_taken(result: IntakeResult) -> None:
    with pytest.raises(Invalid) as refused:
        asked(result, {"emergency": {"chest_pain": "no"}, "symptoms": {"swelling": "no"}})
    assert list(refused.value.fields) == ["symptoms"]
    with pytest.raises(Invalid):
        asked(result, {})
    with pytest.raises(Invalid) as refused:
        asked(result, {"emergency": {"chest_pain": "maybe"}})
    assert list(refused.value.fields) == ["emergency.chest_pain"]


def test_a_patient_answers_for_nobody_else(result: IntakeResult) -> None:
    assert result.episode is not None
    with pytest.raises(Forbidden):
        ask_signs(patient_actor(0), episode_id=result.episode.pk, answers=NO_SIGNS, occasion=Occasion.CALL)


def test_a_closed_episode_takes_no_answers(result: IntakeResult) -> None:
    assert result.episode is not None
    close_episode(actor_of(Role.CLINICIAN), episode_id=result.episode.pk, reason="declined")
    assert not Appointment.objects.filter(episode=result.episode).exists()
    with pytest.raises(Conflict) as refused:
        asked(result, NO_SIGNS)
    assert refused.value.code == "episode_closed"
    assert Episode.objects.get(pk=result.episode.pk).status == "closed"
