"""What must hold for every input (clinical.md, the end of section 3)."""

import copy
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.factories import TRI_PATHS, answers, random_answers
from triage.answers import parse
from triage.decision import Decision
from triage.rules import decide, fallback, needed
from triage.urgency import Urgency

# Named by the property: all but the two detours, the risk that is only a context, and signs it does not list.
NOT_NAMED = {
    ("context", "inpatient"),
    ("symptoms", "cellulitis_like_local"),
    ("symptoms", "cramps"),
    ("symptoms", "asymmetric"),
    ("symptoms", "rest_pain_or_open_wound"),
}
RISING = [path for path in TRI_PATHS if path not in NOT_NAMED]
ALL_RULES = {"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11"}


def decided(raw: dict[str, Any]) -> Decision:
    return decide(parse(raw, on=None))


@st.composite
def any_answers(draw: st.DrawFn) -> dict[str, Any]:
    return random_answers(random.Random(draw(st.integers(0, 2**48))))


def risen(raw: dict[str, Any], path: tuple[str, str], to: str) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    changed[path[0]][path[1]] = to
    return changed


@settings(max_examples=300, deadline=None)
@given(any_answers(), st.sampled_from(RISING), st.sampled_from(("yes", "unknown")))
def test_a_no_that_becomes_unknown_or_yes_never_lowers_urgency(
    raw: dict[str, Any], path: tuple[str, str], to: str
) -> None:
    raw[path[0]][path[1]] = "no"
    assert decided(risen(raw, path, to)).urgency <= decided(raw).urgency


def test_no_single_answer_lowers_urgency_in_many_seeded_inputs() -> None:
    rng = random.Random(20)
    for _ in range(300):
        raw = random_answers(rng)
        before = decided(raw).urgency
        for path in RISING:
            if raw[path[0]][path[1]] == "no":
                for to in ("yes", "unknown"):
                    assert decided(risen(raw, path, to)).urgency <= before, (path, to, raw)


@settings(max_examples=200, deadline=None)
@given(any_answers())
def test_the_same_answers_decide_the_same_twice(raw: dict[str, Any]) -> None:
    assert decided(raw) == decided(copy.deepcopy(raw))


@settings(max_examples=200, deadline=None)
@given(any_answers(), st.sampled_from(TRI_PATHS))
def test_leaving_an_answer_out_is_the_same_as_unknown(raw: dict[str, Any], path: tuple[str, str]) -> None:
    left_out = copy.deepcopy(raw)
    del left_out[path[0]][path[1]]
    assert decided(left_out) == decided(risen(raw, path, "unknown"))


@settings(max_examples=200, deadline=None)
@given(any_answers())
def test_the_search_never_makes_it_less_than_what_the_table_then_says(raw: dict[str, Any]) -> None:
    read = parse(raw, on=None)
    first = needed(read)
    for minutes in (0, 240, 241, 720, 721, None):
        after = fallback(read, first, minutes)
        assert after.disposition == decide(read.offered(minutes)).disposition
        if minutes == 0:
            assert after is first


def test_a_hundred_thousand_seeded_inputs_all_decide_and_reach_every_rule() -> None:
    rng = random.Random(2026)
    # Answers are drawn once for many decisions: drawing takes longer than deciding.
    drawn = [parse(random_answers(rng), on=None) for _ in range(10_000)]
    reached: set[str] = set()
    reached_urgencies: set[Urgency] = set()
    for read in drawn:
        for minutes in (None, 0, 60, 180, 240, 241, 500, 720, 721, 5000):
            decision = decide(read.offered(minutes))
            reached.add(decision.rule)
            reached_urgencies.add(decision.urgency)
            assert decision.reasons
            assert decision.hold_slot == (decision.rule == "R6")
            assert (decision.tier is not None) == (decision.disposition == "SAME_DAY_DVT_SCAN")
    assert reached == ALL_RULES
    # A scan on the next day is a clinician's word, never the table's.
    assert reached_urgencies == set(Urgency) - {Urgency.NEXT_DAY}


def test_no_answers_at_all_are_called_within_ten_minutes() -> None:
    decision = decided({})
    assert (decision.rule, decision.within_minutes) == ("R3", 10)


def test_self_care_needs_an_explicit_no_from_everything_that_a_patient_can_answer() -> None:
    assert decided(answers()).rule == "R11"
    for group, key in TRI_PATHS:
        examined = key in {"deep_vein_tenderness", "calf_3cm", "pitting_one_leg", "collateral_veins"}
        moot = key in {"entire_leg_swollen", "cramps", "asymmetric"} or group == "constans"
        if not (examined or moot):
            assert decided(risen(answers(), (group, key), "unknown")).rule != "R11", (group, key)
