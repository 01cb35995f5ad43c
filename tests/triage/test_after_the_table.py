"""What the rules say once the search is over, and at a later contact."""

from typing import Any

import pytest

from tests.triage.factories import answers
from triage.answers import Answers, parse
from triage.rules import ask_again, decide, fallback, needed, wants_search, without_slot

SWOLLEN = {"symptoms__swelling": "yes"}
THINNED = {**SWOLLEN, "context__anticoagulant": "therapeutic"}
COUGH = "emergency__new_cough_or_lightheaded"


def read(**changes: Any) -> Answers:
    return parse(answers(**changes), on=None)


def test_a_callback_keeps_its_slot_only_where_one_is_found() -> None:
    given = read(**THINNED)
    first = needed(given)
    assert first.hold_slot
    assert fallback(given, first, 240) is first
    without = fallback(given, first, None)
    assert (without.disposition, without.within_minutes, without.hold_slot) == ("CLINICIAN_CALLBACK", 30, False)
    assert [reason.clause for reason in without.reasons] == ["R6.no_slot", "R6.therapeutic"]
    assert without.reasons[0].answers == {}
    assert without == without_slot(first)


def test_a_scan_that_can_not_be_had_is_not_taken_for_a_slot_that_is_not_kept() -> None:
    given = read(**SWOLLEN)
    assert fallback(given, needed(given), None).reasons[0].clause == "R8.tier2_no_slot"


@pytest.mark.parametrize(
    ("changes", "searched"),
    [
        (SWOLLEN, True),
        (THINNED, True),
        ({**SWOLLEN, "limb": "left_arm"}, True),
        ({**SWOLLEN, "emergency__fainted": "unknown"}, True),
        ({"stat_order": True, "context__inpatient": "yes"}, True),
        ({"stat_order": True, "context__anticoagulant": "therapeutic"}, True),
        ({"emergency__fainted": "unknown"}, False),
        ({**SWOLLEN, "emergency__fainted": "yes"}, False),
        ({"symptoms__rest_pain_or_open_wound": "yes"}, False),
        ({}, False),
    ],
)
def test_the_network_is_searched_where_its_offer_bears_on_the_decision(changes: dict[str, Any], searched: bool) -> None:
    assert wants_search(needed(read(**changes))) is searched


def test_what_is_needed_takes_a_result_at_once_for_granted() -> None:
    assert needed(read(**SWOLLEN, site__next_result_min=None)).tier == 2
    assert decide(read(**SWOLLEN, site__next_result_min=None)).tier is None


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({}, None),
        (SWOLLEN, None),
        ({"emergency__fainted": "unknown", "limb_threat__limb_cold": "unknown", COUGH: "unknown"}, None),
        ({"emergency__fainted": "yes"}, ["R1"]),
        ({"limb_threat__limb_cold": "yes"}, ["R2"]),
        ({"emergency__fainted": "yes", "limb_threat__limb_cold": "yes"}, ["R1", "R2"]),
        ({COUGH: "yes"}, ["R3.cough"]),
        ({COUGH: "yes", "emergency__fainted": "unknown"}, ["R3.cough"]),
        ({COUGH: "yes", "limb_threat__limb_cold": "yes"}, ["R2"]),
    ],
)
def test_danger_signs_at_a_later_contact(changes: dict[str, Any], clauses: list[str] | None) -> None:
    decision = ask_again(read(**changes))
    assert (decision and [reason.clause for reason in decision.reasons]) == clauses


def test_a_new_cough_at_a_later_contact_is_called_about_in_ten_minutes() -> None:
    decision = ask_again(read(**{COUGH: "yes"}))
    assert decision is not None
    assert (decision.disposition, decision.within_minutes) == ("CLINICIAN_CALLBACK", 10)
    assert decision.reasons[0].answers == {"emergency.new_cough_or_lightheaded": "yes"}
