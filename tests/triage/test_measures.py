"""Both calves measured settle the item exactly: 3.0 cm counts, 2.9 does not."""

import pytest

from tests.triage.factories import answers
from triage.answers import AnswersInvalid, Tri, parse


def calf(left: object, right: object, limb: str = "left_leg", stated: str = "unknown") -> Tri:
    raw = answers(limb=limb, wells__calf_3cm=stated) | {"kept": {"calf_left_cm": left, "calf_right_cm": right}}
    return parse(raw, on=None).wells.calf_3cm


@pytest.mark.parametrize(
    ("left", "right", "limb", "expected"),
    [
        (37.1, 34.1, "left_leg", "yes"),
        (37.0, 34.1, "left_leg", "no"),
        (37, 34, "left_leg", "yes"),
        (34.1, 37.1, "left_leg", "no"),
        (38.5, 34.1, "left_leg", "yes"),
        (34.1, 37.1, "right_leg", "yes"),
        (34.1, 37.0, "right_leg", "no"),
        (37.1, 34.1, "right_leg", "no"),
        (34.1, 37.1, "alternating", "yes"),
        (37.1, 34.1, "alternating", "yes"),
        (37.0, 34.1, "alternating", "no"),
        (34.1, 37.0, "alternating", "no"),
        (34.2, 37.1, "both_legs", "no"),
        (34.1, 37.1, "both_legs", "yes"),
        (37.1, 34.2, "both_legs", "no"),
        (37.1, 34.1, "unknown", "unknown"),
        (37.1, 34.1, "left_arm", "unknown"),
    ],
)
def test_the_difference_counts_to_the_millimeter(left: float, right: float, limb: str, expected: str) -> None:
    assert calf(left, right, limb) == expected


def test_one_calf_alone_says_nothing() -> None:
    raw = answers(wells__calf_3cm="unknown") | {"kept": {"calf_left_cm": 37.1}}
    assert parse(raw, on=None).wells.calf_3cm is Tri.UNKNOWN


def test_a_stated_answer_that_the_tape_contradicts_is_asked_again() -> None:
    with pytest.raises(AnswersInvalid) as refused:
        calf(37.1, 34.1, stated="no")
    assert [error.field for error in refused.value.errors] == ["wells.calf_3cm"]


@pytest.mark.parametrize(
    "measure", ["37", 9, 9.9, 100.1, 101, 37.14, 37.15, 37.16, True, None, float("nan"), float("inf")]
)
def test_what_is_no_measure_is_refused(measure: object) -> None:
    with pytest.raises(AnswersInvalid) as refused:
        calf(measure, 34)
    assert [(error.field, error.rule) for error in refused.value.errors] == [("kept.calf_left_cm", "centimeters")]


@pytest.mark.parametrize("measure", [10, 10.0, 100, 37.1])
def test_a_calf_measures_10_to_100_cm_to_the_millimeter(measure: float) -> None:
    assert calf(measure, measure) is Tri.NO
