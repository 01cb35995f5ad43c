"""Which questions are asked once a clot is suspected, and what becomes of answers whose question went away."""

from datetime import date
from typing import Any

import pytest

from tests.triage.factories import answers
from triage.answers import parse
from triage.questionnaire import pruned, questions, with_skipped
from triage.rules import decide

TODAY = date(2026, 3, 9)
SURGERY = "wells.bedridden_3d_or_surgery_12w"


def asked(raw: dict[str, Any]) -> set[str]:
    return {item.key for item in questions(raw)}


def history(raw: dict[str, Any]) -> int:
    return sum(key.startswith("history.") for key in asked(raw))


def test_the_history_is_asked_until_a_clot_is_suspected_and_again_once_it_is_not() -> None:
    assert history({}) == 18
    assert history({"limb": "left_leg", "symptoms": {"cramps": "yes"}}) == 18
    suspected = {"limb": "left_leg", "symptoms": {"swelling": "yes"}}
    assert history(suspected) == 0
    assert history(suspected | {"symptoms": {"swelling": "no"}}) == 18


def test_an_answer_left_open_is_none_and_never_breaks_the_questions() -> None:
    raw = {"limb": "left_leg", "onset_days": None, "symptoms": {"swelling": "yes", "cramps": None}, "wells": {}}
    assert history(raw) == 0


def test_a_minor_sign_of_a_leg_does_not_make_an_arm_suspected() -> None:
    minor = {"heaviness": "yes", "difficulty_walking": "yes"}
    assert history({"limb": "left_leg", "symptoms": minor}) == 0
    assert history({"limb": "left_arm", "symptoms": minor}) == 18


@pytest.mark.parametrize(
    ("changes", "asked_for"),
    [
        ({"onset_days": 29}, 18),
        ({"onset_days": 29, "worsening": "yes"}, 0),
        ({"limb": "both_legs"}, 18),
        ({"limb": "both_legs", "wells": {"active_cancer": "yes"}}, 0),
        ({"limb": "both_legs", "patient": {"sex": "F"}, "context": {"pregnant": "yes"}}, 0),
    ],
)
def test_the_history_hangs_on_all_that_makes_a_clot_suspected(changes: dict[str, Any], asked_for: int) -> None:
    assert history({"limb": "left_leg", "symptoms": {"swelling": "yes"}} | changes) == asked_for


def test_the_history_never_bears_on_a_decision_where_it_is_not_asked() -> None:
    raw = answers(symptoms__swelling="yes")
    told = answers(symptoms__swelling="yes", history=dict.fromkeys(raw["history"], "yes"))
    assert history(raw) == 0
    assert decide(parse(raw, on=None)) == decide(parse(told, on=None))


def test_what_was_asked_because_of_a_yes_that_was_taken_back_is_left_out() -> None:
    raw = answers(wells__bedridden_3d_or_surgery_12w="no")
    raw["kept"] = {"surgery_date": "2026-03-01", "anesthesia": "general", "days_in_bed": 9, "travel": "Lima"}
    kept = pruned(raw)
    assert kept["kept"] == {"travel": "Lima"}
    assert parse(kept, on=TODAY).wells.bedridden_3d_or_surgery_12w == "no"
    assert raw["kept"]["days_in_bed"] == 9


def test_what_hangs_on_an_answer_that_is_left_out_goes_too() -> None:
    raw = {"wells": {"bedridden_3d_or_surgery_12w": "no"}, "kept": {"surgery_date": "2026-03-01", "anesthesia": "none"}}
    assert pruned(raw)["kept"] == {}


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ({"patient": {"sex": "M"}, "context": {"pregnant": "yes"}}, {"pregnant": "no", "postpartum_6wk": "no"}),
        ({"patient": {"sex": "F"}, "context": {"pregnant": "yes"}}, {"pregnant": "yes"}),
    ],
)
def test_what_another_answer_settles_replaces_what_no_longer_applies(raw: dict[str, Any], left: dict[str, str]) -> None:
    assert with_skipped(pruned(raw))["context"] == left


def test_filling_in_what_follows_leaves_the_answers_themselves_as_they_were() -> None:
    raw = {"patient": {"sex": "M"}, "context": {"inpatient": "no"}}
    assert with_skipped(raw)["context"]["pregnant"] == "no"
    assert raw == {"patient": {"sex": "M"}, "context": {"inpatient": "no"}}


def test_an_age_is_left_out_where_the_birth_date_is_given_later() -> None:
    raw = {"patient": {"birth_date": "1968-03-09", "age": 40}}
    assert pruned(raw)["patient"] == {"birth_date": "1968-03-09"}


def test_nothing_is_left_out_of_answers_to_what_is_asked() -> None:
    raw = answers(limb="left_leg", symptoms__swelling="yes")
    del raw["constans"], raw["symptoms"]["asymmetric"]
    assert pruned(raw) == raw
