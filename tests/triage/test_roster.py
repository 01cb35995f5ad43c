"""A callback is promised only where a rostered clinician can make it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.triage.factories import answers
from triage.answers import parse
from triage.decision import Decision
from triage.roster import with_roster
from triage.rules import decide

ASKED = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
R3 = {"emergency__fainted": "unknown"}
R6 = {"symptoms__swelling": "yes", "context__anticoagulant": "therapeutic"}
R9 = {"symptoms__rest_pain_or_open_wound": "yes"}
R9_NOT_KNOWN = {"symptoms__swelling": "unknown"}


def after(changes: dict[str, Any], opening: timedelta | None) -> tuple[Decision, Decision]:
    read = parse(answers(**changes), on=None)
    first = decide(read)
    next_call = None if opening is None else ASKED + opening
    return first, with_roster(first, answers=read, asked_at=ASKED, next_call_at=next_call)


@pytest.mark.parametrize(("changes", "minutes"), [(R3, 10), (R6, 30), (R9, 60), (R9_NOT_KNOWN, 30)])
def test_a_call_that_can_be_made_in_time_stands(changes: dict[str, Any], minutes: int) -> None:
    first, second = after(changes, timedelta(minutes=minutes))
    assert second is first
    assert after(changes, timedelta(0))[1] == first


@pytest.mark.parametrize(("changes", "minutes"), [(R3, 10), (R6, 30)])
def test_r3_and_everyone_suspected_go_to_the_ed(changes: dict[str, Any], minutes: int) -> None:
    first, second = after(changes, timedelta(minutes=minutes, seconds=1))
    assert (second.disposition, second.within_minutes, second.hold_slot) == ("ED_NOW", 60, False)
    assert second.rule == first.rule
    assert second.reasons[0].clause == "ROSTER.ed"
    assert second.reasons[0].answers == {"within_minutes": minutes}
    assert [reason.rule for reason in second.reasons] == ["ROSTER", *(reason.rule for reason in first.reasons)]


def test_somebody_on_a_ward_is_told_to_tell_the_nurse() -> None:
    _, second = after({"symptoms__swelling": "yes", "context__inpatient": "yes"}, timedelta(minutes=31))
    assert (second.disposition, second.reasons[0].clause) == ("ED_NOW", "ROSTER.ward")


@pytest.mark.parametrize("changes", [R9, R9_NOT_KNOWN])
def test_the_rest_are_called_at_the_first_opening(changes: dict[str, Any]) -> None:
    first, second = after(changes, timedelta(hours=6, seconds=1))
    assert (second.disposition, second.within_minutes) == ("CLINICIAN_CALLBACK", 361)
    assert second.reasons[0].clause == "ROSTER.first_opening"
    assert second.reasons[0].answers == {"within_minutes": first.within_minutes}


def test_a_roster_without_any_opening_promises_no_call() -> None:
    assert after(R9, None)[1].disposition == "ED_NOW"


@pytest.mark.parametrize("changes", [{}, {"symptoms__swelling": "yes"}, {"emergency__fainted": "yes"}])
def test_what_needs_no_call_does_not_ask_the_roster(changes: dict[str, Any]) -> None:
    first, second = after(changes, None)
    assert second is first
