"""A 10-minute callback that nobody makes: supervisor, then ED advice."""

from datetime import timedelta

import pytest

from clinic.models import LIVE_STEP, Center, Step
from clinic.services.escalation import escalate_overdue
from scheduling.intake import IntakeResult, submit
from tests.factories import set_clock
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers

pytestmark = pytest.mark.django_db(transaction=True)


def _live(result: IntakeResult) -> dict[str, str]:
    steps = Step.objects.filter(episode=result.episode, status__in=LIVE_STEP)
    return {step.kind: step.owner_role for step in steps}


def _overdue() -> None:
    due = Step.objects.filter(status__in=LIVE_STEP, kind="callback").get().due_at
    assert due is not None
    set_clock(due + timedelta(seconds=1))
    escalate_overdue()


def test_the_supervisor_first_then_emergency_care_and_the_call_stays_owed(center: Center) -> None:
    result = submit(VISITOR, raw_answers=answers(emergency={"fainted": "unknown"}), contact=CONTACT)
    assert (result.decision.rule, result.decision.within_minutes) == ("R3", 10)
    _overdue()
    assert _live(result) == {"callback": "physician"}
    assert result.assessment.decisions.count() == 1
    _overdue()
    last = result.assessment.decisions.order_by("number").last()
    assert last is not None
    assert (last.source, last.disposition, last.reasons[0]["clause"]) == ("unreached", "ED_NOW", "UNREACHED.ed")
    assert set(_live(result)) == {"callback", "arrival_call"}
    _overdue()
    assert result.assessment.decisions.count() == 2


def test_a_later_callback_is_raised_without_such_advice(center: Center) -> None:
    given = answers(**SUSPECTED, context={"anticoagulant": "therapeutic"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    assert result.decision.within_minutes == 30
    _overdue()
    _overdue()
    assert result.assessment.decisions.count() == 1
