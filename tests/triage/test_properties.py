"""What must hold for every input (clinical.md, the end of section 3)."""

import copy
import os
from operator import attrgetter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.factories import DETOURS, NAMED, TRI_PATHS, ItemPath, answers
from tests.triage.strategies import TODAY, intakes, not_no
from triage.answers import parse
from triage.answers.groups import Emergency, LimbThreat
from triage.decision import Decision
from triage.rules import RULES_VERSION, decide, fallback, needed
from triage.urgency import Urgency

pytestmark = pytest.mark.soak
EXAMPLES = 10_000 if os.environ.get("RULEOUT_SOAK") else 200

# The property does not name these; they keep to it all the same. An empty group is the top of the answers.
UNNAMED: list[ItemPath] = [("", "worsening"), *(path for path in TRI_PATHS if path not in {*NAMED, *DETOURS})]

every = settings(max_examples=EXAMPLES, deadline=None)


def decided(raw: dict[str, Any]) -> Decision:
    return decide(parse(raw, on=TODAY))


def turned(raw: dict[str, Any], path: ItemPath, to: str) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    holder = changed[path[0]] if path[0] else changed
    holder[path[1]] = to
    return changed


@every
@given(intakes(), st.sampled_from(NAMED), not_no)
def test_a_no_that_becomes_unknown_or_yes_never_lowers_urgency(raw: dict[str, Any], path: ItemPath, to: str) -> None:
    assert decided(turned(raw, path, to)).urgency <= decided(turned(raw, path, "no")).urgency


@every
@given(intakes(), st.sampled_from(UNNAMED), not_no)
def test_nor_does_any_other_answer_but_the_two_detours(raw: dict[str, Any], path: ItemPath, to: str) -> None:
    assert decided(turned(raw, path, to)).urgency <= decided(turned(raw, path, "no")).urgency


@pytest.mark.parametrize("path", DETOURS)
def test_the_two_detours_lead_from_a_scan_to_a_clinicians_call(path: ItemPath) -> None:
    raw = answers(symptoms__swelling="yes", symptoms__warmth="unknown")
    assert decided(raw).urgency is Urgency.TIER_1
    assert decided(turned(raw, path, "yes")).urgency is Urgency.CALLBACK_30


@every
@given(intakes())
def test_the_same_answers_and_version_decide_the_same_twice(raw: dict[str, Any]) -> None:
    first = decided(raw)
    assert first == decided(copy.deepcopy(raw))
    assert first.version == RULES_VERSION


@every
@given(intakes())
def test_every_decision_lists_the_rules_that_fired_in_words_for_both_with_the_source(raw: dict[str, Any]) -> None:
    read = parse(raw, on=TODAY)
    decision = decide(read)
    assert decision.reasons[0].rule == decision.rule
    for reason in decision.reasons:
        assert all((reason.patient_en, reason.patient_es, reason.clinician, reason.source))
        assert reason.answers
        assert all(value == attrgetter(path)(read) for path, value in reason.answers.items())


@every
@given(intakes())
def test_r1_and_r2_win_outright_and_r3_is_told_wherever_it_holds(raw: dict[str, Any]) -> None:
    danger = {**raw["emergency"]}
    cough = danger.pop("new_cough_or_lightheaded", "unknown")
    emergency = {danger.get(key, "unknown") for key in Emergency.__slots__ if key != "new_cough_or_lightheaded"}
    limb = {raw["limb_threat"].get(key, "unknown") for key in LimbThreat.__slots__}
    rules = [reason.rule for reason in decided(raw).reasons]
    if "yes" in emergency:
        # R2 is told beside R1 where both hold.
        assert rules == (["R1", "R2"] if "yes" in limb else ["R1"])
    elif "yes" in limb:
        assert rules == ["R2"]
    else:
        assert ("R3" in rules) == ("unknown" in emergency | limb or cough != "no")


@every
@given(intakes(), st.sampled_from(TRI_PATHS))
def test_leaving_an_answer_out_is_the_same_as_unknown(raw: dict[str, Any], path: ItemPath) -> None:
    left_out = turned(raw, path, "unknown")
    del left_out[path[0]][path[1]]
    assert decided(left_out) == decided(turned(raw, path, "unknown"))


@every
@given(intakes())
def test_the_search_never_makes_it_less_than_what_the_table_then_says(raw: dict[str, Any]) -> None:
    read = parse(raw, on=TODAY)
    first = needed(read)
    assert fallback(read, first, 0) is first
    for minutes in (240, 241, 720, 721, None):
        assert fallback(read, first, minutes).disposition == decide(read.offered(minutes)).disposition


def test_no_answers_at_all_are_called_within_ten_minutes() -> None:
    decision = decided({})
    assert (decision.rule, decision.within_minutes) == ("R3", 10)


def test_self_care_needs_an_explicit_no_from_everything_that_a_patient_can_answer() -> None:
    assert decided(answers()).rule == "R11"
    for group, key in TRI_PATHS:
        examined = key in {"deep_vein_tenderness", "calf_3cm", "pitting_one_leg", "collateral_veins"}
        moot = key in {"entire_leg_swollen", "cramps", "asymmetric"} or group == "constans"
        if not (examined or moot):
            assert decided(turned(answers(), (group, key), "unknown")).rule != "R11", (group, key)
