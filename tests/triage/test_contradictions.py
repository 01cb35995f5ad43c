"""Answers that do not fit together are asked back: the field, the rule that they break, and a question."""

from typing import Any

import pytest

from tests.triage.factories import answers
from triage.answers import parse
from triage.contradictions import ONE_LEG_SIGNS, SIGNS, questions_back

LOCAL = {"symptoms__cellulitis_like_local": "yes"}


QUESTIONS = {
    ("limb", "sign_without_limb"): "There is a sign, but no leg or arm is named. Which one is it?",
    ("limb", "leg_sign_of_an_arm"): "An arm is named, but a leg is swollen. Which one is it?",
    ("symptoms.swelling", "contradiction"): (
        "The whole leg is said to be swollen, but swelling was answered no. Is there swelling?"
    ),
    ("symptoms.redness", "contradiction"): (
        "Hot red skin was named, but redness and warmth were answered no. Is the skin red or warm?"
    ),
    ("worsening", "decides_and_unknown"): "It began a while ago. Is it getting worse now?",
}


def asked_back(**changes: Any) -> list[tuple[str, str]]:
    found = questions_back(parse(answers(**changes), on=None))
    assert all(question.message == QUESTIONS[question.field, question.rule] for question in found)
    return [(question.field, question.rule) for question in found]


def test_answers_that_fit_are_not_asked_back() -> None:
    assert asked_back() == []


@pytest.mark.parametrize("sign", [*SIGNS, *(sign for sign in ONE_LEG_SIGNS if not sign.endswith("entire_leg_swollen"))])
def test_a_sign_without_a_limb(sign: str) -> None:
    change = {sign.replace(".", "__"): "yes"}
    assert asked_back(limb="unknown", **change) == [("limb", "sign_without_limb")]
    assert asked_back(limb="left_leg", **change) == []
    assert asked_back(limb="unknown", **dict.fromkeys(change, "unknown")) == []


def test_a_whole_leg_swollen_without_swelling() -> None:
    assert asked_back(wells__entire_leg_swollen="yes") == [("symptoms.swelling", "contradiction")]
    assert asked_back(wells__entire_leg_swollen="yes", symptoms__swelling="unknown") == []
    assert asked_back(wells__entire_leg_swollen="yes", symptoms__swelling="yes") == []
    assert asked_back(wells__entire_leg_swollen="unknown") == []


@pytest.mark.parametrize("limb", ["left_arm", "right_arm"])
def test_the_sign_of_a_leg_at_an_arm(limb: str) -> None:
    assert asked_back(limb=limb, wells__calf_3cm="yes") == [("limb", "leg_sign_of_an_arm")]
    assert asked_back(limb=limb, wells__pitting_one_leg="yes") == [("limb", "leg_sign_of_an_arm")]
    assert asked_back(limb=limb, wells__calf_3cm="unknown") == []
    assert asked_back(limb=limb, wells__deep_vein_tenderness="yes") == []


@pytest.mark.parametrize(
    ("limb", "days"), [("left_leg", 28), ("alternating", 28), ("right_arm", 28), ("both_legs", 14)]
)
def test_worsening_not_known_where_it_decides(limb: str, days: int) -> None:
    sign = {"symptoms__heaviness": "yes", "limb": limb}
    back = [("worsening", "decides_and_unknown")]
    assert asked_back(**sign, onset_days=days + 1, worsening="unknown") == back
    assert asked_back(**sign, onset_days=days, worsening="unknown") == []
    assert asked_back(**sign, onset_days=0, worsening="unknown") == []
    assert asked_back(**sign, onset_days=days + 1, worsening="yes") == []
    assert asked_back(**sign, onset_days=days + 1, worsening="no") == []
    assert asked_back(**sign, onset_days=None, worsening="unknown") == []
    assert asked_back(limb=limb, onset_days=days + 1, worsening="unknown") == []


def test_a_hot_red_patch_without_redness_and_warmth() -> None:
    assert asked_back(**LOCAL) == [("symptoms.redness", "contradiction")]
    assert asked_back(**LOCAL, symptoms__redness="yes") == []
    assert asked_back(**LOCAL, symptoms__warmth="yes") == []
    assert asked_back(**LOCAL, symptoms__warmth="unknown") == []
    assert asked_back(symptoms__cellulitis_like_local="unknown") == []


def test_all_that_does_not_fit_is_asked_back_at_once() -> None:
    assert asked_back(**LOCAL, limb="unknown", wells__entire_leg_swollen="yes") == [
        ("limb", "sign_without_limb"),
        ("symptoms.swelling", "contradiction"),
        ("symptoms.redness", "contradiction"),
    ]
