"""The scores as intervals, and where they do not apply."""

from typing import Any

import pytest

from tests.triage.factories import answers
from triage.answers import parse
from triage.constans import constans
from triage.wells import ITEMS, wells


@pytest.mark.parametrize("item", ITEMS)
def test_each_of_nine_items_is_one_point(item: str) -> None:
    one = wells(parse(answers(**{f"wells__{item}": "yes"}), on=None))
    maybe = wells(parse(answers(**{f"wells__{item}": "unknown"}), on=None))
    assert (one.yes, one.upper, one.category) == (1, 1, "unlikely")
    assert (maybe.yes, maybe.upper, maybe.category) == (0, 1, "unlikely")


@pytest.mark.parametrize(
    ("alternative", "unknown", "final"),
    [("yes", False, -2), ("no", False, 0), ("not_assessed", False, None), ("no", True, None)],
)
def test_the_final_score_needs_a_clinician_and_no_unknown(alternative: str, unknown: bool, final: int | None) -> None:
    changes = {"wells__alternative_dx_clinician": alternative, "wells__calf_3cm": "unknown" if unknown else "no"}
    score = wells(parse(answers(**changes), on=None))
    assert score.clinician == final
    assert (score.yes, score.upper) == (0, int(unknown))


def test_one_certain_and_one_unknown_is_treated_as_likely() -> None:
    score = wells(parse(answers(wells__calf_3cm="yes", wells__active_cancer="unknown"), on=None))
    assert score.category == "indeterminate_treat_as_likely"


@pytest.mark.parametrize(("count", "final"), [(1, -1), (2, 0), (3, 1), (9, 7)])
def test_the_alternative_takes_two_points(count: int, final: int) -> None:
    found = {f"wells__{item}": "yes" for item in ITEMS[:count]}
    assert wells(parse(answers(**found, wells__alternative_dx_clinician="yes"), on=None)).clinician == final


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"context__pregnant": "yes"}, "pregnancy"),
        ({"context__postpartum_6wk": "yes"}, "postpartum"),
        ({"patient": {"age": 17}}, "age <18"),
        ({"context__inpatient": "yes"}, "inpatient"),
        ({"context__anticoagulant": "therapeutic"}, "therapeutic anticoagulation"),
        ({"limb": "left_arm"}, "arm symptoms: Constans score used"),
        ({"patient": {"age": 17}, "context__pregnant": "yes"}, "pregnancy; age <18"),
    ],
)
def test_where_the_score_is_not_valid(changes: dict[str, Any], reason: str) -> None:
    score = wells(parse(answers(**changes), on=None))
    assert (score.category, score.not_applicable) == ("wells_not_applicable", reason)


@pytest.mark.parametrize(
    "changes",
    [
        {"context__pregnant": "unknown"},
        {"context__postpartum_6wk": "unknown"},
        {"context__inpatient": "unknown"},
        {"patient": {}},
        {"patient": {"age": 18}},
        {"context__anticoagulant": "prophylactic"},
        {"context__anticoagulant": "unknown"},
    ],
)
def test_what_is_not_known_leaves_the_score_valid(changes: dict[str, Any]) -> None:
    assert wells(parse(answers(**changes), on=None)).not_applicable is None


def test_each_item_of_an_arm_not_known_is_a_point_of_the_upper_bound() -> None:
    known = {"constans__venous_material": "yes", "constans__localized_pain": "yes"}
    score = constans(parse(answers(limb="right_arm", **known, constans__unilateral_edema="unknown"), on=None))
    assert (score.yes, score.upper) == (2, 3)


def test_the_arm_has_constans_only_and_the_leg_wells_only() -> None:
    raw = answers(limb="left_arm", constans__venous_material="yes", constans__localized_pain="unknown")
    arm = parse(raw, on=None)
    leg = parse({**raw, "limb": "left_leg"}, on=None)
    assert (constans(arm).yes, constans(arm).upper) == (1, 2)
    assert (wells(arm).yes, wells(arm).upper, wells(arm).clinician) == (None, None, None)
    assert (constans(leg).yes, constans(leg).upper) == (None, None)
