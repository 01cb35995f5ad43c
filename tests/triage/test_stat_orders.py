"""A referring clinician's stat order is at least tier 1, and R1 and R2 still win (clinical.md section 3)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.triage.factories import SITE, TRI_PATHS, answers
from triage.answers import Tri, parse
from triage.decision import Decision
from triage.rules import decide
from triage.urgency import Urgency

LATE = {"site": {**SITE, "next_result_min": 241}}


def _ordered(**changes: Any) -> Decision:
    return decide(parse(answers(stat_order=True, **changes), on=None))


@pytest.mark.parametrize(
    ("changes", "clause", "urgency"),
    [
        ({"symptoms__cramps": "no"}, "STAT.tier1", Urgency.TIER_1),
        ({"symptoms__swelling": "yes"}, "STAT.tier1", Urgency.TIER_1),
        ({"context__inpatient": "yes"}, "STAT.tier1", Urgency.TIER_1),
        ({"context__anticoagulant": "therapeutic"}, "STAT.tier1", Urgency.TIER_1),
        ({"patient": {"sex": "F"}}, "STAT.tier1", Urgency.TIER_1),
        (LATE, "STAT.tier1_no_slot", Urgency.ED),
        ({"emergency__chest_pain": "yes"}, "R1", Urgency.EMERGENCY),
        ({"limb_threat__limb_cold": "yes"}, "R2", Urgency.ED),
        ({"emergency__fainted": "unknown"}, "R3.unknown", Urgency.CALLBACK_10),
        ({"patient": {"age": 12}}, "R4.child_suspected", Urgency.ED),
        ({"limb": "left_arm", "site": {**SITE, "upper_extremity": False}}, "R7.no_arm_scan", Urgency.ED),
        ({"wells__active_cancer": "yes", "symptoms__swelling": "yes"}, "R8.tier1", Urgency.TIER_1),
    ],
)
def test_a_stat_order_is_tier_1_unless_something_is_more_urgent(
    changes: dict[str, Any], clause: str, urgency: Urgency
) -> None:
    decision = _ordered(**changes)
    assert (decision.reasons[0].clause, decision.urgency) == (clause, urgency)


@given(
    changed=st.dictionaries(st.sampled_from(TRI_PATHS), st.sampled_from(list(Tri)), max_size=6),
    minutes=st.sampled_from((None, 90, 240, 241, 720, 721)),
)
def test_no_answer_makes_a_stat_order_less_than_tier_1_or_less_than_it_was_without(
    changed: dict[tuple[str, str], Tri], minutes: int | None
) -> None:
    changes = {f"{group}__{key}": value.value for (group, key), value in changed.items()}
    site = {**SITE, "next_result_min": minutes}
    ordered = _ordered(**changes, site=site)
    assert ordered.urgency <= Urgency.TIER_1
    assert ordered.urgency <= decide(parse(answers(**changes, site=site), on=None)).urgency
