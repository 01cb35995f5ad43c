"""A promised scan that can't be had in time any more, and a danger sign beside a scan that can't be had at all."""

from datetime import timedelta

import pytest

from clinic.models import LIVE_STEP, Center, Role, Step
from clinic.services.escalation import escalate_overdue
from scheduling.errors import OutsideShift
from scheduling.intake import IntakeResult, keeping, submit
from scheduling.intake.falling_back import fall_back
from scheduling.models import Resource
from tests.factories import actor_of, set_clock, tomorrow_at
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers
from tests.scheduling.test_overriding import booked

pytestmark = pytest.mark.django_db(transaction=True)
PROVEN = answers(**SUSPECTED | {"wells": {"entire_leg_swollen": "yes", "active_cancer": "yes"}})


def nobody_scans() -> None:
    Resource.objects.filter(kind="sonographer").update(active=False)


def live(result: IntakeResult) -> list[str]:
    return sorted(Step.objects.filter(episode=result.episode, status__in=LIVE_STEP).values_list("kind", flat=True))


@pytest.fixture
def promised(center: Center) -> IntakeResult:
    result = submit(VISITOR, raw_answers=PROVEN, contact=CONTACT)
    assert result.decision.disposition == "SAME_DAY_DVT_SCAN"
    return result


def test_as_long_as_a_slot_is_in_time_nothing_changes(promised: IntakeResult) -> None:
    assert promised.episode is not None
    assert fall_back(actor_of(Role.REPRESENTATIVE), episode_id=promised.episode.pk) is None
    assert promised.assessment.decisions.count() == 1


def test_once_no_slot_is_left_the_tables_fallback_stands_beside_the_promise(promised: IntakeResult) -> None:
    assert promised.episode is not None
    nobody_scans()
    row = fall_back(actor_of(Role.REPRESENTATIVE), episode_id=promised.episode.pk)
    assert row is not None
    assert (row.number, row.source, row.disposition) == (2, "fallback", "ED_NOW")
    assert row.site["next_result_min"] is None
    assert live(promised) == ["arrival_call"]


def test_a_booked_scan_is_left_alone(promised: IntakeResult) -> None:
    booked(promised)
    nobody_scans()
    assert promised.episode is not None
    assert fall_back(actor_of(Role.REPRESENTATIVE), episode_id=promised.episode.pk) is None


def test_a_booking_that_nobody_makes_is_a_managers_within_minutes_and_falls_back_in_time(
    promised: IntakeResult,
) -> None:
    step = Step.objects.get(episode=promised.episode)
    assert step.due_at is not None
    set_clock(step.due_at + timedelta(seconds=1))
    escalate_overdue()
    step.refresh_from_db()
    assert (step.owner_role, step.status) == ("manager", "escalated")
    assert step.due_at is not None
    assert step.escalated_at is not None
    assert timedelta(minutes=14) < step.due_at - step.escalated_at <= timedelta(minutes=15)
    nobody_scans()
    set_clock(step.due_at + timedelta(seconds=1))
    escalate_overdue()
    assert live(promised) == ["arrival_call"]


def test_no_scan_in_time_beats_a_call_for_a_sign_that_is_not_known(center: Center) -> None:
    nobody_scans()
    given = answers(**SUSPECTED | {"wells": {"active_cancer": "yes"}}, emergency={"fainted": "unknown"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    assert [(row.source, row.disposition) for row in result.decisions] == [
        ("rules", "CLINICIAN_CALLBACK"),
        ("fallback", "ED_NOW"),
    ]


def test_the_best_that_there_was_is_kept_also_where_it_was_too_late(center: Center) -> None:
    set_clock(tomorrow_at(18, 30))
    result = submit(VISITOR, raw_answers=PROVEN, contact=CONTACT)
    assert result.decision.disposition == "ED_NOW"
    # The center closes at eight; the first result is tomorrow's.
    assert result.decision.site["next_result_min"] > 240


def test_no_slot_is_promised_beside_a_call_where_none_can_be_kept(center: Center) -> None:
    nobody_scans()
    given = answers(**SUSPECTED, context={"anticoagulant": "therapeutic"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    assert (result.decision.disposition, result.decision.hold_slot, result.hold) == ("CLINICIAN_CALLBACK", False, None)
    assert result.decision.reasons[0]["clause"] == "R6.no_slot"


def test_a_shift_that_changes_while_a_slot_is_kept_costs_nobody_their_answers(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise OutsideShift

    monkeypatch.setattr(keeping, "hold_slot", refuses)
    given = answers(**SUSPECTED, context={"anticoagulant": "therapeutic"})
    result = submit(VISITOR, raw_answers=given, contact=CONTACT)
    assert (result.decision.disposition, result.decision.hold_slot, result.hold) == ("CLINICIAN_CALLBACK", False, None)
    assert result.step is not None
