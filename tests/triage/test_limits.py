"""For each clause of the table: where it sends, by when, and whether a slot is kept, to the minute."""

from typing import Any

import pytest

from tests.triage.factories import answers
from tests.triage.test_rules import CASES
from triage.answers import parse
from triage.decision import Decision
from triage.rules import decide

EMERGENCY = ("EMERGENCY_911", None, 0, None, False)
ED = ("ED_NOW", None, 60, None, False)
TIER_1 = ("SAME_DAY_DVT_SCAN", 1, 240, None, False)
TIER_2 = ("SAME_DAY_DVT_SCAN", 2, 720, None, False)
CONSULT = ("VASCULAR_CONSULT", None, None, 14, False)
SELF_CARE = ("SELF_CARE", None, None, None, False)


def callback(minutes: int, *, hold_slot: bool = False) -> tuple[str, None, int, None, bool]:
    return ("CLINICIAN_CALLBACK", None, minutes, None, hold_slot)


LIMITS: dict[str, tuple[Any, ...]] = {
    "R1": EMERGENCY,
    "R2": ED,
    "R3.unknown": callback(10),
    "R3.cough": callback(10),
    "R4.age_missing": callback(30),
    "R4.child_suspected": ED,
    "R4.child": callback(60),
    "R5": callback(30),
    "R6.therapeutic": callback(30, hold_slot=True),
    "R6.local_infection": callback(30, hold_slot=True),
    "R7.no_arm_scan": ED,
    "R7.tier1": TIER_1,
    "R7.tier2": TIER_2,
    "R7.tier1_no_slot": ED,
    "R7.tier2_no_slot": callback(60),
    "STAT.tier1": TIER_1,
    "STAT.tier1_no_slot": ED,
    "R8.no_iliac": ED,
    "R8.tier1": TIER_1,
    "R8.tier2": TIER_2,
    "R8.tier1_proven_no_slot": ED,
    "R8.tier1_unknown_no_slot": callback(30),
    "R8.tier2_no_slot": callback(60),
    "R9.sign_unknown": callback(30),
    "R9.limb_unknown": callback(30),
    "R9.both_legs": callback(60),
    "R9.rest_pain": callback(60),
    "R9.cramps_with_risk": callback(60),
    "R10.listed": CONSULT,
    "R10.not_all_no": CONSULT,
    "R11": SELF_CARE,
}


def limits(decision: Decision) -> tuple[Any, ...]:
    return (
        decision.disposition,
        decision.tier,
        decision.within_minutes,
        decision.within_days,
        decision.hold_slot,
    )


@pytest.mark.parametrize(("changes", "clause"), [case[:2] for case in CASES])
def test_a_clause_sends_where_it_says_by_when_it_says(changes: dict[str, Any], clause: str) -> None:
    assert limits(decide(parse(answers(**changes), on=None))) == LIMITS[clause]
